"""What is measured, by which load generator, and which ratio to the peers is wanted."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.servers import LOAD, Server

ALICE, MARIE = "alice@mondomaine.fr", "marie@mondomaine.fr"
RUN_SECONDS = 900
USERS = 1000  # for the idle connections: user0001 ...
Arguments = Callable[[Server], list[str]]
Figures = dict[str, Any]
BOTH, MAILDIR, SDBOX, TUNED = ("maildir", "sdbox"), ("maildir",), ("sdbox",), ("tuned",)


@dataclass(frozen=True)
class Load:
    """One call of a load generator; several lines of the table may come from it."""

    name: str
    tool: str
    arguments: Arguments
    cold: bool = False  # what the server keeps beside the mail is forgotten before each run

    def run(self, server: Server, runs: int) -> Figures:
        """Medians of `runs` runs, as the load generator reports them."""
        if not self.cold:
            return self._call(server, runs)
        each = []
        for _ in range(runs):
            server.forget_caches()
            each.append(self._call(server, 1))
        return {key: statistics.median(one[key] for one in each) for key in each[0]}

    def _call(self, server: Server, runs: int) -> Figures:
        words = [sys.executable, str(LOAD / self.tool), *self.arguments(server), "--runs", str(runs), "--json"]
        for pid in server.pids:
            words += ["--pid", str(pid)]
        done = subprocess.run(words, capture_output=True, text=True, timeout=RUN_SECONDS)
        if done.returncode:
            raise RuntimeError(f"{self.name} on {server.name}: {done.stderr.strip()[-400:]}")
        return json.loads(done.stdout)["median"]


@dataclass(frozen=True)
class Scenario:
    """One line of the table. `wanted` is ours to the best of `peers`, so that more is better."""

    name: str
    load: Load
    metric: str
    unit: str
    wanted: float = 1.0
    less_is_better: bool = False
    peers: tuple[str, ...] = BOTH
    absolute: float = 0.0  # a bound in the metric's own unit, where the goal is no ratio


def _imap(*words: str) -> Arguments:
    return lambda server: [words[0], "--port", str(server.imap), *words[1:]]


def _smtp(*words: str) -> Arguments:
    return lambda server: ["--port", str(server.smtp), "--wait-imap", f"127.0.0.1:{server.imap}", *words]


def _pop3(*words: str) -> Arguments:
    return lambda server: ["--port", str(server.pop3), *words]


def _idle(connections: int, users: int) -> Arguments:
    words = ["--connections", str(connections), "--user-pattern", "user{:04d}@mondomaine.fr"]
    words += ["--user-count", str(users), "--quiet", "5"]
    return lambda server: [
        "idle", "--port", str(server.imap), *words, "--deliver-smtp", f"127.0.0.1:{server.smtp}",
    ]  # fmt: skip


# The order is that of the measurements: what fills or changes the mailboxes comes behind what reads them.
_COLD = Load("cold list", "imap_load.py", _imap("list", "--user", ALICE), cold=True)
_LIST = Load("list", "imap_load.py", _imap("list", "--user", ALICE))
_SYNC = Load("sync", "imap_load.py", _imap("sync", "--user", ALICE))
_FLAGS = Load("flags", "imap_load.py", _imap("flags", "--user", ALICE))
_SEARCH = Load("search", "imap_load.py", _imap("search", "--user", ALICE))
_MOVE = Load("move", "imap_load.py", _imap("move", "--user", ALICE, "--count", "1000"))
_POP3 = Load("pop3", "pop3_load.py", _pop3("--user", ALICE))
_POP3_20 = Load("pop3 window 20", "pop3_load.py", _pop3("--user", ALICE, "--window", "20"))
_LOGIN_WORDS = ("login", "--user", MARIE, "--mailbox", "Sent")
_LOGIN_8 = Load("login 8", "imap_load.py", _imap(*_LOGIN_WORDS, "--cycles", "600", "--connections", "8"))
_LOGIN_1 = Load("login 1", "imap_load.py", _imap(*_LOGIN_WORDS, "--cycles", "300"))
_APPEND = Load("append", "imap_load.py", _imap("append", "--user", MARIE, "--count", "1000", "--connections", "8"))
_SMTP = Load("smtp", "smtp_load.py", _smtp("--user", MARIE, "--count", "2000", "--connections", "8"))
_IDLE = Load("idle", "imap_load.py", _idle(2000, 100))
_IDLE_10000 = Load("idle 10,000", "imap_load.py", _idle(10_000, USERS))
_PUSH = Load("push", "imap_load.py", _idle(100, 100))

SCENARIOS = (
    Scenario("imap: list of 10,000, cold", _COLD, "first_msg_per_s", "msg/s", 5),
    Scenario("imap: list of 10,000, warm", _LIST, "warm_msg_per_s", "msg/s", 2.5),
    Scenario("imap: page of 50, median", _LIST, "page50_p50_ms", "ms", 1, less_is_better=True),
    Scenario("imap: download of 10,000 (179 MB)", _SYNC, "msg_per_s", "msg/s", 1),
    Scenario("imap: FETCH FLAGS of 10,000", _FLAGS, "fetch_msg_per_s", "msg/s", 1),
    Scenario("imap: STORE of 10,000", _FLAGS, "store_msg_per_s", "msg/s", 5, peers=MAILDIR),
    Scenario("imap: SEARCH SUBJECT", _SEARCH, "subject_first_ms", "ms", 10, less_is_better=True),
    Scenario("imap: SEARCH FROM", _SEARCH, "from_first_ms", "ms", 10, less_is_better=True),
    Scenario("imap: SEARCH BODY", _SEARCH, "body_first_ms", "ms", 20, less_is_better=True),
    Scenario("imap: SEARCH TEXT", _SEARCH, "text_first_ms", "ms", 20, less_is_better=True),
    Scenario("imap: UID MOVE of 1,000", _MOVE, "msg_per_s", "msg/s", 3),
    Scenario("pop3: 10,000 messages, one by one", _POP3, "msg_per_s", "msg/s", 1),
    Scenario("pop3: 10,000 messages, 20 in flight", _POP3_20, "msg_per_s", "msg/s", 1),
    Scenario("imap: login + select, 8 connections", _LOGIN_8, "cycle_per_s", "cycles/s", 2, peers=TUNED),
    Scenario("imap: login + select, 1 connection", _LOGIN_1, "cycle_per_s", "cycles/s", 2, peers=TUNED),
    Scenario("imap: APPEND over 8 connections", _APPEND, "msg_per_s", "msg/s", 3, peers=MAILDIR),
    Scenario("imap: APPEND over 8 connections, sdbox", _APPEND, "msg_per_s", "msg/s", 1, peers=SDBOX),
    Scenario("smtp: 8 connections, one mailbox, delivered", _SMTP, "delivered_per_s", "msg/s", 5),
    Scenario("imap: memory of an idle connection", _IDLE, "pss_kib_per_connection", "KiB",
             less_is_better=True, peers=MAILDIR, absolute=20),
    Scenario("imap: push after delivery, median", _PUSH, "push_after_ack_p50_ms", "ms",
             less_is_better=True, peers=MAILDIR, absolute=10),
    Scenario("imap: memory of one of 10,000 idle connections", _IDLE_10000, "pss_kib_per_connection", "KiB",
             less_is_better=True, peers=(), absolute=15),
    Scenario("imap: push among 10,000 connections, median", _IDLE_10000, "push_after_ack_p50_ms", "ms",
             less_is_better=True, peers=(), absolute=20),
)  # fmt: skip
