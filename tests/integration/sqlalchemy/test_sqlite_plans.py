"""What SQLite has in mind for the statements that everybody asks: never to go through a whole workspace."""

import pytest

from taskharbor.adapters.sqlalchemy.sqlite import storage
from taskharbor.adapters.sqlalchemy.statement import Statement

READS = storage.SqliteStorage._reads


@pytest.mark.parametrize("statement", [storage._GET, READS.any_page, storage._LOAD, READS.any_changes])
async def test_a_task_that_another_depends_on_is_found_by_its_key(sqlite, statement: Statement):
    values = dict.fromkeys(statement._names, 1) | {"ids": "[1]"}
    rows = await sqlite._readers.fetch(f"EXPLAIN QUERY PLAN {statement.sql}", statement.arguments(values))
    steps = [step for *_, step in rows if " tasks " in step or " needed " in step]

    assert steps
    assert all(step.startswith("SEARCH") for step in steps)
    assert all("workspace=? AND " in step for step in steps)


@pytest.mark.parametrize("statement", [READS.find_revision, storage._PURGE._oldest])
async def test_when_commits_were_made_is_read_from_an_index_alone(sqlite, statement: Statement):
    values = dict.fromkeys(statement._names, 1)
    rows = await sqlite._readers.fetch(f"EXPLAIN QUERY PLAN {statement.sql}", statement.arguments(values))

    assert [step for *_, step in rows] == ["SEARCH history USING COVERING INDEX history_commits (workspace=?)"]
