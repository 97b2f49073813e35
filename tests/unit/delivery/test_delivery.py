"""delivery on a real store: trace lines, one content for all, all or nothing, the webmail's send."""

import pytest

from delivery import trace
from delivery.deliver import Rejected, SomeMailboxesFull, deliver, with_trace
from delivery.recipients import (
    MAILBOX_FULL,
    NO_OUTSIDE_DELIVERY,
    RELAYING_DENIED,
    UNKNOWN_USER,
    Accepted,
    SenderContext,
    check_kept_recipient,
    check_recipient,
    may_send_as,
)
from delivery.submit import submit
from delivery.transaction import MailTransaction, Recipient
from directory.accounts import update_account
from directory.aliases import create_alias
from directory.domains import create_domain
from directory.freshness import forget_all
from directory.groups import create_group
from mailstore.accounts import create_account
from mailstore.append import Target
from mailstore.errors import OverQuota
from mailstore.flags import SEEN
from mailstore.mailboxes import get_mailbox
from mailstore.messages import snapshot
from mailstore.models import Content
from mailstore.reading import fetch_rows, read_content

pytestmark = pytest.mark.django_db(transaction=True)
STRANGER = SenderContext()


@pytest.fixture
def cast():
    forget_all()
    create_domain("mondomaine.fr")
    return {name: create_account(f"{name}@mondomaine.fr", "user1") for name in ("alice", "bob", "marie")}


def transaction(*recipients: Recipient, **values) -> MailTransaction:
    return MailTransaction("a@exemple.org", recipients, 1_700_000_000, queue_id="0123", **values)


def contents_of(account, name="INBOX") -> list[bytes]:
    mailbox = get_mailbox(account.id, name)
    uids = snapshot(account.id, mailbox.id, take_recent=False).uids
    return [read_content(row[0]) for rows in fetch_rows(mailbox.id, uids, ("content_id",)) for row in rows]


def test_recipients(cast):
    create_alias("contact@mondomaine.fr", "alice@mondomaine.fr")
    create_group("classe@mondomaine.fr", "classe", ["alice@mondomaine.fr", "bob@mondomaine.fr"])
    alice, bob = cast["alice"], cast["bob"]
    assert check_recipient("Alice@mondomaine.fr", STRANGER) == Accepted((alice.id,))
    assert check_recipient("contact@mondomaine.fr", STRANGER) == Accepted((alice.id,))
    assert check_recipient("classe@mondomaine.fr", STRANGER) == Accepted((alice.id, bob.id))
    assert check_recipient("nobody@mondomaine.fr", STRANGER) is UNKNOWN_USER
    assert check_recipient("a@exemple.org", STRANGER) is RELAYING_DENIED
    assert check_recipient("a@exemple.org", SenderContext(alice)) is NO_OUTSIDE_DELIVERY


def test_what_is_kept_is_void_after_a_change(cast):
    assert check_kept_recipient("contact@mondomaine.fr", STRANGER) is None
    assert check_recipient("contact@mondomaine.fr", STRANGER) is UNKNOWN_USER
    assert check_kept_recipient("contact@mondomaine.fr", STRANGER) is UNKNOWN_USER
    create_alias("contact@mondomaine.fr", "alice@mondomaine.fr")
    assert check_kept_recipient("contact@mondomaine.fr", STRANGER) is None
    assert check_recipient("contact@mondomaine.fr", STRANGER) == Accepted((cast["alice"].id,))


def test_a_group_is_full_when_all_its_members_are(cast):
    create_group("classe@mondomaine.fr", "classe", ["alice@mondomaine.fr", "bob@mondomaine.fr"])
    submit(cast["marie"], b"Subject: x\r\n\r\nx\r\n", ["classe@mondomaine.fr"])
    update_account(cast["alice"].id, quota_messages=1)
    assert check_recipient("alice@mondomaine.fr", STRANGER) is MAILBOX_FULL
    assert isinstance(check_recipient("classe@mondomaine.fr", STRANGER), Accepted)
    update_account(cast["bob"].id, quota_messages=1)
    assert check_recipient("classe@mondomaine.fr", STRANGER) is MAILBOX_FULL


def test_own_addresses(cast):
    create_alias("contact@mondomaine.fr", "alice@mondomaine.fr")
    alice = cast["alice"]
    for own in ("", "alice@mondomaine.fr", "ALICE@MonDomaine.fr", "contact@mondomaine.fr", "alice+x@mondomaine.fr"):
        assert may_send_as(alice, own), own
    for foreign in ("bob@mondomaine.fr", "alice@exemple.org", "alice", "bob+alice@mondomaine.fr"):
        assert not may_send_as(alice, foreign), foreign


