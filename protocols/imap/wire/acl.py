"""identifier and mod-rights (RFC 4314 section 7)."""

from dataclasses import dataclass
from typing import Literal

from protocols.imap.wire.errors import BadSyntax
from protocols.imap.wire.scanner import Scanner
from protocols.sasl.saslprep import saslprep

RIGHTS = frozenset(b"lrswipkxteacd")  # section 2.1, and the obsolete ones of 2.1.1
MAX_IDENTIFIER = 400  # octets: an address with "group:" or a dash before it


@dataclass(frozen=True, slots=True)
class Identifier:
    """`text` is prepared (section 3), `written` as the client has it: LISTRIGHTS gives that back."""

    text: str
    written: bytes


def identifier(scan: Scanner) -> Identifier:
    """identifier = astring, of UTF-8. What SASLprep refuses or makes empty is a BAD (section 3)."""
    written = scan.astring()
    if len(written) > MAX_IDENTIFIER:
        raise BadSyntax("Identifier too long")
    try:
        text = saslprep(written.decode())
    except ValueError:
        raise BadSyntax("Identifier is not valid UTF-8, or not allowed by SASLprep") from None
    if not text:
        raise BadSyntax("Identifier is empty")
    return Identifier(text, written)


def mod_rights(scan: Scanner) -> tuple[Literal["replace", "add", "remove"], str]:
    """mod-rights = astring ;; +rights to add, -rights to remove, rights to replace"""
    text = scan.astring()
    letters = text[1:] if text[:1] in (b"+", b"-") else text
    if not RIGHTS.issuperset(letters):
        raise BadSyntax("Uppercase rights are not allowed" if letters != letters.lower() else "There is no such right")
    if text.startswith(b"+"):
        return "add", letters.decode()
    return ("remove" if text.startswith(b"-") else "replace"), letters.decode()
