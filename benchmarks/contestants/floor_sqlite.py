"""The floor on SQLite: one thread of plain sqlite3, a durable commit for every write."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

from benchmarks.contestants.floor_http import floor_app
from benchmarks.contestants.floor_shape import SHAPE, NewTask, Task

COLUMNS = SHAPE.columns
PLACES = ", ".join("?" for _ in SHAPE.given)
TABLE = f"CREATE TABLE IF NOT EXISTS tasks (id INTEGER PRIMARY KEY AUTOINCREMENT, {SHAPE.table})"
CREATE = f"INSERT INTO tasks ({', '.join(SHAPE.given)}) VALUES ({PLACES}) RETURNING {COLUMNS}"
GET = f"SELECT {COLUMNS} FROM tasks WHERE id = ?"
CHANGE = f"UPDATE tasks SET is_completed = ? WHERE id = ? RETURNING {COLUMNS}"
LIST = f"SELECT {COLUMNS} FROM tasks ORDER BY id LIMIT ? OFFSET ?"
BY_COMPLETED = f"SELECT {COLUMNS} FROM tasks WHERE is_completed = ? ORDER BY id LIMIT ? OFFSET ?"
BY_TITLE = f"SELECT {COLUMNS} FROM tasks WHERE title LIKE '%' || ? || '%' ORDER BY id LIMIT ?"


class ThreadStore:
    """Without an open transaction every statement is one of its own: it commits when its last row is read."""

    def __init__(self, connection: sqlite3.Connection, thread: ThreadPoolExecutor) -> None:
        self._connection = connection
        self._thread = thread

    async def create(self, new: NewTask) -> Task:
        (task,) = await self._tasks(CREATE, *SHAPE.values_of(new))
        return task

    async def get(self, task_id: int) -> Task | None:
        return next(iter(await self._tasks(GET, task_id)), None)

    async def change(self, task_id: int, *, completed: bool) -> Task | None:
        return next(iter(await self._tasks(CHANGE, completed, task_id)), None)

    async def list(self, limit: int, skip: int) -> Sequence[Task]:
        return await self._tasks(LIST, limit, skip)

    async def list_by_completed(self, limit: int, skip: int, *, completed: bool) -> Sequence[Task]:
        return await self._tasks(BY_COMPLETED, completed, limit, skip)

    async def list_by_title(self, limit: int, *, containing: str) -> Sequence[Task]:
        return await self._tasks(BY_TITLE, containing, limit)

    async def _tasks(self, statement: str, *values: object) -> Sequence[Task]:
        rows = await asyncio.get_running_loop().run_in_executor(self._thread, self._rows, statement, values)
        return [SHAPE.task_of(row) for row in rows]

    def _rows(self, statement: str, values: Sequence[Any]) -> Sequence[tuple[Any, ...]]:
        return self._connection.execute(statement, values).fetchall()


def connect() -> sqlite3.Connection:
    path = os.environ["BENCHMARK_DATABASE_URL"].removeprefix("sqlite:///")
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(TABLE)
    return connection


@asynccontextmanager
async def open_store() -> AsyncIterator[ThreadStore]:
    with ThreadPoolExecutor(max_workers=1) as thread:
        connection = thread.submit(connect).result()
        yield ThreadStore(connection, thread)
        thread.submit(connection.close).result()


app = floor_app(open_store)
