"""The schema is one that Citus, YugabyteDB and CockroachDB can spread over machines, by workspace."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import chain
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import Sequence, Table, UniqueConstraint
from sqlalchemy.sql.expression import ColumnElement

from taskharbor.adapters.sqlalchemy.postgres import PostgresStorage
from taskharbor.adapters.sqlalchemy.postgres import storage as storage_module
from taskharbor.adapters.sqlalchemy.postgres.commit_statement import commit_statement, statements_of
from taskharbor.adapters.sqlalchemy.postgres.writing import WritingConnection
from taskharbor.adapters.sqlalchemy.tables import metadata
from taskharbor.adapters.storage_options import StorageOptions
from taskharbor.application.batch.run_batch import RunBatch
from taskharbor.application.errors import ConcurrentUpdate
from taskharbor.application.history.purge import Purge
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask
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


async def test_a_commit_is_one_statement(postgres: PostgresStorage) -> None:
    bench = Bench(postgres)
    group = [Changeset(workspace=bench.workspace, added=(await bench.new_task(),))]
    assert len(await statements_of(group)) == 1


KINDS = ("added", "changed", "guarded", "new_records", "changed_records", "guarded_records", "history")


@pytest.mark.parametrize("kinds", [*[{kind} for kind in KINDS], set(KINDS)], ids=lambda kinds: "+".join(sorted(kinds)))
@pytest.mark.parametrize("is_first", [True, False], ids=["first", "further"])
def test_a_commit_locks_nothing_by_name_and_notifies_nobody(kinds: set[str], is_first: bool) -> None:
    sql = commit_statement(frozenset(kinds), is_first=is_first).sql
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


@pytest_asyncio.fixture
async def serializable(postgres_url: str) -> AsyncIterator[PostgresStorage]:
    """A store whose transactions are serializable, as they are in CockroachDB."""
    connection = await asyncpg.connect(postgres_url)
    name = await connection.fetchval("SELECT current_database()")
    await connection.execute(f"ALTER DATABASE {name} SET default_transaction_isolation = serializable")
    await connection.close()
    async with PostgresStorage.from_url(postgres_url, StorageOptions(pool_size=3)) as storage:
        yield storage


@pytest.mark.parametrize("size", [10, 700_000], ids=["in one statement", "in pieces"])
async def test_a_unit_that_the_database_itself_refuses_is_run_again(
    serializable: PostgresStorage, use_cases_on, postgres_url: str, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    use_cases = use_cases_on(serializable)
    await use_cases.execute(CreateTask(title="first"))
    refused: list[str] = []
    assert serializable._connections is not None
    use = serializable._connections.use

    async def noting(work):
        try:
            return await use(work)
        except asyncpg.SerializationError as error:
            refused.append(error.sqlstate)
            raise

    monkeypatch.setattr(serializable._connections, "use", noting)
    other = await asyncpg.connect(postgres_url)
    try:
        transaction = other.transaction(isolation="serializable")
        await transaction.start()
        await other.execute("UPDATE workspaces SET set_back = set_back WHERE id = 'default'")
        batch = RunBatch(commands=[CreateTask(title=f"{n}", description="x" * (size // 20)) for n in range(20)])
        running = asyncio.ensure_future(use_cases.execute(batch))
        await _someone_waits(postgres_url)
        await transaction.commit()
        assert (await running).revision == 2
    finally:
        await other.close()
    assert refused == ["40001"]
    assert len(await serializable.scan_tasks("default", after=0, limit=100)) == 21


async def _someone_waits(url: str) -> None:
    """Return when a transaction of this database waits for another one."""
    asked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    connection = await asyncpg.connect(url)
    try:
        async with asyncio.timeout(60):
            while not await connection.fetchval(asked):  # noqa: ASYNC110  # the database tells nobody
                await asyncio.sleep(0.01)
    finally:
        await connection.close()


async def test_a_unit_that_is_refused_at_the_end_of_its_transaction_is_run_again(
    postgres: PostgresStorage, use_cases_on, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_cases = use_cases_on(postgres)
    await use_cases.execute(CreateTask(title="first"))
    execute, refusals = WritingConnection._execute, iter([asyncpg.SerializationError("could not serialize access")])

    async def refusing(self: WritingConnection, command: str) -> None:
        if command == "COMMIT" and (refusal := next(refusals, None)):
            await execute(self, "ROLLBACK")
            raise refusal
        await execute(self, command)

    monkeypatch.setattr(WritingConnection, "_execute", refusing)
    batch = RunBatch(commands=[CreateTask(title=f"{n}", description="x" * 35_000) for n in range(20)])
    assert (await use_cases.execute(batch)).revision == 2
    assert next(refusals, None) is None
    assert len(await postgres.scan_tasks("default", after=0, limit=100)) == 21


async def test_a_purge_that_cannot_be_serialized_is_run_again(
    postgres: PostgresStorage, use_cases_on, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_cases = use_cases_on(postgres)
    task = await use_cases.execute(CreateTask(title="first"))
    await use_cases.execute(DeleteTask(id=task.id))
    purge, refusals = postgres.purge, iter([ConcurrentUpdate(), ConcurrentUpdate()])

    async def refusing(*arguments, **named):
        if refusal := next(refusals, None):
            raise refusal
        return await purge(*arguments, **named)

    monkeypatch.setattr(postgres, "purge", refusing)
    gone = await use_cases.history.purge(Purge(trash_retention=timedelta(0), history_retention=None))
    assert gone.tasks == 1


def _always(code: type[Exception]):
    async def fail(_work):
        raise code("could not serialize access")

    return fail
