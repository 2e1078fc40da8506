"""What storage reads of a workspace within one transaction."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from taskharbor.application.ports.change_feed import Change, Tombstone
from taskharbor.application.ports.task_history import HistoryEntry
from taskharbor.application.store_kit.key_value.keys import WorkspaceKeys, head_key, number
from taskharbor.application.store_kit.key_value.port import KeyValueTransaction
from taskharbor.application.store_kit.key_value.values import Head, StoredTask, entry_from, head_from, instant_from
from taskharbor.application.store_kit.scanning_storage import Scan
from taskharbor.application.turns import in_turns
from taskharbor.domain.identifiers import Revision, TaskId, WorkspaceId
from taskharbor.domain.tasks.task import Task


async def read_head(workspace: WorkspaceId, transaction: KeyValueTransaction) -> Head:
    """Return the head of a workspace; that of an empty one if there is none."""
    return head_from((await transaction.get([head_key(workspace)])).get(head_key(workspace)))


async def time_of_commit(
    keys: WorkspaceKeys, revision: Revision | None, head: Head, transaction: KeyValueTransaction
) -> datetime | None:
    """Return when the last commit up to a revision was made that is known of."""
    if revision is None:
        return None
    if revision >= head.revision:
        return instant_from(head.at)
    start = keys.of(b"H")
    found = await transaction.range(start, start + number(revision + 1), limit=1, reverse=True)
    return head.bounds.made_at(revision, entry_from(found[0][1]) if found else None)


async def read_tasks(
    workspace: WorkspaceId, ids: Iterable[TaskId], transaction: KeyValueTransaction
) -> dict[TaskId, Task]:
    """Return those of the tasks that exist, in the order of the ids."""
    places = {id_: WorkspaceKeys(workspace).task(id_) for id_ in ids}
    found = await transaction.get(list(places.values()))
    return {id_: StoredTask(found[key]).task() async for id_, key in in_turns(places.items()) if key in found}


async def read_changes(workspace: WorkspaceId, ids: Iterable[TaskId], transaction: KeyValueTransaction) -> list[Change]:
    """Return those of the tasks that exist as readers see them, deleted ones as tombstones."""
    tasks = await read_tasks(workspace, ids, transaction)
    needed = await read_tasks(workspace, {id_ for task in tasks.values() for id_ in task.depends_on}, transaction)
    seen = Scan(needed)
    return [
        seen.view(task) if task.deleted is None else Tombstone(task.id, task.uid, task.revision, task.deleted)
        async for task in in_turns(tasks.values())
    ]


async def read_entries(
    keys: WorkspaceKeys, places: Sequence[tuple[Revision, TaskId]], transaction: KeyValueTransaction
) -> list[HistoryEntry]:
    """Return these entries of the history, in this order."""
    wanted = [keys.commit(*place) for place in places]
    found = await transaction.get(wanted)
    return [entry_from(found[key]) async for key in in_turns(wanted)]
