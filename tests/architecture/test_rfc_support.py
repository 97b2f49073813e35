"""docs/rfc-support.md says what is announced, and names tests that exist."""

import re

import pytest

from tests.architecture.source import ROOT
from tests.conformance.conversation import Conversation

DOCUMENT = (ROOT / "docs" / "rfc-support.md").read_text()
WORD = re.compile(r"`([^`]+)`")


def section(title: str) -> str:
    return re.split(r"^## ", DOCUMENT, flags=re.M)[[part.startswith(title) for part in _parts()].index(True)]


def _parts() -> list[str]:
    return re.split(r"^## ", DOCUMENT, flags=re.M)


def documented(title: str) -> set[str]:
    rows = [
        row.split("|") for row in section(title).splitlines() if row.startswith("|") and not row.startswith("| ---")
    ]
    return {word.upper() for row in rows[1:] for word in WORD.findall(row[3])}


def announced_imap() -> set[str]:
    from protocols.imap import capabilities
    from security.doors import Door

    words: set[str] = set()
    for encrypted in (False, True):
        door = Door("imap", "127.0.0.1", "127.0.0.1", encrypted)
        words |= set(capabilities.before_login(door).decode().upper().split())
    words |= set(capabilities.after_login().decode().upper().split())
    return {_documented_as(word) for word in words}


def _documented_as(word: str) -> str:
    """A mechanism's name and a number are not in the document."""
    return next((name for name in ("AUTH=", "APPENDLIMIT=") if word.startswith(name)), word)


@pytest.mark.django_db
def test_imap_capabilities_are_documented_and_the_other_way_round() -> None:
    documented_words = documented("IMAP") - {"LOGINDISABLED"}  # announced as the policy demands
    assert announced_imap() - {"LOGINDISABLED"} == documented_words


def said(service: str, command: bytes, *, tls: bool) -> list[str]:
    """The lines of the answer to a session's first command, in upper case."""
    talk = Conversation(service, tls=tls)
    talk.output.clear()
    talk.send(command + b"\r\n")
    lines = talk.output.decode().upper().splitlines()
    talk.close()
    return lines


@pytest.mark.django_db
def test_pop3_capabilities_are_documented_and_the_other_way_round() -> None:
    announced = {line.split()[0] for tls in (False, True) for line in said("pop3", b"CAPA", tls=tls)[1:-1]}
    assert announced == documented("POP3") - {"LOGIN-DELAY"}  # announced as the administrator sets it


@pytest.mark.django_db
def test_smtp_extensions_are_documented_and_the_other_way_round() -> None:
    lines = [
        line
        for service in ("smtp", "submission")
        for tls in (False, True)
        for line in said(service, b"EHLO client.example", tls=tls)[1:]
    ]
    assert {line[4:].split()[0] for line in lines} == documented("SMTP")


def test_each_row_names_tests_that_exist() -> None:
    named = set(re.findall(r"tests/[\w./]+", DOCUMENT.split("## SMTP", 1)[1]))
    assert len(named) > 20
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []
