"""What `setup:` and `DO` lines of dialogue scripts can do, and the cast.

alice owns, bob shares, marie is the outsider, admin administrates. An account is made where the script names it.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from directory.accounts import AccountInfo, find_account, update_account
from directory.aliases import create_alias
from directory.domains import create_domain, find_domain, set_catch_all
from directory.freshness import forget_all
from directory.groups import create_group
from mailstore import rights, sql
from mailstore.accounts import create_account
from mailstore.acl import find_identifier, set_rights
from mailstore.append import NewMessage, append_messages
from mailstore.mailboxes import create_mailbox, get_mailbox
from mailstore.messages import delete_messages, store_flags
from mailstore.models import Entry
from mailstore.public_folders import create_folder
from protocols.runtime.pop3_rules import set_rules as set_pop3_rules
from security import policy as policies
from security.passwords import set_password
from security.policy_changes import set_level, set_mechanisms
from tests.conformance.script import repeat, unescape

DOMAIN = "mondomaine.fr"
CAST = {"alice": "user1", "bob": "user2", "marie": "user3", "admin": "admin-secret"}
ACTIONS: dict[str, Callable[[str], None]] = {}


def action(function: Callable[[str], None]) -> Callable[[str], None]:
    """Register under its own name; the text behind the name is its argument."""
    ACTIONS[function.__name__] = function
    return function


def perform(line: str) -> None:
    """Run one `setup:` or `DO` line."""
    name, _, argument = line.partition(" ")
    ACTIONS[name](argument)


def make_cast(script_text: str) -> None:
    """The domain, and those of the cast whom the script names."""
    forget_all()
    if find_domain(DOMAIN) is None:
        create_domain(DOMAIN)
    for name, password in CAST.items():
        if name in script_text and find_account(f"{name}@{DOMAIN}") is None:
            create_account(f"{name}@{DOMAIN}", password, is_admin=name == "admin")


def account(name: str) -> AccountInfo:
    found = find_account(name if "@" in name else f"{name}@{DOMAIN}")
    assert found is not None, f"{name} does not exist"
    return found


LEVELS = {
    "none": policies.NO_RESTRICTIONS,
    "secure": policies.SECURE_AUTHENTICATION,
    "encrypted": policies.ENCRYPTED_CONNECTION,
}


@action
def policy(argument: str) -> None:
    """policy none|secure|encrypted"""
    set_level(LEVELS[argument])


@action
def mechanisms(argument: str) -> None:
    """mechanisms NAME NAME ...: these are on, all others off"""
    set_mechanisms(argument.split())


@action
def alias(argument: str) -> None:
    """alias LOCALPART NAME"""
    localpart, name = argument.split()
    create_alias(f"{localpart}@{DOMAIN}", account(name).address)


@action
def group(argument: str) -> None:
    """group LOCALPART NAME NAME ..."""
    localpart, *names = argument.split()
    create_group(f"{localpart}@{DOMAIN}", localpart, [account(name).address for name in names])


@action
def catchall(argument: str) -> None:
    """catchall NAME"""
    set_catch_all(DOMAIN, account(argument).address)


@action
def quota(argument: str) -> None:
    """quota NAME OCTETS"""
    name, octets = argument.split()
    update_account(account(name).id, quota_bytes=int(octets))


@action
def disable(argument: str) -> None:
    """disable NAME"""
    update_account(account(argument).id, is_enabled=False)


@action
def enable(argument: str) -> None:
    """enable NAME"""
    update_account(account(argument).id, is_enabled=True)


@action
def password(argument: str) -> None:
    """password NAME PASSWORD"""
    name, secret = argument.split()
    set_password(account(name).id, secret)


@action
def mailbox(argument: str) -> None:
    """mailbox NAME MAILBOX"""
    name, _, mailbox_name = argument.partition(" ")
    create_mailbox(account(name).id, mailbox_name)


@action
def share(argument: str) -> None:
    """share OWNER MAILBOX IDENTIFIER RIGHTS; a lone - for no rights; %20 is a blank in the mailbox's name"""
    name, mailbox_name, who, letters = argument.split()
    owner = account(name)
    target = get_mailbox(owner.id, mailbox_name.replace("%20", " "))
    set_rights(owner.id, target.id, find_identifier(who), "replace", rights.parse(letters.removeprefix("-")))


