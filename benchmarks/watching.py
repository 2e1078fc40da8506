"""How soon watchers are told, and what they cost: `python -m benchmarks.watching`.

Watchers are connections to `/events`; each commit has a number in its title. A latency is from the answer to the
create, when the commit is durable, to the event.
"""

import argparse
import asyncio
import json
import re
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median
from typing import Final, cast

import psutil  # type: ignore[import-untyped]
import uvloop

from benchmarks.calls import CREATE
from benchmarks.cpu import cpu_seconds
from benchmarks.drawing import write_ids
from benchmarks.failure import BenchmarkFailed
from benchmarks.lineup import OURS
from benchmarks.load import Load, load_for
from benchmarks.markdown import markdown_table
from benchmarks.servers import Server, running
from benchmarks.signals import exit_on_signals
from benchmarks.stores import STORES, open_stores
from benchmarks.temporary import temporary_folder

WATCH: Final = b"GET /events?fields=title HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
_TITLE: Final = re.compile(rb'"commit (\d+)"')
MEGABYTE: Final = 1_000_000


@dataclass
class Watcher(asyncio.Protocol):
    """Notes when the event of which commit came."""

    arrived: dict[int, float] = field(default_factory=dict)
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    rest: bytes = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's own is no subclass
        self.transport.write(WATCH)

    def close(self) -> None:
        self.transport.close()

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        whole, blank, self.rest = (self.rest + data).rpartition(b"\n\n")
        for number in _TITLE.findall(whole + blank):
            self.arrived[int(number)] = now
        self.ready.set()


async def watchers_on(server: Server, count: int) -> list[Watcher]:
    """Connect, and wait until each has been told where it is."""
    loop = asyncio.get_running_loop()
    found: list[Watcher] = []
    for _ in range(count):
        _, watcher = await loop.create_connection(Watcher, "127.0.0.1", server.port)
        found.append(watcher)
    async with asyncio.timeout(60):
        for watcher in found:
            await watcher.ready.wait()
    return found


async def commits_on(server: Server, count: int, rate: float) -> dict[int, float]:
    """Create so many tasks at a rate; return when each was answered."""
    answered: dict[int, float] = {}
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    began = time.perf_counter()
    for number in range(count):
        await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
        body = json.dumps({"title": f"commit {number}"}).encode()
        head = "POST /tasks/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        if b" 201 " not in answer.split(b"\r\n")[0]:
            raise BenchmarkFailed(answer.decode())
        length = re.search(rb"content-length: (\d+)", answer)
        assert length
        await reader.readexactly(int(length[1]))
        answered[number] = time.perf_counter()
    writer.close()
    return answered


async def latencies(watchers: Sequence[Watcher], committing: Server, count: int, rate: float) -> list[float]:
    """Return, sorted, how many milliseconds after each commit each watcher was told.

    Raises:
        BenchmarkFailed: if one was not told of all.
    """
    for watcher in watchers:
        watcher.arrived.clear()
    answered = await commits_on(committing, count, rate)
    for _ in range(200):
        if all(len(watcher.arrived) >= count for watcher in watchers):
            break
        await asyncio.sleep(0.05)
    missed = [sorted(answered.keys() - watcher.arrived.keys()) for watcher in watchers]
    if any(missed):
        raise BenchmarkFailed(f"{sum(map(bool, missed))} watchers were not told of commits such as {max(missed)[:5]}")
    return sorted(
        max(0.0, arrived - answered[number]) * 1000
        for watcher in watchers
        for number, arrived in watcher.arrived.items()
    )


def percentiles(found: Sequence[float]) -> str:
    return ", ".join(f"{found[min(len(found) - 1, int(len(found) * share))]:.1f}" for share in (0.5, 0.99, 1))


