"""A change leaves those indexes of SQLite alone that it has nothing to do with, and no others."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from taskharbor.adapters.sqlalchemy.rows.task_rows import WRITTEN_COLUMNS, task_to_row
from taskharbor.adapters.sqlalchemy.sqlite import SqliteStorage
from taskharbor.adapters.sqlalchemy.sqlite.search_dialect import words_text
from taskharbor.application.lists.manage_lists import CreateList
from taskharbor.application.ports.storage import Storage
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.use_cases.application import UseCases

UseCasesOn = Callable[[Storage], UseCases]
UNINDEXED = {"priority": 1, "start": {"date": "2026-11-01"}, "estimated_duration": "PT1H"}
OF_PROGRESS = {"is_completed": True, "percent_complete": 100}
OF_WORDS = {"title": "Repot the fern", "description": "Two litres", "tags": ["home"]}
OF_OTHERS = {"depends_on": [1]}
OF_PLACE = {"due": {"date": "2026-12-24"}, "list": 4}
PLACE = {"list", "parent", "rank", "due_key"}
LIFE = {"deleted", "depends_on"}
PROGRESS = {"is_open", "completed"}
INDEXED = ("id", "words", *PLACE, *LIFE, *PROGRESS)


@pytest_asyncio.fixture
async def statements(sqlite: SqliteStorage) -> list[str]:
    """All that is written from now on."""
    written: list[str] = []
    await sqlite._writer.run(lambda connection: connection.set_trace_callback(written.append))
    return written


async def _change(storage: SqliteStorage, use_cases: UseCases, change: dict[str, Any]) -> None:
    for title in ("Buy soil", "Water the fern", "Order seeds"):
        await use_cases.execute(CreateTask(title=title, due={"date": "2026-12-01"}))
    assert (await use_cases.execute(CreateList(name="Garden"))).id == 4
    await use_cases.execute(ChangeTask(id=2, dependencies="ignore", **change))


@pytest.mark.parametrize(
    ("change", "names"),
    [
        *(({field: value}, set[str]()) for field, value in UNINDEXED.items()),
        *(({field: value}, PROGRESS) for field, value in OF_PROGRESS.items()),
        *(({field: value}, {"words"}) for field, value in OF_WORDS.items()),
        *(({field: value}, PLACE) for field, value in OF_PLACE.items()),
        (OF_OTHERS, {"words", *LIFE}),
        (OF_WORDS | OF_PLACE, {"words", *PLACE}),
    ],
    ids=lambda value: "+".join(sorted(value)),
)
async def test_a_change_names_the_indexed_columns_that_it_has_to_do_with(
    sqlite: SqliteStorage, use_cases_on: UseCasesOn, statements: list[str], change: dict[str, Any], names: set[str]
) -> None:
    await _change(sqlite, use_cases_on(sqlite), change)
    update = next(statement for statement in statements if statement.startswith("UPDATE tasks"))
    named = {column for column in INDEXED if f" {column}=to_be.new_{column}" in update}
    assert named == names


@pytest.mark.parametrize(
    "change",
    [
        UNINDEXED,
        OF_PROGRESS,
        OF_WORDS,
        OF_OTHERS,
        OF_PLACE,
        UNINDEXED | OF_PROGRESS | OF_WORDS | OF_OTHERS | OF_PLACE,
    ],
    ids="+".join,
)
async def test_all_columns_and_the_index_say_what_the_task_is_however_it_was_changed(
    sqlite: SqliteStorage, sqlite_path: Path, use_cases_on: UseCasesOn, change: dict[str, Any]
) -> None:
    await _change(sqlite, use_cases_on(sqlite), change)
    task = (await sqlite.load_tasks("default", [2]))[2]
    names = ", ".join(column.name for column in WRITTEN_COLUMNS)
    with closing(sqlite3.connect(sqlite_path)) as connection:
        (row,) = connection.execute(f"SELECT {names} FROM tasks WHERE id = 2")
        assert row == task_to_row("default", task, {}, words_text)
        connection.execute("INSERT INTO task_words (task_words, rank) VALUES ('integrity-check', 1)")
