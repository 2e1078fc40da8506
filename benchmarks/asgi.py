"""The CPU of a request without a server: `python -m benchmarks.asgi`, or against another checkout with `--before`.

Each round starts a process for each checkout, store and call, in turn, so that what else the machine does falls on all.
It counts the CPU of the process, with the thread that writes to SQLite, and the store's own in it; PostgreSQL's is not
counted.
"""

import argparse
import subprocess
import sys
from collections.abc import Mapping
from contextlib import nullcontext
from itertools import product
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.markdown import markdown_table
from benchmarks.stores import POSTGRES, FreshDatabase, open_stores

ROOT: Final = Path(__file__).resolve().parent.parent
CALLS: Final = ("get", "page of 10", "change", "create", "batch of 100")
STORES: Final = ("memory", "sqlite", "postgres")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.asgi")
    parser.add_argument("--before", type=Path, metavar="CHECKOUT", help="with its own `make setup`")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=4000, help="in each process; of batches a hundredth of it")
    parser.add_argument("--calls", nargs="+", choices=CALLS, default=CALLS)
    parser.add_argument("--stores", nargs="+", choices=STORES, default=STORES)
    parser.add_argument("--smoke", action="store_true", help="1 round of few gets in memory")
    options = parser.parse_args(sys.argv[1:])
    if options.smoke:
        options.rounds, options.requests, options.calls, options.stores = 1, 64, ["get"], ["memory"]
    checkouts = [ROOT] if options.before is None else [options.before.resolve(), ROOT]
    rows = []
    for store, call in product(options.stores, options.calls):
        with open_stores([store]) as databases:
            rounds = [
                [microseconds(checkout, databases, store, call, options.requests) for checkout in checkouts]
                for _ in range(options.rounds)
            ]
        figures = [f"{median(taken):.1f}" for taken in zip(*rounds, strict=True)]
        if options.before is not None:
            figures.append(f"{median(after / before for before, after in rounds):.2f}")
        rows.append([store, call, *figures])
    header = ["us"] if options.before is None else ["before, us", "after, us", "after / before"]
    print(markdown_table(["store", "call", *header], rows))


def microseconds(checkout: Path, databases: Mapping[str, FreshDatabase], store: str, call: str, requests: int) -> float:
    """Return the CPU of one request."""
    count = max(requests // 100, 4) if call.startswith("batch") else requests
    program = str(ROOT / "benchmarks/calls_in_process.py")
    with databases[store]() if store == POSTGRES else nullcontext(store) as where:
        command = [str(checkout / ".venv/bin/python"), program, where, call, str(count)]
        done = subprocess.run(command, cwd=checkout, check=True, capture_output=True, text=True)
    return float(done.stdout.split()[0])


if __name__ == "__main__":
    main()
