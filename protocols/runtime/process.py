"""Processes that belong together: children that die with their parent, and are started again when they fail."""

import ctypes
import os
import resource
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
# The pid a child expects as its parent; it ends if that parent was gone before the child could ask the kernel.
PARENT_VARIABLE = "FACTEUR_PARENT"
# Seconds before a child that failed is started again, growing from the first to the second while it keeps failing.
FIRST_DELAY, LONGEST_DELAY = 1.0, 30.0
# A child that ran for this many seconds had a good start; its next failure counts as the first.
GOOD_START = 60.0


def die_with_parent() -> None:
    """Let the kernel kill this process when its parent ends, however it ends. Linux only; elsewhere it does nothing."""
    try:
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    except (OSError, AttributeError):
        return
    expected = os.environ.get(PARENT_VARIABLE)
    if expected and int(expected) != os.getppid():
        os._exit(1)


def allow_many_files() -> None:
    """Raise the soft limit of open files to the hard one: a connection is a file, and 1,024 are soon used up."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class Child:
    """A child process that should run. Not thread-safe: one thread starts and watches it."""

    def __init__(self, name: str, command: Sequence[str], folder: Path) -> None:
        self.name = name
        self.environment: Mapping[str, str] = {}  # added to ours at the next start
        self._command = list(command)
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._delay = FIRST_DELAY
        self._started_at = 0.0
        self.again_at = 0.0  # time.monotonic() of the next start, after a failure

    def start(self, pass_fds: Sequence[int] = ()) -> None:
        """Start it in a process group of its own: Ctrl-C in a terminal reaches the parent only, which then stops it."""
        self._process = subprocess.Popen(
            self._command,
            env={**os.environ, **self.environment, PARENT_VARIABLE: str(os.getpid())},
            cwd=self._folder,
            pass_fds=pass_fds,
            stdin=subprocess.DEVNULL,
            process_group=0,
        )
        self._started_at = time.monotonic()

    @property
    def pid(self) -> int:
        """0: not running."""
        return self._process.pid if self._process is not None else 0

    def failed(self) -> str:
        """How it ended, if it did without being asked; "" while it runs. Sets `again_at`."""
        if self._process is None or (code := self._process.poll()) is None:
            return ""
        self._process = None
        if time.monotonic() - self._started_at > GOOD_START:
            self._delay = FIRST_DELAY
        self.again_at = time.monotonic() + self._delay
        self._delay = min(2 * self._delay, LONGEST_DELAY)
        return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"

    @property
    def seconds_to_wait(self) -> int:
        """Whole seconds until it may be started again."""
        return max(0, round(self.again_at - time.monotonic()))

    def terminate(self) -> "subprocess.Popen[bytes] | None":
        """Ask it to stop; the process is the caller's to wait for."""
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            process.terminate()
        return process


def wait_or_kill(processes: Sequence["subprocess.Popen[bytes]"], seconds: float) -> None:
    """Wait until all have ended; kill what is left after `seconds`."""
    ends = time.monotonic() + seconds
    for process in processes:
        try:
            process.wait(max(0.0, ends - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def on_signals(action: Callable[[], None]) -> None:
    """Run `action` on SIGTERM and SIGINT."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: action())
