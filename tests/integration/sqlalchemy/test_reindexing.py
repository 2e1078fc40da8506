"""Databases in which words are indexed as they once were."""

import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest

from bulk_load import load
from generated_tasks import generated_tasks
from taskharbor.adapters.sqlalchemy import schema
from taskharbor.adapters.sqlalchemy.migrations import reindexing
from taskharbor.adapters.storage_options import StorageOptions
from taskharbor.adapters.storage_url import storage_from_url
from taskharbor.application.ports.task_search import TaskQuery
from taskharbor.domain.search.mentions import mentions_of

TITLES = ("ซื้อนมและไข่", "e-mail", "Łódź", "plain", "대한민국")
TASKS = [
    replace(task, title=title, description=None, tags=("home",), comments=(), depends_on=(), deleted=None)
    for title, task in zip(TITLES, generated_tasks(len(TITLES)), strict=True)
]
OF_OLD = (
    "UPDATE tasks SET words = '' WHERE id <> 4",
    "UPDATE alembic_version SET version_num = '0001'",
    # What later migrations have added.
    "ALTER TABLE workspaces DROP COLUMN purged_at",
    "DROP INDEX tasks_live",
    "DROP INDEX tasks_waiting",
    "DROP INDEX tasks_open",
    "ALTER TABLE tasks DROP COLUMN claimed_until",
)


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/tasks.db"
    postgres: str = request.getfixturevalue("postgres_url")
    return postgres


@pytest.fixture
def make_old(url: str) -> Callable[[], Awaitable[None]]:
    async def make() -> None:
        if url.startswith("sqlite"):
            connection = sqlite3.connect(url.removeprefix("sqlite:///"))
            for statement in OF_OLD:
                connection.execute(statement)
            connection.commit()
            connection.close()
        else:
            there = await asyncpg.connect(url)
            for statement in OF_OLD:
                await there.execute(statement)
            await there.close()

    return make


async def test_words_that_were_indexed_otherwise_are_found_after_the_upgrade(
    url: str, make_old: Callable[[], Awaitable[None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reindexing, "AT_ONCE", 2)
    async with storage_from_url(url, StorageOptions(migrate=True)) as storage:
        for workspace in ("a", "b"):
            await load(storage, TASKS, workspace=workspace)
    await make_old()
    async with storage_from_url(url, StorageOptions(migrate=True)) as storage:
        assert await schema.current(url) == schema.head()
        for workspace in ("a", "b"):
            for wanted, title in [("นม", 0), ("email", 1), ("lodz", 2), ("plain", 3), ("민국", 4)]:
                query = TaskQuery(filter=mentions_of("q", wanted), limit=9)
                found = await storage.find_tasks(workspace, query)
                assert [view.title for view in found] == [TITLES[title]], wanted
            found = await storage.find_tasks(workspace, TaskQuery(filter=mentions_of("q", "home"), limit=9))
            assert [view.title for view in found] == list(TITLES)
