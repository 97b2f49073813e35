"""The lexer: reads one command's parts from left to right (RFC 3501 section 9)."""

import re
from collections.abc import Set

from mailformat.utf7 import BadUtf7, decode
from protocols.imap.wire.dialect import speaks_utf8
from protocols.imap.wire.errors import BadMailboxName, BadSyntax
from protocols.imap.wire.framer import Literal
from protocols.imap.wire.sequences import SequenceSet, parse_sequence_set
from protocols.wirekit.spool import SPOOL_MEMORY

_TAG = re.compile(rb"[\x21\x23\x24\x26\x27\x2c-\x5b\x5d-\x7a\x7c-\x7e]+")  # ASTRING-CHAR without "+"
_ATOM = re.compile(rb"[\x21\x23\x24\x26\x27\x2b-\x5b\x5e-\x7a\x7c-\x7e]+")
_ASTRING = re.compile(rb"[\x21\x23\x24\x26\x27\x2b-\x5b\x5d-\x7a\x7c-\x7e]+")
_LIST = re.compile(rb"[\x21\x23-\x27\x2a-\x5b\x5d-\x7a\x7c-\x7e]+")  # list-char: "%", "*" and "]" too
# Octets above 127 are no QUOTED-CHAR, yet imapfilter and imap-tools send UTF-8 so.
_QUOTED = re.compile(rb'"((?:[^"\\\r\n\0]|\\["\\])*)"')
_ESCAPE = re.compile(rb'\\(["\\])')
_WORD = re.compile(rb"[A-Za-z0-9.\-]+")
_NUMBER = re.compile(rb"\d{1,20}")
_FLAG = re.compile(rb"\\?[\x21\x23\x24\x26\x27\x2b-\x5b\x5e-\x7a\x7c-\x7e]+")
_SET = re.compile(rb"[\d:,*]+|\$(?![^ )])")


