"""createdomain, createaccount, createlab, setpolicy."""

import io

import pytest
from django.core.management import CommandError, call_command

from adminconsole.management.commands.createaccount import parse_size
from directory import accounts, domains, site
from mailstore.mailboxes import list_mailboxes
from protocols.sasl import PasswordProof
from security import audit, policy
from security.authentication import authenticate
from security.doors import Door

pytestmark = pytest.mark.django_db(transaction=True)
DOOR = Door("imap", "127.0.0.1", encrypted=True)


def run(*words):
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_createlab():
    said = run("createlab")
    password = said.split("password: ")[1].split()[0]
    assert len(password) == 16
    admin = authenticate(PasswordProof("admin@mondomaine.fr", "", password), DOOR)
    assert admin.is_admin
    for name, secret, shown in (("alice", "user1", "Alice Martin"), ("bob", "user2", "Bob Durand")):
        account = authenticate(PasswordProof(f"{name}@mondomaine.fr", "", secret), DOOR)
        assert (account.display_name, account.is_admin) == (shown, False)
    assert len(list_mailboxes(admin.id)) == 6
    assert site.is_set_up()
    again = run("createlab")
    assert "nothing to do" in again
    assert password not in again
    assert accounts.count_accounts() == 4


def test_createdomain():
    assert "mondomaine.fr" in run("createdomain", "MonDomaine.fr")
    for bad in ("mondomaine.fr", "pas un domaine"):
        with pytest.raises(CommandError):
            run("createdomain", bad)
    assert domains.count_domains() == 1


def test_createaccount(tmp_path, monkeypatch):
    run("createdomain", "mondomaine.fr")
    file = tmp_path / "password"
    file.write_text("sésame ouvre-toi\nsecond line\n")
    said = run(
        "createaccount", "Zoé@mondomaine.fr", "--admin", "--name", "Zoé", "--quota", "2G", f"--password-file={file}"
    )
    assert "zoé@mondomaine.fr" in said
    account = authenticate(PasswordProof("zoé@mondomaine.fr", "", "sésame ouvre-toi"), DOOR)
    assert (account.is_admin, account.display_name, account.quota_bytes) == (True, "Zoé", 2 << 30)
    monkeypatch.setattr("sys.stdin", io.StringIO("user1\r\n"))
    run("createaccount", "alice@mondomaine.fr", "--password-file", "-")
    assert authenticate(PasswordProof("alice@mondomaine.fr", "", "user1"), DOOR)


@pytest.mark.parametrize(
    ("address", "secret", "words"),
    [
        ("alice@mondomaine.fr", None, "cannot be read"),
        ("alice@mondomaine.fr", "", "empty"),
        ("alice@mondomaine.fr", "\n", "empty"),
        ("alice@mondomaine.fr", "a\tb", "control characters"),
        ("alice@ailleurs.fr", "user1", "ailleurs.fr"),
        ("alice", "user1", "not a valid address"),
    ],
)
def test_createaccount_refuses(tmp_path, address, secret, words):
    run("createdomain", "mondomaine.fr")
    file = tmp_path / "password"
    if secret is not None:
        file.write_text(secret)
    with pytest.raises(CommandError, match=words):
        run("createaccount", address, "--password-file", str(file))
    assert accounts.count_accounts() == 0


def test_sizes():
    assert [parse_size(text) for text in ("0", "500", "1k", "500M", "2G")] == [0, 500, 1024, 500 << 20, 2 << 30]
    for bad in ("", "G", "-1", "1.5G", "2T", "²"):
        with pytest.raises(CommandError):
            parse_size(bad)


@pytest.mark.parametrize(("word", "level"), [("encrypted", 2), ("secure", 1), ("none", 0)])
def test_setpolicy_opens_a_door_that_was_locked_from_inside(word, level):
    run("setpolicy", word)
    assert policy.current().level == level
    assert audit.list_records(limit=1)[0].actor == "manage.py"
    with pytest.raises(CommandError):
        run("setpolicy", "everything")


def test_setpolicy_switches_methods(db):
    assert "DIGEST-MD5 is allowed." in run("setpolicy", "--allow", "digest-md5", "--refuse", "LOGIN")
    assert {"DIGEST-MD5", "LOGIN"} & set(policy.current().mechanisms) == {"DIGEST-MD5"}
    assert audit.list_records(limit=1)[0].detail == "LOGIN off"
    run("setpolicy", "secure", "--allow", "APOP")
    assert (policy.current().level, "APOP" in policy.current().mechanisms) == (1, True)
    before = policy.current()
    for words in (["--allow", "APOP", "--allow", "KERBEROS"], []):
        with pytest.raises(CommandError):
            run("setpolicy", *words)
    assert policy.current() == before
