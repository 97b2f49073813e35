"""ESEARCH: a search in several mailboxes (RFC 7377)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.errors import BadSyntax
from protocols.imap.wire.scanner import Scanner
from protocols.imap.wire.search_program import Program, check_relevancy, parse_program, returning
from protocols.imap.wire.search_return import ReturnOptions

WITHOUT_NAMES = frozenset({"SELECTED", "INBOXES", "PERSONAL", "SUBSCRIBED"})
WITH_NAMES = frozenset({"SUBTREE", "SUBTREE-ONE", "MAILBOXES"})
MAX_SOURCES = 1_000  # mailboxes named; a client that means more says "personal" or "subtree"


@dataclass(frozen=True, slots=True)
class Source:
    """filter-mailboxes (RFC 5465 section 8): `kind` in upper case, with the names that it takes."""

    kind: str
    mailboxes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Esearch(Command):
    """Without IN the selected mailbox is searched, without RETURN all is told."""

    sources: tuple[Source, ...]
    options: ReturnOptions
    program: Program


def parse(tag: bytes, scan: Scanner) -> Esearch:
    """esearch = "ESEARCH" [SP esearch-source-opts] [SP search-return-opts] SP search-program"""
    scan.space()
    sources = _sources(scan)
    with returning(scan) as options:
        program = parse_program(scan)
        check_relevancy(options is not None and "RELEVANCY" in options.names, program)
        return Esearch(tag, sources, options or ReturnOptions(frozenset({"ALL"})), program)


def _sources(scan: Scanner) -> tuple[Source, ...]:
    """esearch-source-opts = "IN" SP "(" source-mbox [SP "(" scope-options ")"] ")"; there are no scope options."""
    if scan.text[scan.pos : scan.pos + 4].upper() not in (b"IN (", b"IN  "):
        return (Source("SELECTED"),)
    scan.word()
    scan.space()
    scan.expect(b"(")
    found = [_source(scan)]
    while not scan.accept(b")"):
        scan.space()
        found.append(_source(scan))
    if sum(len(source.mailboxes) for source in found) > MAX_SOURCES:
        raise BadSyntax("Too many mailboxes")
    scan.space()
    return tuple(found)


def _source(scan: Scanner) -> Source:
    kind = scan.word()
    if kind in WITHOUT_NAMES:
        return Source(kind)
    if kind not in WITH_NAMES:
        raise BadSyntax("Unknown source option")
    scan.space()
    return Source(kind, _names(scan))


def _names(scan: Scanner) -> tuple[str, ...]:
    """one-or-more-mailbox = mailbox / "(" mailbox *(SP mailbox) ")" """
    if not scan.accept(b"("):
        return (scan.mailbox(),)
    names = [scan.mailbox()]
    while not scan.accept(b")"):
        scan.space()
        names.append(scan.mailbox())
    return tuple(names)
