"""What it takes to answer a question about all tasks of a workspace: `python -m benchmarks.whole_workspace`.

In process, one question at a time: milliseconds that pass, and what this process and PostgreSQL take of the processor.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from datetime import time as clock_time
from statistics import median
from typing import Final, TypeAlias

from benchmarks.cpu import cpu_seconds, database_process
from benchmarks.markdown import markdown_table
from benchmarks.stores import STORES, open_stores
from bulk_load import fill, load
from generated_tasks import TODAY, generated_tasks
from taskharbor.adapters.storage_options import StorageOptions
from taskharbor.adapters.storage_url import storage_from_url
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_search import TaskQuery
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE
from taskharbor.domain.search.date_expressions import Viewpoint
from taskharbor.domain.search.due_buckets import due_buckets
from taskharbor.domain.search.fields import Field
from taskharbor.domain.search.filter import Filter, Flag
from taskharbor.domain.search.order import order_from
from taskharbor.domain.search.urgency import UrgencyScale
from taskharbor.domain.search.urgency_weights import DEFAULT_WEIGHTS
from taskharbor.domain.values.time_zone import zone

MEMORY: Final = "memory"
TASKS: Final = 100_000
PAGE: Final = 11
"""One more than is shown, as the use cases ask for it."""

_HERE: Final = Viewpoint(datetime.combine(TODAY, clock_time(12), tzinfo=UTC), zone("Europe/Berlin"))
_OPEN: Final = Flag(Field.IS_OPEN)

Question: TypeAlias = Callable[[Storage], Awaitable[object]]


def main() -> None:
    options = options_from(sys.argv[1:])
    rows = []
    with open_stores(options.stores) as stores:
        for store in options.stores:
            if store == MEMORY:
                rows += asyncio.run(rows_of(store, "memory://", options))
                continue
            with stores[store]() as url:
                fill(url, [(DEFAULT_WORKSPACE, options.tasks)])
                rows += asyncio.run(rows_of(store, url, options))
    print(markdown_table(["store", "question", "ms", "CPU ms", "least CPU ms"], rows))


def options_from(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.whole_workspace")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--tasks", type=int, default=TASKS)
    parser.add_argument("--stores", nargs="+", choices=[*STORES, MEMORY], default=[*STORES, MEMORY])
    parser.add_argument("--smoke", action="store_true", help="1 round, 500 tasks")
    options = parser.parse_args(arguments)
    if options.smoke:
        options.rounds, options.tasks = 1, 500
    return options


async def rows_of(store: str, url: str, options: argparse.Namespace) -> list[list[str]]:
    """Return a row for each question; those that are refused, as too expensive, say so."""
    database = None if store == MEMORY else await asyncio.to_thread(database_process, url)
    async with _opened(url, options.tasks) as storage:
        rows = []
        for name, question in questions().items():
            taken = [await _taken(question, storage, database) for _ in range(options.rounds)]
            cpu = [each for _, each in taken]
            figures = [median(passed for passed, _ in taken), median(cpu), min(cpu)]
            rows.append([store, name, *(f"{1000 * figure:.1f}" for figure in figures)])
        return rows


def questions() -> Mapping[str, Question]:
    """Return what is asked."""
    return {
        "10 by urgency": _page("-urgency"),
        "10 by urgency, a deep page": _page("-urgency", after=(20_000_000, 500)),
        "10 open ones by urgency": _page("-urgency", _OPEN),
        "10 by due, with the urgency of each": _page("due", shows_urgency=True),
        "10 by title": _page("title"),
        "10 by title, a deep page": _page("title", after=("m", 500)),
        "10 open ones by title": _page("title", _OPEN),
        "facets": _facets(None),
        "facets of open tasks": _facets(_OPEN),
        "count": lambda storage: storage.count_tasks(DEFAULT_WORKSPACE, None),
        "count of open tasks": lambda storage: storage.count_tasks(DEFAULT_WORKSPACE, _OPEN),
    }


def _page(
    sort: str, filter: Filter | None = None, *, after: tuple[int | str, ...] | None = None, shows_urgency: bool = False
) -> Question:
    scale = UrgencyScale.seen_from(_HERE, DEFAULT_WEIGHTS) if shows_urgency or "urgency" in sort else None
    query = TaskQuery(filter=filter, order=order_from(sort), after=after, limit=PAGE, urgency=scale)
    return lambda storage: storage.find_tasks(DEFAULT_WORKSPACE, query)


def _facets(filter: Filter | None) -> Question:
    return lambda storage: storage.count_facets(DEFAULT_WORKSPACE, filter, due_buckets(_HERE))


@asynccontextmanager
async def _opened(url: str, tasks: int) -> AsyncIterator[Storage]:
    async with storage_from_url(url, StorageOptions()) as storage:
        if url.startswith(MEMORY):
            await load(storage, generated_tasks(tasks))
        yield storage


async def _taken(question: Question, storage: Storage, database: int | None) -> tuple[float, float]:
    """Return the seconds that passed, and those of the processor."""
    began, began_database = time.process_time(), 0.0 if database is None else cpu_seconds(database)
    start = time.perf_counter()
    await question(storage)
    passed = time.perf_counter() - start
    of_database = 0.0 if database is None else cpu_seconds(database) - began_database
    return passed, time.process_time() - began + of_database


if __name__ == "__main__":
    main()
