"""Step 5: mail clients without TLS (SMTP 25/587, IMAP 143, POP3 110), by real programs."""

import imaplib
import poplib
import smtplib
import subprocess
import time
from email.message import EmailMessage

import pytest

from tests.practical.server import PASSWORDS, RunningServer

TEXT = "bonjour Bob, ceci est un test IMAP4 de Alice"


def imap(server: RunningServer, who: str) -> imaplib.IMAP4:
    client = imaplib.IMAP4("127.0.0.1", server.port("imap"))
    client.login(f"{who}@mondomaine.fr", PASSWORDS[who])
    return client


def message(subject: str, to: str = "bob@mondomaine.fr", sender: str = "alice@mondomaine.fr") -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail.set_content(TEXT)
    return mail


def test_ehlo_offers_what_the_practical_names(server: RunningServer) -> None:
    with smtplib.SMTP("127.0.0.1", server.port("smtp")) as client:
        client.ehlo()
        assert {"starttls", "enhancedstatuscodes", "8bitmime", "pipelining", "dsn", "help", "size", "smtputf8"} <= set(
            client.esmtp_features
        )
        assert {"CRAM-MD5", "PLAIN", "LOGIN"} <= set(client.esmtp_features["auth"].split())


@pytest.mark.parametrize("method", ["PLAIN", "LOGIN", "CRAM-MD5"])
@pytest.mark.parametrize("service", ["smtp", "submission"])
def test_swaks_sends_with_each_method(server: RunningServer, tool, method: str, service: str) -> None:
    subject = f"swaks {method} {service}"
    done = subprocess.run(
        [tool("swaks"), "--server", "127.0.0.1", "--port", str(server.port(service)), "--auth", method,
         "--auth-user", "alice@mondomaine.fr", "--auth-password", "user1", "--from", "alice@mondomaine.fr",
         "--to", "bob@mondomaine.fr", "--header", f"Subject: {subject}", "--body", TEXT],
        capture_output=True, text=True, timeout=30,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    client = imap(server, "bob")
    client.select("INBOX")
    _, found = client.search(None, "SUBJECT", f'"{subject}"')
    assert len(found[0].split()) == 1
    _, parts = client.fetch(found[0].split()[0], "(BODY.PEEK[TEXT])")
    assert TEXT.encode() in parts[0][1]
    client.logout()


def test_a_wrong_password_is_refused_and_the_right_one_still_works(server: RunningServer) -> None:
    with smtplib.SMTP("127.0.0.1", server.port("submission")) as client:
        with pytest.raises(smtplib.SMTPAuthenticationError) as refused:
            client.login("alice@mondomaine.fr", "wrong")
        assert refused.value.smtp_code == 535
        client.login("alice@mondomaine.fr", "user1")


def test_imap_sees_new_mail_in_idle(server: RunningServer) -> None:
    client = imap(server, "bob")
    client.select("INBOX")
    client.send(b"a1 IDLE\r\n")
    assert client.readline().startswith(b"+")
    with smtplib.SMTP("127.0.0.1", server.port("submission")) as sender:
        sender.login("alice@mondomaine.fr", "user1")
        started = time.monotonic()
        sender.send_message(message("pendant IDLE"))
    client.sock.settimeout(10)
    while not client.readline().endswith(b"EXISTS\r\n"):
        assert time.monotonic() - started < 10
    client.send(b"DONE\r\n")
    while not client.readline().startswith(b"a1 OK"):
        pass
    client.logout()


def test_curl_reads_and_appends(server: RunningServer, tool, tmp_path) -> None:
    letter = tmp_path / "letter.eml"
    letter.write_bytes(bytes(message("par curl")).replace(b"\n", b"\r\n"))
    base = f"imap://127.0.0.1:{server.port('imap')}"
    login = ["--silent", "--show-error", "--user", "bob@mondomaine.fr:user2"]
    subprocess.run([tool("curl"), *login, "--upload-file", str(letter), f"{base}/Archive"], check=True, timeout=30)
    got = subprocess.run(
        [tool("curl"), *login, f"{base}/Archive;MAILINDEX=1"], check=True, capture_output=True, timeout=30
    )
    assert got.stdout == letter.read_bytes()


def test_pop3_reads_and_deletes_only_at_quit(server: RunningServer) -> None:
    with smtplib.SMTP("127.0.0.1", server.port("submission")) as sender:
        sender.login("alice@mondomaine.fr", "user1")
        sender.send_message(message("pour marie", to="marie@mondomaine.fr"))

    def pop() -> poplib.POP3:
        client = poplib.POP3("127.0.0.1", server.port("pop3"))
        client.user("marie@mondomaine.fr")
        client.pass_("user3")
        return client

    client = pop()
    count, size = client.stat()
    assert count >= 1
    assert size == sum(int(line.split()[1]) for line in client.list()[1])
    assert TEXT.encode() in b"\n".join(client.retr(count)[1])
    uids = client.uidl()[1]
    client.dele(count)
    client.close()  # no QUIT: nothing is deleted (RFC 1939 section 6)
    client = pop()
    assert client.uidl()[1] == uids
    client.dele(count)
    client.quit()
    client = pop()
    assert client.stat()[0] == count - 1
    client.quit()


def test_the_server_is_no_open_relay(server: RunningServer) -> None:
    with smtplib.SMTP("127.0.0.1", server.port("smtp")) as client:
        client.ehlo()
        client.mail("stranger@exemple.org")
        code, text = client.rcpt("someone@exemple.net")
        assert code == 550, text
        code, text = client.rcpt("nobody@mondomaine.fr")
        assert (code, b"5.1.1" in text) == (550, True)
        assert client.rcpt("bob@mondomaine.fr")[0] == 250
