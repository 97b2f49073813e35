"""Octets -> commands with their literals (RFC 3501 sections 2.2.1 and 4.3, RFC 7888).

Each octet is looked at once: a line is searched for its end from where the last search stopped, and a literal that
arrives never makes an earlier part be read again.
"""

import re
from dataclasses import dataclass

from protocols.wirekit.events import SendNow
from protocols.wirekit.spool import SPOOL_MEMORY, Spool, Stretch

Literal = bytes | Stretch

# RFC 7162 section 4 asks for 8,192 octets. Clients send UID lists without ranges: 64 KiB is some 8,000 UIDs.
MAX_LINE = 64 * 1024
# Before login only LOGIN, AUTHENTICATE and ID are of any length; a SASL response has up to 12,288 octets (RFC 4954
# section 4.5, which is as good a bound for IMAP).
MAX_LINE_BEFORE_LOGIN = 16 * 1024
# A literal begins another line. Flags and dates of MAX_APPEND_COUNT messages are shorter; all is parsed in one go.
MAX_LINES = 4
# Mailbox names, search strings, header names. All literals of one command together.
MAX_LITERALS = 64 * 1024
# A user name and a password, or an ID list.
MAX_LITERALS_BEFORE_LOGIN = 4 * 1024
# The largest message that APPEND takes; as large as what SMTP takes in the SIZE extension.
MAX_APPEND = 64 * 1024 * 1024
# All messages of one APPEND (RFC 3502) and the text between them: they are held at once, for they come in together.
MAX_APPEND_TOTAL = 2 * MAX_APPEND
# A command of only tiny literals costs a list entry each.
MAX_LITERAL_COUNT = 200
# What a client may send without asking where LITERAL- is announced (RFC 7888 section 5).
MAX_UNASKED = 4096
# A client that copies a folder by APPEND sends some hundred messages at once, or one with many pieces (RFC 4469).
MAX_APPEND_COUNT = 2000
# Literals of one APPEND that are held as they are, in octets; the rest of a large batch shares one file.
MAX_HELD = 4 * SPOOL_MEMORY
# From this size on the session is asked before the literal is: a refusal then costs the client no upload.
ASK_FROM = SPOOL_MEMORY

LONGEST_ANNOUNCEMENT = 32  # octets: "{", twenty digits, "+}" and CR, with room

