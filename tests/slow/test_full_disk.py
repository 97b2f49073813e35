"""A full disk: temporary answers, nothing acknowledged is lost, and it goes on when there is room again."""

import imaplib
import smtplib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.practical.server import RunningServer

SIZE = "64m"
LETTER = "Subject: fill {n}\r\n\r\n" + ("x" * 76 + "\r\n") * 600  # 47 KB: in the database
LARGE = "Subject: large {n}\r\n\r\n" + ("x" * 76 + "\r\n") * 6000  # 470 KB: a file beside it


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 MB (needs the right to mount)."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"cannot mount a small file system: {mounted.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def _fill(server: RunningServer, letter: str, most: int) -> list[str]:
    """Deliver until it is refused; returns the subjects that were acknowledged."""
    accepted: list[str] = []
    with smtplib.SMTP("127.0.0.1", server.port("smtp"), timeout=60) as client:
        for number in range(most):
            text = letter.format(n=number)
            try:
                client.sendmail("stranger@exemple.org", ["bob@mondomaine.fr"], text)
            except smtplib.SMTPDataError as refused:
                assert 400 <= refused.smtp_code < 500, refused
                return accepted
            accepted.append(text.split("\r\n", 1)[0])
    raise AssertionError("the disk never became full")


@pytest.mark.slow
@pytest.mark.sqlite  # the other database lies on another server's disk
def test_a_full_disk_is_a_temporary_refusal(small_disk: Path) -> None:
    server = RunningServer(small_disk)
    server.create()
    server.start("--only", "smtp,imap")
    try:
        accepted = _fill(server, LARGE, 400) + _fill(server, LETTER, 2000)
        ballast = [path for path in (small_disk / "var" / "messages").rglob("*") if path.is_file()]
        assert ballast
        client = imaplib.IMAP4("127.0.0.1", server.port("imap"))
        client.login("bob@mondomaine.fr", "user2")
        client.select("INBOX")
        count = len(client.search(None, "ALL")[1][0].split())
        assert count == len(accepted)
        subprocess.run(["mount", "-o", "remount,size=160m", str(small_disk)], check=True)
        with smtplib.SMTP("127.0.0.1", server.port("smtp")) as again:
            again.sendmail("stranger@exemple.org", ["bob@mondomaine.fr"], LETTER.format(n="after"))
        client.noop()
        assert len(client.search(None, "SUBJECT", "after")[1][0].split()) == 1
        client.logout()
        assert "The store is whole" in server.manage("checkstore")
    finally:
        server.stop()
        server.kill()
