"""What a use case costs an embedder: `python -m benchmarks.in_process`.

The memory store keeps nothing on disk and no server is in between, so what is left is the price of the use cases.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from statistics import median
from typing import Final

from benchmarks.calls import BATCH_SIZE, DESCRIPTION, TITLE
from benchmarks.markdown import markdown_table
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.entrypoints.embedded.harbor import Harbor
from taskharbor.entrypoints.embedded.opening import open_taskharbor

PAGE: Final = 100
TOKEN: Final = "*"

Use = Callable[[int], Awaitable[object]]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.in_process")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tasks", type=int, default=10_000, help="that are created, read, changed and listed")
    parser.add_argument("--smoke", action="store_true", help="1 round, 200 tasks")
    options = parser.parse_args(sys.argv[1:])
    if options.smoke:
        options.rounds, options.tasks = 1, 200
    rounds = [asyncio.run(seconds_per_use(options.tasks)) for _ in range(options.rounds)]
    rows = []
    for use_case in rounds[0]:
        seconds = median(each[use_case] for each in rounds)
        rows.append([use_case, f"{1 / seconds:,.0f}", f"{seconds * 1_000_000:.1f}"])
    print(markdown_table(["use case", "per second", "microseconds"], rows))


async def seconds_per_use(tasks: int) -> dict[str, float]:
    """Return the time that one use of each use case takes, one after the other, on a store of that many tasks."""
    async with open_taskharbor("memory://") as harbor:
        ids = [(await harbor.create_task(title="Warm up")).id]
        pages = range(tasks // PAGE)
        seconds = {"create": await mean_seconds(creating(harbor, ids), range(tasks))}
        for name, (use, arguments) in uses_of(harbor, ids, pages).items():
            seconds[name] = await mean_seconds(use, arguments)
        return seconds


def creating(harbor: Harbor, ids: list[int]) -> Use:
    async def create(number: int) -> None:
        ids.append((await harbor.create_task(title=f"{TITLE} {number}", description=DESCRIPTION)).id)

    return create


def uses_of(harbor: Harbor, ids: Sequence[int], pages: Sequence[int]) -> Mapping[str, tuple[Use, Sequence[int]]]:
    batch = [CreateTask(title=f"{TITLE} {number}", description=DESCRIPTION) for number in range(BATCH_SIZE)]
    return {
        "get": (harbor.get_task, ids),
        "change": (lambda id_: harbor.change_task(id_, title=f"Run {id_}"), ids),
        "complete": (harbor.complete_task, ids),
        "list of 10": (lambda _: harbor.list_tasks(limit=10), ids),
        "list of 100": (lambda _: harbor.list_tasks(limit=PAGE), pages),
        "sync page of 100": (lambda _: harbor.list_changes(since=TOKEN, limit=PAGE), pages),
        "batch of 100 creates": (lambda _: harbor.run_batch(batch), pages),
    }


async def mean_seconds(use_case: Use, arguments: Sequence[int]) -> float:
    began = time.perf_counter()
    for argument in arguments:
        await use_case(argument)
    return (time.perf_counter() - began) / len(arguments)


if __name__ == "__main__":
    main()
