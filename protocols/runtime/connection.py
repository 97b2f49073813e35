"""One client's connection: octets in, requests to the session, answers out, in order.

A connection is either at rest (the framer needs more octets) or busy with one request: running it, waiting for its
future, writing its answer to a slow reader. While busy nothing is fed to the framer: what arrives waits in `_ahead`,
bounded, and reading pauses above the bound. The order of answers, the freedom of handlers to switch the framer, and
back-pressure all follow from this one rule.

asyncio.Protocol and not BufferedProtocol: uvloop reads into one buffer per loop and hands out a copy of what came, so
a connection at rest holds no buffer; with a BufferedProtocol each would own one.
"""

import asyncio
import logging
import ssl
import time
from collections.abc import Callable, Collection
from functools import partial
from typing import Any, Protocol, cast

from mailstore import feed
from protocols.runtime import limits
from protocols.runtime.session import Peer, Reply, Request, Session, TlsInfo
from protocols.runtime.threads import DatabaseThreads
from protocols.runtime.turn import Turn, accept, answer, continue_turn, end, next_request, take_turn, wake_turn

logger = logging.getLogger(__name__)

Step = Callable[[], None]
Done = Callable[[Any, BaseException | None], None]

# Whether the client may send more, and whether the framer knows that it does not.
_OPEN, _ENDED, _ENDED_AND_FED = 0, 1, 2


class Door(Protocol):
    """What a connection needs of the listener that accepted it."""

    service: str
    threads: DatabaseThreads

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


