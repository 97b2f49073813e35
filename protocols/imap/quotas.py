"""The quota roots (RFC 9208 section 3.2): each account is one, named by its address, with all of its mailboxes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from directory.accounts import AccountInfo, find_account
from mailstore import quota
from protocols.imap.wire.response import string

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession

# Octets in a unit of STORAGE (section 5.1).
UNIT = 1024


def find_root(session: ImapSession, name: bytes) -> AccountInfo | None:
    """The account of a quota root: one's own, "" too (RFC 2087's examples ask for that), or any for an administrator.

    None where there is none of that name, or where it is not the client's business (section 8).
    """
    own = session.account
    assert own is not None
    address = name.decode("utf-8", "replace")
    if not name or address.lower() == own.address.lower():
        return own
    return find_account(address) if own.is_admin else None


def quota_line(account: AccountInfo, name: bytes | None = None) -> bytes:
    """`* QUOTA "alice@mondomaine.fr" (STORAGE 10 512)`, under the name that was asked for.

    What is not limited is not named (section 4.2.1). A started unit of STORAGE is used.
    """
    used = quota.usage(account.id)
    triplets = []
    if used.quota_bytes:
        triplets.append(b"STORAGE %d %d" % (-(-used.size // UNIT), used.quota_bytes // UNIT))
    if used.quota_messages:
        triplets.append(b"MESSAGE %d %d" % (used.messages, used.quota_messages))
    root = account.address.encode() if name is None else name
    return b"* QUOTA %b (%b)\r\n" % (string(root), b" ".join(triplets))
