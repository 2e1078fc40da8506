"""A schema is upgraded while servers of this release and the one before use it: expand first, contract later."""

import asyncio
import importlib
import json
import logging
import subprocess
import sys
from io import StringIO
from pathlib import Path

import asyncpg
import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations

from taskharbor.adapters.sqlalchemy import migrations, schema
from taskharbor.adapters.sqlalchemy.migrations.online import LOCK_SECONDS
from taskharbor.adapters.sqlalchemy.migrations.schema import OLDEST, note_of
from taskharbor.adapters.sqlalchemy.postgres import PostgresStorage
from taskharbor.adapters.storage_url import storage_from_url
from taskharbor.application.errors import StoreNotReady

VERSIONS = sorted(path.stem for path in (Path(migrations.__file__).parent / "versions").glob("[0-9]*.py"))
LATER = [name for name in VERSIONS if name[:4] > OLDEST]

NOT_OURS = "prefer-robust-stmts,require-timeout-settings,require-lock-timeout,require-statement-timeout"
"""What the environment does for all of them: time-outs of locks, a transaction for each, and the version in it."""


def sql_of(upgrade) -> str:
    """Return what a migration says to PostgreSQL."""
    text = StringIO()
    options = {"as_sql": True, "output_buffer": text, "transaction_per_migration": True}
    context = MigrationContext.configure(dialect_name="postgresql", opts=options)
    with Operations.context(context):
        upgrade()
    return f"BEGIN;\n{text.getvalue()}\nCOMMIT;\n"


def lint(sql: str) -> list[str]:
    """Return the rules that squawk, the linter of migrations of PostgreSQL, finds broken."""
    command = [Path(sys.executable).with_name("squawk"), "--exclude", NOT_OURS, "--reporter", "json"]
    found = subprocess.run(command, input=sql, capture_output=True, text=True, check=False)
    return [one["rule_name"] for one in json.loads(found.stdout or "[]")]


@pytest.mark.parametrize("name", LATER)
def test_a_migration_takes_nothing_away_and_keeps_nobody_waiting(name: str) -> None:
    module = importlib.import_module(f"taskharbor.adapters.sqlalchemy.migrations.versions.{name}")
    assert lint(sql_of(module.upgrade)) == []


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        ("ALTER TABLE tasks DROP COLUMN rank;", "ban-drop-column"),
        ("ALTER TABLE tasks ADD COLUMN colour text NOT NULL;", "adding-required-field"),
        ("ALTER TABLE tasks RENAME COLUMN rank TO place;", "renaming-column"),
        ("ALTER TABLE tasks ALTER COLUMN list TYPE text;", "changing-column-type"),
        ("CREATE INDEX tasks_colour ON tasks (rank);", "require-concurrent-index-creation"),
        ("DROP TABLE tasks;", "ban-drop-table"),
    ],
)
def test_the_linter_finds_what_stops_a_server(sql: str, rule: str) -> None:
    assert rule in lint(sql)


async def noted(url: str, version: str, note: str | None) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(f"UPDATE alembic_version SET version_num = '{version}'")
    text = "NULL" if note is None else f"'{note}'"
    await connection.execute(f"COMMENT ON TABLE alembic_version IS {text}")
    await connection.close()


async def test_a_server_that_starts_while_a_later_release_has_upgraded_serves(postgres_url: str) -> None:
    await noted(postgres_url, "9999", note_of("9999", schema.head()))
    async with storage_from_url(postgres_url) as storage:
        await storage.ping()
    await schema.check(postgres_url)
    await schema.upgrade(postgres_url)
    assert await schema.current(postgres_url) == "9999"


@pytest.mark.parametrize("note", [None, "of another program", note_of("9999", "9998"), note_of("9998", "0002")])
async def test_a_server_refuses_what_a_later_release_has_left_nothing_in_for_it(postgres_url: str, note) -> None:
    await noted(postgres_url, "9999", note)
    with pytest.raises(StoreNotReady, match="schema 9999, which this release"):
        await storage_from_url(postgres_url).open()


async def test_a_migration_notes_which_releases_can_go_on(postgres_url: str) -> None:
    connection = await asyncpg.connect(postgres_url)
    note = await connection.fetchval("SELECT obj_description('alembic_version'::regclass)")
    await connection.close()
    assert note == note_of(schema.head(), OLDEST)
    assert schema.head() >= OLDEST


async def test_a_migration_that_was_broken_off_is_done_again(postgres_url: str) -> None:
    connection = await asyncpg.connect(postgres_url)
    await connection.execute("ALTER TABLE tasks DROP COLUMN claimed_until")  # the index of 0004 is there
    await connection.execute("UPDATE alembic_version SET version_num = '0003'")
    await schema.upgrade(postgres_url)
    broken = await connection.fetch("SELECT 1 FROM pg_index WHERE NOT indisvalid")
    await connection.close()
    assert (await schema.current(postgres_url), broken) == (schema.head(), [])


@pytest.mark.long
async def test_a_write_waits_longer_for_a_lock_than_a_migration_before_it(postgres: PostgresStorage) -> None:
    [[milliseconds]] = await postgres._fetch("SELECT setting FROM pg_settings WHERE name = 'lock_timeout'")
    assert int(milliseconds) > 1000 * LOCK_SECONDS


async def test_a_migration_waits_for_a_table_that_is_in_use_and_lets_others_go_on(
    postgres_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "taskharbor.migrations")
    connection, other = await asyncpg.connect(postgres_url), await asyncpg.connect(postgres_url)
    await connection.execute("ALTER TABLE tasks DROP COLUMN claimed_until; DROP INDEX tasks_open")
    await connection.execute("UPDATE alembic_version SET version_num = '0003'")
    async with connection.transaction():
        await connection.execute("LOCK TABLE tasks IN ACCESS SHARE MODE")  # a long query
        running = asyncio.ensure_future(schema.upgrade(postgres_url))
        while "in use" not in caplog.text and not running.done():
            await other.fetch("SELECT count(*) FROM tasks")
            await asyncio.sleep(0.05)
    await running
    await connection.close()
    await other.close()
    assert await schema.current(postgres_url) == schema.head()
