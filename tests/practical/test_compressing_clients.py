"""Clients that compress (RFC 4978): Mail::IMAPClient and mutt; and a connection that breaks in mid-stream."""

import imaplib
import os
import pty
import socket
import subprocess
import threading
import zlib
from pathlib import Path

import pytest

from tests.practical.relay import relay
from tests.practical.server import RunningServer

PERL = Path(__file__).parent / "clients" / "mail_imapclient.pl"
MARIE, PASSWORD = "marie@mondomaine.fr", "user3"


@pytest.mark.parametrize("layer", ["compress", "plain"])
def test_mail_imapclient(server: RunningServer, tool, layer: str) -> None:
    perl = tool("perl")
    if subprocess.run([perl, "-MMail::IMAPClient", "-e1"], capture_output=True).returncode:
        pytest.skip("Mail::IMAPClient is not installed")
    with relay(server.port("imap")) as between:
        done = subprocess.run(
            [perl, str(PERL), str(between.port), MARIE, PASSWORD, layer], capture_output=True, text=True, timeout=120
        )
    assert done.stdout == "done\n", done.stdout + done.stderr
    assert (b"COMPRESS DEFLATE" in between.sent) == (layer == "compress")
    assert (b"par Perl" in between.sent) == (layer == "plain")
    if layer == "compress":
        assert len(between.sent) < 30_000  # of 300,000


MUTTRC = """
set imap_user={who}
set imap_pass={password}
set ssl_starttls=no
set ssl_force_tls=no
set imap_deflate=yes
set imap_check_subscribed=no
set header_cache=
set confirmappend=no
set delete=yes
set move=no
set mark_old=no
set sort=mailbox-order
set charset=utf-8
"""


def test_mutt_reads_flags_and_moves(server: RunningServer, tool, tmp_path: Path) -> None:
    mutt, client = tool("mutt"), imaplib.IMAP4("127.0.0.1", server.port("imap"))
    client.login(MARIE, PASSWORD)
    for name in ("mutt", "rangé"):
        client.create(f'"{name.replace("é", "&AOk-")}"')
    letter = b"From: bob@mondomaine.fr\r\nSubject: par mutt %d\r\n\r\n" + b"Toujours la phrase.\r\n" * 500
    for number in (1, 2):
        client.append("mutt", None, None, letter % number)
    (tmp_path / "rc").write_text(MUTTRC.format(who=MARIE, password=PASSWORD))
    keys = "<first-entry><flag-message><next-entry><display-message><exit><save-message>=rangé<enter><quit>"
    with relay(server.port("imap")) as between:
        box = f"imap://127.0.0.1:{between.port}/"
        _on_a_terminal(
            [
                mutt,
                "-n",
                "-F",
                str(tmp_path / "rc"),
                "-e",
                f"set folder={box}",
                "-e",
                f"push {keys}",
                "-f",
                f"{box}mutt",
            ],
            tmp_path,
        )
    assert b"COMPRESS DEFLATE" in between.sent and b"FETCH" not in between.sent
    client.select("mutt", readonly=True)
    assert client.search(None, "FLAGGED")[1] == [b"1"]
    assert client.search(None, "ALL")[1] == [b"1"]
    client.select('"rang&AOk-"', readonly=True)
    assert client.fetch("1", "(BODY.PEEK[])")[1][0][1] == letter % 2
    client.unselect()
    for name in ("mutt", '"rang&AOk-"'):
        client.delete(name)
    client.logout()


def _on_a_terminal(words: list[str], home: Path) -> None:
    """Run to the end a program that wants a terminal."""
    ours, theirs = pty.openpty()
    environment = os.environ | {"HOME": str(home), "LC_ALL": "C.UTF-8", "TERM": "xterm"}
    process = subprocess.Popen(words, stdin=theirs, stdout=theirs, stderr=theirs, env=environment)
    os.close(theirs)
    shown = bytearray()
    reader = threading.Thread(target=_drain, args=(ours, shown), daemon=True)
    reader.start()
    try:
        assert process.wait(60) == 0, shown.decode(errors="replace")[-2000:]
    finally:
        process.kill()
        reader.join(10)
        os.close(ours)


def _drain(terminal: int, shown: bytearray) -> None:
    try:
        while data := os.read(terminal, 65536):
            shown += data
    except OSError:
        pass  # the program has closed its side


def test_compressed_inside_tls(server: RunningServer) -> None:
    """The order is TLS around the compressed stream (RFC 4978 section 3)."""
    plain = socket.create_connection(("127.0.0.1", server.port("imaps")), 20)
    inflater, deflater, got = zlib.decompressobj(-15), zlib.compressobj(9, zlib.DEFLATED, -15), b""
    with server.tls_context().wrap_socket(plain, server_hostname="localhost") as client:
        client.sendall(b"a LOGIN %b %b\r\nb COMPRESS DEFLATE\r\n" % (MARIE.encode(), PASSWORD.encode()))
        while b"b OK " not in got or not got.endswith(b"\r\n"):
            got += client.recv(1)
        client.sendall(deflater.compress(b'c LIST "" *\r\nd LOGOUT\r\n') + deflater.flush(zlib.Z_SYNC_FLUSH))
        said = b""
        while piece := client.recv(65536):
            said += inflater.decompress(piece)
    assert b'"INBOX"' in said and b"c OK " in said and said.endswith(b"d OK Logged out\r\n")


@pytest.mark.parametrize("cut", ["in the literal", "in a block"])
def test_a_broken_connection_appends_nothing(server: RunningServer, cut: str) -> None:
    message = b"Subject: " + bytes(range(40, 120)) * 40 + b"\r\n\r\n"
    deflater = zlib.compressobj(6, zlib.DEFLATED, -15)
    stream = deflater.compress(b"c APPEND INBOX {%d+}\r\n" % len(message)) + deflater.compress(message[:2000])
    if cut == "in the literal":
        stream += deflater.flush(zlib.Z_SYNC_FLUSH)
    else:
        stream += deflater.compress(message[2000:] + b"\r\n") + deflater.flush(zlib.Z_SYNC_FLUSH)
        stream = stream[: len(stream) // 2]
    before = _count(server)
    with socket.create_connection(("127.0.0.1", server.port("imap")), 20) as client:
        reader = client.makefile("rb")
        client.sendall(b"a LOGIN %b %b\r\n" % (MARIE.encode(), PASSWORD.encode()))
        while not reader.readline().startswith(b"a OK "):
            pass
        client.sendall(b"b COMPRESS DEFLATE\r\n")
        assert reader.readline().startswith(b"b OK ")
        client.sendall(stream)
        client.shutdown(socket.SHUT_WR)
        assert reader.read() == b""  # the server has nothing to say to what is not whole
        reader.close()
    assert _count(server) == before


def _count(server: RunningServer) -> int:
    client = imaplib.IMAP4("127.0.0.1", server.port("imap"))
    client.login(MARIE, PASSWORD)
    count = int(client.select("INBOX", readonly=True)[1][0])
    client.logout()
    return count
