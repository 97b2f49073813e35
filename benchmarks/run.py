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

from benchmarks.scenarios import ALICE, SCENARIOS, Scenario
from benchmarks.servers import LOAD, ROOT, Facteur, PostfixDovecot, Server

SEEDED = 10_000
Results = dict[str, dict[str, Any]]


def seed(server: Server, count: int) -> None:
    """alice's INBOX: `count` messages of the default mix (70 % 2 KB, 25 % 20 KB, 5 % 200 KB)."""
    words = ["--port", str(server.imap), "--user", ALICE, "--count", str(count)]
    subprocess.run([sys.executable, str(LOAD / "seed_mailbox.py"), *words], check=True, stdout=subprocess.DEVNULL)


def measure(server: Server, scenarios: list[Scenario], runs: int) -> Results:
    results: Results = {}
    for scenario in scenarios:
        started = time.monotonic()
        results[scenario.name] = scenario.run(server, runs)
        figure = results[scenario.name][scenario.metric]
        print(
            f"  {server.name}: {scenario.name}: {figure:,.1f} {scenario.unit} ({time.monotonic() - started:.0f} s)",
            flush=True,
        )
    return results


def measure_ours(base: Path, args: argparse.Namespace, scenarios: list[Scenario]) -> Results:
    ours = Facteur(base, args.database_url)
    server = ours.start()
    try:
        seed(server, args.seed)
        return measure(server, scenarios, args.runs)
    finally:
        ours.stop()


def measure_peers(base: Path, args: argparse.Namespace, scenarios: list[Scenario]) -> Results:
    results: Results = {}
    for peer, options in (("maildir", ()), ("tuned", ("tuned",))):
        wanted = [scenario for scenario in scenarios if scenario.peer == peer]
        if not wanted:
            continue
        dovecot = PostfixDovecot(base, "maildir", options)
        server = dovecot.start()
        try:
            if peer == "maildir":
                seed(server, args.seed)
            results |= measure(server, wanted, args.runs)
        finally:
            dovecot.stop()
    return results


def ratio(scenario: Scenario, ours: float, peer: float) -> float:
    return peer / max(ours, 1e-9) if scenario.less_is_better else ours / max(peer, 1e-9)


def table(scenarios: list[Scenario], ours: Results, peers: Results, why_not: str) -> str:
    """The Markdown table that docs/benchmarks.md shows."""
    lines = [
        "| scenario | Facteur | Postfix + Dovecot | ratio | wanted | |",
        "| --- | ---: | ---: | ---: | ---: | --- |",
    ]
    for scenario in scenarios:
        own = ours[scenario.name][scenario.metric]
        other = peers.get(scenario.name, {}).get(scenario.metric)
        shown = f"{other:,.1f} {scenario.unit}" if other is not None else f"- ({why_not})"
        times = ratio(scenario, own, other) if other is not None else None
        if scenario.absolute:
            reached, wanted = own <= scenario.absolute, f"at most {scenario.absolute:g} {scenario.unit}"
        else:
            reached, wanted = times is not None and times >= scenario.wanted, f"{scenario.wanted:g}"
        lines.append(
            f"| {scenario.name} | {own:,.1f} {scenario.unit} | {shown} | {f'{times:.1f}' if times else '-'} | {wanted} "
            f"| {'reached' if reached else 'not reached'} |"
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=SEEDED, help="messages in alice's INBOX")
    parser.add_argument("--only", default="", help="scenarios whose name contains this")
    parser.add_argument("--database-url", default="", help="ours on another database than SQLite")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "out")
    parser.add_argument("--no-peers", action="store_true")
    args = parser.parse_args()
    if not LOAD.is_dir():
        raise SystemExit(f"The load generators are not at {LOAD}: nothing can be measured without them.")
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65536), hard))
    scenarios = [scenario for scenario in SCENARIOS if args.only in scenario.name]
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
