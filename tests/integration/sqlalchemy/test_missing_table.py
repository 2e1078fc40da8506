"""A database whose schema is not as a migration left it is not ready: 503, not a fault of the service."""

from contextlib import closing

import asyncpg
import pytest

from taskharbor.adapters.sqlalchemy import schema
from taskharbor.adapters.sqlalchemy.sqlite_driver import sqlite3
from taskharbor.application.errors import StoreNotReady, StoreUnavailable
from taskharbor.domain.errors import TaskharborError
from taskharbor.entrypoints.embedded.opening import open_taskharbor


async def test_a_table_that_has_gone_leaves_postgresql_not_ready_until_it_is_back(postgres_url):
    connection = await asyncpg.connect(postgres_url)
    try:
        async with open_taskharbor(postgres_url, migrate=True) as harbor:
            await connection.execute("ALTER TABLE tasks RENAME TO gone")
            for call in (harbor.list_tasks, lambda: harbor.create_task(title="x")):
                with pytest.raises(StoreNotReady, match="tasks"):
                    await call()
            await connection.execute("ALTER TABLE gone RENAME TO tasks")
            assert (await harbor.create_task(title="x")).revision
    finally:
        await connection.execute("ALTER TABLE IF EXISTS gone RENAME TO tasks")
        await connection.close()


DAMAGES = {
    "ALTER TABLE tasks ADD CONSTRAINT odd CHECK (id < 0) NOT VALID": "ALTER TABLE tasks DROP CONSTRAINT odd",
    "ALTER TABLE history ADD odd text NOT NULL DEFAULT 'x'; ALTER TABLE history ALTER odd DROP DEFAULT": (
        "ALTER TABLE history DROP odd"
    ),
    "ALTER TABLE tasks ALTER created TYPE date USING now()": "ALTER TABLE tasks ALTER created TYPE bigint USING 1",
    "UPDATE workspaces SET next_task_id = 1": "SELECT 1",
}


async def test_what_postgresql_refuses_because_of_its_schema_is_no_fault_of_the_service(postgres_url):
    connection = await asyncpg.connect(postgres_url)
    try:
        async with open_taskharbor(postgres_url, migrate=True) as harbor:
            await harbor.create_task(title="x")
        for damage, mended in DAMAGES.items():
            await connection.execute(damage)
            async with open_taskharbor(postgres_url) as harbor:
                with pytest.raises((StoreNotReady, StoreUnavailable)):
                    await harbor.create_task(title="y")
            await connection.execute(mended)
    finally:
        await connection.close()


@pytest.mark.parametrize(
    "damage",
    [
        "ALTER TABLE history ADD COLUMN odd NOT NULL DEFAULT 1 CHECK (odd > 1)",
        "UPDATE workspaces SET next_task_id = 1",
        "CREATE UNIQUE INDEX odd ON tasks (workspace)",
        "CREATE TRIGGER odd BEFORE INSERT ON tasks BEGIN SELECT RAISE(ABORT, 'odd'); END",
    ],
)
async def test_what_sqlite_refuses_because_of_its_schema_is_no_fault_of_the_service(tmp_path, damage):
    path = tmp_path / "tasks.db"
    async with open_taskharbor(f"sqlite:///{path}") as harbor:
        await harbor.create_task(title="x")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DELETE FROM history")
        connection.execute(damage)
    async with open_taskharbor(f"sqlite:///{path}") as harbor:
        with pytest.raises(StoreUnavailable):
            await harbor.create_task(title="y")


@pytest.mark.parametrize(
    "damage",
    [
        *("UPDATE tasks SET document = '{'", "UPDATE tasks SET document = '{}'", "UPDATE tasks SET document = '[]'"),
        'UPDATE tasks SET document = replace(document, \'"due":null\', \'"due":{"date":"soon"}\')',
        "UPDATE records SET document = '{' WHERE kind IN ('list', 'filter')",
        "UPDATE history SET changes = '{' WHERE task_id > 0",
    ],
)
async def test_documents_that_are_damaged_are_no_fault_of_the_service(tmp_path, damage):
    path = tmp_path / "tasks.db"
    async with open_taskharbor(f"sqlite:///{path}") as harbor:
        task = await harbor.create_task(title="x")
        await harbor.create_list(name="Home")
        await harbor.save_filter(name="f", filter="is_open")
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            assert connection.execute(damage).rowcount
        refused = 0
        for call in (
            lambda: harbor.change_task(task.id, title="y"),
            lambda: harbor.list_occurrences(task.id),
            lambda: harbor.undo_commit(1),
            harbor.list_lists,
            harbor.list_saved_filters,
        ):
            try:
                await call()
            except StoreNotReady as error:
                refused += "cannot be read" in str(error)
            except TaskharborError:
                pass
        assert refused


async def test_a_migration_that_postgresql_refuses_is_said_in_a_sentence(postgres_url):
    connection = await asyncpg.connect(postgres_url)
    try:
        await connection.execute("DELETE FROM alembic_version")
    finally:
        await connection.close()
    with pytest.raises(StoreNotReady, match=r"cannot be brought up to date .*already exists"):
        await schema.upgrade(postgres_url)


async def test_a_migration_that_sqlite_refuses_is_said_in_a_sentence(tmp_path):
    path = tmp_path / "tasks.db"
    await schema.upgrade(f"sqlite:///{path}")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    with pytest.raises(StoreNotReady, match="cannot be brought up to date"):
        await schema.upgrade(f"sqlite:///{path}")
