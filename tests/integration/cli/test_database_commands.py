import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import asyncpg
import pytest

from taskharbor.adapters.sqlalchemy.schema import head


def test_upgrade_makes_a_database_that_check_accepts(taskharbor):
    behind = taskharbor("db", "check")
    assert behind.exit_code == 3
    assert "run `taskharbor db upgrade`" in behind.err

    assert taskharbor("db", "upgrade").exit_code == 0
    assert taskharbor("db", "check").exit_code == 0


def test_current_shows_the_version_or_that_there_is_none(taskharbor):
    assert taskharbor("db", "current").out.startswith("none")
    taskharbor("db", "upgrade")
    assert taskharbor("db", "current").out == f"{head()}\n"


def test_upgrade_can_be_repeated(taskharbor):
    assert [taskharbor("db", "upgrade").exit_code for _ in range(2)] == [0, 0]


def test_the_option_names_another_database(taskharbor, tmp_path):
    assert taskharbor("db", "upgrade", "--database-url", "sqlite:///other.db").exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["other.db"]


def test_memory_has_no_schema(taskharbor):
    refused = taskharbor("db", "upgrade", "--database-url", "memory://")
    assert refused.exit_code == 2
    assert refused.err.startswith("taskharbor: --database-url ")


@pytest.mark.parametrize("command", ["upgrade", "current", "check"])
def test_an_unreachable_database_is_one_sentence_and_exit_code_3(taskharbor, command):
    refused = taskharbor("db", command, "--database-url", "postgresql://user:hunter2@127.0.0.1:1/tasks")
    assert refused.exit_code == 3
    assert refused.err.startswith("taskharbor: The task store is unavailable")
    assert refused.err.count("\n") == 1
    assert "hunter2" not in refused.err


@pytest.fixture
def newer(taskharbor):
    """The URL of a database of a later release."""
    taskharbor("db", "upgrade", "--database-url", "sqlite:///newer.db")
    with closing(sqlite3.connect("newer.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    return "sqlite:///newer.db"


@pytest.mark.parametrize(
    "command",
    [
        *(("db", "upgrade"), ("db", "current"), ("db", "check"), ("serve", "--port", "0"), ("backup", "copy.db")),
        *(("verify",), ("purge",), ("member", "list"), ("export", "--format", "jsonl"), ("list",), ("add", "x")),
    ],
)
def test_a_schema_newer_than_the_release_is_one_sentence_and_exit_code_3(taskharbor, newer, command):
    refused = taskharbor(*command, "--database-url", newer)
    assert refused.exit_code == 3
    assert "has schema 9999, which this release of Taskharbor does not support" in refused.err
    assert refused.err.count("\n") == 1


def test_a_backup_of_a_newer_release_is_not_restored(taskharbor, newer):
    refused = taskharbor("restore-backup", "newer.db", "--database-url", "sqlite:///tasks.db")
    assert refused.exit_code == 3
    assert "has schema 9999" in refused.err
    assert not Path("tasks.db").exists()


def test_doctor_calls_a_newer_schema_a_fault_that_only_another_release_helps(taskharbor, newer):
    refused = taskharbor("doctor", "--database-url", newer)
    assert refused.exit_code == 3
    assert "FAULT: The database has schema 9999" in refused.out
    assert "use the release that created it" in refused.out
    assert "db upgrade" not in refused.out


@pytest.mark.parametrize("command", [("db", "upgrade"), ("serve", "--port", "0"), ("add", "x")])
@pytest.mark.parametrize("damage", ["DROP TABLE alembic_version", "DELETE FROM alembic_version"])
def test_tables_of_which_nothing_says_what_schema_they_are_stay_as_they_are(taskharbor, command, damage):
    taskharbor("db", "upgrade", "--database-url", "sqlite:///odd.db")
    with closing(sqlite3.connect("odd.db")) as database, database:
        database.execute(damage)
    refused = taskharbor(*command, "--database-url", "sqlite:///odd.db")
    assert refused.exit_code == 3
    assert "tables that are not ours" in refused.err
    assert refused.err.count("\n") == 1


DAMAGE = {
    "DROP TABLE tasks": "The database lacks the table tasks",
    "ALTER TABLE history DROP COLUMN actor": "The database lacks the column actor of the table history",
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_check_doctor_and_verify_say_which_table_or_column_has_gone(taskharbor, damage):
    taskharbor("db", "upgrade")
    with closing(sqlite3.connect("tasks.db")) as database, database:
        database.execute(damage)
    for command in (("db", "check"), ("doctor",), ("verify",)):
        refused = taskharbor(*command)
        assert refused.exit_code == 3
        assert DAMAGE[damage] in refused.out + refused.err
        assert "restore a backup" in refused.out + refused.err


def test_check_says_which_table_of_postgresql_has_gone(taskharbor, postgres_url):
    assert taskharbor("db", "check", "--database-url", postgres_url).exit_code == 0
    asyncio.run(_carried_out(postgres_url, "DROP TABLE records"))
    refused = taskharbor("db", "check", "--database-url", postgres_url)
    assert (refused.exit_code, "The database lacks the table records" in refused.err) == (3, True)


async def _carried_out(url, sql):
    connection = await asyncpg.connect(url)
    await connection.execute(sql)
    await connection.close()
