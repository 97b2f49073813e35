"""One turn of a connection in a database thread: answer a request, and those that were pipelined behind it.

A switch of threads costs more than most commands, so a turn goes on while the framer has requests, within bounds of
time and size. It touches the session and its framer only; the event loop leaves both alone until the turn ends.
"""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from protocols.runtime import limits
from protocols.runtime.compression import Deflater
from protocols.runtime.session import Reply, Request, SendNow, Session

logger = logging.getLogger(__name__)

Watch = Callable[[Reply], None]


@dataclass(slots=True)
class Turn:
    """What a turn made. `reply` is set when the loop has something left to do with it: wait, hang up, start TLS."""

    out: list[bytes] = field(default_factory=list)
    size: int = 0
    served: int = 0
    fed: int = 0  # octets that the framer was given
    packed: bool = False  # the output is compressed already
    reply: Reply | None = None
    request: Request = None

    def add(self, data: bytes) -> None:
        """Append to the output."""
        if data:
            self.out.append(data)
            self.size += len(data)

    def take(self) -> bytes:
        """The output so far, which is then empty."""
        data = self.out[0] if len(self.out) == 1 else b"".join(self.out)
        self.out.clear()
        self.size = 0
        return data

    def pack(self, deflater: Deflater) -> None:
        """Compress the output; the reply that ends the compression ends its stream."""
        last = self.reply is not None and self.reply.compress is False and self.reply.more is None
        data = deflater.pack(self.take(), last=last)
        self.out, self.size, self.packed = [data] if data else [], len(data), True

    @property
    def full(self) -> bool:
        """Others should have their turn."""
        return self.size >= limits.OUTPUT_BATCH or self.served >= limits.TURN_REQUESTS


def take_turn(session: Session, request: Request, watch: Watch, is_over: Callable[[], bool]) -> Turn:
    """Answer `request`, and what is pipelined behind it unless `is_over()`: the client is gone or the server stops."""
    turn = Turn()
    ends = time.monotonic() + limits.TURN_SECONDS
    while request is not None:
        reply = answer(session, request)
        accept(turn, request, reply, watch)
        if reply.more is not None:
            pull(turn, session)
        if turn.reply is not None or turn.full or time.monotonic() > ends or is_over():
            break
        request = next_request(turn, session)
    return turn


def packed(deflater: Deflater, job: Callable[..., Turn], *args: Any) -> Turn:
    """What `job` makes, compressed in the same thread."""
    turn = job(*args)
    turn.pack(deflater)
    return turn


def continue_turn(session: Session, request: Request, reply: Reply) -> Turn:
    """The next batches of a large answer."""
    turn = Turn(reply=reply, request=request)
    pull(turn, session)
    return turn


def wake_turn(session: Session, watch: Watch) -> Turn:
    """Let the session look for changes in the mailboxes it watches."""
    turn = Turn()
    try:
        reply = session.wake()
    except Exception:
        # Nothing was asked, so nothing is answered; the client hears of the change with its next command.
        logger.exception("%s: a wake-up failed", session.peer.service)
        return turn
    if reply is not None:
        accept(turn, None, reply, watch)
        if reply.more is not None:
            pull(turn, session)
    return turn


def answer(session: Session, request: Request) -> Reply:
    """The session's reply, or its fixed words for a failure of ours; the stack goes to the log."""
    try:
        return session.handle(request)
    except Exception:
        logger.exception("%s: a request failed", session.peer.service)
        return session.internal_error(request)


def next_request(turn: Turn, session: Session) -> Request:
    """The framer's next request or None; interim answers on the way are added to the turn's output."""
    while isinstance(event := session.framer.next_event(), SendNow):
        turn.add(event.data)
    return event


def accept(turn: Turn, request: Request, reply: Reply, watch: Watch) -> None:
    """Take a reply into the turn; `turn.reply` stays None when its octets are all there is to it."""
    turn.served += 1
    turn.add(reply.data)
    if reply.watch is not None:
        watch(reply)
    if reply.more is not None or reply.future is not None or _changes_layers(reply):
        turn.reply, turn.request = reply, request


def _changes_layers(reply: Reply) -> bool:
    """The loop has something to do when the reply is written."""
    return reply.close or reply.start_tls or reply.compress is not None


def pull(turn: Turn, session: Session) -> None:
    """Pull batches of a large answer until the turn is full; at the end nothing of the reply may be left.

    A failure in the middle is answered like one at the beginning: batches are whole responses.
    """
    reply = turn.reply
    assert reply is not None and reply.more is not None
    ends = time.monotonic() + limits.TURN_SECONDS
    try:
        for batch in reply.more:
            turn.add(batch)
            # In time, also where it is little or nothing: a progress report must not wait for the answer, and work that
            # goes on without output gives others the thread and hears that its client is gone.
            if turn.size >= limits.OUTPUT_BATCH or time.monotonic() > ends:
                return
    except Exception:
        logger.exception("%s: a large answer broke off", session.peer.service)
        failure = session.internal_error(turn.request)
        turn.add(failure.data)
        reply.future, reply.close, reply.start_tls, reply.compress = None, failure.close, False, None
    reply.more = None
    if reply.future is None and not _changes_layers(reply):
        turn.reply = None


def end(session: Session, more: Iterator[bytes] | None) -> None:
    """The connection is gone: end an answer nobody will read (generators hold resources), then the session."""
    close = getattr(more, "close", None)
    try:
        if close is not None:
            close()
    finally:
        session.closed()
