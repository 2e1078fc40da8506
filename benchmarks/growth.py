"""Whether Taskharbor slows down as a workspace fills up: `python -m benchmarks.growth`.

Every call at each size, as requests per second and as cost relative to the first size: 1.00 is as fast, 2.00 takes
twice as long.
"""

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.calls import CALLS, Call
from benchmarks.client import client_on
from benchmarks.failure import BenchmarkFailed
from benchmarks.lineup import OURS
from benchmarks.markdown import markdown_table
from benchmarks.rounds import write_ids
from benchmarks.seeding import fill
from benchmarks.servers import running
from benchmarks.signals import exit_on_signals
from benchmarks.stores import STORES, FreshDatabase, open_stores
from benchmarks.temporary import temporary_folder
from benchmarks.wrk import drive, require_wrk

SIZES: Final = (1_000, 100_000, 1_000_000)
SMOKE_SIZES: Final = (200, 400)
MOST_IDS: Final = 20_000
"""How many tasks the calls of a round go to, so that wrk need not hold a million ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledServer:
    """Our server on a workspace of a certain size.

    Attributes:
        port: where it listens.
        example: the id of a task.
        ids: for each round a file with the ids of tasks that no other round touches, so that every change in it
            does change something.
    """

    port: int
    example: int
    ids: Sequence[Path]

    def rate(self, call: Call, round_: int, seconds: int) -> float:
        """Return how many of these calls it answers per second."""
        with client_on(self.port) as client:
            client.send(call, task_id=self.example)
        return drive(call, port=self.port, ids=self.ids[round_], seconds=seconds).requests_per_second


def main() -> None:
    options = options_from(sys.argv[1:])
    require_wrk()
    exit_on_signals()
    try:
        with open_stores(options.stores) as stores:
            rows = [row for store in options.stores for row in rows_of(store, stores[store], options)]
    except BenchmarkFailed as failure:
        sys.exit(str(failure))
    sizes = [f"{size:,} /s" for size in options.sizes]
    costs = [f"cost at {size:,}" for size in options.sizes[1:]]
    print(markdown_table(["store", "call", *sizes, *costs], rows))


def options_from(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=5, help="of load for each call of a round")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--stores", nargs="+", choices=STORES, default=list(STORES))
    parser.add_argument("--smoke", action="store_true", help="1 round, 1 second, 200 and 400 tasks")
    options = parser.parse_args(arguments)
    if options.smoke:
        options.rounds, options.seconds, options.sizes = 1, 1, list(SMOKE_SIZES)
    return options


def rows_of(store: str, fresh_database: FreshDatabase, options: argparse.Namespace) -> list[list[str]]:
    """Return a row per call.

    A server for each size is kept running, so that the rounds can take the sizes in turn. All rounds of a call come
    before the next call, because the last one, create, makes every workspace larger.
    """
    rows = []
    with ExitStack() as stack:
        filled = [stack.enter_context(filled_server(fresh_database, size, options.rounds)) for size in options.sizes]
        for call in CALLS:
            rounds = [
                [server.rate(call, round_, options.seconds) for server in filled] for round_ in range(options.rounds)
            ]
            rates = [median(rates) for rates in zip(*rounds, strict=True)]
            print(f"{store}, {call.name}: {', '.join(f'{rate:,.0f}/s' for rate in rates)}", file=sys.stderr)
            costs = [f"{rates[0] / rate:.2f}" for rate in rates[1:]]
            rows.append([store, call.name, *(f"{rate:,.0f}" for rate in rates), *costs])
    return rows


@contextmanager
def filled_server(fresh_database: FreshDatabase, size: int, rounds: int) -> Iterator[FilledServer]:
    """Let the server make its tables and a first task, fill them up while it is stopped, and start it again."""
    with temporary_folder() as folder, fresh_database() as url:
        with running(OURS, url) as server, client_on(server.port) as client:
            (template,) = client.create_tasks(1)
        ids = fill(url, template, size)
        random.Random(0).shuffle(ids)
        files = [folder / f"ids-{round_}" for round_ in range(rounds)]
        for round_, file in enumerate(files):
            write_ids(ids[round_::rounds][:MOST_IDS], file)
        with running(OURS, url) as server:
            yield FilledServer(port=server.port, example=template, ids=files)


if __name__ == "__main__":
    main()
