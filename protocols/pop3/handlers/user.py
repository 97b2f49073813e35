"""USER and PASS (RFC 1939 section 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.pop3.answers import err, good
from protocols.pop3.handlers.failures import refused
from protocols.pop3.wire.commands import Pass, User
from protocols.runtime.session import Reply
from protocols.sasl import PasswordProof
from protocols.sasl.saslprep import ProhibitedCharacter, saslprep
from security import policy
from security.authentication import authenticate
from security.errors import LoginRefused

if TYPE_CHECKING:
    from protocols.pop3.session import Pop3Session


def may_be_prepared(text: str) -> bool:
    """Whether SASLprep lets it through; RFC 6856 section 2.2 has everything else rejected."""
    try:
        saslprep(text)
    except ProhibitedCharacter:
        return False
    return True


def user(session: Pop3Session, command: User) -> Reply:
    """Anybody is welcome here: whether the name exists is not said."""
    rules = policy.current()
    if not rules.has_plaintext(session.door):
        return session.mistake(err("USER is switched off"))
    if not rules.allows_plaintext(session.door):
        return session.mistake(err("Encryption is required: say STLS first"))
    if not may_be_prepared(command.name):
        return session.mistake(err("The name has characters that are not allowed"))
    session.user = command.name
    return good("Password, please")


def pass_(session: Pop3Session, command: Pass) -> Reply:
    """Log in and open the maildrop."""
    name, session.user = session.user, ""
    if not name:
        return session.mistake(err("USER comes first"))
    if not may_be_prepared(command.password):
        return session.mistake(err("The password has characters that are not allowed"))
    session.mechanism = "USER"
    session.authenticated_in_clear = session.peer.tls is None
    try:
        account = authenticate(PasswordProof(name, "", command.password), session.door)
    except LoginRefused as refusal:
        return refused(session, refusal)
    return session.enter(account)
