"""New mail is told by itself: to an IMAP client in IDLE, and to a webmail page by its event stream."""

import http.cookiejar
import imaplib
import re
import smtplib
import socket
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.practical.server import RunningServer

TOLD_SECONDS = 10  # a deadline, not the aim: that is measured by the benchmarks
BOB, PASSWORD = "bob@mondomaine.fr", "user2"


def _deliver(server: RunningServer, subject: str) -> None:
    with smtplib.SMTP("127.0.0.1", server.port("smtp")) as client:
        client.sendmail("ami@exemple.org", [BOB], f"Subject: {subject}\r\n\r\nbonjour\r\n")  # returns after the 250


def test_every_idling_connection_hears_of_a_delivery(server: RunningServer) -> None:
    clients = []
    for _ in range(3):
        client = imaplib.IMAP4("127.0.0.1", server.port("imap"))
        client.login(BOB, PASSWORD)
        count = int(client.select("INBOX")[1][0])
        client.send(b"i1 IDLE\r\n")
        assert client.readline().startswith(b"+")
        clients.append(client)
    _deliver(server, "push")
    for client in clients:
        client.sock.settimeout(TOLD_SECONDS)
        while not (line := client.readline()).endswith(b"EXISTS\r\n"):
            assert line.startswith(b"* "), line
        assert int(line.split()[1]) == count + 1
        client.send(b"DONE\r\n")
        while not client.readline().startswith(b"i1 OK"):
            pass
        client.logout()


def test_idle_hears_of_flags_and_deletions(server: RunningServer) -> None:
    _deliver(server, "flags")
    watching, acting = (imaplib.IMAP4("127.0.0.1", server.port("imap")) for _ in range(2))
    for client in (watching, acting):
        client.login(BOB, PASSWORD)
        count = int(client.select("INBOX")[1][0])
    watching.send(b"i1 IDLE\r\n")
    assert watching.readline().startswith(b"+")
    watching.sock.settimeout(TOLD_SECONDS)
    acting.store(str(count), "+FLAGS", r"(\Flagged \Deleted)")
    assert re.match(rb"\* \d+ FETCH \(.*\\Flagged", watching.readline())
    acting.expunge()
    assert watching.readline() == b"* %d EXPUNGE\r\n" % count
    watching.send(b"DONE\r\n")
    while not watching.readline().startswith(b"i1 OK"):
        pass
    for client in (watching, acting):
        client.logout()


@pytest.fixture
def signed_in(server: RunningServer) -> Callable[[], http.cookiejar.CookieJar]:
    """Signs bob in to the webmail, without a browser."""

    def sign_in() -> http.cookiejar.CookieJar:
        jar = http.cookiejar.CookieJar()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        with opener.open(server.url("/webmail/login/")) as page:
            token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page.read())[1].decode()
        form = {"csrfmiddlewaretoken": token, "address": BOB, "password": PASSWORD}
        with opener.open(server.url("/webmail/login/"), urllib.parse.urlencode(form).encode()) as page:
            assert "/webmail/login/" not in page.url
        return jar

    return sign_in


def _stream(server: RunningServer, jar: http.cookiejar.CookieJar) -> socket.socket:
    """GET /events, read up to the first lines of its body."""
    cookie = "; ".join(f"{one.name}={one.value}" for one in jar)
    stream = socket.create_connection(("127.0.0.1", server.port("http")), TOLD_SECONDS)
    stream.sendall(f"GET /events HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n".encode())
    seen = b""
    while b"retry:" not in seen:
        seen += (got := stream.recv(4096))
        assert got, seen
    assert seen.startswith(b"HTTP/1.1 200 ")
    assert b"text/event-stream" in seen
    return stream


def _until_told(stream: socket.socket) -> bool:
    seen = b""
    while b"event: change" not in seen:
        seen += (got := stream.recv(4096))
        assert got, seen
    return True


def test_twenty_pages_hear_of_a_delivery(server: RunningServer, signed_in) -> None:
    jar = signed_in()
    streams = [_stream(server, jar) for _ in range(20)]
    with ThreadPoolExecutor(len(streams)) as pool:
        told = [pool.submit(_until_told, stream) for stream in streams]
        _deliver(server, "sse")
        assert all(one.result(TOLD_SECONDS) for one in told)
    for stream in streams:
        stream.close()


def test_the_stream_is_for_who_is_signed_in(server: RunningServer) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(server.url("/events"), timeout=TOLD_SECONDS)
    refused.value.close()
    assert refused.value.code == 403
