"""A real round by IMAP clients: log in, list, append, fetch, flag, move, and IDLE where the client can."""

import asyncio
import imaplib
import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.practical.relay import relay
from tests.practical.server import RunningServer

CLIENTS = Path(__file__).parent / "clients"
MARIE, PASSWORD = "marie@mondomaine.fr", "user3"
LETTER = b"From: bob@mondomaine.fr\r\nTo: marie@mondomaine.fr\r\nSubject: tour %d\r\n\r\nBonjour %d\r\n"


@pytest.fixture
def far(server: RunningServer) -> Iterator[imaplib.IMAP4]:
    """Another connection of the same account, to see what the client did."""
    client = imaplib.IMAP4("127.0.0.1", server.port("imap"))
    client.login(MARIE, PASSWORD)
    yield client
    client.logout()


def _count(far: imaplib.IMAP4, box: str) -> int:
    assert far.select(box, readonly=True)[0] == "OK"
    found = len(far.search(None, "ALL")[1][0].split())
    far.unselect()
    return found


def test_imapclient(server: RunningServer, far: imaplib.IMAP4) -> None:
    imapclient = pytest.importorskip("imapclient", reason="IMAPClient is not installed")
    with imapclient.IMAPClient("127.0.0.1", server.port("imap"), ssl=False) as client:
        client.login(MARIE, PASSWORD)
        client.create_folder("tour/Été")
        assert "tour/Été" in [name for _flags, _delimiter, name in client.list_folders()]
        for number in (1, 2):
            client.append("tour", LETTER % (number, number), flags=[imapclient.SEEN])
        assert client.select_folder("tour")[b"EXISTS"] == 2
        first, second = client.search(["SUBJECT", "tour"])
        assert client.fetch([first], ["BODY[]", "ENVELOPE"])[first][b"BODY[]"] == LETTER % (1, 1)
        assert imapclient.FLAGGED in client.add_flags([first], [imapclient.FLAGGED])[first]
        client.move([second], "tour/Été")
        client.idle()
        far.append("tour", None, None, LETTER % (3, 3))
        told = client.idle_check(timeout=20)
        client.idle_done()
        assert (2, b"EXISTS") in told or (2, b"EXISTS") in client.noop()[1]
        assert client.folder_status("tour/Été", ["MESSAGES"])[b"MESSAGES"] == 1
        client.unselect_folder()
        client.delete_folder("tour/Été")
        client.delete_folder("tour")


def test_aioimaplib(server: RunningServer, far: imaplib.IMAP4) -> None:
    aioimaplib = pytest.importorskip("aioimaplib", reason="aioimaplib is not installed")

    async def round_trip() -> None:
        client = aioimaplib.IMAP4(host="127.0.0.1", port=server.port("imap"), timeout=20)
        await client.wait_hello_from_server()
        assert (await client.login(MARIE, PASSWORD)).result == "OK"
        for box in ("tour", "rangement"):
            assert (await client.create(box)).result == "OK"
        assert any(b'"tour"' in line for line in (await client.list('""', "*")).lines)
        for number in (1, 2):
            assert (await client.append(LETTER % (number, number), "tour", "\\Seen")).result == "OK"
        await client.select("tour")
        fetched = await client.uid("fetch", "1", "(BODY.PEEK[])")
        assert LETTER % (1, 1) in [bytes(line) for line in fetched.lines]
        assert (await client.uid("store", "1", "+FLAGS", "(\\Flagged)")).result == "OK"
        assert (await client.uid_search("FLAGGED")).lines[0] == b"1"
        assert (await client.uid("move", "2", "rangement")).result == "OK"
        idle = await client.idle_start(timeout=20)
        far.append("tour", None, None, LETTER % (3, 3))
        assert b"2 EXISTS" in await client.wait_server_push()
        client.idle_done()
        await asyncio.wait_for(idle, 20)
        assert (await client.close()).result == "OK"
        assert (await client.logout()).result == "OK"

    asyncio.run(round_trip())
    assert (_count(far, "tour"), _count(far, "rangement")) == (2, 1)
    for box in ("tour", "rangement"):
        far.delete(box)


