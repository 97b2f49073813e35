"""What a connection needs of the listener that accepted it."""

import ssl
from typing import TYPE_CHECKING, Any, Protocol

from protocols.runtime.errands import Errands
from protocols.runtime.session import Session, TlsInfo

if TYPE_CHECKING:
    from protocols.runtime.connection import Connection


class Door(Protocol):
    """The listener, seen from inside."""

    service: str
    errands: Errands

    def open_session(self, connection: "Connection") -> Session:
        """A session for `connection.peer`."""

    def tls_context(self) -> ssl.SSLContext:
        """The context for a handshake that begins now."""

    def describe_tls(self, channel: ssl.SSLObject) -> TlsInfo:
        """What a handshake agreed on."""

    def left(self, connection: "Connection") -> None:
        """The socket is closed."""

    def ended(self, connection: "Connection", session: Session) -> None:
        """The session is closed too: time for the wire record."""


def plain_address(address: tuple[Any, ...]) -> tuple[str, int]:
    """Host and port of a socket address; an IPv4-mapped one (RFC 4291 section 2.5.5.2) as IPv4."""
    host, port = str(address[0]), int(address[1])
    return host.removeprefix("::ffff:") if "." in host else host, port


def format_address(host: str, port: int) -> str:
    """Host and port as people write them: 127.0.0.1:10143, [::1]:10143."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
