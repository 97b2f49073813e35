"""`make bench`: ours and the peers, one after the other on the same machine, and a table of ratios.

The load generators and the peers' set-up are read from ../shared/bench. Without them, or without
Debian's Postfix and Dovecot, the missing side is left out and the table says why.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.scenarios import ALICE, SCENARIOS, USERS, Scenario
from benchmarks.servers import LOAD, ROOT, Facteur, PostfixDovecot, Server

SEEDED = 10_000
Results = dict[str, dict[str, Any]]


def seed(server: Server, count: int) -> None:
    """alice's INBOX: `count` messages of the default mix (70 % 2 KB, 25 % 20 KB, 5 % 200 KB)."""
    words = ["--port", str(server.imap), "--user", ALICE, "--count", str(count)]
    subprocess.run([sys.executable, str(LOAD / "seed_mailbox.py"), *words], check=True, stdout=subprocess.DEVNULL)


def measure(server: Server, scenarios: list[Scenario], runs: int) -> Results:
    """Each load once, however many lines of the table come from it."""
    results: Results = {}
    for load in dict.fromkeys(scenario.load for scenario in scenarios):
        started = time.monotonic()
        results[load.name] = load.run(server, runs)
        print(f"  {server.name}: {load.name} ({time.monotonic() - started:.0f} s)", flush=True)
    return results


def measure_ours(base: Path, args: argparse.Namespace, scenarios: list[Scenario]) -> Results:
    ours = Facteur(base, args.database_url, USERS)
    server = ours.start()
    try:
        seed(server, args.seed)
        return measure(server, scenarios, args.runs)
    finally:
        ours.stop()


def measure_peers(base: Path, args: argparse.Namespace, scenarios: list[Scenario]) -> dict[str, Results]:
    """Peer -> its figures."""
    results: dict[str, Results] = {}
    for peer, variant, options in (
        ("maildir", "maildir", ()),
        ("sdbox", "sdbox", ()),
        ("tuned", "maildir", ("tuned",)),
    ):
        wanted = [scenario for scenario in scenarios if peer in scenario.peers]
        if not wanted:
            continue
        dovecot = PostfixDovecot(base, variant, options)
        server = dovecot.start()
        try:
            if not options:
                seed(server, args.seed)
            results[peer] = measure(server, wanted, args.runs)
        finally:
            dovecot.stop()
    return results


def best_of(scenario: Scenario, peers: dict[str, Results]) -> tuple[str, float] | None:
    """The peer to be measured against: the better of those that the scenario names."""
    figures = [(peers[name][scenario.load.name][scenario.metric], name) for name in scenario.peers if name in peers]
    if not figures:
        return None
    figure, name = min(figures) if scenario.less_is_better else max(figures)
    return name, figure


def line(scenario: Scenario, own: float, peer: tuple[str, float] | None, why_not: str) -> str:
    shown, times = f"- ({why_not})" if scenario.peers else "-", None
    if peer is not None:
        name, other = peer
        shown = f"{other:,.1f} {scenario.unit} ({name})"
        times = other / max(own, 1e-9) if scenario.less_is_better else own / max(other, 1e-9)
    if scenario.absolute:
        reached, wanted = own <= scenario.absolute, f"at most {scenario.absolute:g} {scenario.unit}"
    else:
        reached, wanted = times is not None and times >= scenario.wanted, f"{scenario.wanted:g}"
    return (
        f"| {scenario.name} | {own:,.1f} {scenario.unit} | {shown} | {f'{times:.1f}' if times else '-'} | {wanted} "
        f"| {'reached' if reached else 'not reached'} |"
    )


def table(scenarios: list[Scenario], ours: Results, peers: dict[str, Results], why_not: str) -> str:
    """The Markdown table that docs/benchmarks.md shows."""
    lines = [
        "| scenario | Facteur | Postfix + Dovecot | ratio | wanted | |",
        "| --- | ---: | ---: | ---: | ---: | --- |",
    ]
    for scenario in scenarios:
        own = ours[scenario.load.name][scenario.metric]
        lines.append(line(scenario, own, best_of(scenario, peers), why_not))
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=SEEDED, help="messages in alice's INBOX")
    parser.add_argument("--only", default="", help="scenarios whose name contains this")
    parser.add_argument("--skip", default="", help="not those whose name contains this")
    parser.add_argument("--database-url", default="", help="ours on another database than SQLite")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "out")
    parser.add_argument("--no-peers", action="store_true")
    args = parser.parse_args()
    if not LOAD.is_dir():
        raise SystemExit(f"The load generators are not at {LOAD}: nothing can be measured without them.")
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65536), hard))
    scenarios = [scenario for scenario in SCENARIOS if args.only in scenario.name]
    if args.skip:
        scenarios = [scenario for scenario in scenarios if args.skip not in scenario.name]
    args.out.mkdir(parents=True, exist_ok=True)
    why_not = "left out" if args.no_peers else PostfixDovecot.why_not()
    with tempfile.TemporaryDirectory(prefix="facteur-bench-") as folder:
        base = Path(folder)
        base.chmod(0o755)  # Postfix and Dovecot work as users of their own below it
        ours = measure_ours(base, args, scenarios)
        peers = {} if why_not else measure_peers(base, args, scenarios)
    text = table(scenarios, ours, peers, why_not)
    day, python = time.strftime("%Y-%m-%d"), platform.python_version()
    head = f"{day}, {os.cpu_count()} cores, Python {python}, medians of {args.runs} runs\n\n"
    (args.out / "table.md").write_text(head + text)
    (args.out / "figures.json").write_text(json.dumps({"facteur": ours, "peers": peers}, indent=1))
    print("\n" + head + text)


if __name__ == "__main__":
    main()
