import asyncio
from contextlib import closing
from pathlib import Path

import pytest

from taskharbor.adapters.sqlalchemy.sqlite_driver import sqlite3
from taskharbor.entrypoints.embedded import TokenExpired
from taskharbor.entrypoints.embedded.opening import open_taskharbor


def titles_in(file):
    async def read():
        async with open_taskharbor(f"sqlite:///{file}", migrate=False) as harbor:
            return [task.title for task in (await harbor.list_tasks()).items]

    return asyncio.run(read())


def add(*titles, file="tasks.db"):
    async def write():
        async with open_taskharbor(f"sqlite:///{file}") as harbor:
            for title in titles:
                await harbor.create_task(title=title)

    asyncio.run(write())


def test_a_backup_has_all_that_was_committed_and_only_its_owner_reads_it(taskharbor):
    add("one", "two")
    done = taskharbor("backup", "copy.db")
    assert (done.exit_code, done.out) == (0, f"Wrote copy.db, {Path('copy.db').stat().st_size:,} bytes.\n")
    assert Path("copy.db").stat().st_mode & 0o777 == 0o600
    assert titles_in("copy.db") == ["one", "two"]
    assert (
        "All is well: 2 tasks and 2 history records" in taskharbor("verify", "--database-url", "sqlite:///copy.db").out
    )


def test_a_backup_of_a_database_in_use_is_a_moment_of_it(taskharbor):
    add("one")

    async def meanwhile():
        async with open_taskharbor("sqlite:///tasks.db") as harbor:
            await harbor.create_task(title="two")
            await asyncio.to_thread(taskharbor, "backup", "copy.db")
            await harbor.create_task(title="three")

    asyncio.run(meanwhile())
    assert titles_in("copy.db") == ["one", "two"]
    assert titles_in("tasks.db") == ["one", "two", "three"]


def test_what_was_lost_cannot_be_mistaken_for_what_came_after_a_restore(taskharbor):
    add("one")
    taskharbor("backup", "copy.db")

    async def token():
        async with open_taskharbor("sqlite:///tasks.db") as harbor:
            await harbor.create_task(title="lost")
            return (await harbor.list_changes("*")).next

    lost = asyncio.run(token())
    restored = taskharbor("restore-backup", "copy.db", "--replace")
    assert (restored.exit_code, restored.out) == (0, "Restored tasks.db from copy.db.\n")
    assert titles_in("tasks.db") == ["one"]

    async def use_it():
        async with open_taskharbor("sqlite:///tasks.db") as harbor:
            await harbor.create_task(title="new")  # takes the revision that was lost
            with pytest.raises(TokenExpired):
                await harbor.list_changes(lost)

    asyncio.run(use_it())
    assert taskharbor("verify").exit_code == 0


def test_a_restore_makes_a_database_where_there_is_none(taskharbor):
    add("one", file="elsewhere.db")
    taskharbor("backup", "copy.db", "--database-url", "sqlite:///elsewhere.db")
    assert taskharbor("restore-backup", "copy.db").exit_code == 0
    assert titles_in("tasks.db") == ["one"]


def test_a_database_that_is_there_is_replaced_only_if_asked_for_and_not_in_use(taskharbor):
    add("one")
    taskharbor("backup", "copy.db")
    add("two")
    refused = taskharbor("restore-backup", "copy.db")
    assert (refused.exit_code, "--replace puts the backup in its place" in refused.err) == (6, True)

    async def while_open():
        async with open_taskharbor("sqlite:///tasks.db"):
            return await asyncio.to_thread(taskharbor, "restore-backup", "copy.db", "--replace")

    busy = asyncio.run(while_open())
    assert (busy.exit_code, "is in use: stop what serves it first" in busy.err) == (6, True)
    assert titles_in("tasks.db") == ["one", "two"]


def test_a_broken_database_can_be_replaced(taskharbor):
    add("one")
    taskharbor("backup", "copy.db")
    Path("tasks.db").write_bytes(b"SQLite format 3\x00 no more" * 100)
    assert taskharbor("restore-backup", "copy.db", "--replace").exit_code == 0
    assert titles_in("tasks.db") == ["one"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "there is no file copy.db"),
        (b"not a database", "is not a backup that can be restored: it is not a database of Taskharbor"),
        (b"", "it is not a database of Taskharbor"),
        (b"half", "is not a backup that can be restored"),
    ],
)
def test_what_is_no_backup_is_refused_and_nothing_harmed(taskharbor, content, says):
    add("one")
    if content == b"half":
        taskharbor("backup", "copy.db")
        whole = Path("copy.db").read_bytes()
        Path("copy.db").write_bytes(whole[: len(whole) // 2])
    elif content is not None:
        Path("copy.db").write_bytes(content)
    refused = taskharbor("restore-backup", "copy.db", "--replace")
    assert refused.exit_code in {2, 4}
    assert says in refused.err
    assert titles_in("tasks.db") == ["one"]


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("memory://", "keeps nothing"),
        ("postgresql://localhost/x", "pg_dump"),
        ("lmdb:///x", "mdb_copy"),
        ("sqlite:///nowhere.db", "there is no database nowhere.db"),
    ],
)
def test_what_cannot_be_backed_up_is_said_in_a_sentence(taskharbor, url, says):
    refused = taskharbor("backup", "copy.db", "--database-url", url)
    assert refused.exit_code in {2, 3}
    assert says in refused.err
    assert not Path("copy.db").exists()


def test_a_backup_overwrites_nothing(taskharbor):
    add("one")
    Path("copy.db").write_text("precious")
    refused = taskharbor("backup", "copy.db")
    assert (refused.exit_code, Path("copy.db").read_text()) == (2, "precious")


def test_verify_names_what_does_not_hold(taskharbor):
    add("one", "two")
    with closing(sqlite3.connect("tasks.db")) as connection:
        connection.execute("DELETE FROM history WHERE task_id = 1")
        connection.commit()
    found = taskharbor("verify")
    assert found.exit_code == 4
    assert found.out == "default: task 1 has no history of its last revision, 1\n"
    assert "1 fault in 2 tasks and 1 history record in 1 workspace" in found.err
