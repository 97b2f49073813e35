"""UIDONLY (RFC 9586): once it is enabled, no message number goes over the wire any more, in either direction."""

from protocols.imap.answer import Answer, bad
from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.commands.examine import Examine
from protocols.imap.wire.commands.select import Select
from protocols.imap.wire.search_program import Program


def refusal(command: Command) -> Answer | None:
    """What is answered to a command that takes or gives message numbers (section 3); None: this one does not."""
    return bad("Message numbers are off", b"UIDREQUIRED") if _uses_numbers(command) else None


def _uses_numbers(command: Command) -> bool:
    if isinstance(command, Select | Examine):
        return command.qresync is not None and command.qresync.matches is not None
    if getattr(command, "uid", None) is False:  # FETCH, STORE, COPY, MOVE, SEARCH and the like without UID in front
        return True
    program = getattr(command, "program", None)
    return isinstance(program, Program) and program.uses_numbers
