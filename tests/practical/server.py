"""A started Facteur: `manage.py runmailservices` in a folder and on ports of its own."""

from __future__ import annotations

import os
import random
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parent.parent.parent
STARTED_SECONDS = 90
STOPPED_SECONDS = 30
PORTS = {
    "smtp": 25, "submission": 587, "smtps": 465, "imap": 143, "imaps": 993,
    "pop3": 110, "pop3s": 995, "http": 80, "https": 443,
}  # fmt: skip
PASSWORDS = {"alice": "user1", "bob": "user2", "marie": "user3"}


class RunningServer:
    """Starts, stops and kills the whole process tree; knows its ports, its accounts and its CA."""

    def __init__(self, folder: Path, database_url: str = "", offset: int = 0) -> None:
        self.folder = folder
        self.offset = offset or free_offset()
        self.env = {key: value for key, value in os.environ.items() if not key.startswith(("DJANGO", "FACTEUR"))} | {
            "DATA_DIR": str(folder / "var"),
            "PORT_OFFSET": str(self.offset),
            "BIND": "127.0.0.1",
            "HOSTNAME_FQDN": "mailhost.mondomaine.fr",
        }
        self.env.pop("DATABASE_URL", None)
        if database_url:
            self.env["DATABASE_URL"] = database_url
        self.process: subprocess.Popen[str] | None = None
        self.output: list[str] = []
        self.admin_password = ""

    def port(self, service: str) -> int:
        return self.offset + PORTS[service]

    def url(self, path: str = "/webmail/", scheme: str = "http") -> str:
        return f"{scheme}://127.0.0.1:{self.port(scheme)}{path}"

    def manage(self, *words: str, stdin: str = "") -> str:
        """Run manage.py to its end and return what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words], cwd=ROOT, env=self.env, input=stdin,
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, f"manage.py {' '.join(words)}: {done.stdout}{done.stderr}"
        return done.stdout

    def create(self, *, lab: bool = True) -> None:
        """Make the database, and the practical's accounts in it."""
        self.manage("migrate", "-v0")
        if lab:
            printed = self.manage("createlab")
            self.admin_password = re.search(r"Administrator: .* password: (\S+)", printed)[1]  # type: ignore[index]

    def start(self, *words: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "runmailservices", *words], cwd=ROOT, env=self.env, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        ready = threading.Event()
        threading.Thread(target=self._read, args=(self.process, ready), daemon=True).start()
        deadline = time.monotonic() + STARTED_SECONDS
        while not ready.wait(0.05):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise AssertionError("the server did not become ready:\n" + "".join(self.output))

    def _read(self, process: subprocess.Popen[str], ready: threading.Event) -> None:
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                self.output.append(line)
                if line.strip() == "ready":
                    ready.set()

    def stop(self) -> None:
        """SIGTERM, as systemd does; the server finishes what it accepted."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(STOPPED_SECONDS)

    def tree(self) -> list[int]:
        """The pids of the server and of all its descendants."""
        children: dict[int, list[int]] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    fields = (entry / "stat").read_text().rpartition(")")[2].split()
                except OSError:
                    continue
                children.setdefault(int(fields[1]), []).append(int(entry.name))
        found, queue = [], [self.process.pid] if self.process else []
        while queue:
            pid = queue.pop()
            found.append(pid)
            queue += children.get(pid, [])
        return found

    def kill(self) -> None:
        """SIGKILL to every process of the tree, the supervising one first."""
        if not self.process:
            return
        for pid in self.tree():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait(STOPPED_SECONDS)

    def ca_file(self) -> Path:
        """The CA certificate, downloaded as a browser would."""
        from urllib.request import urlopen

        path = self.folder / "ca.pem"
        with urlopen(self.url("/admin/certificates/ca.crt")) as response:
            path.write_bytes(response.read())
        return path

    def tls_context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.ca_file()))


def free_offset() -> int:
    """An offset at which the ports of all services are free just now."""
    for _ in range(50):
        offset = random.randrange(11_000, 31_700, 100)  # below the ports that the system gives to clients
        if is_free(offset):
            return offset
    raise AssertionError("no free range of ports")


def is_free(offset: int) -> bool:
    """Whether every service could listen at this offset."""
    try:
        for port in PORTS.values():
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", offset + port))
    except OSError:
        return False
    return True


@contextmanager
def database() -> Iterator[str]:
    """A database of its own on the server that DATABASE_URL names; "" for SQLite."""
    base = os.environ.get("DATABASE_URL", "")
    if not base.startswith("postgres"):
        yield ""
        return
    name = f"facteur_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(base, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield urlunsplit(urlsplit(base)._replace(path="/" + name))
    finally:
        with psycopg.connect(base, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def running_server(
    folder: Path, *, lab: bool = True, words: tuple[str, ...] = (), offset: int = 0
) -> Iterator[RunningServer]:
    """A server with the practical's accounts, stopped at the end; offset 0: wherever there is room."""
    with database() as url:
        server = RunningServer(folder, url, offset)
        server.create(lab=lab)
        server.start(*words)
        try:
            yield server
        finally:
            server.stop()
            server.kill()
