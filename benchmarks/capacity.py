"""What tasks and commits take of a PostgreSQL: `python -m benchmarks.capacity`, for `docs/capacity.md`.

Bytes of a task and of an entry of its history in tables and indexes, bytes of the write-ahead log of a commit, the
memory of a connection, and what a server's rounds through all workspaces take for each. Sizes and logs do not depend on
how busy the machine is.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from itertools import count
from typing import Any

import asyncpg
import psutil

from benchmarks.markdown import markdown_table
from benchmarks.signals import exit_on_signals
from benchmarks.stores import POSTGRES, open_stores
from bulk_load import fill
from taskharbor.adapters.storage_url import storage_from_url
from taskharbor.application.history.purge import Purge
from taskharbor.application.principal import system_in
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE
from taskharbor.entrypoints.composition import use_cases_on
from taskharbor.entrypoints.embedded import Harbor, open_taskharbor

SIZES = """
    SELECT relname, pg_table_size(oid), pg_indexes_size(oid),
           (SELECT count(*) FROM history), (SELECT count(*) FROM tasks)
    FROM pg_class WHERE relname IN ('tasks', 'history') ORDER BY relname DESC
"""
TOGETHER = 16


def main() -> None:
    options = options_from(sys.argv[1:])
    exit_on_signals()
    with open_stores([POSTGRES]) as stores, stores[POSTGRES]() as url:
        ids = fill(url, [(DEFAULT_WORKSPACE, options.tasks)])[DEFAULT_WORKSPACE]
        rows = asyncio.run(measured(url, ids, options.commits))
    print(markdown_table(["what", "bytes or microseconds"], rows))


def options_from(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.capacity")
    parser.add_argument("--tasks", type=int, default=100_000)
    parser.add_argument("--commits", type=int, default=2_000)
    parser.add_argument("--smoke", action="store_true", help="1,000 tasks, 64 commits")
    options = parser.parse_args(arguments)
    if options.smoke:
        options.tasks, options.commits = 1_000, 64
    return options


async def measured(url: str, ids: Sequence[int], commits: int) -> list[list[str]]:
    connection = await asyncpg.connect(url)
    try:
        rows = await sizes(connection)
        async with open_taskharbor(url) as harbor:
            rows += await logs(harbor, connection, ids, commits)
            rows += await connections(connection)
    finally:
        await connection.close()
    return rows + await rounds(url, commits)


async def sizes(connection: Any) -> list[list[str]]:  # noqa: ANN401  # asyncpg's
    """Return what a row takes, by table."""
    rows = []
    for name, table, indexes, entries, tasks in await connection.fetch(SIZES):
        number = tasks if name == "tasks" else entries
        one = "a task" if name == "tasks" else "an entry of the history"
        rows += [[f"{one}, table", f"{table / number:,.0f}"], [f"{one}, indexes", f"{indexes / number:,.0f}"]]
    return rows


async def logs(harbor: Harbor, connection: Any, ids: Sequence[int], commits: int) -> list[list[str]]:  # noqa: ANN401
    """Return what commits write to the log: by themselves, and with 16 on their way at any time."""

    changed = count()

    async def create(number: int) -> None:
        await harbor.create_task(title=f"Water the plants {number}")

    async def change(number: int) -> None:
        await harbor.change_task(ids[number % len(ids)], description=f"Changed {next(changed)}")

    rows = []
    for name, work in (("create", create), ("change", change)):
        for together in (1, TOGETHER):
            await connection.execute("CHECKPOINT")
            for _ in range(2):  # the first round writes whole pages, once for each that it touches
                began = await connection.fetchval("SELECT pg_current_wal_insert_lsn()")
                await in_parallel(work, commits, together)
                written = await connection.fetchval("SELECT pg_current_wal_insert_lsn() - $1::pg_lsn", began)
                rows.append([f"log of a {name}, {together} at once", f"{float(written) / commits:,.0f}"])
    names = ["after a checkpoint", "later"]
    return [[f"{name}, {names[place % 2]}", value] for place, (name, value) in enumerate(rows)]


async def in_parallel(work: Callable[[int], Awaitable[None]], times: int, together: int) -> None:
    async def one(first: int) -> None:
        for number in range(first, times, together):
            await work(number)

    await asyncio.gather(*[one(first) for first in range(together)])


async def connections(connection: Any) -> list[list[str]]:  # noqa: ANN401  # asyncpg's
    """Return what a connection of the pool takes of the database's memory that it shares with no other process."""
    found = await connection.fetch(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    private = [psutil.Process(pid).memory_full_info().uss for (pid,) in found]
    return [["memory of a connection", f"{sum(private) / len(private):,.0f}"]]


async def rounds(url: str, workspaces: int) -> list[list[str]]:
    """Return what a server's rounds through all workspaces take of its processor, for each that has nothing due."""
    async with storage_from_url(url) as storage:
        use_cases = use_cases_on(storage)
        for number in range(workspaces):
            await use_cases.execute(CreateTask(title="Water the plants"), principal=system_in(f"of-{number}"))

        async def remind() -> None:
            async for workspace in use_cases.reminders.workspaces():
                await use_cases.reminders.fire_due(workspace)

        async def purge() -> None:
            await use_cases.history.purge(Purge())

        rows = []
        for name, work in (("look for reminders", remind), ("purge", purge)):
            await work()  # the first time it counts what is there
            began, wall_began = time.process_time(), time.perf_counter()
            await work()
            took, wall = time.process_time() - began, time.perf_counter() - wall_began
            rows.append([f"{name}, a workspace, CPU of the server", f"{took / workspaces * 1e6:,.0f}"])
            rows.append([f"{name}, a workspace, by the clock", f"{wall / workspaces * 1e6:,.0f}"])
        return rows


if __name__ == "__main__":
    main()
