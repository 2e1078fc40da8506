"""The commands that a batch can hold."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from taskharbor.application.lists.delete_list import DeleteList
from taskharbor.application.lists.manage_lists import ChangeList, CreateList
from taskharbor.application.progress.change_progress import CancelTask, CompleteTask, ReopenTask, StartTask
from taskharbor.application.progress.skip_occurrence import SkipOccurrence
from taskharbor.application.relations.move_task import MoveTask
from taskharbor.application.saved_filters.manage_saved_filters import ChangeSavedFilter, DeleteSavedFilter, SaveFilter
from taskharbor.application.search.change_matching import ChangeMatching
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.comments import AddComment, DeleteComment, EditComment
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask
from taskharbor.application.undo.undo_commit import UndoCommit

ChangingCommand: TypeAlias = (
    ChangeTask
    | CompleteTask
    | SkipOccurrence
    | ReopenTask
    | StartTask
    | CancelTask
    | DeleteTask
    | RestoreTask
    | MoveTask
    | AddComment
    | EditComment
    | DeleteComment
)
"""What changes a task that is there."""

TaskCommand: TypeAlias = CreateTask | ChangingCommand
RecordCommand: TypeAlias = CreateList | ChangeList | DeleteList | SaveFilter | ChangeSavedFilter | DeleteSavedFilter
"""What changes a list or a saved filter."""

Command: TypeAlias = TaskCommand | ChangeMatching | UndoCommit | RecordCommand

COMMAND_NAMES: Final[Mapping[type[Any], str]] = MappingProxyType(
    {
        CreateTask: "create_task",
        ChangeTask: "change_task",
        CompleteTask: "complete_task",
        SkipOccurrence: "skip_occurrence",
        ReopenTask: "reopen_task",
        StartTask: "start_task",
        CancelTask: "cancel_task",
        DeleteTask: "delete_task",
        RestoreTask: "restore_task",
        MoveTask: "move_task",
        AddComment: "add_comment",
        EditComment: "edit_comment",
        DeleteComment: "delete_comment",
        CreateList: "create_list",
        ChangeList: "change_list",
        DeleteList: "delete_list",
        SaveFilter: "save_filter",
        ChangeSavedFilter: "change_saved_filter",
        DeleteSavedFilter: "delete_saved_filter",
        ChangeMatching: "change_matching",
        UndoCommit: "undo_commit",
    }
)
"""What each is called in the history, where it stays: a class that is renamed keeps the name that it has here."""
