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
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from itertools import takewhile
from pathlib import Path
from typing import Any

from taskharbor.application.ports import (
    Changeset,
    ConcurrentUpdate,
    Cutoffs,
    HistoryEntry,
    Purged,
    Record,
    RecordKey,
    Revision,
    Scan,
    ScanningStorage,
    StoreUnavailable,
    Task,
    TaskId,
    UidTaken,
    WorkspaceId,
    details_of,
    document_of,
    task_from,
)
from taskharbor.entrypoints.embedded import open_taskharbor


@dataclass(frozen=True)
class Workspace:
    """What the file holds of one workspace; replaced as a whole, so that no reader sees half a commit."""

    revision: Revision = 0
    reserved_ids: TaskId = 0
    tasks: Mapping[TaskId, Task] = field(default_factory=dict)
    records: Mapping[RecordKey, Record] = field(default_factory=dict)
    history: tuple[HistoryEntry, ...] = ()
    purged_revision: Revision = 0
    purged_at: datetime | None = None
    forgotten_revision: Revision = 0


class JsonFileStorage(ScanningStorage):
    """Tasks in a JSON file that one process uses.

    A write awaits nothing, so for the event loop it is one step: no lock is needed, and no cancellation can halve it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._is_open = False
        self._workspaces: dict[WorkspaceId, Workspace] = {}
        self._given_ids: dict[WorkspaceId, TaskId] = {}

    async def open(self) -> None:
        if self._path.exists():
            found = json.loads(self._path.read_text())
            self._workspaces = {name: workspace_from_json(value) for name, value in found.items()}
        self._is_open = True

    async def aclose(self) -> None:
        self._is_open, self._workspaces, self._given_ids = False, {}, {}

    async def ping(self) -> None:
        if not self._path.parent.is_dir():
            raise StoreUnavailable(f"the folder of {self._path} is gone")

    async def next_task_id(self, workspace: WorkspaceId) -> TaskId:
        now = self._workspace(workspace)
        task_id = self._given_ids.get(workspace, now.reserved_ids) + 1
        if task_id > now.reserved_ids:  # on disk before any of them is given: an id is never given twice
            self._replace(workspace, replace(now, reserved_ids=now.reserved_ids + 100))
        self._given_ids[workspace] = task_id
        return task_id

    async def scan(self, workspace: WorkspaceId) -> Scan:
        now = self._workspace(workspace)
        bounds = now.revision, now.purged_revision, now.forgotten_revision, now.purged_at
        return Scan(now.tasks, *bounds, history=now.history)

    async def load_records(self, workspace: WorkspaceId, keys: Collection[RecordKey]) -> Mapping[RecordKey, Record]:
        records = self._workspace(workspace).records
        return {key: records[key] for key in keys if key in records}

    async def commit(self, changes: Changeset) -> Revision:
        now = self._workspace(changes.workspace)
        refuse_conflicts(changes, now)
        revision = now.revision + 1
        tasks = {task.id: task.committed(revision) for task in (*changes.added, *changes.changed)}
        records = {record.found_by: replace(record, revision=revision) for record in changes.records}
        history = tuple(replace(entry, revision=revision) for entry in changes.history)
        after = replace(
            now,
            revision=revision,
            tasks={**now.tasks, **tasks},
            records={**now.records, **records},
            history=now.history + history,
        )
        self._replace(changes.workspace, after)
        return revision

    async def list_records(self, workspace: WorkspaceId, kind: str, *, after: str, limit: int) -> Sequence[Record]:
        records = self._workspace(workspace).records
        keys = sorted(key for key in records if key.kind == kind and key.key > after)
        return [records[key] for key in keys if records[key].document is not None][:limit]

    async def list_history(
        self, workspace: WorkspaceId, task_id: TaskId, *, before: Revision, limit: int
    ) -> Sequence[HistoryEntry]:
        history = self._workspace(workspace).history
        return [entry for entry in reversed(history) if entry.task_id == task_id and entry.revision < before][:limit]

    async def list_commit(self, workspace: WorkspaceId, revision: Revision) -> Sequence[HistoryEntry]:
        done = [entry for entry in self._workspace(workspace).history if entry.revision == revision]
        return sorted(done, key=lambda entry: entry.task_id)

    async def list_history_since(
        self, workspace: WorkspaceId, task_ids: Collection[TaskId], *, after: Revision
    ) -> Sequence[HistoryEntry]:
        history = self._workspace(workspace).history
        return [entry for entry in reversed(history) if entry.task_id in task_ids and entry.revision > after]

    async def find_revision(self, workspace: WorkspaceId, at: datetime) -> Revision:
        history = self._workspace(workspace).history
        return max((entry.revision for entry in history if entry.at <= at), default=0)

    async def list_workspaces(self, *, after: WorkspaceId, limit: int) -> Sequence[WorkspaceId]:
        return sorted(name for name in self._workspaces if name > after)[:limit]

    async def purge(self, workspace: WorkspaceId, cutoffs: Cutoffs, *, limit: int) -> Purged:
        now = self._workspace(workspace)
        after, gone = purged(now, cutoffs, limit)
        if after != now:
            self._replace(workspace, after)
        return gone

    def _workspace(self, name: WorkspaceId) -> Workspace:
        if not self._is_open:
            raise StoreUnavailable(f"{self._path} is closed")
        return self._workspaces.get(name, Workspace())

    def _replace(self, name: WorkspaceId, workspace: Workspace) -> None:
        workspaces = {**self._workspaces, name: workspace}
        try:
            write_durably(self._path, json.dumps({name: workspace_as_json(each) for name, each in workspaces.items()}))
        except OSError as error:
            raise StoreUnavailable(f"cannot write {self._path}: {error.strerror}") from error
        self._workspaces = workspaces


def refuse_conflicts(changes: Changeset, now: Workspace) -> None:
    expected = {task.id: task.revision for task in changes.changed} | dict(changes.guarded)
    for task_id, revision in expected.items():
        if task_id not in now.tasks or now.tasks[task_id].revision != revision:
            raise ConcurrentUpdate(task_id)
    expected_records = {record.found_by: record.revision for record in changes.records} | dict(changes.guarded_records)
    for key, revision in expected_records.items():
        if (now.records[key].revision if key in now.records else 0) != revision:
            raise ConcurrentUpdate
    taken = {task.uid for task in now.tasks.values()}
    for task in changes.added:
        if task.uid in taken:
            raise UidTaken(task.uid)
        taken.add(task.uid)


def purged(now: Workspace, cutoffs: Cutoffs, limit: int) -> tuple[Workspace, Purged]:
    deleted = [(task.deleted, task.id) for task in now.tasks.values() if is_before(task.deleted, cutoffs.deleted)]
    tasks = [now.tasks[id_] for _, id_ in sorted(deleted)[:limit]]
    expired = [(r.expires, r.found_by) for r in now.records.values() if is_before(r.expires, cutoff_of(r, cutoffs))]
    records = [found_by for _, found_by in sorted(expired)[:limit]]
    commits = dict(sorted((entry.revision, entry.at) for entry in now.history))
    old = [revision for revision, _ in takewhile(lambda each: is_before(each[1], cutoffs.recorded), commits.items())]
    forgotten = old[:-1][:limit]  # the last one that is old says what was so when the rest begins
    ids = {task.id for task in tasks}
    purged_revision = max([now.purged_revision, *(task.revision for task in tasks)])
    purged_at = {now.purged_revision: now.purged_at, **{entry.revision: entry.at for entry in now.history}}
    after = replace(
        now,
        tasks={id_: task for id_, task in now.tasks.items() if id_ not in ids},
        records={found_by: record for found_by, record in now.records.items() if found_by not in records},
        history=tuple(e for e in now.history if e.task_id not in ids and e.revision not in forgotten),
        purged_revision=purged_revision,
        purged_at=purged_at.get(purged_revision),
        forgotten_revision=max([now.forgotten_revision, *forgotten]),
    )
    more = max(len(deleted), len(expired), len(old) - 1) > limit
    return after, Purged(tasks=len(tasks), records=len(records), commits=len(forgotten), more=more)


def cutoff_of(record: Record, cutoffs: Cutoffs) -> datetime | None:
    return cutoffs.deleted if record.document is None else cutoffs.expired


def is_before(at: datetime | None, cutoff: datetime | None) -> bool:
    return at is not None and cutoff is not None and at < cutoff


def write_durably(path: Path, text: str) -> None:
    """Replace the file in one step: after a crash it holds the old text or the new one."""
    draft = path.with_suffix(".draft")
    with draft.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def workspace_as_json(workspace: Workspace) -> dict[str, Any]:
    return {
        "revision": workspace.revision,
        "reserved_ids": workspace.reserved_ids,
        "purged_revision": workspace.purged_revision,
        "purged_at": text_of(workspace.purged_at),
        "forgotten_revision": workspace.forgotten_revision,
        "tasks": [
            (document_of(task), details_of(task), text_of(task.deleted), task.revision)
            for task in workspace.tasks.values()
        ],
        "records": [asdict(record) | {"expires": text_of(record.expires)} for record in workspace.records.values()],
        "history": [asdict(entry) | {"at": text_of(entry.at)} for entry in workspace.history],
    }


def workspace_from_json(value: Mapping[str, Any]) -> Workspace:
    tasks = [
        task_from(document, details, deleted=instant_of(deleted), revision=revision)
        for document, details, deleted, revision in value["tasks"]
    ]
    records = [Record(**each | {"expires": instant_of(each["expires"])}) for each in value["records"]]
    return Workspace(
        revision=value["revision"],
        reserved_ids=value["reserved_ids"],
        purged_revision=value["purged_revision"],
        purged_at=instant_of(value["purged_at"]),
        forgotten_revision=value["forgotten_revision"],
        tasks={task.id: task for task in tasks},
        records={record.found_by: record for record in records},
        history=tuple(HistoryEntry(**each | {"at": instant_of(each["at"])}) for each in value["history"]),
    )


def text_of(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()


def instant_of(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


async def main(path: Path) -> None:
    async with open_taskharbor(storage=JsonFileStorage(path)) as harbor:
        task = await harbor.create_task(title="Try another store")
        await harbor.complete_task(task.id)
        async for task in harbor.iter_tasks():
            print(f"{task.id}. {task.title}: {task.progress}")
    print(f"All of it is in {path}.")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1] if len(sys.argv) > 1 else "tasks.json")))
