"""Write all tasks in a format."""

from collections import Counter
from collections.abc import AsyncIterator
from typing import Final, Protocol

from taskharbor.application.lists.list_names import all_lists
from taskharbor.application.ports.interchange import Format, ReferenceNames, named_by
from taskharbor.application.ports.record_store import RecordStore
from taskharbor.application.ports.task_queries import TaskQueries
from taskharbor.application.ports.task_store import TaskStore
from taskharbor.application.turns import in_turns
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import TaskId, WorkspaceId
from taskharbor.domain.tasks.task import Task

PAGE: Final = 500


class _Store(TaskStore, TaskQueries, RecordStore, Protocol):
    pass


class Export:
    """The live tasks of a workspace as a file, by ascending id; go through it once to get the pieces.

    No more than a page of tasks is held at a time. Each page is read by itself: a task that lives throughout is there
    exactly once, whatever is written meanwhile.

    Attributes:
        count: how many tasks have been written so far.
        format: in which.
        losses: what the format cannot hold, and of how many tasks so far it got lost.
    """

    def __init__(self, format: Format, store: _Store, workspace: WorkspaceId) -> None:
        self.count = 0
        self.losses: Counter[str] = Counter()
        self.format = format
        self._store = store
        self._workspace = workspace

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the file in pieces.

        Raises:
            StoreUnavailable: if the store cannot be asked.
        """
        all_of_them = await all_lists(self._store, self._workspace)
        lists = {each.id: each.name for each in all_of_them}
        writer = self.format.writer()
        if writer is None:
            raise InvalidValue("format", f"must be one that can be written: {self.format.name} is only read")
        yield writer.head() + b"".join(map(writer.write_list, all_of_them))
        after: TaskId | None = 0
        while after is not None:
            page = await self._store.list_tasks(self._workspace, after=after, skip=0, limit=PAGE)
            ids = [view.id for view in page.items]
            names = ReferenceNames(lists=lists, tasks=await self._with_named(ids))
            pieces: list[bytes] = []
            async for id_ in in_turns(ids):
                task = names.tasks.get(id_)
                if task is None or task.is_deleted:  # since the page was read
                    continue
                written = writer.write(task, names)
                pieces.append(written.data)
                self.losses.update(written.losses)
                self.count += 1
            yield b"".join(pieces)
            after = page.next_after
        yield writer.tail()

    async def _with_named(self, ids: list[TaskId]) -> dict[TaskId, Task]:
        tasks = dict(await self._store.load_tasks(self._workspace, ids))
        named = {id_ for task in tasks.values() for id_ in named_by(task)}
        others = await self._store.load_tasks(self._workspace, named - tasks.keys())
        return {**tasks, **{id_: other for id_, other in others.items() if not other.is_deleted}}
