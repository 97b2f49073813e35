"""Which command is legal when (RFC 1939 sections 4 to 6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from protocols.pop3.answers import err
from protocols.pop3.handlers import apop, auth, capa, lang, listing, marks, quit, retrieve, stls, user
from protocols.pop3.state import State
from protocols.pop3.wire import commands
from protocols.runtime.session import Reply
from security import policy
from security.staying import may_stay

if TYPE_CHECKING:
    from protocols.pop3.session import Pop3Session

Handler = Callable[[Any, Any], Reply]

HANDLERS: dict[State, dict[type, Handler]] = {
    State.AUTHORIZATION: {
        commands.Apop: apop.apop,
        commands.Auth: auth.auth,
        commands.Capa: capa.capa,
        commands.Lang: lang.lang,
        commands.Pass: user.pass_,
        commands.Quit: quit.quit_,
        commands.Stls: stls.stls,
        commands.User: user.user,
        commands.Utf8: capa.utf8,
    },
    State.TRANSACTION: {
        commands.Capa: capa.capa,
        commands.Dele: marks.dele,
        commands.Lang: lang.lang,
        commands.List: listing.list_,
        commands.Noop: marks.noop,
        commands.Quit: quit.quit_,
        commands.Retr: retrieve.retr,
        commands.Rset: marks.rset,
        commands.Stat: listing.stat,
        commands.Top: retrieve.top,
        commands.Uidl: listing.uidl,
    },
}
# These work on the list in memory.
INLINE = (
    commands.Capa,
    commands.Dele,
    commands.Lang,
    commands.List,
    commands.Noop,
    commands.Rset,
    commands.Stat,
    commands.Stls,
    commands.Uidl,
    commands.User,
    commands.Utf8,
)
_BEFORE_TLS = (commands.Capa, commands.Quit, commands.Stls)


def find_handler(session: Pop3Session, command: commands.Command) -> Handler | Reply:
    """The handler of a command in the session's state, or the refusal."""
    kind = type(command)
    if kind not in _BEFORE_TLS and session.peer.tls is None and policy.current().requires_encryption(session.door):
        return err("Encryption is required: say STLS first")
    if session.account is not None and kind not in INLINE and not may_stay(session.account, session.door):
        return session.hang_up("Your login has ended, closing connection")
    handler = HANDLERS[session.state].get(kind)
    return handler if handler is not None else err(session.state.value)