class Scanner:
    """A cursor; every method raises BadSyntax where the text says something else."""

    __slots__ = ("_next", "_parts", "enabled", "pieces", "pos", "text", "utf8")

    def __init__(self, parts: tuple[Literal, ...], enabled: Set[str] = frozenset()) -> None:
        """`enabled`: capabilities that the client has switched on (RFC 5161) and that change what a command means."""
        self.enabled = enabled
        self.utf8 = speaks_utf8(enabled)
        first = parts[0]
        assert isinstance(first, bytes)
        self.text = first
        self.pos = 0
        self.pieces = 0  # of messages to be put together (RFC 4469), read so far
        self._parts = parts
        self._next = 1  # the literal behind `text`

    # -- looking

    def peek(self) -> bytes:
        """The next octet; b"" at the end of a text part."""
        return self.text[self.pos : self.pos + 1]

    def at_end(self) -> bool:
        """Nothing is left."""
        return self.pos == len(self.text) and self._next >= len(self._parts)

    def at_literal(self) -> bool:
        """A literal comes next."""
        return self.pos == len(self.text) and self._next < len(self._parts)

    def only_spaces_left(self) -> bool:
        """The command ends here; some clients end it with a space."""
        return self._next >= len(self._parts) and not self.text[self.pos :].strip(b" ")

    # -- reading

    def accept(self, octet: bytes) -> bool:
        """Read this octet if it is the next."""
        if self.text[self.pos : self.pos + 1] == octet:
            self.pos += 1
            return True
        return False

    def expect(self, octet: bytes) -> None:
        """Read this octet."""
        if not self.accept(octet):
            raise BadSyntax("Expected a space" if octet == b" " else f"Expected {octet.decode()}")

    def space(self) -> None:
        """SP; several are let through, some clients send two."""
        self.expect(b" ")
        while self.accept(b" "):
            pass

    def end(self) -> None:
        """The command ends here; trailing spaces are forgiven."""
        while self.accept(b" "):
            pass
        if not self.at_end():
            raise BadSyntax("Unexpected arguments")

    def match(self, pattern: re.Pattern[bytes], what: str) -> bytes:
        """Read what a pattern takes."""
        found = pattern.match(self.text, self.pos)
        if found is None:
            raise BadSyntax(f"Expected {what}")
        self.pos = found.end()
        return found[0]

    def tag(self) -> bytes:
        """tag = 1*<any ASTRING-CHAR except "+">"""
        return self.match(_TAG, "a tag")

    def word(self) -> str:
        """A keyword of the protocol, in upper case."""
        return self.match(_WORD, "a word").decode().upper()

    def atom(self) -> bytes:
        """atom"""
        return self.match(_ATOM, "an atom")

    def flag(self) -> bytes:
        """flag = "\\Answered" / ... / flag-keyword / flag-extension"""
        return self.match(_FLAG, "a flag")

    def number(self) -> int:
        """number, or the 63-bit mod-sequence-value of RFC 7162"""
        value = int(self.match(_NUMBER, "a number"))
        if value >= 1 << 63:
            raise BadSyntax("Number out of range")
        return value

    def sequence_set(self) -> SequenceSet:
        """sequence-set"""
        return parse_sequence_set(self.match(_SET, "a sequence set"))

    def string(self) -> bytes:
        """string = quoted / literal"""
        if self.at_literal():
            return self._string_literal()
        found = _QUOTED.match(self.text, self.pos)
        if found is None:
            raise BadSyntax("Expected a string")
        self.pos = found.end()
        if not found[1].isascii():
            _check_utf8(found[1])
        return _ESCAPE.sub(rb"\1", found[1]) if b"\\" in found[1] else found[1]

    def astring(self) -> bytes:
        """astring = 1*ASTRING-CHAR / string"""
        if self.peek() == b'"' or self.at_literal():
            return self.string()
        return self.match(_ASTRING, "a string")

    def list_pattern(self) -> bytes:
        """list-mailbox = 1*list-char / string"""
        if self.peek() == b'"' or self.at_literal():
            return self.string()
        return self.match(_LIST, "a mailbox pattern")

    def mailbox(self) -> str:
        """mailbox: the name decoded from modified UTF-7, or from UTF-8 where that is enabled."""
        return mailbox_name(self.astring(), utf8=self.utf8)

    def literal(self) -> Literal:
        """literal, however large"""
        if not self.at_literal():
            raise BadSyntax("Expected a literal")
        literal = self._parts[self._next]
        text = self._parts[self._next + 1]
        assert isinstance(text, bytes)
        self.text, self.pos = text, 0
        self._next += 2
        return literal

    def short_literal(self) -> bytes:
        """A literal that is no message. The framer spools it behind large ones."""
        literal = self.literal()
        if len(literal) > SPOOL_MEMORY:
            raise BadSyntax("Literal too long here", code="TOOBIG")
        return literal if isinstance(literal, bytes) else literal.getvalue()

    def _string_literal(self) -> bytes:
        literal = self.short_literal()
        if b"\0" in literal:
            raise BadSyntax("NUL in a literal")  # CHAR8 = %x01-ff
        return literal


def _check_utf8(text: bytes) -> None:
    """uQUOTED-CHAR = QUOTED-CHAR / UTF8-2 / UTF8-3 / UTF8-4; anything else MUST be a BAD (RFC 6855 section 3)."""
    try:
        text.decode()
    except UnicodeDecodeError:
        raise BadSyntax("A quoted string is not valid UTF-8") from None


def mailbox_name(raw: bytes, *, utf8: bool) -> str:
    """Modified UTF-7, or UTF-8, -> str; BadMailboxName when it is none."""
    if utf8:
        try:
            return raw.decode()
        except UnicodeDecodeError:
            raise BadMailboxName("Mailbox name is not valid UTF-8", code="CANNOT") from None
    try:
        return decode(raw)
    except BadUtf7:
        raise BadMailboxName("Mailbox name is not valid modified UTF-7", code="CANNOT") from None
