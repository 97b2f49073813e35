"""LOGIN (RFC 3501 section 6.2.3)."""

from dataclasses import dataclass, field

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.errors import BadSyntax
from protocols.imap.wire.scanner import Scanner


@dataclass(frozen=True, slots=True)
class Login(Command):
    """The password never shows in a repr()."""

    user: str
    password: str = field(repr=False)


def parse(tag: bytes, scan: Scanner) -> Login:
    """login = "LOGIN" SP userid SP password"""
    scan.space()
    user = scan.astring()
    scan.space()
    password = scan.astring()
    try:
        return Login(tag, user.decode(), password.decode())
    except UnicodeDecodeError:
        raise BadSyntax("User name and password must be UTF-8") from None
