"""A tiny line protocol on the real runtime, and a real listener on a loopback port to serve it."""

import asyncio
import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any

import uvloop

from protocols.runtime.listener import Listener
from protocols.runtime.session import Peer, Refusal, Reply, SendNow, Session, TlsInfo, WireFacts
from protocols.runtime.threads import DatabaseThreads


class LineFramer:
    """Lines ending in CRLF are requests; "{n}" at a line's end asks for n octets more."""

    def __init__(self) -> None:
        self.buffer = bytearray()
        self.ended = False

    def feed(self, data: bytes) -> None:
        self.buffer += data

    def next_event(self) -> object:
        end = self.buffer.find(b"\r\n")
        if end < 0:
            if self.ended and self.buffer:
                self.buffer.clear()
                return b"unfinished"
            return None
        line = bytes(self.buffer[:end])
        del self.buffer[: end + 2]
        if line == b"broken framer":
            raise ValueError("the framer's own failure")
        return SendNow(b"+ go on\r\n") if line == b"wait" else line

    def take_rest(self) -> bytes:
        rest = bytes(self.buffer)
        self.buffer.clear()
        return rest

    def feed_eof(self) -> None:
        self.ended = True


class EchoSession(Session):
    """Every verb exercises one promise of the runtime."""

    protocol = "echo"
    sessions: list["EchoSession"] = []
    seconds = 60.0
    gate = threading.Event()

    def __init__(self, peer: Peer) -> None:
        super().__init__(peer)
        self.framer = LineFramer()
        self.ended = 0
        self.threads: list[str] = []
        self.wakes = 0
        self.pulled = 0
        type(self).sessions.append(self)

    def greeting(self) -> bytes:
        tls = self.peer.tls.version.encode() if self.peer.tls else b"clear"
        return b"hello " + tls + b"\r\n"

    def is_inline(self, request: bytes) -> bool:
        return request.startswith((b"inline", b"starttls", b"quit", b"compress"))

    def handle(self, request: bytes) -> Reply:
        self.threads.append(threading.current_thread().name)
        verb, _, rest = request.partition(b" ")
        return getattr(self, "do_" + verb.decode(), self.do_echo)(rest)

    def do_echo(self, rest: bytes) -> Reply:
        return Reply(b"echo " + rest + b"\r\n")

    def do_inline(self, rest: bytes) -> Reply:
        return Reply(b"inline " + rest + b"\r\n")

    def do_fail(self, rest: bytes) -> Reply:
        raise ValueError(f"secret {rest!r}")

    def do_quit(self, rest: bytes) -> Reply:
        return Reply(b"bye\r\n", close=True)

    def do_starttls(self, rest: bytes) -> Reply:
        return Reply(b"go\r\n", start_tls=True)

    def do_compress(self, rest: bytes) -> Reply:
        return Reply(b"go\r\n", compress=True, behind=self.framer.take_rest())

    def do_plain(self, rest: bytes) -> Reply:
        return Reply(b"as before\r\n", compress=False)

    def do_block(self, rest: bytes) -> Reply:
        assert self.gate.wait(20)
        return Reply(b"unblocked\r\n")

    def do_future(self, rest: bytes) -> Reply:
        future: Future[bytes] = Future()
        threading.Timer(0.02, lambda: future.set_result(rest)).start()
        return Reply(b"", future=future, then=lambda done: Reply(b"future " + done.result() + b"\r\n"))

    def do_broken(self, rest: bytes) -> Reply:
        future: Future[bytes] = Future()
        future.set_exception(OSError("secret"))
        return Reply(b"", future=future, then=lambda done: Reply(done.result()))

    def do_large(self, rest: bytes) -> Reply:
        """ "large COUNT SIZE": COUNT batches of SIZE octets."""
        count, size = map(int, rest.split())
        return Reply(b"large\r\n", more=self._batches(count, size))

    def _batches(self, count: int, size: int) -> Iterator[bytes]:
        for _ in range(count):
            self.pulled += 1
            yield b"x" * size
        yield b"\r\n"

    def do_halfway(self, rest: bytes) -> Reply:
        def batches() -> Iterator[bytes]:
            yield b"one\r\n"
            raise ValueError("secret")

        return Reply(more=batches())

    def do_watch(self, rest: bytes) -> Reply:
        return Reply(b"watching\r\n", watch=[int(rest)] if rest else [])

    def do_slowly(self, rest: bytes) -> Reply:
        self.minimum_rate = int(rest)
        return Reply(b"measuring\r\n")

    def wake(self) -> Reply | None:
        self.wakes += 1
        return Reply(b"woken\r\n")

    def internal_error(self, request: object) -> Reply:
        return Reply(b"try later\r\n")

    def starttls_done(self, tls: TlsInfo) -> None:
        self.framer = LineFramer()

    def timeout(self) -> float:
        return self.seconds

    def on_timeout(self) -> bytes:
        return b"too slow\r\n"

    def farewell(self) -> bytes:
        return b"farewell\r\n"

    def undecodable(self) -> bytes:
        return b"unreadable\r\n"

    @classmethod
    def refusal(cls, reason: Refusal) -> bytes:
        return b"refused: " + reason.value.encode() + b"\r\n"

    def wire_facts(self) -> WireFacts:
        return WireFacts("alice@mondomaine.fr", "PLAIN", authenticated_in_clear=self.peer.tls is None)

    def closed(self) -> None:
        self.ended += 1


