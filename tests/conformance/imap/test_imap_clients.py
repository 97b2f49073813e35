"""Real clients against a started server: imaplib, curl, and one that writes without reading."""

import imaplib
import shutil
import socket
import ssl
import subprocess

import pytest

from tests.practical.server import running_server

BIG = b"Subject: big\r\n\r\n" + b"0123456789" * 7 + b"\r\n" * 4 + (b"x" * 76 + b"\r\n") * 15_000
SECONDS = 20


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with running_server(tmp_path_factory.mktemp("imap"), words=("--only", "imap,imaps")) as running:
        yield running


@pytest.fixture
def client(server):
    with imaplib.IMAP4("127.0.0.1", server.port("imap"), timeout=SECONDS) as connected:
        yield connected


def test_imaplib_logs_in_by_cram_md5_and_moves_mail(client):
    client.login_cram_md5("alice@mondomaine.fr", "user1")
    assert client.select()[0] == "OK"
    assert client.append("INBOX", "(\\Seen Mot)", None, BIG)[0] == "OK"
    count = client.select()[1][0]
    answer = client.fetch(count, "(FLAGS BODY.PEEK[])")[1]
    assert answer[0][1] == BIG
    assert b"\\Seen" in answer[0][0] + answer[1]
    assert client.fetch(count, "BODY.PEEK[TEXT]<74.4>")[1][0][1] == b"\r\n\r\n"
    assert client.search("UTF-8", "SUBJECT", '"big"')[1][0].split()[-1:] == [count]
    assert client.uid("MOVE", "1:*", "Trash")[0] == "OK"
    assert client.status("Trash", "(MESSAGES)")[0] == "OK"
    assert client.create('"Projet R&AOk-seaux"')[0] == "OK"
    assert client.list()[1][-1]


def test_imaps(server):
    with imaplib.IMAP4_SSL("127.0.0.1", server.port("imaps"), ssl_context=tls(), timeout=SECONDS) as client:
        assert "STARTTLS" not in client.capabilities
        assert client.login("bob@mondomaine.fr", "user2")[0] == "OK"


def tls():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # whose certificate it is, other tests look at
    return context


def test_idle_is_told_by_another_connection(server, client):
    client.login("bob@mondomaine.fr", "user2")
    client.select()
    client.send(b"i1 IDLE\r\n")
    assert client.readline().startswith(b"+")
    with imaplib.IMAP4("127.0.0.1", server.port("imap"), timeout=SECONDS) as other:
        other.login("bob@mondomaine.fr", "user2")
        other.append("INBOX", None, None, b"Subject: neu\r\n\r\nx\r\n")
        assert client.readline() == b"* 1 EXISTS\r\n"
        assert client.readline() == b"* 1 RECENT\r\n"
    client.send(b"DONE\r\n")
    assert client.readline().startswith(b"i1 OK")


@pytest.mark.parametrize("options", [["AUTH=PLAIN"], ["AUTH=LOGIN"], ["AUTH=CRAM-MD5"]])
def test_curl_appends_and_fetches(server, tmp_path, options):
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("curl is not installed")
    message = tmp_path / "message"
    message.write_bytes(b"From: a@b.example\r\nSubject: curl\r\n\r\nhello\r\n")
    url = f"imap://127.0.0.1:{server.port('imap')}/Drafts"
    common = [curl, "-sS", "-m", str(SECONDS), "--user", "marie@mondomaine.fr:user3", "--login-options", *options]
    subprocess.run([*common, "-T", str(message), url], check=True)
    fetched = subprocess.run([*common, url + ";MAILINDEX=1"], check=True, capture_output=True).stdout
    assert fetched == message.read_bytes()


def test_a_client_that_writes_without_reading_locks_nobody_up(server):
    """mbsync sends hundreds of FETCHes before it reads; ours answers with more than all buffers hold."""
    with socket.create_connection(("127.0.0.1", server.port("imap")), timeout=SECONDS) as wire:
        wire.sendall(
            b"a LOGIN bob@mondomaine.fr user2\r\nb APPEND Sent {%d+}\r\n%b\r\nc SELECT Sent\r\n" % (len(BIG), BIG)
        )
        for number in range(60):
            wire.sendall(b"f%d UID FETCH 1 (BODY.PEEK[])\r\n" % number)
        wire.sendall(b"z LOGOUT\r\n")
        received = bytearray()
        while piece := wire.recv(1 << 20):
            received += piece
    assert received.count(BIG) == 60
    assert received.endswith(b"z OK Logged out\r\n")
