"""Read every row of a store and check what must hold, through the ports alone: of any store, and of a backup."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from taskharbor.application.errors import HistoryForgotten
from taskharbor.application.history.rewind import rewound
from taskharbor.application.lists.list_names import all_lists
from taskharbor.application.ports.change_feed import Position
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_history import HistoryEntry
from taskharbor.application.ports.task_search import TaskQuery
from taskharbor.application.turns import in_turns
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import INBOX, Revision, TaskId, WorkspaceId
from taskharbor.domain.search.fields import Field, Operator
from taskharbor.domain.search.filter import And, Compare, Mentions
from taskharbor.domain.search.words import MAX_SEARCHED_WORDS, words_of_task
from taskharbor.domain.tasks.task import Task

_AT_ONCE: Final = 500


@frozen
class Fault:
    """Something that does not hold.

    Attributes:
        workspace: where.
        task_id: of which task; None if of the whole.
        what: a sentence.
    """

    workspace: WorkspaceId
    task_id: TaskId | None
    what: str


@dataclass(slots=True)
class Checked:
    """How much was looked at.

    Attributes:
        workspaces: how many workspaces.
        tasks: how many tasks, deleted ones too.
        entries: how many entries of the history.
    """

    workspaces: int = 0
    tasks: int = 0
    entries: int = 0


async def verify(storage: Storage, checked: Checked) -> AsyncIterator[Fault]:
    """Yield what does not hold, and count what was looked at. Of a store that is written meanwhile, some may be news.

    Raises:
        StoreUnavailable: if the store cannot be asked.
    """
    after = ""
    while names := await storage.list_workspaces(after=after, limit=_AT_ONCE):
        for name in names:
            checked.workspaces += 1
            async for fault in _Workspace(storage, name, checked).faults():
                yield fault
        after = names[-1]


class _Workspace:
    def __init__(self, storage: Storage, name: WorkspaceId, checked: Checked) -> None:
        self._storage = storage
        self._name = name
        self._checked = checked
        self._parts: Counter[TaskId] = Counter()
        self._open_parts: Counter[TaskId] = Counter()
        self._tasks: dict[TaskId, _Known] = {}

    async def faults(self) -> AsyncIterator[Fault]:
        bounds = await self._storage.read_history_bounds(self._name)
        after: TaskId = 0
        while tasks := await self._storage.scan_tasks(self._name, after=after, limit=_AT_ONCE):
            self._checked.tasks += len(tasks)
            for task in tasks:
                self._remember(task)
            for fault in self._of_order(tasks, after, bounds.revision):
                yield fault
            async for fault in self._of_history(tasks, bounds.forgotten_revision):
                yield fault
            async for fault in self._of_words(tasks):
                yield fault
            after = tasks[-1].id
        async for fault in self._of_uids():
            yield fault
        async for fault in self._of_feed(bounds.revision):
            yield fault
        async for fault in self._of_structure():
            yield fault
        async for fault in self._of_revisions(bounds.forgotten_revision, bounds.revision):
            yield fault

    def _remember(self, task: Task) -> None:
        self._tasks[task.id] = _Known(task)
        if task.parent is not None and not task.is_deleted:
            self._parts[task.parent] += 1
            self._open_parts[task.parent] += task.is_open

    def _fault(self, what: str, task_id: TaskId | None = None) -> Fault:
        return Fault(self._name, task_id, what)

    def _of_order(self, tasks: Sequence[Task], after: TaskId, revision: Revision) -> Iterator[Fault]:
        for task in tasks:
            if task.id <= after:
                yield self._fault("comes out of order, or twice", task.id)
            if not 1 <= task.revision <= revision:
                yield self._fault(f"has revision {task.revision}; the workspace is at {revision}", task.id)
            after = task.id

    async def _of_history(self, tasks: Sequence[Task], forgotten: Revision) -> AsyncIterator[Fault]:
        """The history of each task leads from nothing, or from where it begins, to what the task is now."""
        ids = [task.id for task in tasks if task.revision > forgotten]
        of_each: defaultdict[TaskId, list[HistoryEntry]] = defaultdict(list)
        for entry in await self._storage.list_history_since(self._name, ids, after=forgotten) if ids else ():
            of_each[entry.task_id].append(entry)
            self._checked.entries += 1
        async for task in in_turns([task for task in tasks if task.revision > forgotten]):
            entries = of_each[task.id]
            if not entries or entries[0].revision != task.revision:
                yield self._fault(f"has no history of its last revision, {task.revision}", task.id)
                continue
            try:
                rewound(task, entries, to=forgotten)
            except HistoryForgotten:
                yield self._fault("has a gap in its history", task.id)

    async def _of_words(self, tasks: Sequence[Task]) -> AsyncIterator[Fault]:
        """Each live task is found by its words."""
        async for task in in_turns([task for task in tasks if not task.is_deleted]):
            words = tuple(words_of_task(task)[:MAX_SEARCHED_WORDS])
            if not words:
                continue
            this = And((Compare(Field.ID, Operator.EQUAL, task.id), Mentions(words)))
            if await self._storage.count_tasks(self._name, this) != 1:
                yield self._fault("is not found by its words", task.id)

    async def _of_uids(self) -> AsyncIterator[Fault]:
        known = list(self._tasks.items())
        for start in range(0, len(known), _AT_ONCE):
            part = known[start : start + _AT_ONCE]
            found = await self._storage.find_uids(self._name, [one.uid for _, one in part])
            for task_id, one in part:
                if found.get(one.uid) != task_id:
                    yield self._fault(f"is not the one that its uid finds: {found.get(one.uid)}", task_id)

    async def _of_feed(self, revision: Revision) -> AsyncIterator[Fault]:
        """The feed has each task once, in the order of revisions, and ends at the revision of the workspace."""
        here, seen = Position(0), set[TaskId]()
        while True:
            found = await self._storage.list_changes(self._name, after=here, limit=_AT_ONCE)
            for change in found.items:
                known = self._tasks.get(change.id)
                if change.id in seen or (known is not None and known.revision != change.revision):
                    yield self._fault("is in the feed twice, or with another revision", change.id)
                if (change.revision, change.id) <= (here.revision, here.task_id or 0):
                    yield self._fault("is out of order in the feed", change.id)
                seen.add(change.id)
                here = Position(change.revision, change.id)
            if len(found.items) < _AT_ONCE:
                break
        if found.revision < revision:
            yield self._fault(f"the feed ends at revision {found.revision}; the workspace is at {revision}")
        for task_id in self._tasks.keys() - seen:
            yield self._fault("is not in the feed", task_id)

    async def _of_structure(self) -> AsyncIterator[Fault]:
        """Parents count their subtasks, lists exist, and what is found through the indexes is what is there."""
        lists = {INBOX, *(one.id for one in await all_lists(self._storage, self._name))}
        live = {task_id: one for task_id, one in self._tasks.items() if not one.is_deleted}
        for task_id, one in live.items():
            if (one.subtasks, one.open_subtasks) != (self._parts[task_id], self._open_parts[task_id]):
                yield self._fault(
                    f"counts {one.subtasks} subtasks, {one.open_subtasks} open; there are {self._parts[task_id]}, "
                    f"{self._open_parts[task_id]} open",
                    task_id,
                )
            if one.list not in lists:
                yield self._fault(f"is in list {one.list}, which does not exist", task_id)
            if one.parent is not None and one.parent not in live:
                yield self._fault(f"is a subtask of task {one.parent}, which does not exist", task_id)
        if (count := await self._storage.count_tasks(self._name, None)) != len(live):
            yield self._fault(f"a count finds {count} tasks; there are {len(live)}")
        for list_id, size in Counter(one.list for one in live.values()).items():
            found = await self._storage.count_tasks(self._name, Compare(Field.LIST, Operator.EQUAL, list_id))
            if found != size:
                yield self._fault(f"a search finds {found} tasks in list {list_id}; there are {size}")
        page = await self._storage.find_tasks(self._name, TaskQuery(limit=_AT_ONCE))
        if [view.id for view in page] != sorted(live)[:_AT_ONCE]:
            yield self._fault("a search for all tasks finds others than there are")

    async def _of_revisions(self, forgotten: Revision, revision: Revision) -> AsyncIterator[Fault]:
        """Times do not contradict revisions: the instant of the last commit finds the last commit."""
        last = await self._storage.list_commit(self._name, revision) if revision > forgotten else ()
        if last and await self._storage.find_revision(self._name, max(entry.at for entry in last)) < revision:
            yield self._fault("the instant of the last commit finds an earlier one")


class _Known:
    """What is remembered of a task."""

    __slots__ = ("is_deleted", "list", "open_subtasks", "parent", "revision", "subtasks", "uid")

    def __init__(self, task: Task) -> None:
        self.uid = task.uid
        self.revision = task.revision
        self.is_deleted = task.is_deleted
        self.list = task.list
        self.parent = task.parent
        self.subtasks = task.subtask_count
        self.open_subtasks = task.open_subtask_count
