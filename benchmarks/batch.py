"""What a batch spares a client: `python -m benchmarks.batch`.

One connection, one request at a time, as a client sends them that waits for each answer: a hundred creates against
one batch of a hundred creates. Under the load of many clients the difference is smaller, as single creates that
arrive together share a commit; the comparison (`python -m benchmarks`) has that case.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from statistics import median

from benchmarks.calls import BATCH, BATCH_SIZE, CREATE, GET
from benchmarks.client import client_on
from benchmarks.drawing import write_ids
from benchmarks.failure import BenchmarkFailed
from benchmarks.lineup import OURS
from benchmarks.load import Load, load_for
from benchmarks.markdown import markdown_table
from benchmarks.seeding import seed
from benchmarks.servers import running
from benchmarks.signals import exit_on_signals
from benchmarks.stores import STORES, FreshDatabase, open_stores
from benchmarks.temporary import temporary_folder

TASKS = 100


def main() -> None:
    options = options_from(sys.argv[1:])
    exit_on_signals()
    load = load_for(smoke=options.smoke)
    try:
        with open_stores(options.stores) as stores:
            rows = [row_of(store, list(rounds_of(stores[store], options, load))) for store in options.stores]
    except BenchmarkFailed as failure:
        sys.exit(str(failure))
    print(markdown_table(["store", "100 creates, ms", "batch of 100, ms", "times as fast"], rows))


def options_from(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.batch")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2, help="of each kind in each round")
    parser.add_argument("--stores", nargs="+", choices=STORES, default=list(STORES))
    parser.add_argument("--smoke", action="store_true", help="1 round, a handful of calls instead of wrk")
    options = parser.parse_args(arguments)
    if options.smoke:
        options.rounds, options.seconds = 1, 1
    return options


def rounds_of(fresh_database: FreshDatabase, options: argparse.Namespace, load: Load) -> Iterator[tuple[float, float]]:
    """Yield of each round the seconds that a hundred creates and a batch of a hundred took."""
    with temporary_folder() as folder, fresh_database() as url, running(OURS, url) as server:
        ids = folder / "ids"
        with client_on(server.port) as client:
            write_ids(seed(client, OURS, TASKS), ids)
            client.send(BATCH, {})
        load(GET, port=server.port, drawn=ids, seconds=1)
        for _ in range(options.rounds):
            singly, together = (
                load(call, port=server.port, drawn=ids, seconds=options.seconds, connections=1)
                for call in (CREATE, BATCH)
            )
            yield BATCH_SIZE / singly.requests_per_second, 1 / together.requests_per_second


def row_of(store: str, rounds: Sequence[tuple[float, float]]) -> list[str]:
    singly, together = (median(seconds) for seconds in zip(*rounds, strict=True))
    times = median(each[0] / each[1] for each in rounds)
    return [store, f"{singly * 1000:.1f}", f"{together * 1000:.1f}", f"{times:.1f}"]


if __name__ == "__main__":
    main()
