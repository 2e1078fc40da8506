"""A statement is planned once, however often it is carried out with other values."""

from typing import Any

import pytest

from taskharbor.adapters.sqlalchemy.sqlite import storage
from taskharbor.adapters.sqlalchemy.sqlite.database_file import DatabaseFile
from taskharbor.adapters.sqlalchemy.sqlite_driver import sqlite3
from taskharbor.entrypoints.embedded import Harbor, open_taskharbor

QUESTIONS: tuple[dict[str, Any], ...] = (
    {"q": "plants"},
    {"filter": "priority >= 1 AND tags:home"},
    {"sort": "due,-priority"},
    {"sort": "title", "filter": "due < today+7d"},
    {"sort": "-urgency"},
)


@pytest.fixture
def planned(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """What SQLite plans: it asks for leave when it does."""
    actions: list[tuple[object, ...]] = []

    def connect(self: DatabaseFile, _connect=DatabaseFile.connect, **options: bool) -> sqlite3.Connection:
        connection = _connect(self, **options)
        connection.set_authorizer(lambda *action: actions.append(action) or sqlite3.SQLITE_OK)
        return connection

    monkeypatch.setattr(DatabaseFile, "connect", connect)
    monkeypatch.setattr(storage, "MOST_READERS", 1)  # each connection plans for itself
    return actions


async def use(harbor: Harbor, number: int) -> None:
    task = await harbor.create_task(title=f"Water plants {number}", tags=["home"], priority=number % 9 + 1)
    await harbor.change_task(task.id, title=f"Water all plants {number}")
    subtask = await harbor.create_task(title="One of them", parent=task.id)
    waiting = await harbor.create_task(title="Look at them", depends_on=[task.id])
    await harbor.delete_task(subtask.id)
    await harbor.delete_task(waiting.id)
    await harbor.get_task(task.id)
    await harbor.list_tasks(limit=number, skip=number)
    await harbor.list_tasks(limit=number, after=number)
    for question in QUESTIONS:
        page = await harbor.find_tasks(**question, limit=number)
        await harbor.find_tasks(**question, limit=number, cursor=page.next_cursor)
        await harbor.find_tasks(**question, limit=number, skip=number)
    changes = await harbor.list_changes(limit=number)
    await harbor.list_changes(changes.next, limit=number)
    await harbor.task_history(task.id, limit=number)
    await harbor.list_tasks_as_of(number, limit=number)
    await harbor.list_trash(limit=number)
    await harbor.count_tasks("priority >= 1")
    await harbor.count_facets("tags:home")
    await harbor.undo_commit((await harbor.complete_task(task.id)).revision)


async def test_nothing_is_planned_again_for_other_values(tmp_path, planned):
    async with open_taskharbor(f"sqlite:///{tmp_path}/tasks.db") as harbor:
        for number in range(1, 5):
            await use(harbor, number)
        planned.clear()
        await use(harbor, 5)
        assert planned == []
