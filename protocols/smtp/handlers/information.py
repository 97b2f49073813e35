"""NOOP, HELP, RSET and QUIT (RFC 5321 sections 4.1.1.5 and 4.1.1.8 to 4.1.1.10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from directory.site import hostname
from protocols.runtime.session import Reply
from protocols.smtp.answers import say
from protocols.smtp.wire.commands import Help, Noop, Quit, Rset

if TYPE_CHECKING:
    from protocols.smtp.session import SmtpSession

_TOPICS = {
    "AUTH": "AUTH mechanism [initial-response]: log in (RFC 4954)",
    "BDAT": "BDAT size [LAST]: a chunk of the message follows (RFC 3030)",
    "DATA": "DATA: the message follows, ended by a line with a single dot",
    "EHLO": "EHLO name: say who you are, hear what is offered",
    "HELO": "HELO name: say who you are",
    "MAIL": "MAIL FROM:<address> [SIZE=n] [BODY=8BITMIME] [SMTPUTF8] [RET=FULL|HDRS] [ENVID=id]: begin a transaction",
    "NOOP": "NOOP: nothing",
    "QUIT": "QUIT: good bye",
    "RCPT": "RCPT TO:<address> [NOTIFY=...] [ORCPT=...]: name a recipient",
    "RSET": "RSET: forget the transaction",
    "STARTTLS": "STARTTLS: begin TLS (RFC 3207)",
    "VRFY": "VRFY address: ask for an address",
}


def noop(session: SmtpSession, command: Noop) -> Reply:
    return say(250, "2.0.0", "OK")


def help_(session: SmtpSession, command: Help) -> Reply:
    """A word on a command, or all commands."""
    topic = _TOPICS.get(command.topic.upper())
    if topic is not None:
        return say(214, "2.0.0", topic)
    return say(214, "2.0.0", "Commands:", " ".join(_TOPICS), "HELP COMMAND says more; see RFC 5321")


def rset(session: SmtpSession, command: Rset) -> Reply:
    session.reset()
    return say(250, "2.0.0", "OK")


def quit_(session: SmtpSession, command: Quit) -> Reply:
    answer = say(221, "2.0.0", f"{hostname()} closing connection")
    answer.close = True
    return answer
