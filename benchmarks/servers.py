"""The servers under measurement: ours, and Postfix + Dovecot where Debian's packages are installed."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "bench"
LOAD = SHARED / "load"
READY_SECONDS = 120
PEER_PACKAGES = ("dovecot", "postfix", "doveadm")


@dataclass
class Server:
    """Where a server listens and which processes are its own."""

    name: str
    smtp: int
    imap: int
    pop3: int
    pids: list[int] = field(default_factory=list)
    mail_root: Path | None = None  # of a peer that keeps caches beside the mail

    def forget_caches(self) -> None:
        """As after the first delivery: Dovecot without what it remembered of ENVELOPE and the like."""
        if self.mail_root is not None:
            for cache in self.mail_root.rglob("dovecot.index.cache*"):
                cache.unlink(missing_ok=True)


class Facteur:
    """Our server on a database of its own, on ports that nobody else has."""

    def __init__(self, base: Path, database_url: str = "", users: int = 200) -> None:
        self.base = base
        self.users = users
        self.offset = _free_offset()
        self.env = os.environ | {
            "DATA_DIR": str(base / "facteur"),
            "PORT_OFFSET": str(self.offset),
            "BIND": "127.0.0.1",
            "HOSTNAME_FQDN": "mailhost.mondomaine.fr",
        }
        if database_url:
            self.env["DATABASE_URL"] = database_url
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> Server:
        _manage(self.env, "migrate", "-v0")
        subprocess.run(
            [sys.executable, "-m", "benchmarks.accounts", str(self.users)], cwd=ROOT, env=self.env, check=True
        )
        self.log = open(self.base / "facteur.log", "w")  # noqa: SIM115 (closed in stop)
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "runmailservices", "--only", "smtp,imap,pop3"],
            cwd=ROOT,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
            start_new_session=True,
        )
        _wait_for_ready(self.process)
        return Server("facteur", self.offset + 25, self.offset + 143, self.offset + 110, [self.process.pid])

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)
        self.log.close()


class PostfixDovecot:
    """The reference peers, as ../shared/bench sets them up."""

    def __init__(self, base: Path, variant: str = "maildir", options: tuple[str, ...] = ()) -> None:
        self.base, self.variant, self.options = base / "peers", variant, options

    @staticmethod
    def why_not() -> str:
        """Empty when the peers can run here; else the reason."""
        missing = [name for name in PEER_PACKAGES if not shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin")]
        if missing:
            return f"not installed: {', '.join(missing)}"
        if os.geteuid() != 0:
            return "Postfix and Dovecot need root"
        return ""

    def start(self) -> Server:
        self._call("start", self.variant, *self.options)
        _wait_for_port(20143)
        _wait_for_port(20025)
        pids = [int(pid) for pid in self._call("pids").split()]
        name = "dovecot " + " ".join((self.variant, *self.options))
        return Server(name, 20025, 20143, 20110, pids, self.base / f"mail-{self.variant}")

    def stop(self) -> None:
        self._call("stop")

    def _call(self, *words: str) -> str:
        script = str(SHARED / "peers" / "peers.sh")
        output = self.base.parent / "peers.out"  # daemons inherit the pipe: a file does not block on them
        with open(output, "w+") as handle:
            subprocess.run(
                ["bash", script, str(self.base), *words], stdout=handle, stderr=handle, check=True, timeout=120
            )
            handle.seek(0)
            return handle.read()


def _manage(env: dict[str, str], *words: str) -> None:
    subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, env=env, check=True)


def _free_offset() -> int:
    """An offset at which the three ports that are measured are free."""
    for offset in range(30000, 60000, 1000):
        try:
            for port in (25, 110, 143):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", offset + port))
        except OSError:
            continue
        return offset
    raise RuntimeError("no free range of ports")


def _wait_for_ready(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        line = process.stdout.readline()
        if line.strip() == "ready":
            return
        if not line:
            raise RuntimeError(f"runmailservices ended with {process.wait()}")
    raise RuntimeError("runmailservices did not become ready")


def _wait_for_port(port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"nothing listens on {port}")