class Connection(asyncio.Protocol):
    """See the module's text. All of it runs on the event loop, except `_watch` (any) and `_hint` (the change feed)."""

    __slots__ = (
        "_after_drain",
        "_ahead",
        "_ahead_size",
        "_armed_for",
        "_busy",
        "_closing",
        "_door",
        "_handshake",
        "_hint_posted",
        "_hinted",
        "_input_ended",
        "_last_input",
        "_loop",
        "_lost",
        "_rate_from",
        "_rate_received",
        "_reading_paused",
        "_reply",
        "_session",
        "_stopping",
        "_timer",
        "_transport",
        "_watched",
        "_write_paused_at",
        "opened",
        "peer",
        "received",
        "started_at",
    )

    def __init__(self, door: Door, loop: asyncio.AbstractEventLoop, peer: Peer) -> None:
        self.peer = peer
        self.opened = False  # has a session, or had one
        self._door = door
        self._loop = loop
        self._transport: asyncio.Transport | None = None
        self._session: Session | None = None
        self.started_at = time.time()
        self.received = 0  # octets
        self._last_input = loop.time()
        self._ahead: list[bytes] | None = None
        self._ahead_size = 0
        self._input_ended = _OPEN
        self._handshake: asyncio.Task[None] | None = None
        self._busy = self._closing = self._stopping = self._lost = self._reading_paused = False
        self._reply: Reply | None = None  # a large answer under way
        self._after_drain: Step | None = None
        self._write_paused_at = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._armed_for = 0.0
        self._rate_from = 0.0
        self._rate_received = 0
        self._watched: dict[int, Step] | None = None
        self._hinted = self._hint_posted = False

    # --- the beginning and the end

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Open the session; where TLS is implicit the handshake is done already."""
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(high=limits.OUTPUT_AHEAD)
        channel = transport.get_extra_info("ssl_object")
        if channel is not None:
            self.peer.tls = self._door.describe_tls(channel)
        self._session = self._door.open_session(self)
        self.opened = True
        self._busy = True
        self._in_thread(self._greeted, self._session.greeting)

    def _greeted(self, greeting: bytes | None, error: BaseException | None) -> None:
        assert self._session is not None
        if greeting is None:
            logger.error("%s: no greeting", self._door.service, exc_info=error)
            self._hang_up(self._session.farewell())
            return
        self._write(greeting)
        self._then(self._pump)

    def shut_down(self) -> None:
        """The service stops: finish the request under way, say farewell, hang up."""
        self._stopping = True
        if not self._busy and not self._closing:
            self._hang_up(self._last_words())

    def abort(self) -> None:
        """Hang up at once."""
        if self._transport is not None and not self._lost:
            self._transport.abort()

    def _last_words(self) -> bytes:
        return self._session.farewell() if self._session is not None else b""

    def _hang_up(self, last_words: bytes) -> None:
        """Say `last_words` and close; the client has CLOSE_SECONDS to take them."""
        self._busy = False
        if self._lost:
            self._bury()
            return
        assert self._transport is not None
        self._closing = True
        self._ahead, self._ahead_size = None, 0
        self._write(last_words)
        self._transport.close()
        self._arm(self._loop.time() + limits.CLOSE_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        """The socket is closed; the session ends when its request did."""
        if self._lost:
            return
        self._lost = True
        self._closing = True
        self._ahead, self._ahead_size = None, 0
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._door.left(self)
        if self._after_drain is not None or not self._busy:
            self._bury()

    def _bury(self) -> None:
        """Once, after connection_lost and the last request: end the session."""
        session, self._session = self._session, None
        if session is None:
            return
        self._after_drain = None
        self._unwatch(())
        reply, self._reply = self._reply, None

        def ended(_result: None, error: BaseException | None) -> None:
            if error is not None:
                logger.error("%s: a session failed to close", self._door.service, exc_info=error)
            self._door.ended(self, session)

        self._in_thread(ended, end, session, reply.more if reply is not None else None)

    # --- input

    def data_received(self, data: bytes) -> None:
        """Feed the framer, or keep the octets until the request under way is answered."""
        if self._closing:
            return
        self._last_input = self._loop.time()
        self.received += len(data)
        if self._busy:
            self._hold(data)
        elif self._feed(data):
            self._pump()

    def _hold(self, data: bytes) -> None:
        if self._ahead is None:
            self._ahead = []
        self._ahead.append(data)
        self._ahead_size += len(data)
        if self._ahead_size > limits.INPUT_AHEAD and not self._reading_paused:
            assert self._transport is not None
            self._reading_paused = True
            self._transport.pause_reading()

    def _feed(self, data: bytes) -> bool:
        assert self._session is not None
        try:
            self._session.framer.feed(data)
        except Exception as error:
            self._fail(error)
            return False
        return True

    def _feed_more(self) -> bool:
        """Feed what came while busy, or the end of input; False when there is neither."""
        assert self._session is not None
        ahead, self._ahead, self._ahead_size = self._ahead, None, 0
        if self._reading_paused and not self._lost:
            assert self._transport is not None
            self._reading_paused = False
            self._transport.resume_reading()
        if ahead:
            self._session.framer.feed(ahead[0] if len(ahead) == 1 else b"".join(ahead))
            return True
        if self._input_ended == _ENDED:
            self._input_ended = _ENDED_AND_FED
            self._session.framer.feed_eof()
            return True
        return False

    def eof_received(self) -> bool:
        """The client sends no more; what it asked for is still answered."""
        self._input_ended = _ENDED
        if not self._busy and not self._closing:
            self._pump()
        return self.peer.tls is None and not self._closing

    def _fail(self, error: BaseException) -> None:
        """A failure outside of a handler: nothing is known of the framer's state, so hang up."""
        logger.error("%s: a connection failed", self._door.service, exc_info=error)
        self._hang_up(self._session.internal_error(None).data if self._session is not None else b"")

    # --- requests, one after another

    def _pump(self) -> None:
        """Serve what the framer has until it needs more octets, or a request must be waited for."""
        self._busy = True
        if self._stopping:
            self._hang_up(self._last_words())
            return
        turn = Turn()
        ends = self._loop.time() + limits.TURN_SECONDS
        try:
            while (request := self._next_request(turn)) is not None and self._serve(turn, request):
                if turn.full or self._loop.time() > ends:
                    self._write(turn.take())
                    self._loop.call_soon(self._then, self._pump)
                    return
        except Exception as error:
            self._fail(error)
            return
        self._write(turn.take())
        if request is None:
            self._rest()
        elif turn.reply is not None:
            self._settle(turn.reply, request)
        else:
            self._in_thread(self._turn_over, take_turn, self._session, request, self._watch)

    def _next_request(self, turn: Turn) -> Request:
        assert self._session is not None
        while True:
            request = next_request(turn, self._session)
            if request is not None or not self._feed_more():
                return request

    def _serve(self, turn: Turn, request: Request) -> bool:
        """Answer an inline request; False: it needs a thread, or something remains to be done with its reply."""
        assert self._session is not None
        if not self._session.is_inline(request):
            return False
        accept(turn, request, answer(self._session, request), self._watch)
        return turn.reply is None

    def _turn_over(self, turn: Turn | None, error: BaseException | None = None) -> None:
        """A turn in a database thread ended: write what it made, then go on."""
        if turn is None:
            self._fail(error or RuntimeError("a turn made nothing"))
            return
        self._write(turn.take())
        if turn.reply is None:
            self._then(self._pump)
        else:
            self._settle(turn.reply, turn.request)

    def _settle(self, reply: Reply, request: Request) -> None:
        """Do what a reply asks for beyond its octets; the connection stays busy until it is done."""
        if reply.more is not None:
            self._reply = reply
            self._then(partial(self._in_thread, self._turn_over, continue_turn, self._session, request, reply))
            return
        self._reply = None
        if reply.future is not None:
            reply.future.add_done_callback(lambda _: self._post(self._future_done, reply, request))
        elif reply.close:
            self._hang_up(b"")
        elif reply.start_tls and not self._lost:
            self._start_tls()
        else:
            self._then(self._pump)

    def _future_done(self, reply: Reply, request: Request) -> None:
        assert reply.future is not None and reply.then is not None and self._session is not None
        try:
            following = reply.then(reply.future)
        except Exception:
            logger.exception("%s: a request failed", self._door.service)
            following = self._session.internal_error(request)
        following.close = following.close or reply.close
        turn = Turn()
        accept(turn, request, following, self._watch)
        self._turn_over(turn)

    def _then(self, step: Step) -> None:
        """Go on with `step`, now or when the client has read enough of our output."""
        if self._lost:
            self._bury()
        elif self._write_paused_at:
            self._after_drain = step
        else:
            step()

    def _rest(self) -> None:
        """Nothing to answer: hang up, look for changes, or wait for the client."""
        assert self._session is not None
        self._busy = False
        if self._input_ended:
            self._hang_up(b"")
        elif self._hinted and self._watched:
            self._look()
        else:
            self._arm_for_state()

    # --- output

    def _write(self, data: bytes) -> None:
        if data and self._transport is not None and not self._lost:
            self._transport.write(data)

    def pause_writing(self) -> None:
        """The client reads slowly: make nothing more for it, but not for ever."""
        self._write_paused_at = self._loop.time()
        self._arm(self._write_paused_at + limits.WRITE_SECONDS)

    def resume_writing(self) -> None:
        """There is room again."""
        self._write_paused_at = 0.0
        step, self._after_drain = self._after_drain, None
        if step is not None:
            self._then(step)

    def _in_thread(
        self, done: Callable[[Any, BaseException | None], None], job: Callable[..., Any], *args: Any
    ) -> None:
        """Run `job` in a database thread, then `done(result, error)` on the loop."""
        self._door.threads.run(job, *args, callback=partial(self._post, done))

    def _post(self, step: Callable[..., None], *args: Any) -> None:
        """From any thread: run `step` on the loop, unless that has ended."""
        try:
            self._loop.call_soon_threadsafe(step, *args)
        except RuntimeError:
            logger.debug("%s: a result came after the loop's end", self._door.service)

    # --- TLS

    def _start_tls(self) -> None:
        """Stop reading, forget what came in the clear behind STARTTLS (RFC 3207 section 6), shake hands."""
        assert self._transport is not None
        self._transport.pause_reading()
        self._ahead, self._ahead_size, self._reading_paused = None, 0, False
        self._handshake = self._loop.create_task(self._shake_hands())

    async def _shake_hands(self) -> None:
        assert self._transport is not None and self._session is not None
        framer = self._session.framer
        try:
            transport = await self._loop.start_tls(
                self._transport,
                self,
                self._door.tls_context(),
                server_side=True,
                ssl_handshake_timeout=limits.HANDSHAKE_SECONDS,
                ssl_shutdown_timeout=limits.CLOSE_SECONDS,
            )
        except (TimeoutError, OSError) as error:  # ssl.SSLError is an OSError
            logger.info("%s: TLS with %s failed: %s", self._door.service, self.peer.remote_address, error)
            transport = None
        self._handshake = None
        if transport is None:
            self._busy = False
            self.abort()
            self.connection_lost(None)
            return
        self._transport = transport
        transport.set_write_buffer_limits(high=limits.OUTPUT_AHEAD)
        self.peer.tls = self._door.describe_tls(transport.get_extra_info("ssl_object"))
        self._session.starttls_done(self.peer.tls)
        if self._session.framer is framer:
            self._fail(RuntimeError("starttls_done() kept the framer with octets from the clear"))
            return
        self._then(self._pump)

    # --- the change feed

    def _watch(self, reply: Reply) -> None:
        """Subscribe to the mailboxes of a reply; runs wherever its handler ran, while the connection is busy."""
        assert reply.watch is not None
        wanted = set(reply.watch)
        self._unwatch(wanted)
        if not wanted:
            return
        watched = self._watched = self._watched or {}
        for mailbox_id in wanted - watched.keys():
            watched[mailbox_id] = feed.subscribe_mailbox(mailbox_id, self._hint)
            # What was committed between the handler's look and this subscription would go unseen.
            self._hint()

    def _unwatch(self, but: Collection[int]) -> None:
        if self._watched:
            for mailbox_id in [known for known in self._watched if known not in but]:
                self._watched.pop(mailbox_id)()
            self._watched = self._watched or None

    def _hint(self) -> None:
        """From any thread, any number of times: one wake-up."""
        if not self._hint_posted:
            self._hint_posted = True
            self._post(self._hint_came)

    def _hint_came(self) -> None:
        self._hint_posted = False
        self._hinted = True
        if not self._busy and not self._closing and self._watched:
            self._look()

    def _look(self) -> None:
        self._hinted = False
        self._busy = True
        self._in_thread(self._turn_over, wake_turn, self._session, self._watch)

    # --- time

    def _arm_for_state(self) -> None:
        """The moment at which the present state may have lasted too long."""
        assert self._session is not None
        deadline = self._last_input + self._session.timeout()
        if self._session.minimum_rate:
            if not self._rate_from:
                self._rate_from, self._rate_received = self._loop.time(), self.received
            deadline = min(deadline, self._rate_from + limits.RATE_WINDOW)
        else:
            self._rate_from = 0.0
        self._arm(deadline)

    def _arm(self, deadline: float) -> None:
        """One timer a connection: moved earlier when needed; when it rings too early it is set again."""
        if self._timer is not None:
            if deadline >= self._armed_for:
                return
            self._timer.cancel()
        self._armed_for = deadline
        self._timer = self._loop.call_at(deadline, self._ring)

    def _ring(self) -> None:
        self._timer = None
        now = self._loop.time()
        if self._closing or (self._write_paused_at and now >= self._write_paused_at + limits.WRITE_SECONDS):
            self.abort()
        elif self._busy:
            self._arm(now + limits.WRITE_SECONDS)
        elif self._session is not None:
            if now >= self._last_input + self._session.timeout() or self._too_slow(now):
                self._hang_up(self._session.on_timeout())
            else:
                self._arm_for_state()

    def _too_slow(self, now: float) -> bool:
        assert self._session is not None
        if not (self._session.minimum_rate and self._rate_from) or now < self._rate_from + limits.RATE_WINDOW:
            return False
        got = self.received - self._rate_received
        wanted = self._session.minimum_rate * (now - self._rate_from)
        self._rate_from, self._rate_received = now, self.received
        return got < wanted


def plain_address(address: tuple[Any, ...]) -> tuple[str, int]:
    """Host and port of a socket address; an IPv4-mapped one (RFC 4291 section 2.5.5.2) as IPv4."""
    host, port = str(address[0]), int(address[1])
    return host.removeprefix("::ffff:") if "." in host else host, port
