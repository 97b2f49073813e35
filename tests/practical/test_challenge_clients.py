"""Two programs or more for each challenge-response method that is off until wanted, and for SCRAM, without TLS."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.practical import doors
from tests.practical.server import RunningServer, running_server

HOST, ALICE, BOB = "localhost", "alice@mondomaine.fr", "bob@mondomaine.fr"
WANTED = ("DIGEST-MD5", "NTLM", "APOP")
Tool = Callable[[str], str]


@pytest.fixture(scope="module")
def wanting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server with the old methods switched on; alice's secrets come with her next login by password."""
    with running_server(tmp_path_factory.mktemp("wanting"), words=("--only", "submission,imap,pop3")) as server:
        server.manage("setpolicy", *(word for name in WANTED for word in ("--allow", name)))
        doors.soon(lambda: "NTLM" in doors.smtp_announces(server), "the policy is not followed")
        assert doors.imap_login(server) == "OK"
        yield server


@pytest.fixture
def perl(tool: Tool) -> Callable[[str], None]:
    """Skips with the reason where swaks lacks a module of Perl."""

    def need(module: str) -> None:
        if subprocess.run([tool("perl"), f"-M{module}", "-e", "1"], capture_output=True).returncode:
            pytest.skip(f"{module} is not installed")

    return need


def _run(*words: str, stdin: bytes = b"") -> str:
    done = subprocess.run(words, input=stdin, capture_output=True, timeout=60)
    said = (done.stdout + done.stderr).decode(errors="replace")
    assert done.returncode == 0, said
    return said


@pytest.mark.parametrize(("method", "module"), [("DIGEST-MD5", "Authen::SASL"), ("NTLM", "Authen::NTLM")])
def test_swaks(wanting: RunningServer, tool: Tool, perl: Callable[[str], None], method: str, module: str) -> None:
    perl(module)
    perl("Digest::HMAC_MD5")
    words = [tool("swaks"), "--server", HOST, "--port", str(wanting.port("submission")), "--auth", method]
    words += ["--auth-user", ALICE, "--from", ALICE, "--to", BOB]
    assert "235 2.7.0" in _run(*words, "--auth-password", "user1")
    wrong = subprocess.run([*words, "--auth-password", "faux"], capture_output=True, text=True, timeout=60)
    assert wrong.returncode == 28, wrong.stdout
    assert "535 5.7.8" in wrong.stdout


@pytest.mark.parametrize("method", ["DIGEST-MD5", "NTLM", "CRAM-MD5"])
@pytest.mark.parametrize("service", ["submission", "imap", "pop3"])
def test_curl(wanting: RunningServer, tool: Tool, service: str, method: str) -> None:
    scheme = {"submission": "smtp"}.get(service, service)
    url = f"{scheme}://{HOST}:{wanting.port(service)}/"
    words = [tool("curl"), "--silent", "--show-error", "--verbose", "--login-options", f"AUTH={method}", url]
    if scheme == "smtp":
        words += ["--mail-from", ALICE, "--mail-rcpt", BOB, "--upload-file", "-"]
    said = _run(*words, "--user", f"{ALICE}:user1", stdin=b"Subject: curl\r\n\r\nbonjour\r\n")
    assert f"AUTHENTICATE {method}" in said if scheme == "imap" else f"AUTH {method}" in said
    wrong = subprocess.run([*words, "--user", f"{ALICE}:faux"], input=b"x", capture_output=True, timeout=60)
    assert wrong.returncode == 67, wrong.stderr  # login denied


def test_curl_by_apop(wanting: RunningServer, tool: Tool) -> None:
    words = [tool("curl"), "--silent", "--show-error", "--verbose", "--login-options", "AUTH=+APOP"]
    said = _run(*words, f"pop3://{HOST}:{wanting.port('pop3')}/", "--user", f"{ALICE}:user1")
    assert f"APOP {ALICE}" in said


@pytest.mark.parametrize("method", ["digest-md5", "ntlm", "cram-md5", "scram-sha-1", "scram-sha-256"])
def test_msmtp(wanting: RunningServer, tool: Tool, tmp_path: Path, method: str) -> None:
    settings = tmp_path / "msmtprc"
    settings.write_text(
        f"account default\nhost {HOST}\nport {wanting.port('submission')}\nauth {method}\nuser {ALICE}\n"
        f"password user1\nfrom {ALICE}\ntls off\n"
    )
    settings.chmod(0o600)
    said = _run(tool("msmtp"), "--debug", f"--file={settings}", BOB, stdin=b"Subject: msmtp\r\n\r\nbonjour\r\n")
    assert "235 2.7.0" in said
    assert f"AUTH {method.upper()}" in said


@pytest.mark.parametrize("method", ["apop", "digest-md5", "ntlm", "cram-md5", "scram-sha-1", "scram-sha-256"])
def test_mpop(wanting: RunningServer, tool: Tool, tmp_path: Path, method: str) -> None:
    settings = tmp_path / "mpoprc"
    settings.write_text(
        f"account default\nhost {HOST}\nport {wanting.port('pop3')}\nauth {method}\nuser {ALICE}\npassword user1\n"
        f"tls off\ndelivery mbox {tmp_path / 'taken'}\nuidls_file {tmp_path / 'uidls'}\nkeep on\n"
    )
    settings.chmod(0o600)
    said = _run(tool("mpop"), "--debug", f"--file={settings}")
    assert (f"APOP {ALICE}" if method == "apop" else f"AUTH {method.upper()}") in said
    assert "messages" in said


@pytest.mark.parametrize(("service", "protocol", "more"), [("pop3", "APOP", ""), ("imap", "IMAP", "auth ntlm")])
def test_fetchmail(wanting: RunningServer, tool: Tool, tmp_path: Path, service: str, protocol: str, more: str) -> None:
    settings = tmp_path / "rc"
    settings.write_text(
        f"poll {HOST} protocol {protocol} service {wanting.port(service)} {more} user {ALICE} password user1 "
        f"sslproto '' keep fetchall no rewrite mda \"cat >> '{tmp_path / 'taken'}'\"\n"
    )
    settings.chmod(0o600)
    words = [
        tool("fetchmail"),
        "-v",
        "-v",
        "-f",
        str(settings),
        "--pidfile",
        str(tmp_path / "pid"),
        "-i",
        str(tmp_path / "ids"),
    ]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    assert done.returncode in (0, 1), done.stdout + done.stderr  # 1: no mail there
    assert ("AUTHENTICATE NTLM" if protocol == "IMAP" else f"APOP {ALICE}") in done.stdout
