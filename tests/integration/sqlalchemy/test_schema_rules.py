"""The schema is one that Citus, YugabyteDB and CockroachDB can spread over machines, by workspace."""

import re
from itertools import chain
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import Sequence, Table, UniqueConstraint
from sqlalchemy.sql.expression import ColumnElement

from taskharbor.adapters.sqlalchemy.postgres import PostgresStorage
from taskharbor.adapters.sqlalchemy.postgres import storage as storage_module
from taskharbor.adapters.sqlalchemy.postgres.commit_statement import statements_of
from taskharbor.adapters.sqlalchemy.tables import metadata
from taskharbor.application.errors import ConcurrentUpdate
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.testing.scenes.bench import Bench

TABLES = [table for table in metadata.sorted_tables if table.name != "workspaces"]

SEARCHED_IN_ALL_WORKSPACES = {"tasks_words"}
"""Its words begin with the workspace, since PostgreSQL's GIN takes no column of text beside them."""


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_key_begins_with_the_workspace(table: Table) -> None:
    assert next(iter(table.primary_key.columns)).name == "workspace"
    unique = [one for one in table.constraints if isinstance(one, UniqueConstraint)]
    assert {next(iter(one.columns)).name for one in unique} <= {"workspace"}
    for index in table.indexes:
        first = next(iter(index.expressions))
        assert isinstance(first, ColumnElement)
        assert first.name == "workspace" or index.name in SEARCHED_IN_ALL_WORKSPACES, index.name


def test_the_table_of_workspaces_is_found_by_workspace() -> None:
    assert [column.name for column in metadata.tables["workspaces"].primary_key.columns] == ["id"]


def test_no_table_counts_by_itself_or_hangs_on_another() -> None:
    columns = list(chain.from_iterable(table.columns for table in metadata.sorted_tables))
    assert not [column for column in columns if column.foreign_keys or column.identity or column.computed]
    assert not [column for column in columns if isinstance(column.default, Sequence)]
    assert not [column.name for column in columns if column.autoincrement is True]


async def test_the_database_has_no_sequence_trigger_function_or_view(postgres_url: str) -> None:
    connection = await asyncpg.connect(postgres_url)
    try:
        kinds = await connection.fetch(
            "SELECT DISTINCT relkind FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        )
        assert {row[0] for row in kinds} == {b"r", b"i"}
        for catalogue in ("pg_trigger", "pg_proc WHERE pronamespace = 'public'::regnamespace"):
            assert await connection.fetchval(f"SELECT count(*) FROM {catalogue}") == 0
    finally:
        await connection.close()


async def test_a_commit_is_one_statement_without_locks_by_name_or_notifications(postgres: PostgresStorage) -> None:
    bench = Bench(postgres)
    group = [Changeset(workspace=bench.workspace, added=(await bench.new_task(),))]
    [(sql, _)] = await statements_of(group)
    assert not re.search(r"advisory|notify|nextval|LOCK TABLE", sql, re.IGNORECASE)


def test_nothing_but_migrations_locks_by_name() -> None:
    folder = Path(storage_module.__file__).parents[1]
    named = {path.relative_to(folder).as_posix() for path in folder.rglob("*.py") if "advisory" in path.read_text()}
    assert named == {"migrations/env.py"}


@pytest.mark.parametrize("code", [asyncpg.SerializationError, asyncpg.DeadlockDetectedError])
async def test_a_unit_that_cannot_be_serialized_is_run_again(
    postgres: PostgresStorage, use_cases_on, monkeypatch: pytest.MonkeyPatch, code: type[Exception]
) -> None:
    write, failures = postgres._connections.use, iter([code("could not serialize access"), None])

    async def failing(work):
        if failure := next(failures, None):
            raise failure
        return await write(work)

    await postgres.next_task_id("default")
    monkeypatch.setattr(postgres._connections, "use", failing)
    task = await use_cases_on(postgres).execute(CreateTask(title="once"))
    assert task.revision == 1
    monkeypatch.setattr(postgres._connections, "use", _always(code))
    with pytest.raises(ConcurrentUpdate):
        await use_cases_on(postgres).execute(CreateTask(title="never"))


def _always(code: type[Exception]):
    async def fail(_work):
        raise code("could not serialize access")

    return fail