@action
def public(argument: str) -> None:
    """public FOLDER IDENTIFIER RIGHTS: a folder of the domain"""
    name, who, letters = argument.split()
    folder = create_folder(DOMAIN, name)
    set_rights(folder.account_id, folder.id, find_identifier(who), "replace", rights.parse(letters))


@action
def append(argument: str) -> None:
    """append NAME MAILBOX MESSAGE

    Escapes and {{A*n}} work in the message; %20 is a blank in the mailbox's name.
    """
    name, mailbox_name, text = argument.split(" ", 2)
    owner = account(name)
    target = get_mailbox(owner.id, mailbox_name.replace("%20", " "))
    append_messages(owner.id, target.id, [NewMessage(unescape(repeat(text.encode())))])


@action
def append_old(argument: str) -> None:
    """append_old NAME MAILBOX DAYS MESSAGE: one that came so many days ago"""
    name, mailbox_name, days, text = argument.split(" ", 3)
    owner = account(name)
    message = NewMessage(unescape(repeat(text.encode())), internal_date=int(time.time()) - int(days) * 86_400 - 60)
    append_messages(owner.id, get_mailbox(owner.id, mailbox_name).id, [message])


@action
def pop3(argument: str) -> None:
    """pop3 SECONDS DAYS|never: LOGIN-DELAY and EXPIRE"""
    delay, days = argument.split()
    set_pop3_rules(int(delay), None if days == "never" else int(days))


@action
def language(argument: str) -> None:
    """language NAME TAG: what the account has chosen"""
    name, tag = argument.split()
    update_account(account(name).id, language=tag)


@action
def expunge(argument: str) -> None:
    """expunge NAME MAILBOX UID: as another program would"""
    name, mailbox_name, uid = argument.split()
    owner = account(name)
    delete_messages(owner.id, get_mailbox(owner.id, mailbox_name).id, [int(uid)])


@action
def saved(argument: str) -> None:
    """saved NAME MAILBOX UID UNIX: as if it had come into the mailbox then; 0: before the store kept it"""
    name, mailbox_name, uid, moment = argument.split()
    where = get_mailbox(account(name).id, mailbox_name).id
    Entry.objects.filter(mailbox_id=where, uid=int(uid)).update(saved_at=int(moment) or None)


@action
def flag(argument: str) -> None:
    r"""flag NAME MAILBOX UID BITS: adds flags (mailstore.flags) as another program would"""
    name, mailbox_name, uid, bits = argument.split()
    owner = account(name)
    store_flags(owner.id, get_mailbox(owner.id, mailbox_name).id, [int(uid)], "add", int(bits))


@action
def forget(argument: str) -> None:
    """forget NAME MAILBOX: its tombstones are gone, as those are that pass the store's limit"""
    name, mailbox_name = argument.split()
    target = get_mailbox(account(name).id, mailbox_name)
    sql.execute("DELETE FROM mailstore_tombstone WHERE mailbox_id = %s", (target.id,))
    sql.execute("UPDATE mailstore_mailbox SET forgotten_modseq = highest_modseq WHERE id = %s", (target.id,))


@action
def many(argument: str) -> None:
    """many NAME MAILBOX COUNT: small messages, each another"""
    name, mailbox_name, count = argument.split()
    owner = account(name)
    target = get_mailbox(owner.id, mailbox_name)
    append_messages(owner.id, target.id, [NewMessage(f"Subject: {n}\r\n\r\nx\r\n".encode()) for n in range(int(count))])
