import pytest

from directory import accounts as directory_accounts
from directory import domains
from directory.errors import NameTaken, NotFound, StillInUse
from mailstore import accounts, append, mailboxes, messages, quota, reading
from mailstore.append import NewMessage
from mailstore.errors import OverQuota
from mailstore.models import Content, Usage
from security.errors import PasswordRefused


@pytest.fixture
def domain(db):
    return domains.create_domain("mondomaine.fr")


def test_create_account_is_one_transaction(domain):
    alice = accounts.create_account("Alice@mondomaine.fr", "user1", display_name="Alice", quota_bytes=10**9)
    assert (alice.address, alice.quota_bytes) == ("alice@mondomaine.fr", 10**9)
    assert directory_accounts.find_login(alice.address).password_hash.startswith("argon2")
    listed = {info.name: info.special_use for info in mailboxes.list_mailboxes(alice.id)}
    assert listed == mailboxes.SPECIAL_MAILBOXES
    with pytest.raises(NameTaken):
        accounts.create_account("alice@mondomaine.fr", "user1")
    with pytest.raises(PasswordRefused):
        accounts.create_account("empty@mondomaine.fr", "")
    assert directory_accounts.find_account("empty@mondomaine.fr") is None


def test_delete_account_with_its_mail(alice, bob, inbox, fill, make_message):
    shared = make_message("for both")
    append.deliver([append.Target(alice.id), append.Target(bob.id)], NewMessage(shared)).result()
    fill(mailboxes.get_mailbox(alice.id, "INBOX"), 2)
    mailboxes.subscribe(alice.id, "nowhere")
    accounts.delete_account(alice.id)
    assert directory_accounts.find_account(alice.address) is None
    assert not Usage.objects.filter(pk=alice.id).exists() and Content.objects.count() == 1
    with pytest.raises(NotFound):
        accounts.delete_account(alice.id)


def test_delete_account_and_hand_its_mail_over(alice, bob, inbox, sent, fill):
    fill(inbox, 2)
    fill(sent, 1)
    mailboxes.create_mailbox(bob.id, "alice@mondomaine.fr")
    accounts.delete_account(alice.id, mail_to=bob.id)
    got = {info.name: info for info in mailboxes.list_mailboxes(bob.id)}
    assert got["alice@mondomaine.fr (2)"].messages == 2
    handed = got["alice@mondomaine.fr (2)/Sent"]
    assert (handed.messages, handed.special_use) == (1, "")
    assert quota.usage(bob.id).messages == 3
    assert len(list(reading.fetch_rows(handed.id, [1], ["subject"]))) == 1
    messages.delete_messages(bob.id, handed.id, [1])


def test_delete_account_refusals(make_account, alice):
    admin = make_account("admin", is_admin=True)
    with pytest.raises(StillInUse):
        accounts.delete_account(admin.id)
    with pytest.raises(NotFound):
        accounts.delete_account(alice.id, mail_to=999_999)
    with pytest.raises(ValueError, match="itself"):
        accounts.delete_account(alice.id, mail_to=alice.id)
    assert len(mailboxes.list_mailboxes(alice.id)) == 6


def test_quota_to_the_last_octet(alice, inbox, make_message):
    data = make_message()
    directory_accounts.update_account(alice.id, quota_bytes=2 * len(data), quota_messages=5)
    append.append_messages(alice.id, inbox.id, [NewMessage(data)] * 2)
    assert quota.usage(alice.id) == quota.QuotaUsage(2 * len(data), 2, 2 * len(data), 5)
    with pytest.raises(OverQuota):
        append.append_messages(alice.id, inbox.id, [NewMessage(b"x")])
    messages.delete_messages(alice.id, inbox.id, [1])
    append.append_messages(alice.id, inbox.id, [NewMessage(b"x")])


def test_usage_of_nobody(db):
    assert quota.usage(999_999) == quota.QuotaUsage(0, 0, 0, 0)
