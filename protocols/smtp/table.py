"""Which command is legal when (RFC 5321 section 4.1.4), and who may send at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from protocols.runtime.session import Reply
from protocols.smtp.answers import say
from protocols.smtp.handlers import auth, bdat, data, hello, information, mail, rcpt, starttls, verify
from protocols.smtp.state import State
from protocols.smtp.wire import commands
from security import policy

if TYPE_CHECKING:
    from protocols.smtp.session import SmtpSession


Handler = Callable[[Any, Any], Reply]

_ALWAYS: dict[type, Handler] = {
    commands.Ehlo: hello.ehlo,
    commands.Noop: information.noop,
    commands.Help: information.help_,
    commands.Quit: information.quit_,
    commands.Rset: information.rset,
    commands.Vrfy: verify.vrfy,
    commands.Expn: verify.expn,
    # Its octets follow in any case: the handler must know of it to throw them away (RFC 3030 section 2).
    commands.Bdat: bdat.bdat,
}
HANDLERS: dict[State, dict[type, Handler]] = {
    State.START: _ALWAYS | {commands.StartTls: starttls.starttls},
    State.READY: _ALWAYS | {commands.Mail: mail.mail, commands.Auth: auth.auth, commands.StartTls: starttls.starttls},
    State.MAIL: _ALWAYS | {commands.Rcpt: rcpt.rcpt},
    State.RCPT: _ALWAYS | {commands.Rcpt: rcpt.rcpt, commands.Data: data.data},
    State.CHUNKS: _ALWAYS,
}
_MISSING = {
    commands.Mail: "Say EHLO first, or end the transaction before",
    commands.Rcpt: "MAIL comes first",
    commands.Data: "No valid recipients",
    commands.Auth: "AUTH comes after EHLO and before MAIL",
    commands.StartTls: "STARTTLS is not possible during a transaction",
}
# These wait for nobody and read nothing but what is kept in memory.
INLINE = (
    commands.Ehlo,
    commands.Noop,
    commands.Help,
    commands.Quit,
    commands.Rset,
    commands.Expn,
    commands.Data,
    commands.Bdat,
    commands.StartTls,
)
IDLE_COMMANDS = (commands.Ehlo, commands.Noop, commands.Help, commands.Rset, commands.Vrfy, commands.Auth)
# What goes before TLS where the policy demands it (RFC 3207 section 4).
_BEFORE_TLS = (commands.Ehlo, commands.StartTls, commands.Noop, commands.Quit)
_FOR_SUBMITTERS = (commands.Mail, commands.Rcpt, commands.Data, commands.Vrfy)


def find_handler(session: SmtpSession, command: commands.Command) -> Handler | Reply:
    """The handler of a command in the session's state, or the refusal."""
    kind = type(command)
    if kind not in _BEFORE_TLS and kind is not commands.Bdat and policy.current().requires_encryption(session.door):
        return say(530, "5.7.0", "Must issue a STARTTLS command first")
    if session.is_submission and session.account is None and kind in _FOR_SUBMITTERS:
        return say(530, "5.7.0", "Authentication required")
    handler = HANDLERS[session.state].get(kind)
    return handler if handler is not None else say(503, "5.5.1", _MISSING.get(kind, "Bad sequence of commands"))
