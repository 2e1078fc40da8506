"""`KeyValueStorage`: the whole `Storage` on sorted keys."""

import asyncio
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Final, TypeVar

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.errors import ConcurrentUpdate
from taskharbor.application.ports.change_feed import ChangeSlice, Position
from taskharbor.application.ports.housekeeping import Cutoffs, Purged
from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.application.ports.task_history import HistoryBounds, HistoryEntry
from taskharbor.application.ports.task_queries import TaskPage
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.ports.task_trash import DeletedPosition
from taskharbor.application.store_kit.key_value.commit import commit
from taskharbor.application.store_kit.key_value.keys import HEADS, WorkspaceKeys, end_of, head_key, number, number_in
from taskharbor.application.store_kit.key_value.port import KeyValueStore, KeyValueTransaction, TransactionConflict
from taskharbor.application.store_kit.key_value.purge import purge
from taskharbor.application.store_kit.key_value.reads import (
    read_changes,
    read_entries,
    read_head,
    read_tasks,
    time_of_commit,
)
from taskharbor.application.store_kit.key_value.values import (
    StoredTask,
    entry_from,
    instant_from,
    record_from,
)
from taskharbor.application.store_kit.scanning_storage import Scan, ScanningStorage
from taskharbor.application.store_turn import StoreTurn
from taskharbor.application.turns import in_turns
from taskharbor.domain.identifiers import Revision, TaskId, WorkspaceId
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.uid import Uid

T = TypeVar("T")

_ATTEMPTS: Final = 64
_LONGEST_PAUSE: Final = 0.016
"""Seconds."""
_RESERVED_IDS: Final = 100
_PIECE: Final = 200


