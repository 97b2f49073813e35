import io
from concurrent.futures import Future

import pytest

from directory import accounts
from mailstore import append, flags, inserting, mailboxes, messages, quota, reading
from mailstore.append import NewMessage, Target
from mailstore.blobs import INLINE_LIMIT, list_blobs
from mailstore.contents import prepare
from mailstore.errors import LimitReached, NoSuchMailbox, NotSelectable, OverQuota
from mailstore.models import Content, Entry, Message


def only_content(mailbox, uid):
    [[(content_id,)]] = list(reading.fetch_rows(mailbox.id, [uid], ["content_id"]))
    return content_id


def test_append_gives_uids_and_keeps_the_bytes(alice, inbox, reload, make_message):
    first, second = make_message("un"), make_message("deux")
    result = append.append_messages(alice.id, inbox.id, [NewMessage(first, internal_date=5), NewMessage(second)])
    assert result == append.AppendResult(inbox.uid_validity, (1, 2))
    assert reading.read_content(only_content(inbox, 1)) == first
    assert reading.read_content(only_content(inbox, 2)) == second
    after = reload(inbox)
    assert (after.uid_next, after.messages, after.unseen, after.size) == (3, 2, 2, len(first) + len(second))
    assert after.highest_modseq > inbox.highest_modseq
    assert list(reading.fetch_rows(inbox.id, [1], ["internal_date", "subject"])) == [[(5, "un")]]


def test_append_with_flags_and_keywords(alice, inbox, reload, make_message):
    message = NewMessage(make_message(), flags.SEEN | flags.DELETED, frozenset({"$Forwarded", "projet"}))
    append.append_messages(alice.id, inbox.id, [message])
    after = reload(inbox)
    assert (after.unseen, after.deleted, after.keywords) == (0, 1, ("$Forwarded", "projet"))
    again = NewMessage(make_message(), 0, frozenset({"PROJET"}))
    append.append_messages(alice.id, inbox.id, [again])
    assert list(reading.fetch_rows(inbox.id, [2], ["keywords"])) == [[("projet",)]]


def test_append_reads_a_file_from_its_start(alice, inbox, make_message):
    data = make_message()
    spooled = io.BytesIO(data)
    spooled.read(10)
    append.append_messages(alice.id, inbox.id, [NewMessage(spooled)])
    assert reading.read_content(only_content(inbox, 1)) == data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\r\n",
        b"no header at all",
        b"Subject: nul \0 \xff\xfe\r\n\r\nbody \0\xff",
        b"Subject: =?utf-8?q?=00=ED=A0=80?=\n\nx",
    ],
)
def test_any_bytes_are_kept_as_they_are(alice, inbox, data):
    append.append_messages(alice.id, inbox.id, [NewMessage(data)])
    assert reading.read_content(only_content(inbox, 1)) == data


def test_append_is_all_or_nothing(alice, inbox, reload, make_message):
    accounts.update_account(alice.id, quota_messages=1)
    with pytest.raises(OverQuota):
        append.append_messages(alice.id, inbox.id, [NewMessage(make_message("a")), NewMessage(make_message("b"))])
    assert reload(inbox) == inbox
    assert not Content.objects.exists()


def test_append_refuses_foreign_and_missing_mailboxes(alice, bob, inbox, make_message):
    for account_id, mailbox_id in ((bob.id, inbox.id), (alice.id, 999_999)):
        with pytest.raises(NoSuchMailbox):
            append.append_messages(account_id, mailbox_id, [NewMessage(make_message())])


def test_append_refuses_a_noselect_name(alice, make_message):
    child = mailboxes.create_mailbox(alice.id, "a/b")
    gone = mailboxes.get_mailbox(alice.id, "a")
    mailboxes.delete_mailbox(alice.id, "a")
    parent = mailboxes.get_mailbox(alice.id, "a")
    with pytest.raises(NoSuchMailbox):
        append.append_messages(alice.id, gone.id, [NewMessage(make_message())])
    with pytest.raises(NotSelectable):
        append.append_messages(alice.id, parent.id, [NewMessage(make_message())])
    append.append_messages(alice.id, child.id, [NewMessage(make_message())])


def test_keyword_limits(alice, inbox, make_message):
    for words in ({"x" * (flags.MAX_KEYWORD_LENGTH + 1)}, {f"k{i}" for i in range(flags.MAX_KEYWORDS_PER_MESSAGE + 1)}):
        with pytest.raises(LimitReached):
            append.append_messages(alice.id, inbox.id, [NewMessage(make_message(), keywords=frozenset(words))])


def test_same_bytes_are_stored_once(alice, bob, inbox, make_message, django_capture_on_commit_callbacks):
    data = make_message(body="x" * (INLINE_LIMIT + 1))
    with django_capture_on_commit_callbacks(execute=True):
        append.append_messages(alice.id, inbox.id, [NewMessage(data), NewMessage(data)])
    delivered = append.deliver([Target(alice.id), Target(bob.id)], NewMessage(data)).result()
    assert [each.error for each in delivered] == [None, None]
    assert Content.objects.count() == 1
    assert len(list(list_blobs())) == 1
    assert Entry.objects.count() == 4


