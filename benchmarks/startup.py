"""How fast a server starts and how much memory it takes: `python -m benchmarks.startup`.

Each contestant starts twice on the same database, as the first start has to make the tables. Memory is what is
resident in the server's process and its children together; with one worker that is the cost of a worker.
"""

import argparse
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

import psutil  # type: ignore[import-untyped]

from benchmarks.calls import CHANGE, CREATE, GET, LIST
from benchmarks.client import client_on
from benchmarks.drawing import write_ids
from benchmarks.failure import BenchmarkFailed
from benchmarks.lineup import CONTESTANTS, Contestant
from benchmarks.load import Load, load_for
from benchmarks.markdown import markdown_table
from benchmarks.seeding import seed
from benchmarks.servers import Server, running
from benchmarks.signals import exit_on_signals
from benchmarks.stores import STORES, FreshDatabase, open_stores
from benchmarks.temporary import temporary_folder

LOAD: Final = (GET, LIST, CHANGE, CREATE)
MEGABYTE: Final = 1_000_000
TASKS: Final = 100
EMBED: Final = """
import time
began = time.perf_counter()
import asyncio
from taskharbor.entrypoints.embedded import open_taskharbor

async def opened():
    async with open_taskharbor("memory://"):
        pass

asyncio.run(opened())
print(time.perf_counter() - began, time.process_time())
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Seconds to the first answer on an empty and on a used database; resident bytes before and after a load."""

    first: float
    again: float
    idle: float
    loaded: float


def main() -> None:
    options = options_from(sys.argv[1:])
    exit_on_signals()
    load = load_for(smoke=options.smoke)
    seconds, cpu = embedding(options.rounds)
    print(
        f"import taskharbor.entrypoints.embedded and open a memory store: {seconds * 1000:.0f} ms, "
        f"with Python itself {cpu * 1000:.0f} ms of the processor\n"
    )
    try:
        with open_stores(options.stores) as stores:
            rows = list(rows_of(options, stores, load))
    except BenchmarkFailed as failure:
        sys.exit(str(failure))
    print(markdown_table(["store", "contestant", "first start s", "start s", "idle MB", "after load MB"], rows))


def options_from(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.startup")
    contestants = [contestant.name for contestant in CONTESTANTS]
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--seconds", type=int, default=8, help="of load: gets, lists of 100, changes and creates in equal parts"
    )
    parser.add_argument("--stores", nargs="+", choices=STORES, default=list(STORES))
    parser.add_argument("--contestants", nargs="+", choices=contestants, default=contestants)
    parser.add_argument("--smoke", action="store_true", help="1 round, a handful of calls instead of wrk")
    options = parser.parse_args(arguments)
    if options.smoke:
        options.rounds, options.seconds = 1, 1
    return options


def embedding(rounds: int) -> tuple[float, float]:
    """Return the medians of the time that it takes in a new process, and of that which the process takes by then."""
    command = [sys.executable, "-c", EMBED]
    measured = [[float(word) for word in subprocess.check_output(command).split()] for _ in range(rounds)]
    return median(seconds for seconds, _ in measured), median(cpu for _, cpu in measured)


def rows_of(options: argparse.Namespace, stores: dict[str, FreshDatabase], load: Load) -> Iterator[list[str]]:
    for store in options.stores:
        for contestant in CONTESTANTS:
            if contestant.name in options.contestants:
                starts = [start_of(contestant, stores[store], load, options.seconds) for _ in range(options.rounds)]
                yield [
                    store,
                    contestant.name,
                    f"{median(start.first for start in starts):.2f}",
                    f"{median(start.again for start in starts):.2f}",
                    f"{median(start.idle for start in starts) / MEGABYTE:.0f}",
                    f"{median(start.loaded for start in starts) / MEGABYTE:.0f}",
                ]


def start_of(contestant: Contestant, fresh_database: FreshDatabase, load: Load, seconds: int) -> Start:
    with fresh_database() as url:
        with running(contestant, url) as server:
            first = server.start_seconds
        with running(contestant, url) as server:
            idle = resident_bytes(server)
            put_under_load(server, contestant, load, seconds)
            return Start(first=first, again=server.start_seconds, idle=idle, loaded=resident_bytes(server))


def put_under_load(server: Server, contestant: Contestant, load: Load, seconds: int) -> None:
    with temporary_folder() as folder:
        ids_file = folder / "ids"
        with client_on(server.port) as client:
            write_ids(seed(client, contestant, TASKS), ids_file)
        for call in LOAD:
            load(call, port=server.port, drawn=ids_file, seconds=max(1, seconds // len(LOAD)))


def resident_bytes(server: Server) -> int:
    process = psutil.Process(server.pid)
    return sum(each.memory_info().rss for each in (process, *process.children(recursive=True)))


if __name__ == "__main__":
    main()