class KeyValueStorage(ScanningStorage):
    """Tasks under sorted keys. Pages, the change feed, the history, uids and records have indexes; searches scan.

    Attributes:
        store: the keys; opened and closed with the storage.
    """

    # ruff: noqa: D102 - they are the ports' methods

    def __init__(self, store: KeyValueStore) -> None:
        self.store = store
        self._turns: defaultdict[WorkspaceId, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._ids: dict[WorkspaceId, range] = {}
        self._id_turns: defaultdict[WorkspaceId, StoreTurn] = defaultdict(StoreTurn)

    async def open(self) -> None:
        await self.store.open()

    async def aclose(self) -> None:
        for turn in list(self._turns.values()):
            async with turn:  # after those who wait already
                pass
        await self.store.aclose()
        self._ids.clear()

    async def ping(self) -> None:
        async with self.store.transaction() as transaction:
            await transaction.get([HEADS])

    async def next_task_id(self, workspace: WorkspaceId) -> TaskId:
        while not (left := self._ids.get(workspace)):
            async with self._id_turns[workspace].taken():
                if not self._ids.get(workspace):  # it was not done while we waited
                    self._ids[workspace] = await self._reserve_ids(workspace)
        self._ids[workspace] = left[1:]
        return left[0]

    async def _reserve_ids(self, workspace: WorkspaceId) -> range:
        key = WorkspaceKeys(workspace).ids()

        async def reserve(transaction: KeyValueTransaction) -> range:
            last = number_in((await transaction.get([key])).get(key, b""))
            transaction.put(key, number(last + _RESERVED_IDS))
            return range(last + 1, last + _RESERVED_IDS + 1)

        return await self._until_it_wins(reserve)

    async def commit(self, changes: Changeset) -> Revision:
        async with self._turns[changes.workspace]:  # those of one process wait here, and are not refused by each other
            return await self._until_it_wins(partial(commit, changes))

    async def purge(self, workspace: WorkspaceId, cutoffs: Cutoffs, *, limit: int) -> Purged:
        async with self._turns[workspace]:
            return await self._until_it_wins(partial(purge, workspace, cutoffs, limit=limit))

    async def _until_it_wins(self, write: Callable[[KeyValueTransaction], Awaitable[T]]) -> T:
        for lost in range(1, _ATTEMPTS + 1):
            try:
                async with self.store.transaction() as transaction:
                    return await write(transaction)
            except TransactionConflict:
                # Processes that write without a rest can keep in step, and the same one would lose each time.
                await asyncio.sleep(random.uniform(0, min(_LONGEST_PAUSE, 0.001 * 2**lost)))  # noqa: S311
        raise ConcurrentUpdate

    async def scan(self, workspace: WorkspaceId) -> Scan:
        tasks: dict[TaskId, Task] = {}
        async with self.store.transaction() as transaction:
            head = await read_head(workspace, transaction)
            start = WorkspaceKeys(workspace).of(b"T")
            end = end_of(start)
            while found := await transaction.range(start, end, limit=_PIECE):
                async for key, value in in_turns(found):
                    tasks[number_in(key)] = StoredTask(value).task()
                start = found[-1][0] + b"\0"
        return Scan(tasks, head.revision, head.purged_revision, head.forgotten_revision)

    async def load_tasks(self, workspace: WorkspaceId, ids: Collection[TaskId]) -> Mapping[TaskId, Task]:
        async with self.store.transaction() as transaction:
            return await read_tasks(workspace, ids, transaction)

    async def find_uids(self, workspace: WorkspaceId, uids: Collection[Uid]) -> Mapping[Uid, TaskId]:
        keys = WorkspaceKeys(workspace)
        async with self.store.transaction() as transaction:
            found = await transaction.get([keys.uid(uid) for uid in uids])
        return {uid: number_in(found[keys.uid(uid)]) for uid in uids if keys.uid(uid) in found}

    async def get_task(self, workspace: WorkspaceId, task_id: TaskId) -> TaskView | None:
        async with self.store.transaction() as transaction:
            found = await read_changes(workspace, [task_id], transaction)
        return found[0] if found and isinstance(found[0], TaskView) else None

    async def list_tasks(self, workspace: WorkspaceId, *, after: TaskId, skip: int, limit: int) -> TaskPage:
        keys = WorkspaceKeys(workspace)
        end = end_of(keys.of(b"L"))
        async with self.store.transaction() as transaction:
            found = await transaction.range(keys.live(after) + b"\0", end, limit=skip + limit + 1)
            views = await read_changes(workspace, [number_in(key) for key, _ in found[skip:]], transaction)
        return TaskPage.of([view for view in views if isinstance(view, TaskView)], limit)

    async def list_changes(self, workspace: WorkspaceId, *, after: Position, limit: int) -> ChangeSlice:
        keys = WorkspaceKeys(workspace)
        end = end_of(keys.of(b"C"))
        async with self.store.transaction() as transaction:
            head = await read_head(workspace, transaction)
            found = await transaction.range(keys.change_after(after), end, limit=limit)
            items = await read_changes(workspace, [number_in(key) for key, _ in found], transaction)
            seen_at = await time_of_commit(keys, after.seen, head, transaction)
        return ChangeSlice(
            items=items,
            revision=head.revision,
            purged_revision=head.purged_revision,
            at=instant_from(head.at),
            seen_at=seen_at,
        )

    async def scan_tasks(self, workspace: WorkspaceId, *, after: TaskId, limit: int) -> Sequence[Task]:
        keys = WorkspaceKeys(workspace)
        end = end_of(keys.of(b"T"))
        async with self.store.transaction() as transaction:
            found = await transaction.range(keys.task(after) + b"\0", end, limit=limit)
        return [StoredTask(value).task() async for _, value in in_turns(found)]

    async def list_deleted(
        self, workspace: WorkspaceId, *, before: DeletedPosition | None, limit: int
    ) -> Sequence[Task]:
        keys = WorkspaceKeys(workspace)
        end = end_of(keys.of(b"D")) if before is None else keys.deletion(before.deleted, before.task_id)
        async with self.store.transaction() as transaction:
            found = await transaction.range(keys.of(b"D"), end, limit=limit, reverse=True)
            return list((await read_tasks(workspace, [number_in(key) for key, _ in found], transaction)).values())

    async def load_records(self, workspace: WorkspaceId, keys: Collection[RecordKey]) -> Mapping[RecordKey, Record]:
        places = {key: WorkspaceKeys(workspace).record(key) for key in keys}
        async with self.store.transaction() as transaction:
            found = await transaction.get(list(places.values()))
        return {key: record_from(found[place]) for key, place in places.items() if place in found}

    async def list_records(self, workspace: WorkspaceId, kind: str, *, after: str, limit: int) -> Sequence[Record]:
        start = WorkspaceKeys(workspace).records(kind, after_key=after)
        end = WorkspaceKeys(workspace).of(b"R") + kind.encode() + b"\1"  # after the NUL
        async with self.store.transaction() as transaction:
            found = await transaction.range(start, end)
        records = [record async for record in in_turns(record_from(value) for _, value in found)]
        kept = [record for record in records if record.key > after and record.document is not None]
        return sorted(kept, key=lambda record: record.key)[:limit]  # of long keys only the beginning is in order

    async def list_history(
        self, workspace: WorkspaceId, task_id: TaskId, *, before: Revision, limit: int
    ) -> Sequence[HistoryEntry]:
        keys = WorkspaceKeys(workspace)
        async with self.store.transaction() as transaction:
            start, end = keys.entry(task_id, 0), keys.entry(task_id, before)
            found = await transaction.range(start, end, limit=limit, reverse=True)
            return await read_entries(keys, [(number_in(key), task_id) for key, _ in found], transaction)

    async def list_commit(self, workspace: WorkspaceId, revision: Revision) -> Sequence[HistoryEntry]:
        start = WorkspaceKeys(workspace).of(b"H") + number(revision)
        async with self.store.transaction() as transaction:
            found = await transaction.range(start, end_of(start))
        return [entry_from(value) async for _, value in in_turns(found)]

    async def list_history_since(
        self, workspace: WorkspaceId, task_ids: Collection[TaskId], *, after: Revision
    ) -> Sequence[HistoryEntry]:
        keys = WorkspaceKeys(workspace)
        places: list[tuple[Revision, TaskId]] = []
        async with self.store.transaction() as transaction:
            for task_id in set(task_ids):
                start, end = keys.entry(task_id, after + 1), keys.of(b"E") + number(task_id + 1)
                places += [(number_in(key), task_id) for key, _ in await transaction.range(start, end)]
            return await read_entries(keys, sorted(places, reverse=True), transaction)

    async def find_revision(self, workspace: WorkspaceId, at: datetime) -> Revision:
        start = WorkspaceKeys(workspace).of(b"H")
        end = end_of(start)
        async with self.store.transaction() as transaction:
            while found := await transaction.range(start, end, limit=_PIECE, reverse=True):
                async for _, value in in_turns(found):
                    if (entry := entry_from(value)).at <= at:
                        return entry.revision
                end = found[-1][0]
        return 0

    async def read_history_bounds(self, workspace: WorkspaceId) -> HistoryBounds:
        async with self.store.transaction() as transaction:
            return (await read_head(workspace, transaction)).bounds

    async def list_workspaces(self, *, after: WorkspaceId, limit: int) -> Sequence[WorkspaceId]:
        async with self.store.transaction() as transaction:
            found = await transaction.range(head_key(after) + b"\0", b"B", limit=limit)
        return [key[len(HEADS) :].decode() for key, _ in found]
