"""mbsync keeps a Maildir and the server the same, both ways; a second run does nothing."""

import imaplib
import subprocess
from pathlib import Path

import pytest

from tests.practical.server import RunningServer

CONFIG = """
IMAPAccount facteur
Host 127.0.0.1
Port {port}
User marie@mondomaine.fr
Pass user3
{tls}
AuthMechs LOGIN

IMAPStore far
Account facteur

MaildirStore near
Path {folder}/mail/
Inbox {folder}/mail/INBOX
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns *
Create Both
Remove Both
Expunge Both
SyncState *
"""
LETTER = (
    "From: bob@mondomaine.fr\r\nTo: marie@mondomaine.fr\r\n"
    "Subject: =?utf-8?q?r=C3=A9union?= {n}\r\n\r\nÀ bientôt {n}\r\n"
)
FOLDER = "Projet Réseaux"
FOLDER_UTF7 = '"Projet R&AOk-seaux"'


class Sync:
    """mbsync with a configuration of its own."""

    def __init__(self, program: str, folder: Path, port: int) -> None:
        self.program, self.folder = program, folder
        (folder / "mail").mkdir()
        version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
        tls = "SSLType None" if version < "1.5" else "TLSType None"
        (folder / "rc").write_text(CONFIG.format(port=port, folder=folder, tls=tls))

    def run(self) -> str:
        done = subprocess.run(
            [self.program, "-c", str(self.folder / "rc"), "-V", "-a"], capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def files(self, box: str) -> list[Path]:
        root = self.folder / "mail" / box
        return sorted(path for sub in ("cur", "new") for path in (root / sub).iterdir())


@pytest.fixture
def client(server: RunningServer):
    connection = imaplib.IMAP4("127.0.0.1", server.port("imap"))
    connection.login("marie@mondomaine.fr", "user3")
    yield connection
    connection.logout()


def _state(client: imaplib.IMAP4, box: str) -> list[bytes]:
    client.select(box, readonly=True)
    _, rows = client.uid("FETCH", "1:*", "(FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
    client.unselect()
    return [row for row in rows if row]


def test_two_way_with_flags_accents_and_deletions(server: RunningServer, client, tool, tmp_path: Path) -> None:
    client.select("INBOX")
    client.uid("STORE", "1:*", "+FLAGS.SILENT", r"(\Deleted)")
    client.expunge()
    client.create(FOLDER_UTF7)
    for number in range(40):
        client.append("INBOX", r"(\Seen)" if number % 2 else None, None, LETTER.format(n=number).encode())
    client.append(FOLDER_UTF7, None, None, LETTER.format(n="projet").encode())
    sync = Sync(tool("mbsync"), tmp_path, server.port("imap"))

    sync.run()
    names = {path.name for path in (tmp_path / "mail").iterdir()}
    assert FOLDER in names or "Projet R&AOk-seaux" in names  # mbsync keeps modified UTF-7 on disk
    near_folder = FOLDER if FOLDER in names else "Projet R&AOk-seaux"
    assert len(sync.files("INBOX")) == 40
    assert sum(path.name.endswith("S") for path in sync.files("INBOX")) == 20
    assert len(sync.files(near_folder)) == 1

    # Here: one flagged, one deleted, one written. There: one seen, one deleted, a new folder.
    files = sync.files("INBOX")
    flagged = files[0]
    flagged.rename(flagged.parent.parent / "cur" / (flagged.name.split(":2,")[0] + ":2,FS"))
    files[1].unlink()
    (tmp_path / "mail" / near_folder / "new" / "1.written.here").write_text(
        LETTER.format(n="écrit ici").replace("\r\n", "\n")
    )
    client.select("INBOX")
    _, uids = client.uid("SEARCH", "UNSEEN")
    seen, deleted = uids[0].split()[5:7]
    client.uid("STORE", seen, "+FLAGS", r"(\Seen \Answered)")
    client.uid("STORE", deleted, "+FLAGS", r"(\Deleted)")
    client.expunge()
    client.unselect()
    client.create('"Vacances &AOk-t&AOk-"')

    sync.run()
    assert len(sync.files("INBOX")) == 38
    client.select("INBOX", readonly=True)
    assert len(client.search(None, "ALL")[1][0].split()) == 38
    assert len(client.search(None, "FLAGGED")[1][0].split()) == 1
    assert any("RS" in path.name.split(":2,")[-1] for path in sync.files("INBOX"))
    client.unselect()
    assert len(_state(client, FOLDER_UTF7)) >= 2
    assert any("Vacances" in path.name for path in (tmp_path / "mail").iterdir())

    before = [_state(client, box) for box in ("INBOX", FOLDER_UTF7)], [p.name for p in sync.files("INBOX")]
    sync.run()
    after = [_state(client, box) for box in ("INBOX", FOLDER_UTF7)], [p.name for p in sync.files("INBOX")]
    assert before == after
