"""A service that listens: accepts clients within its limits and keeps count of them.

Sockets are accepted here and not by the loop's own server, so that limits count a client from its first packet on (a
TLS handshake included), and so that running out of file descriptors pauses the listener instead of filling the log.
"""

import asyncio
import errno
import ipaddress
import logging
import socket
import ssl
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from protocols.runtime import limits
from protocols.runtime.connection import Connection
from protocols.runtime.door import format_address, plain_address
from protocols.runtime.errands import Errands
from protocols.runtime.session import Peer, Refusal, Session, TlsInfo
from protocols.runtime.threads import DatabaseThreads
from protocols.runtime.tls import describe

logger = logging.getLogger(__name__)

ContextSource = Callable[[], ssl.SSLContext]
Ended = Callable[[Connection, Session], None]


class Listener:
    """One service on one or more sockets. All methods run on the event loop."""

    def __init__(
        self,
        service: str,
        session_class: Callable[[Peer], Session],
        threads: DatabaseThreads,
        *,
        refusal: Callable[[Refusal], bytes],
        tls: ContextSource | None = None,
        implicit_tls: bool = False,
        max_connections: int = 2000,
        max_per_address: int = 500,
        ended: Ended | None = None,
    ) -> None:
        self.service = service
        self._threads = threads
        self.max_connections = max_connections
        self.max_per_address = max_per_address
        self._session_class = session_class
        self._refusal = refusal
        self._tls = tls
        self._implicit_tls = implicit_tls
        self._ended = ended
        self._sockets: list[socket.socket] = []
        self._connections: set[Connection] = set()
        self._greeting: set[asyncio.Task[None]] = set()
        self._by_address: Counter[str] = Counter()
        self._count = 0
        self._sessions = 0
        self._empty = asyncio.Event()
        self._empty.set()

    # --- listening

    def start(self, sockets: Sequence[socket.socket]) -> None:
        """Accept on bound, listening, non-blocking sockets; the listener closes them."""
        self._loop = asyncio.get_running_loop()
        self.errands = Errands(self._loop, self._threads)
        self._sockets = list(sockets)
        for listening in self._sockets:
            self._loop.add_reader(listening.fileno(), self._accept, listening)

    @property
    def connections(self) -> int:
        """Clients now, those in a TLS handshake included."""
        return self._count

    @property
    def addresses(self) -> list[str]:
        """Where it listens: "127.0.0.1:10143", "[::1]:10143"."""
        return [format_address(*plain_address(listening.getsockname())) for listening in self._sockets]

    async def stop(self, seconds: float = limits.STOP_SECONDS) -> None:
        """Take no more clients, let requests under way finish, say farewell; after `seconds` cut who is left."""
        self.close_sockets()
        for task in self._greeting:
            task.cancel()
        for connection in list(self._connections):
            connection.shut_down()
        try:
            await asyncio.wait_for(self._empty.wait(), seconds)
        except TimeoutError:
            logger.warning("%s: %d connections were cut after %.0f s", self.service, self._count, seconds)
            for connection in list(self._connections):
                connection.abort()
            try:
                await asyncio.wait_for(self._empty.wait(), 1.0)
            except TimeoutError:
                logger.warning("%s: %d requests did not end", self.service, self._sessions)

    def close_sockets(self) -> None:
        """Take no more clients; those that are here stay."""
        for listening in self._sockets:
            self._loop.remove_reader(listening.fileno())
            listening.close()
        self._sockets = []

    # --- accepting

    def _accept(self, listening: socket.socket) -> None:
        for _ in range(limits.ACCEPTS_AT_ONCE):
            try:
                client, address = listening.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                self._pause(listening, error)
                return
            client.setblocking(False)
            self._admit(client, *plain_address(address))

    def _pause(self, listening: socket.socket, error: OSError) -> None:
        """Out of file descriptors or memory: clients wait in the backlog until some are free again."""
        logger.error("%s: cannot accept connections just now: %s", self.service, error)
        if error.errno in (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM):
            self._loop.remove_reader(listening.fileno())
            self._loop.call_later(limits.ACCEPT_PAUSE, self._resume, listening)

    def _resume(self, listening: socket.socket) -> None:
        if listening in self._sockets:
            self._loop.add_reader(listening.fileno(), self._accept, listening)

    def _admit(self, client: socket.socket, host: str, port: int) -> None:
        key = address_key(host)
        if self._count >= self.max_connections:
            self._refuse(client, host, Refusal.TOO_MANY)
        elif self._by_address[key] >= self.max_per_address:
            self._refuse(client, host, Refusal.TOO_MANY_FROM_ADDRESS)
        else:
            self._count += 1
            self._by_address[key] += 1
            self._empty.clear()
            peer = Peer(host, port, *plain_address(client.getsockname()), service=self.service)
            task = self._loop.create_task(self._connect(client, key, peer))
            self._greeting.add(task)
            task.add_done_callback(self._greeting.discard)

    def _refuse(self, client: socket.socket, host: str, reason: Refusal) -> None:
        logger.warning("%s: %s turned away: %s", self.service, host, reason.value)
        with client:
            if not self._implicit_tls:
                try:
                    client.send(self._refusal(reason))
                except OSError:
                    pass  # the client is gone already

    async def _connect(self, client: socket.socket, key: str, peer: Peer) -> None:
        """Hand the socket to the loop, after the handshake where TLS is implicit."""
        connection: Connection | None = None

        def make() -> Connection:
            nonlocal connection
            connection = Connection(self, self._loop, peer)
            return connection

        tls: dict[str, Any] = {}
        if self._implicit_tls:
            tls["ssl_handshake_timeout"], tls["ssl_shutdown_timeout"] = limits.HANDSHAKE_SECONDS, limits.CLOSE_SECONDS
        try:
            if self._implicit_tls:
                tls["ssl"] = self.tls_context()
            await self._loop.connect_accepted_socket(make, client, **tls)
        except (TimeoutError, OSError) as error:  # ssl.SSLError is an OSError
            logger.info("%s: no connection with %s: %s", self.service, key, error)
        finally:
            if connection is None:
                client.close()  # the loop has not taken it over
            if connection is None or not connection.opened:
                self._release(key)

    # --- what connections ask and tell (connection.Door)

    def open_session(self, connection: Connection) -> Session:
        session = self._session_class(connection.peer)
        self._connections.add(connection)
        self._sessions += 1
        return session

    def tls_context(self) -> ssl.SSLContext:
        if self._tls is None:
            raise ssl.SSLError("this service has no certificate")
        return self._tls()

    def describe_tls(self, channel: ssl.SSLObject) -> TlsInfo:
        return describe(channel)

    def left(self, connection: Connection) -> None:
        self._connections.discard(connection)
        self._release(address_key(connection.peer.remote_address))

    def ended(self, connection: Connection, session: Session) -> None:
        self._sessions -= 1
        self._tell_empty()
        if self._ended is not None:
            self._ended(connection, session)

    def _release(self, key: str) -> None:
        self._count -= 1
        self._by_address[key] -= 1
        if self._by_address[key] <= 0:
            del self._by_address[key]
        self._tell_empty()

    def _tell_empty(self) -> None:
        if self._count == 0 and self._sessions == 0:
            self._empty.set()


def address_key(host: str) -> str:
    """What counts as one address: an IPv4 address, or the IPv6 /64 that one customer is given (RFC 6177)."""
    if ":" not in host:
        return host
    return str(ipaddress.ip_network((host.split("%")[0], 64), strict=False))
