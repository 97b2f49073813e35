"""A whole server in processes of its own, as an administrator starts it, on free ports with a new database."""

import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
# IANA's ports of the services plus an offset: the offset below leaves room for 995.
LARGEST_PORT = 995


def free_offset() -> int:
    """A PORT_OFFSET at which all ports of the catalogue are free right now."""
    offsets = list(range(11_000, 31_700, 100))  # below the ports that the system gives to clients
    random.shuffle(offsets)
    for offset in offsets:
        with contextlib.ExitStack() as stack:
            try:
                for port in (25, 587, 465, 143, 993, 110, 995, 80, 443):
                    probe = stack.enter_context(socket.socket())
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    probe.bind(("127.0.0.1", port + offset))
            except OSError:
                continue
            return offset
    raise AssertionError("no free ports")


class Server:
    """`manage.py runmailservices` and the commands beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.offset = free_offset()
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "FACTEUR_"))},
            "DATA_DIR": str(folder / "data"),
            "DATABASE_URL": f"sqlite:///{folder / 'data' / 'test.sqlite3'}",
            "PORT_OFFSET": str(self.offset),
            "PYTHONUNBUFFERED": "1",
        }
        self.output = folder / "output"
        self.process: subprocess.Popen[bytes] | None = None

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, *arguments: str) -> None:
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "runmailservices", *arguments],
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self.wait_until(lambda: "\nready\n" in self.said() or self.process.poll() is not None, 60)
        assert self.process.poll() is None, self.said()

    def said(self) -> str:
        return self.output.read_text()

    def steer(self, call: str) -> dict[str, Any]:
        """Run `protocols.runtime.services.CALL` in a process of its own, as the console does."""
        script = (
            "import dataclasses, json\n"
            "from protocols.runtime import services\n"
            f"print(json.dumps(dataclasses.asdict(services.{call})))"
        )
        return json.loads(self.manage("shell", "--no-imports", "-v", "0", "-c", script).splitlines()[-1])

    def connect(self, port: int) -> socket.socket:
        return socket.create_connection(("127.0.0.1", port + self.offset), timeout=10)

    def descendants(self) -> list[int]:
        """The processes below the supervisor."""
        assert self.process is not None
        found, waiting = [], [self.process.pid]
        while waiting:
            for task in Path(f"/proc/{waiting.pop()}/task").glob("*"):
                with contextlib.suppress(OSError):
                    children = [int(pid) for pid in (task / "children").read_text().split()]
                    found += children
                    waiting += children
        return found

    def wait_until(self, condition: Any, seconds: float = 15) -> Any:
        ends = time.monotonic() + seconds
        while not (value := condition()):
            assert time.monotonic() < ends, self.said()
            time.sleep(0.02)
        return value

    def stop(self) -> int:
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)


def is_alive(pid: int) -> bool:
    """Running, and not only a zombie that nobody has waited for yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@contextlib.contextmanager
def running(folder: Path, *arguments: str) -> Iterator[Server]:
    """A migrated database and a started server; ends with everything stopped."""
    server = Server(folder)
    server.manage("migrate", "-v", "0")
    server.start(*arguments)
    try:
        yield server
    finally:
        server.stop()
