"""Which function carries out which command."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

from taskharbor.application.batch.commands import COMMAND_NAMES, Command, TaskCommand
from taskharbor.application.lists.delete_list import DeleteList, delete_list_at_once
from taskharbor.application.lists.manage_lists import ChangeList, CreateList, change_list, create_list
from taskharbor.application.ports.filter_parser import FilterParser
from taskharbor.application.ports.occurrences import Occurrences
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.uids import Uids
from taskharbor.application.progress.change_progress import (
    CancelTask,
    CompleteTask,
    ReopenTask,
    StartTask,
    cancel_task,
    complete_task,
    reopen_task,
    start_task,
)
from taskharbor.application.progress.skip_occurrence import SkipOccurrence, skip_occurrence
from taskharbor.application.relations.move_task import MoveTask, move_task
from taskharbor.application.saved_filters.manage_saved_filters import (
    ChangeSavedFilter,
    DeleteSavedFilter,
    SaveFilter,
    change_saved_filter,
    delete_saved_filter,
    save_filter,
)
from taskharbor.application.saved_filters.saved_filter import SavedFilter
from taskharbor.application.search.change_matching import ChangeMatching, change_matching
from taskharbor.application.tasks.change_task import ChangeTask, change_task
from taskharbor.application.tasks.comments import (
    AddComment,
    DeleteComment,
    EditComment,
    add_comment,
    delete_comment,
    edit_comment,
)
from taskharbor.application.tasks.create_task import CreateTask, create_task
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask, delete_task, restore_task
from taskharbor.application.undo.undo_commit import UndoCommit, Undone, undo_commit
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.identifiers import TaskId
from taskharbor.domain.lists.task_list import TaskList
from taskharbor.domain.tasks.task import Task

_OfTasks: TypeAlias = Mapping[type[TaskCommand], Callable[[Any, UnitOfWork], Awaitable[Task]]]
_Changed: TypeAlias = TaskList | SavedFilter | list[TaskId] | Undone
_Others: TypeAlias = Mapping[type[object], Callable[[Any, UnitOfWork], Awaitable[_Changed]]]


class CommandHandlers:
    """Carries out commands in a unit of work that somebody else commits: what can be a part of a batch."""

    def __init__(self, storage: Storage, *, uids: Uids, occurrences: Occurrences, reader: FilterParser) -> None:
        self._of_tasks: _OfTasks = {
            CreateTask: lambda command, uow: create_task(command, uow, uids=uids),
            ChangeTask: lambda command, uow: change_task(command, uow, occurrences=occurrences),
            CompleteTask: lambda command, uow: complete_task(command, uow, occurrences=occurrences),
            SkipOccurrence: lambda command, uow: skip_occurrence(command, uow, occurrences=occurrences),
            ReopenTask: reopen_task,
            StartTask: start_task,
            CancelTask: cancel_task,
            DeleteTask: delete_task,
            RestoreTask: restore_task,
            MoveTask: move_task,
            AddComment: add_comment,
            EditComment: edit_comment,
            DeleteComment: delete_comment,
        }
        self._others: _Others = {
            ChangeMatching: lambda command, uow: change_matching(
                command, uow, storage, reader=reader, handle=self.on_task
            ),
            UndoCommit: lambda command, uow: undo_commit(command, uow, storage),
            CreateList: create_list,
            ChangeList: change_list,
            DeleteList: delete_list_at_once,
            SaveFilter: lambda command, uow: save_filter(command, uow, reader=reader),
            ChangeSavedFilter: lambda command, uow: change_saved_filter(command, uow, reader=reader),
            DeleteSavedFilter: delete_saved_filter,
        }

    async def on_task(self, command: TaskCommand, uow: UnitOfWork) -> Task:
        """Carry out a command on a task; return the task."""
        uow.command = COMMAND_NAMES[type(command)]
        task = await self._of_tasks[type(command)](command, uow)
        await uow.tasks.settle()
        return task

    async def on_any(self, command: Command, uow: UnitOfWork) -> Task | _Changed:
        """Carry out any command; return the task, list or saved filter, all ids that matched, or what was undone."""
        handler = self._others.get(type(command))
        if handler is None:
            return await self.on_task(command, uow)  # type: ignore[arg-type]  # no other command is left
        uow.command = COMMAND_NAMES[type(command)]
        changed = await handler(command, uow)
        await uow.tasks.settle()
        return changed
