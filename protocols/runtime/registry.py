"""Which session serves which service. Imported when the service starts, so that one broken part stops only itself."""

import importlib

from protocols.runtime.problems import CannotListen, Problem
from protocols.runtime.session import Session

_SMTP = "protocols.smtp.session:SmtpSession"
_IMAP = "protocols.imap.session:ImapSession"
_POP3 = "protocols.pop3.session:Pop3Session"

# peer.service tells the session by which of its doors the client came.
SESSIONS: dict[str, str] = {
    "smtp": _SMTP,
    "submission": _SMTP,
    "smtps": _SMTP,
    "imap": _IMAP,
    "imaps": _IMAP,
    "pop3": _POP3,
    "pop3s": _POP3,
}


def session_class(service: str) -> type[Session]:
    """The session class of a service; CannotListen when it cannot be imported."""
    module, _, name = SESSIONS[service].partition(":")
    try:
        found: type[Session] = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise CannotListen(Problem("missing", {"error": str(error)})) from error
    return found