def test_the_message_is_stored_as_it_came_behind_the_trace(cast):
    message = b"From: a@exemple.org\r\nSubject: \xe9\r\n\r\n.x\r\n\0 no newline at the end"
    recipient = Recipient("alice@mondomaine.fr", (cast["alice"].id,))
    deliver(transaction(recipient, helo="mx.exemple.org", remote_address="2001:db8::1"), message).result(10)
    (stored,) = contents_of(cast["alice"])
    assert stored.endswith(message)
    added = stored.removesuffix(message).decode()
    assert added == (
        "Return-Path: <a@exemple.org>\r\n"
        "Received: from mx.exemple.org ([IPv6:2001:db8::1])\r\n"
        "\tby mailhost.mondomaine.fr with ESMTP id 0123\r\n"
        "\tfor <alice@mondomaine.fr>;\r\n"
        "\tTue, 14 Nov 2023 23:13:20 +0100\r\n"
    )


def test_one_content_for_all_and_one_copy_for_each(cast):
    alice, bob = cast["alice"].id, cast["bob"].id
    recipients = [Recipient("alice@mondomaine.fr", (alice,)), Recipient("classe@mondomaine.fr", (bob, alice))]
    result = deliver(transaction(*recipients), b"Subject: x\r\n\r\nx\r\n").result(10)
    assert len(result.delivered) == 2
    assert Content.objects.count() == 1
    assert len(contents_of(cast["alice"])) == len(contents_of(cast["bob"])) == 1
    # Who else got it is not told.
    assert b"for <" not in contents_of(cast["bob"])[0]


def test_whole_or_not_at_all(cast):
    update_account(cast["alice"].id, quota_bytes=500)
    recipients = [Recipient(f"{name}@mondomaine.fr", (cast[name].id,)) for name in ("alice", "bob")]
    with pytest.raises(SomeMailboxesFull):
        deliver(transaction(*recipients), b"x" * 1000).result(10)
    with pytest.raises(OverQuota):
        deliver(transaction(recipients[0]), b"x" * 1000).result(10)
    assert contents_of(cast["bob"]) == []
    assert Content.objects.count() == 0


def test_loops_are_cut():
    hop = b"Received: from a by b; Tue, 14 Nov 2023 23:13:20 +0100\r\n"
    with_trace(transaction(Recipient("x", ())), hop * (trace.MAX_HOPS - 1) + b"\r\n")
    with pytest.raises(Rejected) as caught:
        with_trace(transaction(Recipient("x", ())), hop * trace.MAX_HOPS + b"\r\n")
    assert caught.value.refusal.code == 554


@pytest.mark.parametrize(
    ("message", "kept_apart"),
    [(b"Subject: x\r\n\r\n", False), (b"\r\nbody", False), (b"", False), (b"just text", True), (b" folded\r\n", True)],
)
def test_text_does_not_become_a_header(message, kept_apart):
    stored = with_trace(transaction(Recipient("x", ())), message)
    assert stored.endswith((b"\r\n\r\n" if kept_apart else b"") + message)


def test_the_webmail_sends_and_keeps_a_copy(cast):
    alice = cast["alice"]
    message = b"From: alice@mondomaine.fr\r\nSubject: Salut !\r\n\r\nSalut Bob !\r\n"
    copy = b"Bcc: marie@mondomaine.fr\r\n" + message
    result = submit(
        alice,
        message,
        ["bob@mondomaine.fr", "marie@mondomaine.fr"],
        save_to=Target(alice.id, "Sent", flags=SEEN),
        copy=copy,
    )
    assert result.sent
    assert contents_of(alice, "Sent") == [copy]
    for name in ("bob", "marie"):
        (received,) = contents_of(cast[name])
        assert received.endswith(message)
        assert b"\r\nDate: " in received
        assert b"\r\nMessage-ID: <" in received
        assert b"Bcc" not in received


def test_the_webmail_is_told_who_is_in_the_way(cast):
    recipients = ["bob@mondomaine.fr", "nobody@mondomaine.fr", "a@exemple.org"]
    result = submit(cast["alice"], b"Subject: x\r\n\r\n", recipients)
    assert not result.sent
    assert [(each.address, each.refusal) for each in result.refused] == [
        ("nobody@mondomaine.fr", UNKNOWN_USER),
        ("a@exemple.org", NO_OUTSIDE_DELIVERY),
    ]
    assert contents_of(cast["bob"]) == []
    assert not submit(cast["alice"], b"Subject: x\r\n\r\n", []).sent


def test_no_copy_no_mail(cast):
    alice = cast["alice"]
    update_account(alice.id, quota_bytes=100)
    with pytest.raises(OverQuota):
        submit(alice, b"x" * 500, ["bob@mondomaine.fr"], save_to=Target(alice.id, "Sent"))
    assert contents_of(cast["bob"]) == []


def test_more_work_in_the_same_commit(cast):
    def fail():
        raise OverQuota("the draft is in the way")

    with pytest.raises(OverQuota):
        submit(cast["alice"], b"Subject: x\r\n\r\n", ["bob@mondomaine.fr"], also=fail)
    assert contents_of(cast["bob"]) == []
