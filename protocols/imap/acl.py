"""The responses ACL, LISTRIGHTS and MYRIGHTS (RFC 4314 sections 3.6 to 3.8)."""

from mailstore import rights
from mailstore.acl import AclEntry
from mailstore.mailboxes import MailboxInfo
from protocols.imap.wire.response import mailbox, string


def acl_line(name: str, entries: list[AclEntry], *, utf8: bool) -> bytes:
    """`* ACL "INBOX" "alice@mondomaine.fr" lrswipkxteacd "-anyone" w`"""
    pairs = [
        b" %b %b" % (string(entry.identifier.written.encode()), string(rights.letters(entry.rights).encode()))
        for entry in entries
    ]
    return b"* ACL %b%b\r\n" % (mailbox(name, utf8=utf8), b"".join(pairs))


def listrights_line(name: str, identifier: bytes, always: int, optional: int, *, utf8: bool) -> bytes:
    """`* LISTRIGHTS "INBOX" "bob" "" l r s w i p k x t e a c d`: none is tied to another."""
    strings = [string(rights.letters(always).encode()), *(b"%c" % each for each in rights.letters(optional).encode())]
    return b"* LISTRIGHTS %b %b %b\r\n" % (mailbox(name, utf8=utf8), string(identifier), b" ".join(strings))


def myrights_line(info: MailboxInfo, *, utf8: bool) -> bytes:
    """`* MYRIGHTS "INBOX" lrswipkxteacd`"""
    return b"* MYRIGHTS %b %b\r\n" % (mailbox(info.name, utf8=utf8), string(rights.letters(info.rights).encode()))
