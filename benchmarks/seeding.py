"""Many tasks straight into our tables: the only place in the benchmarks that knows them."""

import asyncio
import random
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from benchmarks.stores import sqlalchemy_url
from taskharbor.adapters.sqlalchemy.tables import tasks, workspaces

ROWS_AT_ONCE: Final = 10_000
VERBS: Final = ("Water", "Buy", "Call", "Repair", "Return", "Paint", "Order", "Clean", "Sell", "Fetch")
THINGS: Final = ("plants", "bread", "landlord", "bicycle", "library books", "fence", "spare parts", "kitchen")


def fill(url: str, template: int, size: int) -> list[int]:
    """Fill the workspace of a task up to `size` tasks; return the ids of all.

    No server may be running on the database. The new rows are copies of the template's but for what must or should
    differ, so they are complete whatever columns there are. Each has a revision of its own, as if made alone.
    """
    return asyncio.run(_fill(url, template, size))


async def _fill(url: str, template: int, size: int) -> list[int]:
    engine = create_async_engine(sqlalchemy_url(url))
    try:
        ids = await _insert(engine, template, size - 1)
        if engine.dialect.name == "postgresql":
            await _do_as_autovacuum_would(engine)
    finally:
        await engine.dispose()
    return [template, *ids]


async def _insert(engine: AsyncEngine, template: int, count: int) -> range:
    async with engine.begin() as connection:
        row = (await connection.execute(select(tasks).where(tasks.c.id == template))).mappings().one()
        this_workspace = workspaces.c.id == row["workspace"]
        workspace = (await connection.execute(select(workspaces).where(this_workspace))).mappings().one()
        ids = range(workspace["next_task_id"], workspace["next_task_id"] + count)
        rows = _rows(row, ids, first_revision=workspace["revision"] + 1)
        while chunk := list(islice(rows, ROWS_AT_ONCE)):
            await connection.execute(insert(tasks), chunk)
        await connection.execute(
            update(workspaces)
            .where(this_workspace)
            .values(revision=workspace["revision"] + count, next_task_id=ids.stop)
        )
    return ids


def _rows(template: RowMapping, ids: range, *, first_revision: int) -> Iterator[dict[str, Any]]:
    generator = random.Random(0)
    for revision, id_ in enumerate(ids, start=first_revision):
        yield {
            **template,
            "id": id_,
            "uid": str(UUID(int=generator.getrandbits(128), version=4)),
            "title": f"{generator.choice(VERBS)} the {generator.choice(THINGS)} {id_}",
            "revision": revision,
        }


async def _do_as_autovacuum_would(engine: AsyncEngine) -> None:
    """Vacuum now, or PostgreSQL does it during the measurement."""
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("VACUUM ANALYZE"))
