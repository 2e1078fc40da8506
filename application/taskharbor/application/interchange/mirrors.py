"""What a format says of tasks as they are."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from taskharbor.application.interchange.import_lists import ListNames
from taskharbor.application.ports.interchange import Format, ReferenceNames, TaskDraft, named_by
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.identifiers import INBOX
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.tasks.foreign_data import foreign_as_json
from taskharbor.domain.tasks.task import Task

Mirrored: TypeAlias = Callable[[Task], Awaitable[TaskDraft]]
"""Returns what a format says of a task as it is."""


class Mirrors:
    """Writes tasks in a format, and reads them again."""

    def __init__(self, format: Format | None, lists: ListNames, uow: UnitOfWork) -> None:
        """Mirror the tasks of a unit of work."""
        self._format = format
        self._lists = lists
        self._uow = uow

    async def described(self, task: Task) -> TaskDraft:
        """Return what the format says of a task; of one that is only read, what it could say."""
        if self._format is not None and self._format.writer() is not None:
            return await self.of(task)
        list_name = None if task.list == INBOX else self._lists.names.get(task.list)
        changes = TaskChanges(
            title=task.title,
            progress=task.progress,
            priority=task.priority,
            start=None if task.start is None else task.start.as_json(),
            due=None if task.due is None else task.due.as_json(),
            tags=list(task.tags),
        )
        foreign = foreign_as_json(task.foreign)
        return TaskDraft(place="", uid=task.uid, changes=changes, list_name=list_name, foreign=foreign)

    async def of(self, task: Task) -> TaskDraft:
        """Return what the format says of a task; nothing if it is only read, as it takes nothing away then."""
        ids = named_by(task)
        await self._uow.tasks.prefetch(ids)
        others = {id_: other for id_ in ids if (other := await self._uow.tasks.find(id_))}
        if self._format is None:
            return TaskDraft(place="", uid=task.uid)
        writer, reader = self._format.writer(), self._format.reader()
        if writer is None or reader is None:
            return TaskDraft(place="", uid=task.uid)
        names = ReferenceNames(lists=self._lists.names, tasks=others)
        data = writer.head() + writer.write(task, names).data + writer.tail()
        readings = (*reader.feed(data), *reader.end())
        return next((each for each in readings if isinstance(each, TaskDraft)), TaskDraft(place="", uid=task.uid))