def test_long_bodies_are_blobs_and_go_with_their_last_message(
    alice, inbox, make_message, django_capture_on_commit_callbacks
):
    data = make_message(body="x" * (INLINE_LIMIT + 1))
    append.append_messages(alice.id, inbox.id, [NewMessage(data)])
    content = Content.objects.get()
    assert content.body is None and list(list_blobs()) == [content.blob]
    assert reading.read_content(content.pk) == data
    with django_capture_on_commit_callbacks(execute=True):
        messages.delete_messages(alice.id, inbox.id, [1])
    assert not Content.objects.exists() and list(list_blobs()) == []


def test_deliver_to_several(alice, bob, marie, make_message):
    accounts.update_account(bob.id, quota_bytes=10)
    projects = mailboxes.create_mailbox(marie.id, "Projet Réseaux")
    targets = [
        Target(marie.id, "Projet Réseaux", flags.FLAGGED, frozenset({"projet"})),
        Target(bob.id),
        Target(alice.id, "gone"),
        Target(marie.id),
        Target(999_999),
    ]
    future = append.deliver(targets, NewMessage(make_message()))
    assert isinstance(future, Future)
    filed, refused, fallback, second, nobody = future.result()
    assert (filed.mailbox_id, filed.uid) == (projects.id, 1)
    assert isinstance(refused.error, OverQuota) and isinstance(nobody.error, NoSuchMailbox)
    assert fallback.mailbox_id == mailboxes.get_mailbox(alice.id, "INBOX").id
    assert second.mailbox_id == mailboxes.get_mailbox(marie.id, "INBOX").id
    assert list(reading.fetch_rows(projects.id, [1], ["flags", "keywords"])) == [[(flags.FLAGGED, "projet")]]
    assert Message.objects.filter(account_id=marie.id).count() == 1
    assert quota.usage(marie.id).messages == 2


def test_replies_join_the_thread(alice, bob, inbox, make_message):
    root = make_message("a", Message_ID="<root@x>")
    reply = make_message("b", Message_ID="<reply@x>", In_Reply_To="<root@x>")
    third = make_message("c", Message_ID="<third@x>", References="<lost@x> <reply@x>")
    other = make_message("d", Message_ID="<other@x>")
    append.append_messages(alice.id, inbox.id, [NewMessage(each) for each in (root, reply, third, other)])
    [rows] = list(reading.fetch_rows(inbox.id, range(1, 5), ["message_row", "thread_id"]))
    first = rows[0][0]
    assert [row[1] for row in rows] == [0, first, first, 0]
    append.deliver([Target(bob.id)], NewMessage(third)).result()
    foreign = mailboxes.get_mailbox(bob.id, "INBOX")
    assert list(reading.fetch_rows(foreign.id, [1], ["thread_id"])) == [[(0,)]]


def test_plain_sql_writes_what_the_orm_writes(alice, inbox, make_message):
    """The oracle: the three hot inserts, field by field."""
    parent = make_message("parent", Message_ID="<p@x>")
    append.append_messages(alice.id, inbox.id, [NewMessage(parent)])
    rows = []
    for write in (_by_sql, _by_orm):
        data = make_message("Réponse", Message_ID="<r@x>", In_Reply_To="<p@x>")
        write(alice.id, inbox.id, prepare(data, 0, frozenset(), 7, None))
        message_row, content_id = Entry.objects.values_list("message_id", "content_id").get(uid=2)
        rows.append([_fields(model, pk) for model, pk in ((Content, content_id), (Message, message_row))])
        rows[-1].append(_fields(Entry, Entry.objects.get(mailbox_id=inbox.id, uid=2).pk))
        Entry.objects.filter(uid=2).delete()
        Message.objects.filter(pk=message_row).delete()
        Content.objects.filter(pk=content_id).delete()
    assert rows[0] == rows[1]


def _by_sql(account_id, mailbox_id, prepared):
    insertion = inserting.Insertion()
    insertion.add_entry(insertion.add_message(account_id, prepared), mailbox_id, 2, 3, 4, "a b")
    insertion.write()


def _by_orm(account_id, mailbox_id, prepared):
    content_id = inserting.orm_store_content(prepared)
    message_row = inserting.orm_store_message(account_id, content_id, prepared)
    inserting.orm_store_entry(account_id, mailbox_id, 2, 3, message_row, content_id, prepared, 4, "a b")


def _fields(model, pk):
    row = model.objects.filter(pk=pk).values().get()
    return {
        name: bytes(value) if isinstance(value, memoryview) else value
        for name, value in row.items()
        if name not in ("id", "content_id", "message_id")
    }


def test_a_blob_whose_owner_goes_meanwhile_is_written_again(
    alice, inbox, make_message, django_capture_on_commit_callbacks
):
    data = make_message(body="x" * (INLINE_LIMIT + 1))
    append.append_messages(alice.id, inbox.id, [NewMessage(data)])
    late = prepare(data, 0, frozenset(), 7, None)
    assert late.borrowed
    with django_capture_on_commit_callbacks(execute=True):
        messages.delete_messages(alice.id, inbox.id, [1])
    [content_id] = inserting.store_contents([late]).values()
    assert reading.read_content(content_id) == data
    Content.objects.all().delete()
