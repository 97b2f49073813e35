"""Real programs against every door: swaks, curl and fetchmail, with and without TLS, the certificate verified."""

import imaplib
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from mailformat.downgrade import downgrade
from tests.practical.server import PASSWORDS, RunningServer

HOST = "localhost"  # a name of the certificate, so that programs can verify it
ALICE, BOB, MARIE = (f"{who}@mondomaine.fr" for who in PASSWORDS)
TEXT = "Envoyé par un vrai programme"
Tool = Callable[[str], str]
METHODS = ["PLAIN", "LOGIN", "CRAM-MD5"]


def _run(*words: str) -> bytes:
    done = subprocess.run(words, capture_output=True, timeout=60)
    assert done.returncode == 0, (done.stdout + done.stderr).decode(errors="replace")
    return done.stdout


def _found(server: RunningServer, who: str, subject: str) -> int:
    client = imaplib.IMAP4("127.0.0.1", server.port("imap"))
    client.login(f"{who}@mondomaine.fr", PASSWORDS[who])
    client.select("INBOX", readonly=True)
    found = client.search(None, "SUBJECT", f'"{subject}"')[1][0].split()
    client.logout()
    return len(found)


def _empty(client: imaplib.IMAP4) -> None:
    """What other files left in the INBOX may be more than a program takes (a line too long, a NUL)."""
    if int(client.select("INBOX")[1][0] or 0):
        client.store("1:*", "+FLAGS", "\\Deleted")
    client.close()


def _letter(folder: Path, subject: str, to: str = BOB) -> Path:
    path = folder / "letter.eml"
    path.write_bytes(f"From: {ALICE}\r\nTo: {to}\r\nSubject: {subject}\r\n\r\n{TEXT}\r\n.dot\r\n".encode())
    return path


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("service", "tls"), [("submission", "--tls"), ("smtp", "--tls"), ("smtps", "--tls-on-connect")]
)
def test_swaks_inside_tls(server: RunningServer, tool: Tool, service: str, tls: str, method: str) -> None:
    subject = f"swaks {tls} {service} {method}"
    _run(
        tool("swaks"), "--server", HOST, "--port", str(server.port(service)), tls,
        "--tls-verify", "--tls-ca-path", str(server.ca_file()), "--auth", method, "--auth-user", ALICE,
        "--auth-password", "user1", "--from", ALICE, "--to", BOB, "--header", f"Subject: {subject}", "--body", TEXT,
    )  # fmt: skip
    assert _found(server, "bob", subject) == 1


def test_swaks_delivers_as_another_server(server: RunningServer, tool: Tool) -> None:
    _run(
        tool("swaks"), "--server", HOST, "--port", str(server.port("smtp")), "--from", "ami@exemple.org",
        "--to", f"{BOB},{MARIE}", "--header", "Subject: swaks pour deux", "--pipeline",
    )  # fmt: skip
    assert (_found(server, "bob", "swaks pour deux"), _found(server, "marie", "swaks pour deux")) == (1, 1)


