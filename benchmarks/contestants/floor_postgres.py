"""The floor on PostgreSQL: one statement per call on a bare asyncpg pool."""

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import asyncpg

from benchmarks.contestants.floor_http import floor_app
from benchmarks.contestants.floor_shape import SHAPE, NewTask, Task

COLUMNS = SHAPE.columns
PLACES = ", ".join(f"${place}" for place in range(1, len(SHAPE.given) + 1))
TABLE = f"CREATE TABLE IF NOT EXISTS tasks (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, {SHAPE.table})"
CREATE = f"INSERT INTO tasks ({', '.join(SHAPE.given)}) VALUES ({PLACES}) RETURNING {COLUMNS}"
GET = f"SELECT {COLUMNS} FROM tasks WHERE id = $1"
CHANGE = f"UPDATE tasks SET is_completed = $2 WHERE id = $1 RETURNING {COLUMNS}"
LIST = f"SELECT {COLUMNS} FROM tasks ORDER BY id LIMIT $1 OFFSET $2"
BY_COMPLETED = f"SELECT {COLUMNS} FROM tasks WHERE is_completed = $3 ORDER BY id LIMIT $1 OFFSET $2"
BY_TITLE = f"SELECT {COLUMNS} FROM tasks WHERE title ILIKE '%' || $2 || '%' ORDER BY id LIMIT $1"


class PoolStore:
    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def create(self, new: NewTask) -> Task:
        return SHAPE.task_of(await self._pool.fetchrow(CREATE, *SHAPE.values_of(new)))

    async def get(self, task_id: int) -> Task | None:
        row = await self._pool.fetchrow(GET, task_id)
        return None if row is None else SHAPE.task_of(row)

    async def change(self, task_id: int, *, completed: bool) -> Task | None:
        row = await self._pool.fetchrow(CHANGE, task_id, completed)
        return None if row is None else SHAPE.task_of(row)

    async def list(self, limit: int, skip: int) -> Sequence[Task]:
        return [SHAPE.task_of(row) for row in await self._pool.fetch(LIST, limit, skip)]

    async def list_by_completed(self, limit: int, skip: int, *, completed: bool) -> Sequence[Task]:
        return [SHAPE.task_of(row) for row in await self._pool.fetch(BY_COMPLETED, limit, skip, completed)]

    async def list_by_title(self, limit: int, *, containing: str) -> Sequence[Task]:
        return [SHAPE.task_of(row) for row in await self._pool.fetch(BY_TITLE, limit, containing)]


async def leave_as_is(_: object) -> None:
    """Spare the round trip of asyncpg's default reset: no statement here leaves anything in the session."""


@asynccontextmanager
async def open_store() -> AsyncIterator[PoolStore]:
    async with asyncpg.create_pool(os.environ["BENCHMARK_DATABASE_URL"], reset=leave_as_is) as pool:
        await pool.execute(TABLE)
        yield PoolStore(pool)


app = floor_app(open_store)
