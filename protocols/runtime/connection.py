"""One client's connection: octets in, requests to the session, answers out, in order.

A connection is either at rest (the framer needs more octets) or busy with one request: running it, waiting for its
future, writing its answer to a slow reader. While busy nothing is fed to the framer: what arrives waits in `_layer`,
bounded, and reading pauses above the bound. The order of answers, the freedom of handlers to switch the framer, and
back-pressure all follow from this one rule.

asyncio.Protocol and not BufferedProtocol: uvloop reads into one buffer per loop and hands out a copy of what came, so
a connection at rest holds no buffer; with a BufferedProtocol each would own one.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Any, cast

from protocols.runtime import limits
from protocols.runtime.compression import BadStream
from protocols.runtime.deadlines import Deadlines
from protocols.runtime.door import Door
from protocols.runtime.handshake import shake_hands
from protocols.runtime.layer import Layer
from protocols.runtime.session import Peer, Reply, Request, Session
from protocols.runtime.turn import Turn, accept, answer, continue_turn, end, next_request, take_turn, wake_turn
from protocols.runtime.watching import Watching

logger = logging.getLogger(__name__)

Step = Callable[[], None]

# Whether the client may send more, and whether the framer knows that it does not.
_OPEN, _ENDED, _ENDED_AND_FED = 0, 1, 2


class Connection(asyncio.Protocol):
    """See the module's text. All of it runs on the event loop, except `_watch`."""

    __slots__ = (
        "_after_drain", "_busy", "_closing", "_deadlines", "_door", "_errands", "_handshake", "_input_ended", "_layer",
        "_loop", "_lost", "_reading_paused", "_reply", "_session", "_stopping", "_transport", "_watching",
        "_write_paused_at", "opened", "peer", "started_at",
    )  # fmt: skip

    def __init__(self, door: Door, loop: asyncio.AbstractEventLoop, peer: Peer) -> None:
        self.peer = peer
        self.opened = False  # has a session, or had one
        self._door = door
        self._errands = door.errands
        self._loop = loop
        self._transport: asyncio.Transport | None = None
        self._session: Session | None = None
        self.started_at = time.time()
        self._layer = Layer()
        self._input_ended = _OPEN
        self._handshake: asyncio.Task[None] | None = None
        self._busy = self._closing = self._stopping = self._lost = self._reading_paused = False
        self._reply: Reply | None = None  # a large answer under way
        self._after_drain: Step | None = None
        self._write_paused_at = 0.0
        self._deadlines = Deadlines(loop, self._ring)
        self._watching: Watching | None = None

    @property
    def received(self) -> int:
        """Octets from the client so far."""
        return self._deadlines.received

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
        self._errands.call(self._session.brief, self._greeted, self._session.greeting)

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

    def _is_over(self) -> bool:
        """Whether pipelined requests are no longer wanted; any thread may ask."""
        return self._stopping or self._lost

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
        self._layer.clear()
        self._write(self._layer.pack(last_words))
        self._transport.close()
        self._deadlines.arm(self._loop.time() + limits.CLOSE_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        """The socket is closed; the session ends when its request did."""
        if self._lost:
            return
        self._lost = True
        self._closing = True
        self._layer.clear()
        self._deadlines.cancel()
        self._door.left(self)
        if self._after_drain is not None or not self._busy:
            self._bury()

    def _bury(self) -> None:
        """Once, after connection_lost and the last request: end the session."""
        session, self._session = self._session, None
        if session is None:
            return
        self._after_drain = None
        if self._watching is not None:
            self._watching.watch(())
            self._watching = None
        reply, self._reply = self._reply, None

        def ended(_result: None, error: BaseException | None) -> None:
            if error is not None:
                logger.error("%s: a session failed to close", self._door.service, exc_info=error)
            self._door.ended(self, session)

        more = reply.more if reply is not None else None
        self._errands.call(session.brief and more is None, ended, end, session, more)

    # --- input

    def data_received(self, data: bytes) -> None:
        """Feed the framer, or keep the octets until the request under way is answered."""
        if self._closing:
            return
        self._deadlines.took(len(data))
        if self._busy or self._layer.compressed:
            if self._layer.hold(data) and not self._reading_paused:
                assert self._transport is not None
                self._reading_paused = True
                self._transport.pause_reading()
            if not self._busy:
                self._pump()
        elif self._feed(data):
            self._pump()

    def _feed(self, data: bytes) -> bool:
        assert self._session is not None
        try:
            self._session.framer.feed(data)
        except Exception as error:
            self._fail(error)
            return False
        return True

    def _feed_more(self, turn: Turn) -> bool:
        """Feed what came while busy, or the end of input; False when there is neither."""
        assert self._session is not None
        data = self._layer.take()
        if self._reading_paused and not self._lost and not self._layer.waiting:
            assert self._transport is not None
            self._reading_paused = False
            self._transport.resume_reading()
        if data:
            self._session.framer.feed(data)
            turn.fed += len(data)
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
        if isinstance(error, BadStream):
            logger.info("%s: %s: %s", self._door.service, self.peer.remote_address, error)
            self._hang_up(self._session.undecodable() if self._session is not None else b"")
        else:
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
                    self._write(self._layer.output(turn))
                    self._loop.call_soon(self._then, self._pump)
                    return
        except Exception as error:
            self._write(self._layer.output(turn))
            self._fail(error)
            return
        self._write(self._layer.output(turn))
        if request is None and (self._layer.waiting or self._input_ended == _ENDED):
            self._loop.call_soon(self._then, self._pump)
        elif request is None:
            self._rest()
        elif turn.reply is not None:
            self._settle(turn.reply, request)
        else:
            self._errand(take_turn, self._session, request, self._watch, self._is_over)

    def _errand(self, job: Callable[..., Turn], *args: Any) -> None:
        """A turn in a database thread."""
        self._errands.run(self._turn_over, *self._layer.job(job, *args))

    def _next_request(self, turn: Turn) -> Request:
        assert self._session is not None
        while True:
            request = next_request(turn, self._session)
            if request is not None:
                self._layer.request_came()
                return request
            if turn.fed >= limits.FED_AT_ONCE or not self._feed_more(turn):
                return None

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
        self._write(self._layer.output(turn))
        if turn.reply is None:
            self._then(self._pump)
        else:
            self._settle(turn.reply, turn.request)

    def _settle(self, reply: Reply, request: Request) -> None:
        """Do what a reply asks for beyond its octets; the connection stays busy until it is done."""
        if reply.more is not None:
            self._reply = reply
            self._then(partial(self._errand, continue_turn, self._session, request, reply))
            return
        self._reply = None
        if reply.future is not None:
            reply.future.add_done_callback(lambda _: self._errands.post(self._future_done, reply, request))
        elif reply.close:
            self._hang_up(b"")
        elif reply.start_tls and not self._lost:
            self._start_tls()
        else:
            self._layer.switch(reply)
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
        else:
            self._deadlines.arm_for(self._session)
            self._look()

    # --- output

    def _write(self, data: bytes) -> None:
        if data and self._transport is not None and not self._lost:
            self._transport.write(data)

    def pause_writing(self) -> None:
        """The client reads slowly: make nothing more for it, but not for ever."""
        self._write_paused_at = self._loop.time()
        self._deadlines.arm(self._write_paused_at + limits.WRITE_SECONDS)

    def resume_writing(self) -> None:
        """There is room again."""
        self._write_paused_at = 0.0
        step, self._after_drain = self._after_drain, None
        if step is not None:
            self._then(step)

    # --- TLS

    def _start_tls(self) -> None:
        """Stop reading, forget what came in the clear behind STARTTLS (RFC 3207 section 6), shake hands."""
        assert self._transport is not None
        self._transport.pause_reading()
        self._layer.clear()
        self._reading_paused = False
        self._handshake = self._loop.create_task(self._shake_hands())

    async def _shake_hands(self) -> None:
        assert self._transport is not None and self._session is not None
        framer = self._session.framer
        transport = await shake_hands(self._transport, self, self._door.tls_context)
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

    # --- the change feed and time

    def _watch(self, reply: Reply) -> None:
        """Runs wherever the reply's handler ran."""
        assert reply.watch is not None
        if self._watching is None:
            if not reply.watch and not reply.watch_account:
                return
            self._watching = Watching(self._errands.post, self._look)
        self._watching.watch(reply.watch, reply.watch_account)

    def _look(self) -> None:
        """Let the session look for changes, if it watches and there may be some; after the request under way."""
        if self._watching and self._watching.hinted and not self._busy and not self._closing:
            self._watching.hinted = False
            self._busy = True
            self._errand(wake_turn, self._session, self._watch)

    def _ring(self) -> None:
        now = self._loop.time()
        if self._closing or (self._write_paused_at and now >= self._write_paused_at + limits.WRITE_SECONDS):
            self.abort()
        elif self._busy or self._session is None:
            self._deadlines.arm(now + limits.WRITE_SECONDS)
        elif self._deadlines.have_passed(self._session):
            self._hang_up(self._session.on_timeout())
        else:
            self._deadlines.arm_for(self._session)
