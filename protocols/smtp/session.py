"""An SMTP session (RFC 5321): its state, and what the runtime asks of it."""

from __future__ import annotations

import logging
from typing import ClassVar

from delivery.recipients import SenderContext, check_kept_recipient
from directory.accounts import AccountInfo
from directory.site import hostname
from protocols.runtime.login import Exchange, door_of
from protocols.runtime.session import Peer, Refusal, Reply, Request, Session, TlsInfo, WireFacts
from protocols.smtp import limits
from protocols.smtp.answers import OUR_FAULT, refuse, say
from protocols.smtp.handlers import auth, content
from protocols.smtp.state import State, Transaction
from protocols.smtp.table import IDLE_COMMANDS, INLINE, find_handler
from protocols.smtp.wire.commands import Command, Mail, Rcpt, parse
from protocols.smtp.wire.content import Content
from protocols.smtp.wire.framer import SmtpFramer
from protocols.smtp.wire.replies import reply
from protocols.smtp.wire.syntax import SmtpSyntaxError
from protocols.wirekit.lines import BadLine, Fault, Line
from security import policy
from security.doors import SERVER_MAIL, Door

logger = logging.getLogger(__name__)
SUBMISSION = "submission"


class SmtpSession(Session):
    """One connection on 25, 587 or 465."""

    protocol: ClassVar[str] = "smtp"
    brief = True

    def __init__(self, peer: Peer) -> None:
        super().__init__(peer)
        self.framer: SmtpFramer = SmtpFramer()
        self.state = State.START
        self.helo = ""
        self.extended = False  # EHLO, not HELO
        self.account: AccountInfo | None = None
        self.transaction: Transaction | None = None
        self.exchange: Exchange | None = None
        self.mechanism = ""
        self.authenticated_in_clear = False
        self.errors = self.idle_commands = self.login_failures = self.unknown_recipients = 0
        self.discarding = False  # the chunk on its way was refused
        self._door: Door | None = None
        self._looked_at: tuple[Request, Command | SmtpSyntaxError] | None = None

    @property
    def door(self) -> Door:
        """As policy and throttle see this connection: 25 is for servers, 587 and 465 for users."""
        if self._door is None or self._door.encrypted != (self.peer.tls is not None):
            self._door = self._make_door()
        return self._door

    def _make_door(self) -> Door:
        protocol = SERVER_MAIL if self.peer.service == SERVER_MAIL else SUBMISSION
        return door_of(self.peer, protocol)

    @property
    def is_submission(self) -> bool:
        """RFC 6409: on these ports nothing goes without a login."""
        return self.peer.service != SERVER_MAIL

    def greeting(self) -> bytes:
        return reply(220, "", f"{hostname()} ESMTP Facteur")

    # --- requests

    def is_inline(self, request: Request) -> bool:
        """True for what touches no database: the way of a message from another server, while all is known already."""
        if isinstance(request, Content):
            return request.size <= limits.INLINE_MESSAGE
        if isinstance(request, BadLine):
            return True
        if self.exchange is not None:
            return False
        command = self._look_at(request)
        if isinstance(command, Rcpt):
            return check_kept_recipient(command.forward_path, self.sender_context()) is not None
        if isinstance(command, Mail):
            return self.account is None
        return isinstance(command, INLINE)

    def handle(self, request: Request) -> Reply:
        if isinstance(request, Content):
            return content.received(self, request)
        if isinstance(request, BadLine):
            return self._bad_line(request)
        if self.exchange is not None:
            return auth.respond(self, request.data)
        command = self._look_at(request)
        self._looked_at = None
        if isinstance(command, SmtpSyntaxError):
            return self.mistake(say(command.code, command.enhanced, command.text))
        return self._execute(command)

    def _look_at(self, line: Line) -> Command | SmtpSyntaxError:
        """Parse a line once, though is_inline and handle both ask."""
        if self._looked_at is not None and self._looked_at[0] is line:
            return self._looked_at[1]
        command: Command | SmtpSyntaxError
        try:
            command = parse(line.data)
        except SmtpSyntaxError as error:
            command = error
        self._looked_at = (line, command)
        return command

    def _execute(self, command: Command) -> Reply:
        handler = find_handler(self, command)
        if isinstance(handler, Reply):
            return self.mistake(handler)
        if isinstance(command, IDLE_COMMANDS):
            self.idle_commands += 1
            if self.idle_commands > limits.MAX_IDLE_COMMANDS and self.account is None:
                return self.hang_up("Too many commands without a message")
        return handler(self, command)

    def _bad_line(self, line: BadLine) -> Reply:
        if self.exchange is not None:
            self.exchange = None
            return self.mistake(say(500, "5.5.6", "Authentication exchange line is too long or ends wrongly"))
        if line.fault is Fault.TOO_LONG:
            return self.mistake(say(500, "5.5.2", "Line too long"))
        return self.mistake(say(500, "5.5.2", "Lines end with CR LF"))

    def mistake(self, answer: Reply) -> Reply:
        """Count an error of the client; too many end the connection."""
        self.errors += 1
        return answer if self.errors < limits.MAX_ERRORS else self.hang_up("Too many errors")

    def hang_up(self, why: str) -> Reply:
        """421 and close (RFC 5321 section 3.8)."""
        return Reply(reply(421, "4.7.0", f"{hostname()} {why}, closing connection"), close=True)

    def internal_error(self, request: Request) -> Reply:
        if isinstance(request, Content):
            request.close()
        self.exchange = None
        self.reset()
        return refuse(OUR_FAULT)

    # --- state

    def reset(self) -> None:
        """Forget the transaction (RFC 5321 section 4.1.1.5)."""
        if self.transaction is not None and self.transaction.content is not None:
            self.transaction.content.close()
        self.transaction = None
        self.minimum_rate = 0
        if self.state is not State.START:
            self.state = State.READY

    def sender_context(self) -> SenderContext:
        """What RCPT is judged by."""
        return SenderContext(self.account, self.transaction.mail.size if self.transaction else 0)

    def mechanisms(self) -> tuple[str, ...]:
        """What AUTH takes here and now, strongest first."""
        return policy.current().mechanisms_for(self.door)

    def starttls_done(self, tls: TlsInfo) -> None:
        """All that was learnt in the clear is forgotten (RFC 3207 section 4.2)."""
        self.framer.close()
        self.framer = SmtpFramer()
        self.state = State.START
        self.reset()
        self.helo, self.extended, self.exchange, self._looked_at = "", False, None, None

    # --- the end

    def timeout(self) -> float:
        return limits.IDLE_SECONDS

    def on_timeout(self) -> bytes:
        return reply(421, "4.4.2", "Timeout, closing connection")

    def farewell(self) -> bytes:
        return reply(421, "4.3.2", "Service is shutting down, try again later")

    @classmethod
    def refusal(cls, reason: Refusal) -> bytes:
        return reply(421, "4.3.2" if reason is Refusal.SHUTTING_DOWN else "4.7.0", reason.value.capitalize())

    def wire_facts(self) -> WireFacts:
        account = self.account.address if self.account else ""
        return WireFacts(account, self.mechanism, self.authenticated_in_clear)

    def closed(self) -> None:
        self.framer.close()
        self.reset()
