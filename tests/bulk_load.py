"""Many tasks into a store at once, through its port: a store fills its tables as it always does."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice

import asyncpg

from generated_tasks import generated_tasks
from taskharbor.adapters.storage_options import StorageOptions
from taskharbor.adapters.storage_url import storage_from_url
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_history import HistoryEntry
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.unit_of_work.history_entries import changes_between
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE, TaskId, WorkspaceId
from taskharbor.domain.tasks.task import Task

AT_ONCE = 1000
"""Tasks in one commit."""


async def load(
    storage: Storage, tasks: Iterable[Task], *, workspace: WorkspaceId = DEFAULT_WORKSPACE, at_once: int = AT_ONCE
) -> list[Task]:
    """Add `tasks` to a workspace, some to each commit; return them with the ids that the store gave them.

    The ids stay as they are if nobody else takes ids meanwhile and the first is the store's next one.
    """
    remaining = iter(tasks)
    loaded: list[Task] = []
    while chunk := list(islice(remaining, at_once)):
        added = [await _with_id(task, storage, workspace) for task in chunk]
        history = tuple(_recorded(task) for task in added)
        await storage.commit(Changeset(workspace=workspace, added=tuple(added), history=history))
        loaded += added
    return loaded


def fill(url: str, sizes: Sequence[tuple[WorkspaceId, int]]) -> dict[WorkspaceId, list[TaskId]]:
    """Fill workspaces of the database at `url` with so many tasks each; return the ids of those that can be completed.

    No server may be running on the database, which gets its tables here if it has none.
    """
    return asyncio.run(_fill(url, sizes))


async def _fill(url: str, sizes: Sequence[tuple[WorkspaceId, int]]) -> dict[WorkspaceId, list[TaskId]]:
    ids = {}
    async with storage_from_url(url, StorageOptions(migrate=True)) as storage:
        for seed, (workspace, size) in enumerate(sizes):
            tasks = await load(storage, generated_tasks(size, seed=seed), workspace=workspace)
            ids[workspace] = [task.id for task in tasks if task.completed is None and not task.depends_on]
    if url.startswith("postgres"):
        await _do_as_autovacuum_would(url)
    return ids


async def _with_id(task: Task, storage: Storage, workspace: WorkspaceId) -> Task:
    id_ = await storage.next_task_id(workspace)
    return task if task.id == id_ else replace(task, id=id_)


def _recorded(task: Task) -> HistoryEntry:
    changes = changes_between(None, task)
    return HistoryEntry(
        task_id=task.id, previous=0, at=task.created, command="create_task", actor=None, changes=changes
    )


async def _do_as_autovacuum_would(url: str) -> None:
    """Vacuum now, or PostgreSQL does it during the measurement."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()
