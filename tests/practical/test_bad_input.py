"""Bad input: a clear error, nothing lost, and the service stays up."""

import imaplib
import smtplib
import socket
import time
from collections.abc import Iterator

import pytest

from tests.practical.server import PASSWORDS, RunningServer

LINE = "x" * 76 + "\r\n"
JUNK = 10_000


class Wire:
    """A raw connection: send octets, read lines."""

    def __init__(self, server: RunningServer, service: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", server.port(service)), 20)
        self.stream = self.socket.makefile("rb")
        self.greeting = self.stream.readline()

    def send(self, octets: bytes) -> None:
        self.socket.sendall(octets)

    def line(self) -> bytes:
        return self.stream.readline()

    def until(self, start: bytes) -> bytes:
        while line := self.line():
            if line.startswith(start):
                return line
        return b""

    def close(self) -> None:
        self.stream.close()
        self.socket.close()


@pytest.fixture
def wire(server: RunningServer) -> Iterator:
    opened: list[Wire] = []

    def connect(service: str) -> Wire:
        opened.append(Wire(server, service))
        return opened[-1]

    yield connect
    for connection in opened:
        connection.close()


@pytest.fixture(autouse=True)
def stays_up(server: RunningServer) -> Iterator[None]:
    """After each case the server still takes a message and gives it back, with the same processes."""
    before = server.tree()
    yield
    subject = f"up {time.monotonic_ns()}"
    letter = f"Subject: {subject}\r\n\r\nstill here\r\n"
    with smtplib.SMTP("127.0.0.1", server.port("smtp")) as client:
        client.sendmail("stranger@exemple.org", ["bob@mondomaine.fr"], letter)
    assert _search(server, "bob", subject) == 1
    assert set(before) <= set(server.tree()), "a process died"


def _search(server: RunningServer, who: str, subject: str) -> int:
    client = imaplib.IMAP4("127.0.0.1", server.port("imap"))
    client.login(f"{who}@mondomaine.fr", PASSWORDS[who])
    client.select("INBOX", readonly=True)
    found = client.search(None, "SUBJECT", f'"{subject}"')[1][0].split()
    client.logout()
    return len(found)


def _deliver(wire: Wire, letter: bytes) -> bytes:
    wire.send(b"EHLO test\r\n")
    wire.until(b"250 ")
    wire.send(b"MAIL FROM:<stranger@exemple.org>\r\nRCPT TO:<bob@mondomaine.fr>\r\nDATA\r\n")
    assert wire.until(b"354").startswith(b"354")
    wire.send(letter + b"\r\n.\r\n")
    return wire.line()


def test_a_message_larger_than_announced_is_refused_at_mail(wire) -> None:
    smtp = wire("smtp")
    smtp.send(b"EHLO test\r\n")
    size = next(line for line in iter(smtp.line, b"") if b"SIZE" in line)
    limit = int(size.split()[-1])
    smtp.until(b"250 ")
    smtp.send(b"MAIL FROM:<stranger@exemple.org> SIZE=%d\r\n" % (limit + 1))
    assert smtp.line().startswith(b"552 5.3.4")


def test_a_message_that_grows_too_large_is_refused_after_the_dot(server: RunningServer, wire) -> None:
    smtp = wire("smtp")
    smtp.send(b"EHLO test\r\n")
    limit = int(next(line for line in iter(smtp.line, b"") if b"SIZE" in line).split()[-1])
    smtp.until(b"250 ")
    smtp.send(b"MAIL FROM:<stranger@exemple.org>\r\nRCPT TO:<bob@mondomaine.fr>\r\nDATA\r\n")
    smtp.until(b"354")
    smtp.send(b"Subject: oversize\r\n\r\n")
    block = LINE.encode() * 8192
    for _ in range(limit // len(block) + 1):
        smtp.send(block)
    smtp.send(b".\r\n")
    assert smtp.line().startswith(b"552 5.3.4")
    smtp.send(b"NOOP\r\n")
    assert smtp.line().startswith(b"250")
    assert _search(server, "bob", "oversize") == 0


def test_ten_thousand_junk_commands_end_the_connection(wire) -> None:
    for service, junk in (("smtp", b"JUNK \xff\x00%d\r\n"), ("imap", b"a%d JUNK {x\r\n"), ("pop3", b"JUNK%d\r\n")):
        connection = wire(service)
        try:
            for number in range(0, JUNK, 100):
                connection.send(b"".join(junk % n for n in range(number, number + 100)))
        except (BrokenPipeError, ConnectionResetError):
            pass
        answers = 0
        try:
            while connection.line():
                answers += 1
        except ConnectionResetError:
            pass
        assert answers < 200, service  # it gave up long before the end


def test_a_gigabyte_literal_before_login_is_refused_unread(wire) -> None:
    imap = wire("imap")
    imap.send(b"a LOGIN {1073741824}\r\n")
    assert imap.line().startswith((b"a BAD", b"a NO", b"* BYE"))
    imap = wire("imap")
    imap.send(b"a LOGIN {1073741824+}\r\n" + b"x" * 100_000)
    answer = imap.line()
    assert answer.startswith((b"* BYE", b"a BAD"))


@pytest.mark.parametrize("levels", [100, 1000])
def test_deep_nesting_is_delivered_and_described(server: RunningServer, wire, levels: int) -> None:
    letter = f"Subject: nested {levels}\r\nContent-Type: multipart/mixed; boundary=b0\r\n\r\n"
    for level in range(1, levels):
        letter += f"--b{level - 1}\r\nContent-Type: multipart/mixed; boundary=b{level}\r\n\r\n"
    letter += f"--b{levels - 1}\r\n\r\ndeep inside\r\n--b{levels - 1}--\r\n"
    assert _deliver(wire("smtp"), letter.encode()).startswith(b"250")
    client = imaplib.IMAP4("127.0.0.1", server.port("imap"))
    client.login("bob@mondomaine.fr", "user2")
    client.select("INBOX", readonly=True)
    number = client.search(None, "SUBJECT", f'"nested {levels}"')[1][0].split()[-1]
    assert b"BODYSTRUCTURE" in client.fetch(number, "(BODYSTRUCTURE)")[1][0]
    client.logout()


def test_a_hundred_thousand_header_lines(wire) -> None:
    letter = b"".join(b"X-Line-%d: value\r\n" % number for number in range(100_000)) + b"\r\nbody"
    assert _deliver(wire("smtp"), letter)[:3] in (b"250", b"552", b"550")


def test_nul_octets_are_refused_or_kept_but_never_break(wire) -> None:
    assert _deliver(wire("smtp"), b"Subject: nul\0\r\n\r\nbody \0 here")[:3] in (b"250", b"550", b"554")
    imap = wire("imap")
    imap.send(b"a LOGIN bob@mondomaine.fr user2\r\n")
    imap.until(b"a OK")
    imap.send(b'b SELECT "IN\0BOX"\r\n')
    assert imap.until(b"b ").startswith((b"b BAD", b"b NO"))


def test_broken_utf7_is_refused(wire) -> None:
    imap = wire("imap")
    imap.send(b"a LOGIN bob@mondomaine.fr user2\r\n")
    imap.until(b"a OK")
    for name in (b"&", b"&AOk", b"&!!!-", b"&AGEAYg-x&", "é".encode("latin-1")):
        imap.send(b'b CREATE "' + name + b'"\r\n')
        assert imap.until(b"b ").startswith((b"b BAD", b"b NO")), name
    imap.send(b'c LIST "" "*"\r\n')
    while not (line := imap.line()).startswith(b"c "):
        assert line
        assert b"&!!!" not in line


def test_bare_line_feeds_around_the_dot_end_nothing(server: RunningServer, wire) -> None:
    """SMTP smuggling: only CRLF.CRLF ends the data (RFC 5321 section 4.1.1.4)."""
    for ending in (b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r\n.\r", b"\r.\r\n", b"\n.\r"):
        smtp = wire("smtp")
        smtp.send(b"EHLO test\r\n")
        smtp.until(b"250 ")
        smtp.send(b"MAIL FROM:<stranger@exemple.org>\r\nRCPT TO:<bob@mondomaine.fr>\r\nDATA\r\n")
        smtp.until(b"354")
        smtp.send(b"Subject: outer\r\n\r\ntext" + ending)
        smtp.send(b"MAIL FROM:<admin@mondomaine.fr>\r\nRCPT TO:<bob@mondomaine.fr>\r\nDATA\r\n")
        smtp.send(b"Subject: smuggled\r\n\r\n\r\n.\r\n")
        assert smtp.line().startswith(b"5"), ending
        smtp.close()
    assert _search(server, "bob", "smuggled") == 0