@pytest.mark.parametrize("method", METHODS)
def test_swaks_is_refused_with_a_wrong_password(server: RunningServer, tool: Tool, method: str) -> None:
    done = subprocess.run(
        [tool("swaks"), "--server", HOST, "--port", str(server.port("submission")), "--auth", method, "--auth-user",
         MARIE, "--auth-password", "faux", "--from", MARIE, "--to", BOB],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 28, done.stdout  # swaks: no authentication succeeded
    assert "535 5.7.8" in done.stdout


@pytest.mark.parametrize(("service", "scheme"), [("submission", "smtp"), ("smtps", "smtps")])
def test_curl_uploads_mail(server: RunningServer, tool: Tool, tmp_path: Path, service: str, scheme: str) -> None:
    subject = f"curl {scheme}"
    _run(
        tool("curl"), "--silent", "--show-error", "--ssl-reqd", "--cacert", str(server.ca_file()), "--user",
        f"{ALICE}:user1", "--mail-from", ALICE, "--mail-rcpt", BOB, "--mail-rcpt", MARIE,
        "--upload-file", str(_letter(tmp_path, subject)), f"{scheme}://{HOST}:{server.port(service)}/client.exemple.org",
    )  # fmt: skip
    assert (_found(server, "bob", subject), _found(server, "marie", subject)) == (1, 1)


@pytest.mark.parametrize("service", ["imap", "imaps", "pop3", "pop3s"])  # also curl's names of the schemes
def test_curl_reads_inside_tls(server: RunningServer, tool: Tool, tmp_path: Path, service: str) -> None:
    letter = _letter(tmp_path, "à lire par curl", ALICE)
    _run(
        tool("curl"), "--silent", "--show-error", "--mail-from", "ami@exemple.org", "--mail-rcpt", ALICE,
        "--upload-file", str(letter), f"smtp://{HOST}:{server.port('smtp')}/ami.exemple.org",
    )  # fmt: skip
    base = f"{service}://{HOST}:{server.port(service)}"
    login = [tool("curl"), "--silent", "--show-error", "--ssl-reqd", "--cacert", str(server.ca_file())]
    login += ["--user", f"{ALICE}:user1"]
    if service.startswith("imap"):
        octets = _run(*login, f"{base}/INBOX;MAILINDEX=*")
    else:
        last = _run(*login, f"{base}/").split(b"\r\n")[-2].split()[0].decode()
        octets = _run(*login, f"{base}/{last}")
    # curl does not say UTF8 to POP3: it gets the subject in ASCII (RFC 6856 section 2.1).
    expected = letter.read_bytes()
    assert octets.endswith(downgrade(expected) if service.startswith("pop3") else expected)


@pytest.mark.parametrize(("service", "protocol"), [("pop3s", "POP3"), ("imaps", "IMAP")])
def test_fetchmail_fetches_and_empties(
    server: RunningServer, tool: Tool, tmp_path: Path, service: str, protocol: str
) -> None:
    subject = f"fetchmail {protocol}"
    client = imaplib.IMAP4("127.0.0.1", server.port("imap"))
    client.login(MARIE, "user3")
    _empty(client)
    client.append("INBOX", None, None, _letter(tmp_path, subject, MARIE).read_bytes())
    taken, settings = tmp_path / "taken", tmp_path / "rc"
    settings.write_text(
        f"poll {HOST} protocol {protocol} service {server.port(service)} user {MARIE} password user3 ssl "
        f"sslcertck sslcertfile {server.ca_file()} fetchall no rewrite mda \"cat >> '{taken}'\"\n"
    )
    settings.chmod(0o600)
    _run(tool("fetchmail"), "-f", str(settings), "--pidfile", str(tmp_path / "pid"), "-i", str(tmp_path / "ids"))
    assert subject.encode() in taken.read_bytes()
    assert TEXT.encode() in taken.read_bytes()
    assert int(client.select("INBOX", readonly=True)[1][0]) == 0
    client.logout()


def test_mutt_sends_with_an_attachment(server: RunningServer, tool: Tool, tmp_path: Path) -> None:
    file, authority = _letter(tmp_path, "jointe"), server.ca_file()
    settings = tmp_path / "muttrc"
    settings.write_text(
        f"set smtp_url=smtp://{ALICE}@{HOST}:{server.port('submission')}/\nset smtp_pass=user1\nset from={ALICE}\n"
        f"set ssl_force_tls=yes\nset certificate_file={authority}\nset ssl_ca_certificates_file={authority}\n"
        "set copy=no\nset realname='Alice Martin'\nset smtp_authenticators='plain'\nset charset=utf-8\n"
    )
    done = subprocess.run(
        [tool("mutt"), "-n", "-F", str(settings), "-s", "Écrit avec mutt", "-a", str(file), "--", BOB],
        input=TEXT.encode(), capture_output=True, timeout=60,
        env=os.environ | {"HOME": str(tmp_path), "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    assert done.returncode == 0, (done.stdout + done.stderr).decode(errors="replace")
    client = imaplib.IMAP4("127.0.0.1", server.port("imap"))
    client.login(BOB, PASSWORDS["bob"])
    client.select("INBOX", readonly=True)
    client.literal = "Écrit avec mutt".encode()  # a literal, as programs search for what is not ASCII
    found = client.search("UTF-8", "SUBJECT")[1][0].split()
    assert len(found) == 1
    assert b'"letter.eml"' in client.fetch(found[0], "(BODYSTRUCTURE)")[1][0]
    client.logout()


GETMAIL = """[retriever]
type = SimplePOP3SSLRetriever
server = {host}
port = {port}
username = {who}
password = user3
ca_certs = {authority}
[destination]
type = MDA_external
path = /bin/sh
arguments = ("-c", "cat >> {taken}")
allow_root_commands = true
[options]
delete = true
"""


def test_getmail_takes_by_pop3(server: RunningServer, tool: Tool, tmp_path: Path) -> None:
    client = imaplib.IMAP4("127.0.0.1", server.port("imap"))
    client.login(MARIE, "user3")
    client.append("INBOX", None, None, _letter(tmp_path, "getmail", MARIE).read_bytes())
    taken, port = tmp_path / "taken", server.port("pop3s")
    settings = GETMAIL.format(host=HOST, port=port, who=MARIE, authority=server.ca_file(), taken=taken)
    (tmp_path / "rc").write_text(settings)
    _run(tool("getmail"), "--getmaildir", str(tmp_path), "--rcfile", "rc")
    assert TEXT.encode() in taken.read_bytes()
    assert int(client.select("INBOX", readonly=True)[1][0]) == 0
    client.logout()
