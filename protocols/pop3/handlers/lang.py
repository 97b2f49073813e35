"""LANG (RFC 6856 section 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation

from protocols.pop3.answers import err, say
from protocols.pop3.wire.commands import Lang
from protocols.pop3.wire.replies import listing, ok
from protocols.runtime.session import Reply

if TYPE_CHECKING:
    from protocols.pop3.session import Pop3Session


def lang(session: Pop3Session, command: Lang) -> Reply:
    """Speak another language from this answer on; without one list them."""
    if not command.language_range:
        return Reply(listing(say("Languages follow"), [f"{tag} {_own_name(tag)}" for tag, _ in settings.LANGUAGES]))
    wanted = _preferred(session) if command.language_range == "*" else command.language_range
    tag = _find(wanted)
    if tag is None:
        return err("This language is not spoken here")
    session.language = tag
    with translation.override(tag):
        return Reply(ok(f"{tag} {say('Language changed')}"))


def _preferred(session: Pop3Session) -> str:
    """ "*": the account's own language, else the server's."""
    return (session.account.language if session.account else "") or settings.LANGUAGE_CODE


def _find(language_range: str) -> str | None:
    """The language for a basic range, which is cut from its end until one fits (RFC 4647 section 3.4)."""
    tags = {tag.lower(): tag for tag, _ in settings.LANGUAGES}
    parts = language_range.lower().split("-")
    while parts:
        found = tags.get("-".join(parts))
        if found is not None:
            return found
        parts.pop()
    return None


def _own_name(tag: str) -> str:
    """What the language calls itself."""
    return str(translation.get_language_info(tag)["name_local"])
