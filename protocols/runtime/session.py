"""What a protocol gives the runtime: a Session, one for each connection.

A session is synchronous and knows no sockets. The connection calls it one call at a time, never two at once:

* `framer.*`, `is_inline`, `timeout`, `on_timeout`, `starttls_done`, `farewell`, `internal_error`, `wire_facts` and a
  reply's `then` run on the event loop: they must be quick and may not touch the database;
* `handle` runs on the event loop when `is_inline(request)`, else in a database thread;
* `greeting` and `closed` run on the event loop where the class says `brief`, else in a database thread;
* `wake` and a reply's `more` run in a database thread.
"""

import enum
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, ClassVar

from protocols.wirekit.events import Framer, Request, SendNow

__all__ = ["Framer", "Grade", "Peer", "Refusal", "Reply", "Request", "SendNow", "Session", "TlsInfo", "WireFacts"]


@dataclass(frozen=True, slots=True)
class TlsInfo:
    """What was negotiated. Channel bindings are None where the TLS version has none."""

    version: str  # "TLSv1.3"
    cipher: str  # "TLS_AES_256_GCM_SHA384"
    bits: int  # of the cipher's key
    sni: str = ""  # the name the client asked for
    server_end_point: bytes | None = None  # hash of our certificate (RFC 5929 section 4)
    unique: bytes | None = None  # TLS 1.2 and older (RFC 5929 section 3)
    exporter: bytes | None = None  # TLS 1.3 (RFC 9266), where Python offers it
    key: str = ""  # our certificate's key: "RSA 2048", "ECDSA P-256"
    compression: str = ""  # of the TLS layer itself; "": none, as our contexts have it

    @property
    def can_bind(self) -> bool:
        """Whether there is a channel binding at all: none with an Ed25519 certificate in TLS 1.3, for one."""
        return self.server_end_point is not None or self.unique is not None or self.exporter is not None


@dataclass(slots=True)
class Peer:
    """Who is at the other end, and which door they came by. `tls` changes once, with STARTTLS."""

    remote_address: str
    remote_port: int
    local_address: str
    local_port: int
    service: str  # the Service row's name: "imap", "imaps", "submission", ...
    tls: TlsInfo | None = None


class Refusal(enum.Enum):
    """Why a connection is turned away before a session exists."""

    TOO_MANY = "too many connections"
    TOO_MANY_FROM_ADDRESS = "too many connections from your address"
    SHUTTING_DOWN = "shutting down"


class Grade(enum.IntEnum):
    """What somebody who listened on the wire could have read, from harmless to worst."""

    METADATA = 1  # TLS: addresses, times and sizes only
    CONTENT = 2  # no TLS: mail readable; no password, or one that cannot be attacked offline cheaply (SCRAM)
    ATTACKABLE = 3  # no TLS: a challenge-response that can be guessed at offline (CRAM-MD5, DIGEST-MD5, NTLM)
    PASSWORD = 4  # no TLS: the password itself


@dataclass(frozen=True, slots=True)
class WireFacts:
    """What the session knows and the wire record needs."""

    account: str = ""  # the address that logged in
    mechanism: str = ""  # "PLAIN", "SCRAM-SHA-256", "LOGIN" (IMAP's command too), "USER" (POP3), ...
    authenticated_in_clear: bool = False  # the exchange happened before TLS began; failed attempts count too


@dataclass(slots=True)
class Reply:
    """An answer. Order on the wire: `data`, then `more`, then what `then` returns."""

    data: bytes = b""
    more: Iterator[bytes] | None = None  # each batch pulled in a database thread, written with back-pressure
    future: Future[Any] | None = None  # waited for without holding a thread; needs `then`
    then: Callable[[Future[Any]], "Reply"] | None = None  # called on the event loop when `future` is done (or failed)
    close: bool = False  # hang up after writing
    start_tls: bool = False  # begin the handshake after writing `data`
    compress: bool | None = None  # after `data`: True: DEFLATE both ways (RFC 4978); False: no longer (RFC 8437)
    behind: bytes = b""  # with `compress`: input that the framer held already, compressed as it must be
    watch: Collection[int] | None = None  # mailbox ids to be woken for; None: as before; empty: none any more
    watch_account: int = 0  # with `watch`: an account any of whose mailboxes wakes it; 0: none


class Session(ABC):
    """One connection's state and verbs; see the module's text for who calls what where."""

    # Below this many octets a second, averaged over RATE_WINDOW, while receiving: the client is cut. 0: no bound.
    # A session sets it on itself in states where much is sent (DATA, literals) and back to 0 after.
    minimum_rate: int = 0
    # Large exchange in progress? Only for `protocol`, a word in logs: "smtp", "imap", "pop3".
    protocol: ClassVar[str] = ""
    # greeting() and closed() neither wait nor touch the database: they are not worth a switch of threads.
    brief: ClassVar[bool] = False

    framer: Framer  # set in __init__, replaced by a new one in starttls_done

    def __init__(self, peer: Peer) -> None:
        """Keep it cheap: runs on the event loop; no database."""
        self.peer = peer

    @abstractmethod
    def greeting(self) -> bytes:
        """The first octets; sent once the connection is up (after the handshake where TLS is implicit)."""

    def is_inline(self, request: Request) -> bool:
        """True: handle() neither waits nor touches the database and may run on the event loop."""
        return False

    @abstractmethod
    def handle(self, request: Request) -> Reply:
        """Answer one request. An exception is logged and answered by internal_error()."""

    @abstractmethod
    def internal_error(self, request: Request) -> Reply:
        """A temporary failure in fixed words, never the exception's: our own fault, the client may retry."""

    def starttls_done(self, tls: TlsInfo) -> None:
        """The handshake succeeded: forget what was learnt in the clear and set a new framer.

        `peer.tls` is set already. The runtime hangs up if the framer is still the old one (RFC 3207 section 6).
        """
        raise RuntimeError("this session offers no STARTTLS")

    def wake(self) -> Reply | None:
        """The change feed hints that something may have changed in a watched mailbox; only called between requests."""
        return None

    @abstractmethod
    def timeout(self) -> float:
        """Seconds without an octet from the client that the present state allows."""

    @abstractmethod
    def on_timeout(self) -> bytes:
        """The last words before hanging up on a silent client (421, * BYE, nothing in POP3)."""

    @abstractmethod
    def farewell(self) -> bytes:
        """The last words when the server stops: 421 (RFC 5321 section 3.8), * BYE (RFC 3501 section 7.1.5)."""

    def undecodable(self) -> bytes:
        """The last words to a client whose compressed input cannot be read."""
        return b""

    @classmethod
    @abstractmethod
    def refusal(cls, reason: Refusal) -> bytes:
        """The line for a connection that is turned away at the door."""

    def wire_facts(self) -> WireFacts:
        """What the wire record needs; read when the connection ends."""
        return WireFacts()

    def closed(self) -> None:  # noqa: B027 - nothing to do is the common case
        """The connection is gone; free what is held. Called once, after the last request ended."""
