"""What is measured, by which load generator, and which ratio to the peer is wanted."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.servers import LOAD, Server

ALICE, MARIE = "alice@mondomaine.fr", "marie@mondomaine.fr"
RUN_SECONDS = 600
Arguments = Callable[[Server], list[str]]


@dataclass(frozen=True)
class Scenario:
    """One line of the table. `wanted` is ours / peer (or peer / ours where less is better)."""

    name: str
    tool: str
    arguments: Arguments
    metric: str
    unit: str
    wanted: float
    less_is_better: bool = False
    peer: str = "maildir"
    absolute: float = 0.0  # a bound in the metric's own unit, where the goal is no ratio

    def run(self, server: Server, runs: int) -> dict[str, Any]:
        """Medians of `runs` runs, as the load generator reports them."""
        words = [sys.executable, str(LOAD / self.tool), *self.arguments(server), "--runs", str(runs), "--json"]
        for pid in server.pids:
            words += ["--pid", str(pid)]
        done = subprocess.run(words, capture_output=True, text=True, timeout=RUN_SECONDS)
        if done.returncode:
            raise RuntimeError(f"{self.name} on {server.name}: {done.stderr.strip()[-400:]}")
        return json.loads(done.stdout)["median"]


def _imap(*words: str) -> Arguments:
    return lambda server: [words[0], "--port", str(server.imap), *words[1:]]


def _smtp(*words: str) -> Arguments:
    return lambda server: ["--port", str(server.smtp), "--wait-imap", f"127.0.0.1:{server.imap}", *words]


def _idle(connections: int, users: int) -> Arguments:
    return lambda server: [
        "idle",
        "--port",
        str(server.imap),
        "--connections",
        str(connections),
        "--user-pattern",
        "user{:04d}@mondomaine.fr",
        "--user-count",
        str(users),
        "--quiet",
        "5",
        "--deliver-smtp",
        f"127.0.0.1:{server.smtp}",
    ]


SCENARIOS = (
    Scenario(
        "smtp: 8 connections, one mailbox, delivered",
        "smtp_load.py",
        _smtp("--user", MARIE, "--count", "2000", "--connections", "8"),
        "delivered_per_s",
        "msg/s",
        5,
    ),
    Scenario(
        "imap: list of 10,000, warm", "imap_load.py", _imap("list", "--user", ALICE), "warm_msg_per_s", "msg/s", 2.5
    ),
    Scenario(
        "imap: page of 50, median",
        "imap_load.py",
        _imap("list", "--user", ALICE),
        "page50_p50_ms",
        "ms",
        1,
        less_is_better=True,
    ),
    Scenario(
        "imap: download of 10,000 (179 MB)", "imap_load.py", _imap("sync", "--user", ALICE), "msg_per_s", "msg/s", 1
    ),
    Scenario(
        "imap: login + select, 8 connections",
        "imap_load.py",
        _imap("login", "--user", MARIE, "--mailbox", "Sent", "--cycles", "600", "--connections", "8"),
        "cycle_per_s",
        "cycles/s",
        2,
        peer="tuned",
    ),
    Scenario(
        "imap: login + select, 1 connection",
        "imap_load.py",
        _imap("login", "--user", MARIE, "--mailbox", "Sent", "--cycles", "300"),
        "cycle_per_s",
        "cycles/s",
        2,
        peer="tuned",
    ),
    Scenario(
        "imap: memory of an idle connection",
        "imap_load.py",
        _idle(2000, 100),
        "pss_kib_per_connection",
        "KiB",
        1,
        less_is_better=True,
        absolute=20,
    ),
    Scenario(
        "imap: push after delivery, median",
        "imap_load.py",
        _idle(100, 100),
        "push_after_ack_p50_ms",
        "ms",
        1,
        less_is_better=True,
        absolute=10,
    ),
)
