"""All features of a server at once, for an hour: `python -m benchmarks.soak --minutes 60 --stores sqlite postgres`.

Clients create, change, search, claim, undo, import, batch and delete; others hold streams of events, webhooks are
delivered, reminders fire, old data is purged. In the end no request has failed, `taskharbor verify` finds nothing, and
the memory and the open files of the server are what they were: of the time after the first quarter, the last third is
compared with the first.
"""

import argparse
import asyncio
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Final

from benchmarks.failure import BenchmarkFailed
from benchmarks.lineup import OURS, Launch
from benchmarks.markdown import markdown_table
from benchmarks.servers import running
from benchmarks.signals import exit_on_signals
from benchmarks.soaking.footprint import Footprint, watch
from benchmarks.soaking.load import unused, use_everything
from benchmarks.soaking.tally import Tally
from benchmarks.stores import STORES, FreshDatabase, open_stores

PROGRAM: Final = Path(sys.executable).with_name("taskharbor")
SETTINGS: Final = {
    "TASKHARBOR_WEBHOOK_NETWORKS": "127.0.0.0/8",
    "TASKHARBOR_METRICS_PORT": "0",
    "TASKHARBOR_MCP": "true",
    "TASKHARBOR_TRASH_RETENTION": "30",
    "TASKHARBOR_HISTORY_RETENTION": "60",
    "TASKHARBOR_IDEMPOTENCY_RETENTION": "60",
    "TASKHARBOR_PURGE_INTERVAL": "5",
    "TASKHARBOR_LOG_LEVEL": "warning",
}
"""So that what is kept is as much after a minute as after an hour."""

MEMORY_ALLOWED: Final = 20 * 2**20
"""Bytes that the server may have grown by."""

FILES_ALLOWED: Final = 10

REPORT_EVERY: Final = 300
"""Seconds."""


def main() -> None:
    options = options_from(sys.argv[1:])
    exit_on_signals()
    with open_stores(options.stores) as stores:
        ends = [soak(store, stores[store], options) for store in options.stores]
    header = [
        "store",
        "requests",
        "repeated",
        "failed",
        "events",
        "webhooks",
        "MB at first",
        "MB at last",
        "files",
        "verify",
    ]
    print(markdown_table(header, [row for row, _ in ends]))
    if wrong := [line for _, lines in ends for line in lines]:
        sys.exit("\n".join(wrong))


def options_from(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--stores", nargs="+", choices=STORES, default=list(STORES))
    parser.add_argument("--smoke", action="store_true", help="4 seconds, whose memory is not judged")
    options = parser.parse_args(arguments)
    if options.smoke:
        options.minutes, options.clients = 4 / 60, 4
    return options


def soak(store: str, fresh_database: FreshDatabase, options: argparse.Namespace) -> tuple[list[str], list[str]]:
    """Return a row of the table, and what is wrong."""
    with fresh_database() as url:
        try:
            with running(replace(OURS, launch=_launch), url) as server:
                tally, footprint = asyncio.run(_load(server.port, server.pid, options))
        except BenchmarkFailed as failure:
            return [store, *["MISSING"] * 9], [f"{store}: {failure}"]
        verified = subprocess.run(
            [PROGRAM, "verify", "--database-url", url], capture_output=True, text=True, check=False
        )
    wrong = [f"{store}: {line}" for line in (*tally.failures, *unused(tally))]
    if verified.returncode:
        wrong.append(f"{store}: {verified.stdout[-2000:]}{verified.stderr}")
    if not options.smoke:
        grown = footprint.memory_at_last - footprint.memory_at_first
        if grown > MEMORY_ALLOWED:
            wrong.append(f"{store}: the server has grown by {grown / 2**20:.0f} MB")
        if footprint.files_at_last > footprint.files_at_first + FILES_ALLOWED:
            wrong.append(f"{store}: {footprint.files_at_first} open files became {footprint.files_at_last}")
    print(f"{store}: {', '.join(f'{name} {times:,}' for name, times in sorted(tally.done.items()))}", file=sys.stderr)
    return [
        store,
        f"{tally.done.total():,}",
        f"{tally.repeated:,}",
        str(len(tally.failures)),
        f"{tally.events:,}",
        f"{tally.deliveries:,}",
        f"{footprint.memory_at_first / 2**20:.0f}",
        f"{footprint.memory_at_last / 2**20:.0f}",
        f"{footprint.files_at_first:.0f}, {footprint.files_at_last:.0f}",
        verified.stdout.strip().splitlines()[-1] if verified.stdout.strip() else "MISSING",
    ], wrong


async def _load(port: int, pid: int, options: argparse.Namespace) -> tuple[Tally, Footprint]:
    tally = Tally()
    seconds = options.minutes * 60
    watching = asyncio.create_task(watch(pid, every=max(0.5, seconds / 200)))
    reporting = asyncio.create_task(_report(tally))
    try:
        await use_everything(f"http://127.0.0.1:{port}", options.clients, seconds, tally)
    finally:
        reporting.cancel()
        watching.cancel()
    return tally, await watching


async def _report(tally: Tally) -> None:
    """Say now and then how it goes, so that nobody waits an hour to see what failed in the first minute."""
    for minutes in count(REPORT_EVERY // 60, REPORT_EVERY // 60):
        await asyncio.sleep(REPORT_EVERY)
        print(
            f"{minutes} minutes: {tally.done.total():,} uses", *tally.failures, sep="\n  ", file=sys.stderr, flush=True
        )


def _launch(port: int, url: str) -> Launch:
    command = [str(PROGRAM), "serve", "--migrate", "--port", str(port), "--database-url", url]
    return Launch(command=command, environment=SETTINGS)


if __name__ == "__main__":
    main()
