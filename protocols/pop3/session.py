"""A POP3 session (RFC 1939): its state, and what the runtime asks of it."""

from __future__ import annotations

import logging
from typing import ClassVar

from django.conf import settings
from django.utils import translation

from directory.accounts import AccountInfo
from directory.site import hostname
from mailstore.errors import StoreError
from protocols.pop3 import limits, locks
from protocols.pop3.answers import MAILDROP, OUR_FAULT, err, good, store_error
from protocols.pop3.handlers import auth
from protocols.pop3.maildrop import Maildrop
from protocols.pop3.state import State
from protocols.pop3.table import INLINE, find_handler
from protocols.pop3.wire import limits as wire_limits
from protocols.pop3.wire.commands import Command, Pop3SyntaxError, parse
from protocols.pop3.wire.replies import error, ok
from protocols.runtime import pop3_rules
from protocols.runtime.login import Exchange, door_of
from protocols.runtime.session import Peer, Refusal, Reply, Request, Session, TlsInfo, WireFacts
from protocols.sasl import apop
from protocols.sasl.steps import fresh_nonce
from protocols.wirekit.lines import BadLine, Fault, Line, LineFramer
from security import policy
from security.doors import Door
from security.policy import APOP

logger = logging.getLogger(__name__)


class Pop3Session(Session):
    """One connection on 110 or 995."""

    protocol: ClassVar[str] = "pop3"

    def __init__(self, peer: Peer) -> None:
        super().__init__(peer)
        self.framer: LineFramer = LineFramer(wire_limits.AUTH_LINE)
        self.state = State.AUTHORIZATION
        self.user = ""  # of USER, until PASS
        self.timestamp = b""  # of the greeting, where APOP is offered
        self.utf8 = False
        self.language = settings.LANGUAGE_CODE  # of our words (LANG)
        self.account: AccountInfo | None = None
        self.maildrop: Maildrop | None = None
        self.exchange: Exchange | None = None
        self.mechanism = ""
        self.authenticated_in_clear = False
        self.errors = self.login_failures = 0
        self._looked_at: tuple[Request, Command | Pop3SyntaxError] | None = None

    @property
    def door(self) -> Door:
        """As policy and throttle see this connection."""
        return door_of(self.peer, "pop3")

    def greeting(self) -> bytes:
        """With a timestamp only where APOP works: its presence is the offer (RFC 1939 section 7)."""
        words = f"{hostname()} Facteur POP3 ready"
        if not policy.current().allows(APOP, self.door):
            return ok(words)
        self.timestamp = apop.timestamp(fresh_nonce(), hostname())
        return ok(f"{words} {self.timestamp.decode()}")

    # --- requests

    def is_inline(self, request: Request) -> bool:
        """True for what works on the list of the maildrop only."""
        if isinstance(request, BadLine):
            return True
        return self.exchange is None and isinstance(self._look_at(request), INLINE)

    def handle(self, request: Request) -> Reply:
        with translation.override(self.language):
            return self._answer(request)

    def _answer(self, request: Request) -> Reply:
        if isinstance(request, BadLine):
            self.exchange = None
            too_long = request.fault is Fault.TOO_LONG
            return self.mistake(err("Line too long" if too_long else "Lines end with CR LF"))
        if self.exchange is not None:
            return auth.respond(self, request.data)
        command = self._look_at(request)
        self._looked_at = None
        if isinstance(command, Pop3SyntaxError):
            return self.mistake(err(str(command)))
        handler = find_handler(self, command)
        if isinstance(handler, Reply):
            return self.mistake(handler)
        try:
            return handler(self, command)
        except StoreError as failure:
            logger.warning("pop3: %s refused: %s", type(command).__name__, failure)
            return store_error(failure)

    def _look_at(self, line: Line) -> Command | Pop3SyntaxError:
        """Parse a line once, though is_inline and handle both ask."""
        if self._looked_at is not None and self._looked_at[0] is line:
            return self._looked_at[1]
        command: Command | Pop3SyntaxError
        try:
            command = parse(line.data)
        except Pop3SyntaxError as problem:
            command = problem
        self._looked_at = (line, command)
        return command

    def mistake(self, answer: Reply) -> Reply:
        """Count an error of the client; too many end the connection."""
        self.errors += 1
        return answer if self.errors < limits.MAX_ERRORS else self.hang_up("Too many errors, closing connection")

    def hang_up(self, why: str) -> Reply:
        answer = err(why)
        answer.close = True
        return answer

    def internal_error(self, request: Request) -> Reply:
        self.exchange = None
        with translation.override(self.language):
            return err(*OUR_FAULT)

    # --- state

    def enter(self, account: AccountInfo) -> Reply:
        """Lock and open the maildrop (RFC 1939 section 4). After [IN-USE] the client may log in again."""
        if not locks.acquire(account.id, self):
            return err("Another POP3 session has this maildrop open", "IN-USE")
        try:
            delay = pop3_rules.current().login_delay
            if delay and not pop3_rules.may_log_in(account.id, delay):
                locks.release(account.id, self)
                return err("Your last login was too recent, try again later", "LOGIN-DELAY")
            self.maildrop = Maildrop(account.id)
        except BaseException:
            locks.release(account.id, self)
            raise
        self.account = account
        self.state = State.TRANSACTION
        self.login_failures = 0
        messages, size = self.maildrop.totals()
        return good(MAILDROP, messages=messages, octets=size)

    def leave(self) -> None:
        """Give the maildrop back; nothing is deleted."""
        if self.account is not None:
            locks.release(self.account.id, self)
        self.maildrop = None

    def starttls_done(self, tls: TlsInfo) -> None:
        """All that was learnt in the clear is forgotten (RFC 2595 section 4)."""
        self.framer = LineFramer(wire_limits.AUTH_LINE)
        self.user, self.utf8, self.exchange, self._looked_at = "", False, None, None
        self.language = settings.LANGUAGE_CODE

    # --- the end

    def timeout(self) -> float:
        return limits.IDLE_SECONDS

    def on_timeout(self) -> bytes:
        """Close without a word and without the UPDATE state (RFC 1939 section 3)."""
        return b""

    def farewell(self) -> bytes:
        with translation.override(self.language):
            return err("Service is shutting down, try again later", "SYS/TEMP").data

    @classmethod
    def refusal(cls, reason: Refusal) -> bytes:
        return error(reason.value.capitalize(), "SYS/TEMP")

    def wire_facts(self) -> WireFacts:
        account = self.account.address if self.account else ""
        return WireFacts(account, self.mechanism, self.authenticated_in_clear)

    def closed(self) -> None:
        self.leave()
