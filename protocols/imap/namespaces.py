"""The NAMESPACE response (RFC 2342 section 5), with its TRANSLATION extension (RFC 5255 section 3.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def namespace_line(session: ImapSession) -> bytes:
    """One personal namespace, whose prefix is empty and needs no translation."""
    return b'* NAMESPACE (("" "/")) NIL NIL\r\n'