@pytest.mark.parametrize("layer", ["compress", "plain"])
def test_imapflow(server: RunningServer, tool, layer: str) -> None:
    node = tool("node")
    if not (CLIENTS / "node_modules" / "imapflow").exists():
        pytest.skip("imapflow is not installed (npm ci --ignore-scripts in tests/practical/clients)")
    with relay(server.port("imap")) as between:
        done = subprocess.run(
            [node, "imapflow.mjs", str(between.port), MARIE, PASSWORD, layer],
            cwd=CLIENTS, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
    assert done.stdout == "done\n", done.stdout + done.stderr
    assert (b"COMPRESS DEFLATE" in between.sent) == (layer == "compress")


OFFLINEIMAP = """
[general]
accounts = facteur
metadata = {folder}/meta
ui = basic
[Account facteur]
localrepository = near
remoterepository = far
[Repository near]
type = Maildir
localfolders = {folder}/mail
[Repository far]
type = IMAP
remotehost = 127.0.0.1
remoteport = {port}
remoteuser = {who}
remotepass = {password}
ssl = no
starttls = no
folderfilter = lambda name: name.startswith("tour")
"""


def test_offlineimap_keeps_both_sides_the_same(server: RunningServer, tool, far: imaplib.IMAP4, tmp_path: Path) -> None:
    program = tool("offlineimap")
    for number in (1, 2, 3):
        far.create("tour")
        far.append("tour", r"(\Seen)", None, LETTER % (number, number))
    settings = OFFLINEIMAP.format(folder=tmp_path, port=server.port("imap"), who=MARIE, password=PASSWORD)
    (tmp_path / "rc").write_text(settings)

    def synchronise() -> list[Path]:
        done = subprocess.run(
            [program, "-c", str(tmp_path / "rc"), "-o"], capture_output=True, text=True, timeout=120,
            env=os.environ | {"HOME": str(tmp_path)},
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return sorted(path for part in ("cur", "new") for path in (tmp_path / "mail" / "tour" / part).iterdir())

    files = synchronise()
    assert len(files) == 3 and all(path.name.endswith("S") for path in files)
    by_text = {path.read_bytes().split(b"Bonjour ")[1][:1]: path for path in files}
    flagged = by_text[b"1"]
    flagged.rename(flagged.with_name(flagged.name.removesuffix("S") + "FS"))
    by_text[b"2"].unlink()
    (tmp_path / "mail" / "tour" / "new" / "1.here.local").write_bytes((LETTER % (4, 4)).replace(b"\r\n", b"\n"))
    synchronise()
    far.select("tour", readonly=True)
    assert len(far.search(None, "ALL")[1][0].split()) == 3
    assert far.search(None, "FLAGGED", "BODY", '"Bonjour 1"')[1][0].split() != []
    assert far.search(None, "SUBJECT", '"tour 4"')[1][0].split() != []
    assert far.search(None, "SUBJECT", '"tour 2"')[1][0].split() == []
    far.unselect()
    far.delete("tour")


def test_curl_lists_appends_fetches_flags_and_moves(
    server: RunningServer, tool, far: imaplib.IMAP4, tmp_path: Path
) -> None:
    letter, base = tmp_path / "letter.eml", f"imap://127.0.0.1:{server.port('imap')}"
    letter.write_bytes(LETTER % (1, 1))

    def curl(*words: str) -> bytes:
        done = subprocess.run(
            [tool("curl"), "--silent", "--show-error", "--user", f"{MARIE}:{PASSWORD}", *words],
            capture_output=True, timeout=60,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    for box in ("tour", "rangement"):
        curl(f"{base}/", "--request", f"CREATE {box}")
    assert b'"tour"' in curl(f"{base}/")
    curl("--upload-file", str(letter), f"{base}/tour")
    assert curl(f"{base}/tour;UID=1") == LETTER % (1, 1)
    assert curl(f"{base}/tour;UID=1;SECTION=TEXT") == b"Bonjour 1\r\n"
    assert b"* SEARCH 1" in curl(f"{base}/tour?SUBJECT%20tour")
    assert rb"FLAGS (\Seen \Flagged" in curl(f"{base}/tour", "--request", r"STORE 1 +FLAGS (\Flagged)")
    curl(f"{base}/tour", "--request", "UID MOVE 1 rangement")
    assert (_count(far, "tour"), _count(far, "rangement")) == (0, 1)
    for box in ("tour", "rangement"):
        curl(f"{base}/", "--request", f"DELETE {box}")


@pytest.mark.parametrize("version", ["IMAP4rev1", "IMAP4rev2"])
def test_imaplib_idles_while_another_thread_appends(server: RunningServer, far: imaplib.IMAP4, version: str) -> None:
    """The standard library's client, in both versions of the protocol."""
    client = imaplib.IMAP4("127.0.0.1", server.port("imap"))
    client.login(MARIE, PASSWORD)
    if version == "IMAP4rev2":
        assert client._simple_command("ENABLE", version)[0] == "OK"
    client.create("tour")
    client.select("tour")
    appending = threading.Thread(target=far.append, args=("tour", None, None, LETTER % (1, 1)))
    client.send(b"x1 IDLE\r\n")
    assert client.readline().startswith(b"+ ")
    appending.start()
    assert client.readline() == b"* 1 EXISTS\r\n"
    client.send(b"DONE\r\n")
    while not client.readline().startswith(b"x1 OK"):
        pass
    appending.join()
    client.unselect()
    client.delete("tour")
    client.logout()
