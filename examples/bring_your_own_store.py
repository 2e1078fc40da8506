"""A storage of your own in one file: tasks as JSON, rewritten at each commit. Needs only the bare wheel.

It is complete, and small rather than fast. The conformance kit says whether a store behaves; this one does:

    class TestJsonFileStorage(StorageContract):  # from taskharbor.testing
        @pytest_asyncio.fixture
        async def storage(self, tmp_path):
            async with JsonFileStorage(tmp_path / "tasks.json") as storage:
                yield storage
"""

import asyncio
import json
import os
import sys
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from taskharbor.application.errors import ConcurrentUpdate, StoreUnavailable, UidTaken
from taskharbor.application.ports.change_feed import ChangeSlice, Position, change_of
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_queries import TaskPage
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.task_view import TaskView
from taskharbor.domain.calendar_time import AllDay, Floating, Zoned, calendar_time_from
from taskharbor.domain.duration import Duration, duration_from
from taskharbor.domain.identifiers import MAX_ID, Revision, TaskId, WorkspaceId
from taskharbor.domain.progress import Progress
from taskharbor.domain.reminder import AbsoluteReminder, RelativeReminder, reminders_from
from taskharbor.domain.tags import tags_from
from taskharbor.domain.task import Task
from taskharbor.domain.uid import Uid
from taskharbor.entrypoints.embedded import open_taskharbor


@dataclass(frozen=True)
class Workspace:
    """What the file holds of one workspace; replaced as a whole, so that no reader sees half a commit."""

    revision: Revision = 0
    last_id: TaskId = 0
    tasks: Mapping[TaskId, Task] = field(default_factory=dict)


class JsonFileStorage(Storage):
    """Tasks in a JSON file that one process uses.

    A write awaits nothing, so for the event loop it is one step: no lock is needed, and no cancellation can halve it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._workspaces: dict[WorkspaceId, Workspace] = {}

    async def open(self) -> None:
        if self._path.exists():
            found = json.loads(self._path.read_text())
            self._workspaces = {name: workspace_from_json(value) for name, value in found.items()}

    async def aclose(self) -> None:
        self._workspaces = {}

    async def ping(self) -> None:
        if not self._path.parent.is_dir():
            raise StoreUnavailable(f"the folder of {self._path} is gone")

    async def next_task_id(self, workspace: WorkspaceId) -> TaskId:
        now = self._workspace(workspace)
        after = Workspace(now.revision, now.last_id + 1, now.tasks)
        self._replace(workspace, after)  # on disk at once: an id is never given twice
        return after.last_id

    async def load_tasks(self, workspace: WorkspaceId, ids: Collection[TaskId]) -> Mapping[TaskId, Task]:
        tasks = self._workspace(workspace).tasks
        return {id_: tasks[id_] for id_ in ids if id_ in tasks}

    async def commit(self, changes: Changeset) -> Revision:
        now = self._workspace(changes.workspace)
        refuse_conflicts(changes, now.tasks)
        revision = now.revision + 1
        written = {task.id: task.committed(revision) for task in (*changes.added, *changes.changed)}
        self._replace(changes.workspace, Workspace(revision, now.last_id, {**now.tasks, **written}))
        return revision

    async def get_task(self, workspace: WorkspaceId, task_id: TaskId) -> TaskView | None:
        task = self._workspace(workspace).tasks.get(task_id)
        return None if task is None or task.is_deleted else TaskView.of(task)

    async def list_tasks(self, workspace: WorkspaceId, *, after: TaskId, skip: int, limit: int) -> TaskPage:
        tasks = self._workspace(workspace).tasks
        live = [tasks[id_] for id_ in sorted(tasks) if id_ > after and not tasks[id_].is_deleted]
        found = live[skip : skip + limit + 1]  # one more than asked for tells whether there is another page
        return TaskPage.of([TaskView.of(task) for task in found], limit)

    async def list_changes(self, workspace: WorkspaceId, *, after: Position, limit: int) -> ChangeSlice:
        now = self._workspace(workspace)
        seen = after.revision, MAX_ID if after.task_id is None else after.task_id
        changed = [task for task in now.tasks.values() if (task.revision, task.id) > seen]
        changed.sort(key=lambda task: (task.revision, task.id))
        return ChangeSlice(items=[change_of(task) for task in changed[:limit]], revision=now.revision)

    def _workspace(self, name: WorkspaceId) -> Workspace:
        return self._workspaces.get(name, Workspace())

    def _replace(self, name: WorkspaceId, workspace: Workspace) -> None:
        workspaces = {**self._workspaces, name: workspace}
        try:
            write_durably(self._path, json.dumps(workspaces, default=to_json))
        except OSError as error:
            raise StoreUnavailable(f"cannot write {self._path}: {error.strerror}") from error
        self._workspaces = workspaces


def refuse_conflicts(changes: Changeset, tasks: Mapping[TaskId, Task]) -> None:
    expected = {task.id: task.revision for task in changes.changed} | dict(changes.guarded)
    for task_id, revision in expected.items():
        if task_id not in tasks or tasks[task_id].revision != revision:
            raise ConcurrentUpdate(task_id)
    taken = {task.uid for task in tasks.values()}
    for task in changes.added:
        if task.uid in taken:
            raise UidTaken(task.uid)
        taken.add(task.uid)


def write_durably(path: Path, text: str) -> None:
    """Replace the file in one step: after a crash it holds the old text or the new one."""
    draft = path.with_suffix(".draft")
    with draft.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def to_json(value: object) -> object:
    if isinstance(value, Workspace | Task):
        return {each.name: getattr(value, each.name) for each in fields(value)}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, AllDay | Floating | Zoned | Duration | AbsoluteReminder | RelativeReminder):
        return value.as_json()
    raise TypeError(f"{value!r} has no place in the file")


def workspace_from_json(value: Mapping[str, Any]) -> Workspace:
    tasks = {int(id_): task_from_json(task) for id_, task in value["tasks"].items()}
    return Workspace(value["revision"], value["last_id"], tasks)


def task_from_json(value: Mapping[str, Any]) -> Task:
    readers = FROM_JSON.items()
    return Task(**value | {name: read(value[name]) for name, read in readers if value[name] is not None})


FROM_JSON: Mapping[str, Callable[[Any], object]] = {
    "uid": Uid,
    "progress": Progress,
    "start": partial(calendar_time_from, "start"),
    "due": partial(calendar_time_from, "due"),
    "estimated_duration": partial(duration_from, "estimated_duration"),
    "tags": tags_from,
    "links": tuple,
    "reminders": reminders_from,
    "created": datetime.fromisoformat,
    "updated": datetime.fromisoformat,
    "completed": datetime.fromisoformat,
    "deleted": datetime.fromisoformat,
}


async def main(path: Path) -> None:
    async with open_taskharbor(storage=JsonFileStorage(path)) as harbor:
        task = await harbor.create_task(title="Try another store")
        await harbor.complete_task(task.id)
        async for task in harbor.iter_tasks():
            print(f"{task.id}. {task.title}: {task.progress}")
    print(f"All of it is in {path}.")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1] if len(sys.argv) > 1 else "tasks.json")))
