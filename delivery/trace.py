"""Trace lines (RFC 5321 section 4.4) and the fields that a submission lacks (RFC 6409 section 8)."""

from __future__ import annotations

import random
import re
import secrets
import zoneinfo
from functools import lru_cache

from django.conf import settings

from delivery.transaction import MailTransaction
from mailformat.dates import format_rfc5322
from mailformat.headers import collect

# RFC 5321 section 6.3: a message with this many Received lines runs in circles ("at least 100").
MAX_HOPS = 100
# A header is looked at this far; no real one is longer.
MAX_HEADER = 1024 * 1024
# How a header starts: a field, perhaps behind a byte order mark, or the line that mbox files put before each message.
_HEADER = re.compile(rb"(?:\xef\xbb\xbf)?[!-9;-~]+[ \t]*:|>?From ")
_WATCHED = frozenset({b"received", b"date", b"message-id"})
_TOKEN_OCTETS = 12


def new_id() -> str:
    """Names a transaction in the trace, in the reply and in the log."""
    # Unique is enough, nobody gains by guessing it; the kernel's generator would give up the interpreter each time.
    return f"{random.getrandbits(48):012x}"


def header_of(data: bytes) -> bytes:
    """The header with its blank line, as far as it is looked at."""
    end = data.find(b"\r\n\r\n", 0, MAX_HEADER)
    if data.startswith(b"\r\n"):
        return b""
    return data[:MAX_HEADER] if end < 0 else data[: end + 2]


def is_looping(found: dict[bytes, list[bytes]]) -> bool:
    """True for a message that has passed too many servers."""
    return len(found.get(b"received", ())) >= MAX_HOPS


def watched_fields(header: bytes) -> dict[bytes, list[bytes]]:
    """The fields that delivery looks at: lower-case name -> values."""
    return collect(header, _WATCHED)


def trace_lines(transaction: MailTransaction, hostname: str) -> bytes:
    """Return-Path and Received, ready to stand before the message."""
    return f"Return-Path: <{transaction.reverse_path}>\r\n{_received(transaction, hostname)}".encode()


def _received(transaction: MailTransaction, hostname: str) -> str:
    source = f"from {transaction.helo} ({_tcp_info(transaction.remote_address)})\r\n\t" if transaction.helo else ""
    tls = f" ({transaction.tls})" if transaction.tls else ""
    # Who else got it is nobody's business: "for" only where there is one (RFC 5321 section 7.2).
    only = f"\r\n\tfor <{transaction.recipients[0].forward_path}>" if len(transaction.recipients) == 1 else ""
    date = _date(transaction.received_at)
    by = f"by {hostname} with {transaction.protocol}{tls} id {transaction.queue_id}"
    return f"Received: {source}{by}{only};\r\n\t{date}\r\n"


def _tcp_info(address: str) -> str:
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


@lru_cache(maxsize=8)
def _date(unix: int) -> str:
    """In the server's time zone; many messages come in one second."""
    return format_rfc5322(unix, zoneinfo.ZoneInfo(settings.TIME_ZONE))


def missing_fields(transaction: MailTransaction, found: dict[bytes, list[bytes]], hostname: str) -> bytes:
    """Date and Message-ID where a submitted message has none (RFC 6409 sections 8.1 and 8.3)."""
    lines = b""
    if b"message-id" not in found:
        lines += f"Message-ID: <{secrets.token_hex(_TOKEN_OCTETS)}@{hostname}>\r\n".encode()
    if b"date" not in found:
        lines += f"Date: {_date(transaction.received_at)}\r\n".encode()
    return lines


def separator(data: bytes) -> bytes:
    """A blank line where the message starts with text, so that its first lines do not become header fields."""
    return b"" if not data or data.startswith(b"\r\n") or _HEADER.match(data) else b"\r\n"
