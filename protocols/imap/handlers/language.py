"""LANGUAGE (RFC 5255 section 3.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from protocols.imap.answer import Answer, no
from protocols.imap.languages import DEFAULT, LANGUAGES, find_language
from protocols.imap.namespaces import namespace_line
from protocols.imap.wire.commands.language import Language

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession

_PREFERRED = ("DEFAULT", "*")  # "default" is the protocol's word, "*" the range for any language


def handle(session: ImapSession, command: Language) -> Answer:
    """The first range that means a language of ours; from the LANGUAGE response on texts are in it."""
    if not command.ranges:
        return Answer("Languages listed", untagged=_language_line(*LANGUAGES))
    found = next(filter(None, (_find(session, each) for each in command.ranges)), None)
    if found is None:
        return no("This language is not spoken here")
    session.speak(found)
    untagged = _language_line(found)
    if session.account is not None and found != DEFAULT:
        untagged += namespace_line(session)  # prefixes in that language (section 3.4)
    return Answer(untagged=untagged)


def _find(session: ImapSession, language_range: str) -> str | None:
    if language_range.upper() not in _PREFERRED:
        return find_language(language_range)
    account = session.account
    return find_language((account.language if account is not None else "") or settings.LANGUAGE_CODE)


def _language_line(*tags: str) -> bytes:
    return b"* LANGUAGE (%b)\r\n" % " ".join(tags).encode()
