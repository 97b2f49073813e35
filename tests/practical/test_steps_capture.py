"""Steps 3, 5 and 7: what a capture shows on 143, 25 and 110, and what it does not on 993, 465 and 995."""

import base64
import imaplib
import poplib
import smtplib
from pathlib import Path

from tests.practical.capture import capture
from tests.practical.server import RunningServer

SECRET_TEXT = "Rendez-vous au laboratoire B204 a midi"
LETTER = f"From: alice@mondomaine.fr\r\nTo: bob@mondomaine.fr\r\nSubject: capture\r\n\r\n{SECRET_TEXT}\r\n"


def _send(client: smtplib.SMTP) -> None:
    client.login("alice@mondomaine.fr", "user1")
    client.sendmail("alice@mondomaine.fr", ["bob@mondomaine.fr"], LETTER)
    client.quit()


def _read(client: imaplib.IMAP4) -> None:
    client.login("bob@mondomaine.fr", "user2")
    client.select("INBOX")
    _, found = client.search(None, "SUBJECT", "capture")
    client.fetch(found[0].split()[-1], "(BODY.PEEK[])")
    client.logout()


def _pop(client: poplib.POP3) -> None:
    client.user("bob@mondomaine.fr")
    client.pass_("user2")
    client.retr(client.stat()[0])
    client.quit()


def test_without_tls_everything_can_be_read(server: RunningServer, tmp_path: Path) -> None:
    ports = [server.port(name) for name in ("smtp", "imap", "pop3")]
    with capture(tmp_path / "clear.pcap", *ports) as wire:
        client = smtplib.SMTP("127.0.0.1", server.port("smtp"))
        client.ehlo()
        client.user, client.password = "alice@mondomaine.fr", "user1"
        client.auth("PLAIN", client.auth_plain)
        client.sendmail("alice@mondomaine.fr", ["bob@mondomaine.fr"], LETTER)
        client.quit()
        _read(imaplib.IMAP4("127.0.0.1", server.port("imap")))
        _pop(poplib.POP3("127.0.0.1", server.port("pop3")))
    assert wire.shows(base64.b64encode(b"\0alice@mondomaine.fr\0user1"))
    assert wire.shows(b'LOGIN bob@mondomaine.fr "user2"')
    assert wire.shows(b"PASS user2")
    assert wire.shows(SECRET_TEXT)


def test_cram_md5_hides_the_password_but_not_the_text(server: RunningServer, tmp_path: Path) -> None:
    with capture(tmp_path / "cram.pcap", server.port("smtp")) as wire:
        client = smtplib.SMTP("127.0.0.1", server.port("smtp"))
        client.ehlo()
        client.user, client.password = "alice@mondomaine.fr", "user1"
        client.auth("CRAM-MD5", client.auth_cram_md5)
        client.sendmail("alice@mondomaine.fr", ["bob@mondomaine.fr"], LETTER)
        client.quit()
    assert not wire.shows(b"user1")
    assert not wire.shows(base64.b64encode(b"\0alice@mondomaine.fr\0user1"))
    assert wire.shows(SECRET_TEXT)


def test_inside_tls_nothing_can_be_read(server: RunningServer, tmp_path: Path) -> None:
    context = server.tls_context()
    ports = [server.port(name) for name in ("smtps", "imaps", "pop3s")]
    with capture(tmp_path / "sealed.pcap", *ports) as wire:
        _send(smtplib.SMTP_SSL("localhost", server.port("smtps"), context=context))
        _read(imaplib.IMAP4_SSL("localhost", server.port("imaps"), ssl_context=context))
        _pop(poplib.POP3_SSL("localhost", server.port("pop3s"), context=context))
    assert wire.payload(), "nothing was captured"
    for hidden in ("user1", "user2", "alice@", "bob@", "LOGIN", "capture\r", SECRET_TEXT):
        assert not wire.shows(hidden), hidden
    assert not wire.shows(base64.b64encode(b"\0alice@mondomaine.fr\0user1"))