async def costs(server: Server, count: int, seconds: float) -> tuple[list[Watcher], float, float]:
    """Return so many watchers, the memory that they took in MB, and what they take of a processor at rest."""
    process = psutil.Process(server.pid)
    before = process.memory_info().rss
    watchers = await watchers_on(server, count)
    memory = (process.memory_info().rss - before) / MEGABYTE
    began, used = time.perf_counter(), cpu_seconds(server.pid)
    await asyncio.sleep(seconds)
    return watchers, memory, (cpu_seconds(server.pid) - used) / (time.perf_counter() - began)


async def measured(one: Server, other: Server, options: argparse.Namespace) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    few = 20 if options.smoke else 200
    (here,) = await watchers_on(one, 1)
    rows.append(("same process, ms (p50, p99, worst)", percentiles(await latencies([here], one, few, 20))))
    rows.append(("other process, ms", percentiles(await latencies([here], other, few, 20))))
    watchers, memory, share = await costs(one, options.watchers, 1 if options.smoke else 20)
    rows.append((f"{options.watchers} watchers, MB", f"{memory:.0f}"))
    rows.append((f"{options.watchers} watchers at rest, % of a processor", f"{share * 100:.1f}"))
    await latencies(watchers, one, few, 50)  # the first round makes buffers
    rows.append(
        (f"{options.watchers} watchers, 50 commits/s, ms", percentiles(await latencies(watchers, one, few, 50)))
    )
    return rows


async def full_rate(server: Server, watchers: int, load: Load, seconds: int) -> tuple[float, float]:
    """Return how many creates a second are answered while so many watch, and the microseconds of CPU of each."""
    found = await watchers_on(server, watchers)
    with temporary_folder() as folder:
        drawn = folder / "ids"
        write_ids(list(range(1, 201)), drawn)
        used = cpu_seconds(server.pid)
        measurement = await asyncio.to_thread(load, CREATE, port=server.port, drawn=drawn, seconds=seconds)
        used = cpu_seconds(server.pid) - used
    for watcher in found:
        watcher.close()
    return measurement.requests_per_second, used / measurement.requests * 1_000_000


async def full_rates(server: Server, load: Load, seconds: int, rounds: int) -> list[tuple[str, str]]:
    """Let each number of watchers have its turn in each round: what else the machine does is the same for all."""
    counts = (0, 1, 100)
    found: dict[int, list[tuple[float, float]]] = {count: [] for count in counts}
    for _ in range(rounds):
        for count in counts:
            found[count].append(await full_rate(server, count, load, seconds))
    return [
        (
            f"creates/s with {count} watchers; CPU of each, microseconds",
            f"{median(rate for rate, _ in found[count]):,.0f}; {median(cpu for _, cpu in found[count]):,.0f}",
        )
        for count in counts
    ]


def main() -> None:
    options = options_from(sys.argv[1:])
    exit_on_signals()
    load = load_for(smoke=options.smoke)
    rows: list[list[str]] = []
    try:
        with open_stores(options.stores) as stores:
            for store in options.stores:
                if not options.only_rates:
                    with ExitStack() as stack:
                        url = stack.enter_context(stores[store]())
                        one, other = (stack.enter_context(running(OURS, url)) for _ in range(2))
                        rows += [[store, *row] for row in uvloop.run(measured(one, other, options))]
                with stores[store]() as url, running(OURS, url) as server:
                    seconds, rounds = (1, 1) if options.smoke else (options.seconds, 3)
                    rows += [[store, *row] for row in uvloop.run(full_rates(server, load, seconds, rounds))]
    except BenchmarkFailed as failure:
        sys.exit(str(failure))
    finally:
        print(markdown_table(["store", "what", "measured"], rows))


def options_from(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.watching")
    parser.add_argument("--watchers", type=int, default=1000)
    parser.add_argument("--seconds", type=int, default=5, help="of creates at the full rate")
    parser.add_argument("--stores", nargs="+", choices=STORES, default=list(STORES))
    parser.add_argument("--only-rates", action="store_true", help="only creates at the full rate")
    parser.add_argument("--smoke", action="store_true", help="a few commits and watchers, no wrk")
    options = parser.parse_args(arguments)
    if options.smoke:
        options.watchers = 10
    return options


if __name__ == "__main__":
    main()
