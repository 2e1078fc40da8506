"""Of a store that was used, nothing is found wrong; of one that was tampered with, each kind of fault is."""

from contextlib import closing
from pathlib import Path

import pytest

from taskharbor.adapters.sqlalchemy.sqlite_driver import sqlite3
from taskharbor.adapters.storage_options import StorageOptions
from taskharbor.adapters.storage_url import storage_from_url
from taskharbor.application.verification.verify import Checked, verify
from taskharbor.entrypoints.embedded import Harbor, open_taskharbor


async def use(harbor: Harbor) -> None:
    home = await harbor.create_list(name="Home")
    top = await harbor.create_task(title="Paint the fence", list=home.id)
    await harbor.create_task(title="Buy paint", parent=top.id)
    done = await harbor.create_task(title="Measure it", parent=top.id)
    await harbor.complete_task(done.id)
    weekly = await harbor.create_task(title="Sweep", due={"date": "2026-12-01"}, recurrence={"rrule": "FREQ=WEEKLY"})
    await harbor.complete_task(weekly.id)
    gone = await harbor.create_task(title="Never mind")
    await harbor.delete_task(gone.id)
    await harbor.add_comment(top.id, "Green, please")
    await harbor.in_workspace("other").create_task(title="Elsewhere")


async def faults_of(url: str) -> list[str]:
    async with storage_from_url(url, StorageOptions(migrate=False)) as storage:
        return [f"{fault.task_id}: {fault.what}" async for fault in verify(storage, Checked())]


@pytest.mark.parametrize("store", ["memory", "sqlite", "postgres"])
async def test_a_store_that_was_used_holds_what_must_hold(store: str, tmp_path: Path, postgres_url: str) -> None:
    url = {"memory": "memory://", "sqlite": f"sqlite:///{tmp_path}/tasks.db", "postgres": postgres_url}[store]
    async with open_taskharbor(url) as harbor:
        await use(harbor)
        checked = Checked()
        assert [one async for one in verify(harbor._use_cases._storage, checked)] == []
    assert (checked.workspaces, checked.tasks) == (2, 7)
    assert checked.entries > checked.tasks


@pytest.mark.parametrize(
    ("tampering", "says"),
    [
        ("UPDATE tasks SET revision = 99 WHERE id = 3", "has revision 99; the workspace is at"),
        ("DELETE FROM history WHERE task_id = 3", "has no history of its last revision"),
        ("DELETE FROM history WHERE task_id = 3 AND previous = 0", "has a gap in its history"),
        (
            "INSERT INTO task_words(task_words, rowid, words) SELECT 'delete', row, words FROM tasks WHERE row = 1",
            "is not found by its words",
        ),
        ("DELETE FROM tasks WHERE id = 4", "counts 2 subtasks, 1 open; there are 1, 0 open"),
        ("DELETE FROM records WHERE kind = 'list'", "which does not exist"),
        ("UPDATE tasks SET list = 77 WHERE id = 3", "a search finds 2 tasks in list 2; there are 3"),
        ("UPDATE tasks SET deleted = 1 WHERE id = 3", "is a subtask of task 3, which does not exist"),
    ],
)
async def test_each_kind_of_fault_is_found(tampering: str, says: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/tasks.db"
    async with open_taskharbor(url) as harbor:
        await use(harbor)
    with closing(sqlite3.connect(tmp_path / "tasks.db")) as connection:
        connection.execute(tampering)
        connection.commit()
    found = await faults_of(url)
    assert any(says in fault for fault in found), found