class Served:
    """A listener on its own loop and thread, as in a mail worker."""

    def __init__(self, loop: asyncio.AbstractEventLoop, listener: Listener, port: int) -> None:
        self.loop, self.listener, self.port = loop, listener, port
        self.sessions: list[EchoSession] = []
        self.ended: list[Any] = []

    def connect(self, **options: Any) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=10, **options)

    def stop(self, seconds: float = 5.0) -> Future[None]:
        return asyncio.run_coroutine_threadsafe(self.listener.stop(seconds), self.loop)


def listening_socket(port: int = 0) -> socket.socket:
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    listening.listen(200)
    listening.setblocking(False)
    return listening


@contextlib.contextmanager
def serving(tls: Callable[[], ssl.SSLContext] | None = None, **options: Any) -> Iterator[Served]:
    """An echo listener while the block runs; ends with everything stopped and joined."""
    loop = options.pop("loop", None) or uvloop.new_event_loop()
    session = type("Echo", (EchoSession,), {"sessions": [], "gate": threading.Event(), **options.pop("session", {})})
    threads = DatabaseThreads(4, name="test-database")
    ended: list[Any] = []
    listener = Listener(
        "echo", session, threads, refusal=session.refusal, tls=tls, ended=lambda c, s: ended.append((c, s)), **options
    )
    listening = listening_socket()
    port = listening.getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, name="test-loop")
    thread.start()

    async def start() -> None:
        listener.start([listening])

    asyncio.run_coroutine_threadsafe(start(), loop).result(5)
    served = Served(loop, listener, port)
    served.sessions, served.ended, served.gate = session.sessions, ended, session.gate
    try:
        yield served
    finally:
        session.gate.set()
        served.stop(2.0).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        threads.stop()
        loop.close()


def read_line(client: socket.socket) -> bytes:
    """One line, an octet at a time, so that nothing behind it is taken."""
    line = b""
    while not line.endswith(b"\n"):
        octet = client.recv(1)
        if not octet:
            break
        line += octet
    return line


def read_all(client: socket.socket) -> bytes:
    data = bytearray()
    with contextlib.suppress(ConnectionResetError):
        while piece := client.recv(65536):
            data += piece
    return bytes(data)


def wait_for(condition: Callable[[], Any], seconds: float = 10.0) -> Any:
    """The first true value of `condition`, looked at until the deadline."""
    ends = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < ends, "the condition did not come true in time"
        time.sleep(0.005)
    return value
