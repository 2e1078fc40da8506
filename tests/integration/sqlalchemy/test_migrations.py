import asyncio
import sqlite3
import sys
from pathlib import Path

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from taskharbor.adapters.sqlalchemy import migrations, schema
from taskharbor.adapters.sqlalchemy.migrations.schema import run_alembic
from taskharbor.adapters.sqlalchemy.sqlite.tables import sqlite_metadata
from taskharbor.adapters.sqlalchemy.tables import metadata
from taskharbor.adapters.storage_options import StorageOptions
from taskharbor.adapters.storage_url import storage_from_url
from taskharbor.application.errors import StoreNotReady, StoreUnavailable
from taskharbor.domain.errors import InvalidValue


def differences(connection: Connection) -> list[object]:
    options = {"include_name": lambda name, kind, _parents: kind != "table" or not name.startswith("task_words")}
    wanted = sqlite_metadata if connection.dialect.name == "sqlite" else metadata
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), wanted))


def test_the_version_that_this_release_needs_is_the_last_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_current_head() == schema.head()


def everything_in(path: Path) -> list[tuple[str, ...]]:
    connection = sqlite3.connect(path)
    try:
        made = connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall()
        versions = connection.execute("SELECT * FROM alembic_version").fetchall()
    finally:
        connection.close()
    return [(kind, name, "".join((sql or "").split())) for kind, name, sql in made] + versions


async def test_a_new_file_is_given_what_the_migrations_would_make(tmp_path: Path) -> None:
    await schema.upgrade(f"sqlite:///{tmp_path}/new.db")
    await asyncio.to_thread(run_alembic, f"sqlite:///{tmp_path}/migrated.db")
    assert everything_in(tmp_path / "new.db") == everything_in(tmp_path / "migrated.db")


@pytest.mark.parametrize("url", ["postgresql://u:s3cret@host:port/db", "postgresql://u:s3cret@[::1/db"])
async def test_a_malformed_postgresql_url_is_refused_without_repeating_the_password(url: str) -> None:
    with pytest.raises(InvalidValue, match="database_url") as caught:
        await storage_from_url(url).open()
    assert "s3cret" not in f"{caught.value} {caught.value.__cause__}"


# That these are the same, the test of new files sees in the text of the schema.
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")
async def test_migrations_make_the_tables_on_sqlite(sqlite_path: Path) -> None:
    await asyncio.to_thread(run_alembic, f"sqlite:///{sqlite_path}")
    engine = create_engine(f"sqlite:///{sqlite_path}", poolclass=NullPool)
    with engine.connect() as connection:
        assert differences(connection) == []


async def test_migrations_make_the_tables_on_postgresql(postgres_url: str) -> None:
    await schema.upgrade(postgres_url)

    async def connect() -> asyncpg.Connection:
        return await asyncpg.connect(postgres_url)

    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []


UPGRADE = """
import asyncio, sys
from taskharbor.adapters.sqlalchemy import schema
asyncio.run(schema.upgrade(sys.argv[1]))
"""


async def upgrade_in_a_process(url: str) -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", UPGRADE, url)
    assert await process.wait() == 0


async def test_postgresql_puts_few_new_words_aside_that_each_search_would_go_through(postgres_url: str) -> None:
    await schema.upgrade(postgres_url)
    connection = await asyncpg.connect(postgres_url)
    try:
        options = await connection.fetchval("SELECT reloptions FROM pg_class WHERE relname = 'tasks_words'")
    finally:
        await connection.close()

    assert options == ["gin_pending_list_limit=128"]


async def test_many_migrations_of_one_process_do_not_disturb_each_other(tmp_path: Path) -> None:
    urls = [f"sqlite:///{tmp_path}/{n}.db" for n in range(4)]
    await asyncio.gather(*(asyncio.to_thread(run_alembic, url) for url in urls))
    assert {await schema.current(url) for url in urls} == {schema.head()}


async def test_many_who_upgrade_a_new_file_at_once_make_one_schema(sqlite_path: Path) -> None:
    url = f"sqlite:///{sqlite_path}"
    await asyncio.gather(*(upgrade(url) for upgrade in [upgrade_in_a_process, schema.upgrade] * 2))
    assert await schema.current(url) == schema.head()


async def test_many_who_upgrade_postgresql_at_once_make_one_schema(empty_postgres_url: str) -> None:
    url = empty_postgres_url
    await asyncio.gather(*(upgrade(url) for upgrade in [upgrade_in_a_process, schema.upgrade] * 2))
    assert await schema.current(url) == schema.head()


async def test_asking_for_the_version_of_a_file_that_is_not_there_makes_no_file(sqlite_path: Path) -> None:
    assert await schema.current(f"sqlite:///{sqlite_path}") is None
    assert not sqlite_path.exists()


async def test_a_sqlite_file_is_brought_up_to_date_by_itself(sqlite_path: Path) -> None:
    async with storage_from_url(f"sqlite:///{sqlite_path}") as storage:
        await storage.ping()
    assert await schema.current(f"sqlite:///{sqlite_path}") == schema.head()


async def test_a_sqlite_file_is_left_alone_if_migrations_are_off(sqlite_path: Path) -> None:
    storage = storage_from_url(f"sqlite:///{sqlite_path}", StorageOptions(migrate=False))
    with pytest.raises(StoreNotReady, match="taskharbor db upgrade"):
        await storage.open()
    assert not sqlite_path.exists()


async def test_postgresql_without_a_schema_is_refused_with_the_command_to_run(empty_postgres_url: str) -> None:
    with pytest.raises(StoreNotReady, match="taskharbor db upgrade"):
        await storage_from_url(empty_postgres_url).open()


async def test_postgresql_is_upgraded_if_migrations_are_on(empty_postgres_url: str) -> None:
    async with storage_from_url(empty_postgres_url, StorageOptions(migrate=True)) as storage:
        await storage.ping()


async def test_a_schema_from_the_future_is_refused_even_if_migrations_are_on(sqlite_path: Path) -> None:
    url = f"sqlite:///{sqlite_path}"
    await schema.upgrade(url)
    with sqlite3.connect(sqlite_path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(StoreNotReady, match="9999"):
        await storage_from_url(url, StorageOptions(migrate=True)).open()


async def test_a_file_that_is_no_database_is_reported(sqlite_path: Path) -> None:
    sqlite_path.write_text("This is a shopping list, not a database. " * 100)
    with pytest.raises(StoreUnavailable, match="not a database"):
        await storage_from_url(f"sqlite:///{sqlite_path}").open()


async def test_a_folder_that_is_not_there_is_reported(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="there is no folder"):
        await storage_from_url(f"sqlite:///{tmp_path}/nowhere/tasks.db").open()


async def test_memory_has_no_schema() -> None:
    with pytest.raises(InvalidValue, match="has no schema"):
        await schema.current("memory://")


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite://tasks.db", "sqlite:///t.db?x=1"]
)
def test_a_sqlite_url_that_names_no_file_is_refused(url: str) -> None:
    with pytest.raises(InvalidValue, match="database_url"):
        storage_from_url(url)


@pytest.mark.parametrize("url", ["", "tasks.db", "mysql://user:secret@host/db", "postgresql:secret"])
def test_a_url_of_another_kind_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(InvalidValue, match="must start with memory://") as caught:
        storage_from_url(url)
    assert "secret" not in str(caught.value)
