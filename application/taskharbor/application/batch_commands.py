"""The commands that a batch can hold."""

from typing import TypeAlias

from taskharbor.application.history.undo_commit import UndoCommit
from taskharbor.application.lists.change_list import ChangeList, CreateList
from taskharbor.application.lists.delete_list import DeleteList
from taskharbor.application.progress.skip_occurrence import SkipOccurrence
from taskharbor.application.progress.task_progress import CancelTask, CompleteTask, ReopenTask, StartTask
from taskharbor.application.search.change_matching import ChangeMatching
from taskharbor.application.search.saved_filters import ChangeSavedFilter, DeleteSavedFilter, SaveFilter
from taskharbor.application.structure.move_task import MoveTask
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask
from taskharbor.application.tasks.task_comments import AddComment, DeleteComment, EditComment

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
