"""Every message of the corpus comes in by SMTP, or by APPEND where SMTP must refuse it, and goes out identical."""

import imaplib
import re
import smtplib
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailformat.summary import summarize
from tests.practical.server import ROOT, RunningServer

CORPUS = ROOT.parent / "shared" / "corpus" / "messages"
FILES = sorted(path for path in CORPUS.rglob("*") if path.is_file()) if CORPUS.exists() else []
MARIE, PASSWORD = "marie@mondomaine.fr", "user3"
FOLDER = "Corpus"
# A first line that would continue or end our trace, or that is text: a blank line keeps it out of the header.
TEXT_FIRST = re.compile(rb"[ \t#]|Mail content:")
LINE_MAX = 998  # RFC 5321 section 4.5.3.1.6, without CRLF
# What the delivery writes above the message (RFC 5321 section 4.4), with the folded lines of each.
TRACE = re.compile(
    rb"\A(?:(?:Return-Path|Delivered-To|Received|Authentication-Results):[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*){2,}?"
)

pytestmark = pytest.mark.skipif(not FILES, reason="the corpus lies beside the project, not in it")


def wire_form(path: Path) -> bytes:
    return re.sub(rb"\r?\n", b"\r\n", path.read_bytes())


def must_refuse(data: bytes) -> str:
    """Why SMTP's DATA cannot carry this as it is; "" when it can."""
    if re.search(rb"\r(?!\n)|(?<!\r)\n", data):
        return "a bare CR or LF"  # RFC 5321 section 2.3.8
    if b"\0" in data:
        return "NUL"  # RFC 5321 section 4.5.2 has no BINARYMIME
    if max(map(len, data.split(b"\r\n"))) > LINE_MAX:
        return "a line too long"
    return "" if data.endswith(b"\r\n") else "no CRLF at its end"  # DATA adds one


@pytest.fixture(scope="module")
def client(server: RunningServer) -> Iterator[imaplib.IMAP4]:
    connection = imaplib.IMAP4("127.0.0.1", server.port("imap"))
    connection.login(MARIE, PASSWORD)
    connection._simple_command("ENABLE", "UTF8=ACCEPT")  # for 8-bit header fields; enable() would change append()
    connection.create(FOLDER)
    yield connection
    connection.logout()


@pytest.fixture(scope="module")
def sender(server: RunningServer) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP("127.0.0.1", server.port("smtp")) as connection:
        connection.ehlo()
        yield connection


def _by_smtp(sender: smtplib.SMTP, data: bytes) -> None:
    # Not sendmail(): it would mend line ends. data() doubles the dots and adds the last one.
    options = ["BODY=8BITMIME"]
    assert sender.mail("corpus@exemple.org", options)[0] == 250
    assert sender.rcpt(MARIE)[0] == 250
    code, text = sender.data(data)
    assert code == 250, text


def _by_append(client: imaplib.IMAP4, data: bytes) -> tuple[str, bytes]:
    client.literal = data  # not append(): it would mend line ends
    try:
        kind, answer = client._simple_command("APPEND", FOLDER)
    except imaplib.IMAP4.error as refused:
        return "BAD", str(refused).encode()
    return kind, answer[-1]


def _last(client: imaplib.IMAP4, box: str) -> tuple[bytes, bytes]:
    """The newest message of a mailbox: the whole response, and its octets."""
    count = client.select(box, readonly=True)[1][0]
    _, parts = client.fetch(count.decode(), "(ENVELOPE BODYSTRUCTURE RFC822.SIZE BODY.PEEK[])")
    pieces = [piece[0] + b"\r\n" + piece[1] if isinstance(piece, tuple) else piece for piece in parts]
    literals = [piece[1] for piece in parts if isinstance(piece, tuple)]
    return b"".join(pieces), literals[-1]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_it_goes_out_as_it_came_in(path: Path, client: imaplib.IMAP4, sender: smtplib.SMTP) -> None:
    data = wire_form(path)
    if must_refuse(data):
        kind, text = _by_append(client, data)
        if b"\0" in data:  # RFC 3501 section 9: CHAR8 has no NUL
            assert (kind, b"NUL" in text) == ("BAD", True), text
            return
        assert kind == "OK", text
        response, octets = _last(client, FOLDER)
        assert octets == data
    else:
        _by_smtp(sender, data)
        response, octets = _last(client, "INBOX")
        data = b"\r\n" * bool(TEXT_FIRST.match(data)) + data
        assert octets.endswith(data)
        assert TRACE.fullmatch(octets[: len(octets) - len(data)]), octets[:300]
    summary = summarize(data)
    assert b"RFC822.SIZE %d" % len(octets) in response
    assert b"ENVELOPE " + summary.envelope in response
    assert b"BODYSTRUCTURE " + summary.bodystructure in response


def test_most_of_it_came_by_smtp() -> None:
    refused = [path.name for path in FILES if must_refuse(wire_form(path))]
    assert len(FILES) >= 340
    assert len(refused) < len(FILES) / 2, refused
