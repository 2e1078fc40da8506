"""What SQLite has in mind for the statements that everybody asks: never to go through a whole workspace."""

from pathlib import Path

import pytest

from taskharbor.adapters.sqlalchemy.sqlite import storage
from taskharbor.adapters.sqlalchemy.sqlite_driver import sqlite3
from taskharbor.adapters.sqlalchemy.statement import Statement
from taskharbor.application.unit_of_work.reminder_records import REMINDER

READS = storage.SqliteStorage._reads
NUMBERS = ("in_workspace", "after", "skip", "at_most", "after_revision", "after_id", "seen", "at")
ANY = dict.fromkeys(NUMBERS, 1) | {"ids": "[1]"}


@pytest.mark.parametrize("statement", [storage._GET, READS.any_page, storage._LOAD, READS.any_changes])
async def test_a_task_that_another_depends_on_is_found_by_its_key(sqlite, statement: Statement):
    rows = await sqlite._readers.fetch(f"EXPLAIN QUERY PLAN {statement.sql}", statement.arguments(ANY))
    steps = [step for *_, step in rows if " tasks " in step or " needed " in step]

    assert steps
    assert all(step.startswith("SEARCH") for step in steps)
    assert all("workspace=? AND " in step for step in steps)


async def test_what_a_page_skips_is_counted_in_an_index_of_what_is_live(sqlite):
    rows = await sqlite._readers.fetch(f"EXPLAIN QUERY PLAN {READS.any_page.sql}", READS.any_page.arguments(ANY))
    assert "SEARCH tasks USING INDEX tasks_live (workspace=? AND id>?)" in [step for *_, step in rows]


@pytest.mark.parametrize(
    ("statement", "searches"),
    [
        (READS.find_revision, ["workspace=? AND revision<?", "workspace=? AND revision<?"]),
        (storage._PURGE._oldest, ["workspace=?"]),
    ],
)
async def test_when_commits_were_made_is_read_from_an_index_alone(sqlite, statement: Statement, searches: list[str]):
    rows = await sqlite._readers.fetch(f"EXPLAIN QUERY PLAN {statement.sql}", statement.arguments(ANY))

    assert [step for *_, step in rows if " history " in step] == [
        f"SEARCH history USING COVERING INDEX history_commits ({condition})" for condition in searches
    ]


async def test_the_next_reminders_are_the_first_of_an_index(sqlite):
    values = {"in_workspace": "default", "of_kind": REMINDER, "after": "", "at_most": 100}
    statement = READS.list_records
    rows = await sqlite._readers.fetch(f"EXPLAIN QUERY PLAN {statement.sql}", statement.arguments(values))

    (step,) = [step for *_, step in rows]  # and no other step sorts them
    assert step.startswith("SEARCH records USING ")
    assert step.endswith("(workspace=? AND kind=? AND key>?)")


async def test_the_revision_at_an_old_instant_is_found_as_quickly_as_at_a_new_one(sqlite, sqlite_path: Path):
    many = 20_000
    connection = sqlite3.connect(sqlite_path)
    rows = [(n, n - 1, n * 10 - n % 3 * 7) for n in range(1, many + 1)]  # each third clock is late
    connection.executemany(
        "INSERT INTO history (workspace, task_id, revision, previous, at, command, changes) "
        "VALUES ('w', 1, ?, ?, ?, 'c', '{}')",
        rows,
    )
    connection.execute(
        "INSERT INTO workspaces (id, revision, next_task_id, latest_at, set_back) VALUES ('w', ?, 2, ?, 14)",
        (many, many * 10),
    )
    steps = {}
    for at in (0, 5, 1_000, 100_001, 199_990, 300_000):
        counted = []
        connection.set_progress_handler(lambda counted=counted: counted.append(1), 1)
        arguments = READS.find_revision.arguments({"in_workspace": "w", "at": at})
        found = connection.execute(READS.find_revision.sql, arguments).fetchall()
        assert [revision for (revision,) in found] == [n for n, _, made in rows if made <= at][-1:]
        steps[at] = len(counted)
    connection.close()
    assert max(steps.values()) < 5_000


async def test_statistics_are_those_of_indexes_that_there_are(sqlite, sqlite_path: Path):
    connection = sqlite3.connect(sqlite_path)
    indexed = {name for (name,) in connection.execute("SELECT idx FROM sqlite_stat1 WHERE tbl = 'tasks'")}
    there = {name for _, name, *_ in connection.execute("PRAGMA index_list(tasks)")}
    connection.close()

    assert indexed == there - {"tasks_trash"}