_ANNOUNCED = re.compile(rb"\{(\d{1,20})(\+?)\}\Z")
_APPEND = re.compile(rb"[^ ]+ +(?:APPEND|(?:UID +)?REPLACE) ", re.IGNORECASE)
_TAG = re.compile(rb"[\x21\x23\x24\x26\x27\x2c-\x5b\x5d-\x7a\x7c-\x7e]{1,100}(?= |\Z)")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one command may cost, in octets; `append` is 0 where APPEND is not allowed."""

    line: int
    literals: int
    append: int
    unasked: int = MAX_APPEND  # of one non-synchronizing literal


BEFORE_LOGIN = Limits(MAX_LINE_BEFORE_LOGIN, MAX_LITERALS_BEFORE_LOGIN, 0)
AFTER_LOGIN = Limits(MAX_LINE, MAX_LITERALS, MAX_APPEND)
AFTER_LOGIN_SMALL = Limits(MAX_LINE, MAX_LITERALS, MAX_APPEND, MAX_UNASKED)


@dataclass(frozen=True, slots=True)
class RawCommand:
    """text, literal, text, ..., text: the lines without CRLF and without the `{n}` that announced a literal."""

    parts: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class TooLarge:
    """A command over its limits; nothing of it was kept. `hang_up`: its octets are on their way, unstoppable."""

    tag: bytes
    what: str  # "line", "literal" or "command" (its literals together, or its lines)
    hang_up: bool


@dataclass(frozen=True, slots=True)
class LiteralAsked:
    """A large literal that the client has announced and not sent: it waits for CONTINUE or for a refusal.

    `parts` is what came so far, ending in text. A refusal is followed by ImapFramer.drop_literal().
    """

    parts: tuple[Literal, ...]
    tag: bytes
    size: int  # octets of all literals of the command so far, this one included


CONTINUE = b"+ Ready for literal data\r\n"


class ImapFramer:
    """Cuts the stream; `limits` may be changed between two commands."""

    def __init__(self, limits: Limits = BEFORE_LOGIN) -> None:
        self.limits = limits
        self.ready = CONTINUE  # what a literal is asked for with, in the client's language
        self._buffer = bytearray()
        self._searched = 0  # no line end before this offset
        self._parts: list[Literal] = []
        self._spent = 0  # octets of literals that are held in memory for this command
        self._total = 0  # octets of this command
        self._text = 0  # those of its lines
        self._sink: bytearray | Spool | None = None  # the literal that is arriving
        self._spool: Spool | None = None  # this command's literals that are not held in memory
        self._size = 0  # of the literal that is arriving
        self._missing = 0  # its octets still to come
        self._skipping: bytes | None = None  # the tag of a line that is too long, until its end
        self._closed = False

    @property
    def in_command(self) -> bool:
        """A literal is arriving, or what follows one: the command's literals are held meanwhile."""
        return bool(self._parts)

    def feed(self, data: bytes) -> None:
        """Take what arrived."""
        if not self._closed:
            self._buffer += data

    def take_rest(self) -> bytes:
        """What came behind the last command."""
        rest = bytes(self._buffer)
        self._buffer.clear()
        self._searched = 0
        return rest

    def feed_eof(self) -> None:
        """What is incomplete stays so."""
        self._closed = True
        self._forget()

    def drop_literal(self) -> None:
        """The literal that was asked for is refused, and with it its command (RFC 7888 section 4)."""
        self._forget()

    def next_event(self) -> RawCommand | TooLarge | LiteralAsked | SendNow | None:
        """The next whole command, a refusal, or the continuation that a literal waits for."""
        while not self._closed:
            if self._sink is not None and not self._take_literal(self._sink):
                return None
            line = self._take_line()
            if line is None:
                self._check_line()
                return None
            announced = _ANNOUNCED.search(line)
            unasked = announced is not None and bool(announced[2])  # its literal comes whatever we say
            if self._skipping is not None:
                tag, self._skipping = self._skipping, None
                return self._refuse(tag, "line", hang_up=unasked)
            if too_long := self._too_long(line):
                return self._refuse(self._tag(line), too_long, hang_up=unasked)
            if announced is None:
                parts = (*self._parts, line)
                self._begin_command()
                return RawCommand(parts)
            event = self._begin_literal(line, announced)
            if event is not None:
                return event
        return None

    def _take_line(self) -> bytes | None:
        end = self._buffer.find(b"\n", self._searched)
        if end < 0:
            self._searched = len(self._buffer)
            return None
        stop = end - 1 if end and self._buffer[end - 1] == 0x0D else end
        line = bytes(self._buffer[:stop])
        del self._buffer[: end + 1]
        self._searched = 0
        return line

    def _check_line(self) -> None:
        """Throw away what belongs to a line that is already too long; its refusal comes with its end."""
        if self._skipping is None and len(self._buffer) > self.limits.line + 2:
            self._skipping = self._tag(bytes(self._buffer[:128]))
        if self._skipping is not None:
            del self._buffer[:-LONGEST_ANNOUNCEMENT]
            self._searched = len(self._buffer)

    def _too_long(self, line: bytes) -> str:
        """What is with this line: it, or the command's text; "" for nothing."""
        self._text += len(line)
        if len(line) > self.limits.line:
            return "line"
        return "command" if self._text > MAX_LINES * self.limits.line else ""

    def _begin_literal(self, line: bytes, announced: re.Match[bytes]) -> SendNow | TooLarge | LiteralAsked | None:
        size, synchronising = int(announced[1]), not announced[2]
        self._total += announced.start() + size
        in_memory = self._spent + size <= self.limits.literals
        refused = self._too_large(size, in_memory, appending=bool(self.limits.append and self._appends(line)))
        if not synchronising and size > self.limits.unasked:
            refused = "literal"
        if refused:
            return self._refuse(self._tag(line), refused, hang_up=not synchronising)
        self._sink = self._find_room(size)
        self._size = self._missing = size
        self._parts.append(line[: announced.start()])
        if not synchronising:
            return None
        if size >= ASK_FROM:
            return LiteralAsked(tuple(self._parts), self._tag(line), self._total)
        return SendNow(self.ready)

    def _find_room(self, size: int) -> bytearray | Spool:
        if size <= SPOOL_MEMORY and self._spent + size <= MAX_HELD:
            self._spent += size
            return bytearray()
        if self._spool is None:
            self._spool = Spool()
        return self._spool

    def _too_large(self, size: int, in_memory: bool, *, appending: bool) -> str:
        """What of the command is; "" for nothing."""
        if not appending:
            return "" if in_memory and len(self._parts) <= 2 * MAX_LITERAL_COUNT else "literal"
        if size > self.limits.append:
            return "literal"
        return "command" if self._total > MAX_APPEND_TOTAL or len(self._parts) > 2 * MAX_APPEND_COUNT else ""

    def _appends(self, line: bytes) -> bool:
        return _APPEND.match(self._first(line)) is not None

    def _take_literal(self, sink: bytearray | Spool) -> bool:
        """Move octets into the literal; True when it is whole."""
        if self._missing:
            piece = bytes(self._buffer[: self._missing])
            del self._buffer[: len(piece)]
            self._missing -= len(piece)
            if isinstance(sink, Spool):
                sink.write(piece)
            else:
                sink += piece
        if self._missing:
            return False
        whole = bytes(sink) if isinstance(sink, bytearray) else Stretch(sink, len(sink) - self._size, self._size)
        self._parts.append(whole)
        self._sink, self._searched = None, 0
        return True

    def _refuse(self, tag: bytes, what: str, *, hang_up: bool) -> TooLarge:
        self._closed = hang_up
        self._forget()
        return TooLarge(tag, what, hang_up)

    def _first(self, line: bytes) -> bytes:
        first = self._parts[0] if self._parts else line
        return first if isinstance(first, bytes) else b""

    def _tag(self, line: bytes) -> bytes:
        found = _TAG.match(self._first(line))
        return found[0] if found else b"*"

    def _forget(self) -> None:
        if self._spool is not None:
            self._spool.close()
        self._sink, self._missing = None, 0
        self._begin_command()
        if self._closed:
            self._buffer.clear()

    def _begin_command(self) -> None:
        self._parts, self._spool, self._spent, self._total, self._text = [], None, 0, 0, 0
