"""A store as a caller sees it who is narrowed to some lists: other tasks are not there, and nothing else is written.

It stands between the use cases and the store, so none of them can forget it: reads, searches, counts, history, the
feed, the trash, batches, undo and exports all come through here.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.errors import PermissionDenied
from taskharbor.application.idempotency.recorded_calls import KIND as IDEMPOTENCY
from taskharbor.application.lists.list_records import LIST, list_key
from taskharbor.application.narrowing.first_shown import AT_ONCE, first_shown
from taskharbor.application.narrowing.narrowed_changes import NarrowedChanges
from taskharbor.application.narrowing.narrowed_history import NarrowedHistory
from taskharbor.application.ports.change_feed import ChangeSlice, Position
from taskharbor.application.ports.housekeeping import Cutoffs, Purged
from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_history import HistoryBounds, HistoryEntry
from taskharbor.application.ports.task_queries import TaskPage
from taskharbor.application.ports.task_relations import InList, RankedTask, Relation
from taskharbor.application.ports.task_search import TaskFacets, TaskQuery
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.ports.task_trash import DeletedPosition
from taskharbor.application.unit_of_work.reminder_records import REMINDER, reminder_of
from taskharbor.application.unit_of_work.reminder_rules import REMINDER_ZONE
from taskharbor.domain.identifiers import SERVICE_WORKSPACE, ListId, Revision, TaskId, WorkspaceId
from taskharbor.domain.search.due_buckets import DueBuckets
from taskharbor.domain.search.fields import Field, Operator
from taskharbor.domain.search.filter import And, Compare, Filter, Or
from taskharbor.domain.tasks.rank import Rank
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.uid import Uid

NARROWED: Final = "one that is narrowed to lists"

_SHOWN: Final = frozenset({IDEMPOTENCY, REMINDER, REMINDER_ZONE.kind})


class NarrowedStorage(Storage):
    """Another store, which is open already, without what is not in some of the lists.

    Args:
        storage: the store.
        lists: the lists. At least one.
    """

    def __init__(self, storage: Storage, lists: frozenset[ListId]) -> None:
        if not lists:
            raise ValueError("at least one list is needed")
        self._storage = storage
        self._lists = lists
        self._list_keys = frozenset(map(list_key, lists))
        self._history = NarrowedHistory(storage, lists)
        self._changes = NarrowedChanges(storage, lists, self._history)
        conditions = [Compare(Field.LIST, Operator.EQUAL, list_id) for list_id in sorted(lists)]  # one text for stores
        self._in_lists: Filter = Or(tuple(conditions)) if len(conditions) > 1 else conditions[0]

    async def open(self) -> None:
        """Do nothing: whoever opened the store closes it."""

    async def aclose(self) -> None:
        """Do nothing."""

    async def ping(self) -> None:
        """Make one round trip."""
        await self._storage.ping()

    async def next_task_id(self, workspace: WorkspaceId) -> TaskId:
        """Return an id that is new in the whole workspace."""
        return await self._storage.next_task_id(workspace)

    async def load_tasks(self, workspace: WorkspaceId, ids: Collection[TaskId]) -> Mapping[TaskId, Task]:
        """Return those of the tasks that are in the lists, deleted ones too."""
        found = await self._storage.load_tasks(workspace, ids)
        return {task_id: task for task_id, task in found.items() if task.list in self._lists}

    async def find_uids(self, workspace: WorkspaceId, uids: Collection[Uid]) -> Mapping[Uid, TaskId]:
        """Return the ids of those of the tasks that are in the lists."""
        found = await self._storage.find_uids(workspace, uids)
        there = await self.load_tasks(workspace, [*found.values()]) if found else {}
        return {uid: task_id for uid, task_id in found.items() if task_id in there}

    async def commit(self, changes: Changeset) -> Revision:
        """Write the changes if all of them are in the lists, before and after.

        Raises:
            PermissionDenied: if one is not.
        """
        if changes.workspace != SERVICE_WORKSPACE:
            tasks = (*changes.added, *changes.changed, *changes.before.values())
            if any(task.list not in self._lists for task in tasks):
                raise PermissionDenied("a token for the list that the task would move to", has=NARROWED)
            if any(not self._is_shown(record.found_by) for record in changes.records):
                raise PermissionDenied("a token for the whole workspace", has=NARROWED)
        return await self._storage.commit(changes)

    async def list_related(
        self,
        workspace: WorkspaceId,
        relation: Relation,
        *,
        beyond: Rank | None = None,
        backwards: bool = False,
        limit: int,
    ) -> Sequence[RankedTask]:
        """Return those of the related tasks that are in the lists."""
        if isinstance(relation, InList) and relation.list not in self._lists:
            return []

        async def page(after: RankedTask | None) -> Sequence[RankedTask]:
            place = beyond if after is None else after.rank
            return await self._storage.list_related(
                workspace, relation, beyond=place, backwards=backwards, limit=max(limit, AT_ONCE)
            )

        async def shown(found: Sequence[RankedTask]) -> Sequence[RankedTask]:
            there = await self.load_tasks(workspace, [one.id for one in found])
            return [one for one in found if one.id in there]

        return await first_shown(limit, page, shown, size=max(limit, AT_ONCE))

    async def load_records(self, workspace: WorkspaceId, keys: Collection[RecordKey]) -> Mapping[RecordKey, Record]:
        """Return those of the records that are of the lists, or of calls that can be repeated."""
        shown = [key for key in keys if workspace == SERVICE_WORKSPACE or self._is_shown(key)]
        return await self._storage.load_records(workspace, shown) if shown else {}

    async def list_records(self, workspace: WorkspaceId, kind: str, *, after: str, limit: int) -> Sequence[Record]:
        """Return the records of the lists, and the reminders of tasks in them; of other kinds none."""
        if kind == REMINDER and workspace != SERVICE_WORKSPACE:
            return await self._reminders(workspace, after, limit)
        if kind != LIST:
            return []
        keys = [RecordKey(LIST, key) for key in sorted(self._list_keys) if key > after]
        found = await self._storage.load_records(workspace, keys) if keys else {}
        return [record for key in keys if (record := found.get(key)) and record.document is not None][:limit]

    async def get_task(self, workspace: WorkspaceId, task_id: TaskId) -> TaskView | None:
        """Return the task if it is in the lists."""
        found = await self._storage.get_task(workspace, task_id)
        return found if found is not None and found.list in self._lists else None

    async def list_tasks(self, workspace: WorkspaceId, *, after: TaskId, skip: int, limit: int) -> TaskPage:
        """Return a page of the tasks in the lists."""
        query = TaskQuery(filter=self._in_lists, after=(after,), skip=skip, limit=limit + 1)
        return TaskPage.of(await self._storage.find_tasks(workspace, query), limit)

    async def find_tasks(self, workspace: WorkspaceId, query: TaskQuery) -> Sequence[TaskView]:
        """Return the tasks in the lists that `query` asks for."""
        narrowed = TaskQuery(
            filter=self._narrowed(query.filter),
            order=query.order,
            after=query.after,
            skip=query.skip,
            limit=query.limit,
            urgency=query.urgency,
        )
        return await self._storage.find_tasks(workspace, narrowed)

    async def count_tasks(self, workspace: WorkspaceId, filter: Filter | None) -> int:
        """Return how many tasks in the lists match."""
        return await self._storage.count_tasks(workspace, self._narrowed(filter))

    async def count_facets(self, workspace: WorkspaceId, filter: Filter | None, buckets: DueBuckets) -> TaskFacets:
        """Return how many of the tasks in the lists there are of each kind."""
        return await self._storage.count_facets(workspace, self._narrowed(filter), buckets)

    async def list_history(
        self, workspace: WorkspaceId, task_id: TaskId, *, before: Revision, limit: int
    ) -> Sequence[HistoryEntry]:
        """Return the entries of a task in the lists, from when it came there on."""
        task = (await self.load_tasks(workspace, [task_id])).get(task_id)
        if task is None:
            return ()
        return await self._history.of_task(workspace, task, before=before, limit=limit)

    async def list_commit(self, workspace: WorkspaceId, revision: Revision) -> Sequence[HistoryEntry]:
        """Return what the commit did to tasks in the lists."""
        commit = await self._storage.list_commit(workspace, revision)
        tasks = await self.load_tasks(workspace, [entry.task_id for entry in commit])
        return await self._history.of_commit(workspace, tasks, commit)

    async def list_history_since(
        self, workspace: WorkspaceId, task_ids: Collection[TaskId], *, after: Revision
    ) -> Sequence[HistoryEntry]:
        """Return the entries of tasks in the lists, from when they came there on."""
        tasks = await self.load_tasks(workspace, task_ids)
        return await self._history.since(workspace, tasks, after=after) if tasks else ()

    async def find_revision(self, workspace: WorkspaceId, at: datetime) -> Revision:
        """Return the last revision of the whole workspace at an instant."""
        return await self._storage.find_revision(workspace, at)

    async def read_history_bounds(self, workspace: WorkspaceId) -> HistoryBounds:
        """Return how far the memory of the whole workspace goes."""
        return await self._storage.read_history_bounds(workspace)

    async def scan_tasks(self, workspace: WorkspaceId, *, after: TaskId, limit: int) -> Sequence[Task]:
        """Return tasks in the lists, deleted ones too."""

        async def page(last: Task | None) -> Sequence[Task]:
            return await self._storage.scan_tasks(workspace, after=last.id if last else after, limit=AT_ONCE)

        return await first_shown(limit, page, self._in_the_lists)

    async def list_deleted(
        self, workspace: WorkspaceId, *, before: DeletedPosition | None, limit: int
    ) -> Sequence[Task]:
        """Return deleted tasks of the lists."""

        async def page(last: Task | None) -> Sequence[Task]:
            place = before if last is None or last.deleted is None else DeletedPosition(last.deleted, last.id)
            return await self._storage.list_deleted(workspace, before=place, limit=AT_ONCE)

        return await first_shown(limit, page, self._in_the_lists)

    async def list_changes(self, workspace: WorkspaceId, *, after: Position, limit: int) -> ChangeSlice:
        """Return changes of tasks in the lists; one that has gone out of them is a tombstone."""
        return await self._changes.after(workspace, after, limit)

    async def list_workspaces(self, *, after: WorkspaceId, limit: int) -> Sequence[WorkspaceId]:  # noqa: ARG002
        """Refuse: housekeeping is not for callers who are narrowed."""
        raise PermissionDenied("a token for the whole workspace", has=NARROWED)

    async def purge(self, workspace: WorkspaceId, cutoffs: Cutoffs, *, limit: int) -> Purged:  # noqa: ARG002
        """Refuse: housekeeping is not for callers who are narrowed."""
        raise PermissionDenied("a token for the whole workspace", has=NARROWED)

    async def _reminders(self, workspace: WorkspaceId, after: str, limit: int) -> Sequence[Record]:
        async def page(last: Record | None) -> Sequence[Record]:
            start = after if last is None else last.key
            return await self._storage.list_records(workspace, REMINDER, after=start, limit=AT_ONCE)

        async def shown(records: Sequence[Record]) -> Sequence[Record]:
            there = await self.load_tasks(workspace, {reminder_of(record.key)[1] for record in records})
            return [record for record in records if reminder_of(record.key)[1] in there]

        return await first_shown(limit, page, shown)

    def _narrowed(self, filter: Filter | None) -> Filter:
        return self._in_lists if filter is None else And((self._in_lists, filter))

    def _is_shown(self, found_by: RecordKey) -> bool:
        return found_by.key in self._list_keys if found_by.kind == LIST else found_by.kind in _SHOWN

    async def _in_the_lists(self, tasks: Sequence[Task]) -> Sequence[Task]:
        return [task for task in tasks if task.list in self._lists]
