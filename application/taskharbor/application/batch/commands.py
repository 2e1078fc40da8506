"""The commands that a batch can hold."""

from typing import TypeAlias

from taskharbor.application.claims.claim_task import ClaimTask, ReleaseClaim, RenewClaim
from taskharbor.application.lists.delete_list import DeleteList
from taskharbor.application.lists.manage_lists import ChangeList, CreateList
from taskharbor.application.progress.change_progress import CancelTask, CompleteTask, ReopenTask, StartTask
from taskharbor.application.progress.skip_occurrence import SkipOccurrence
from taskharbor.application.relations.move_task import MoveTask
from taskharbor.application.reminders.manage_alerts import DismissReminder, SnoozeReminder
from taskharbor.application.saved_filters.manage_saved_filters import ChangeSavedFilter, DeleteSavedFilter, SaveFilter
from taskharbor.application.search.change_matching import ChangeMatching
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.comments import AddComment, DeleteComment, EditComment
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask
from taskharbor.application.undo.undo_commit import UndoCommit

CommentCommand: TypeAlias = AddComment | EditComment
"""What is answered with a comment."""

SingleTaskCommand: TypeAlias = (
    CreateTask
    | ChangeTask
    | CompleteTask
    | SkipOccurrence
    | ReopenTask
    | StartTask
    | CancelTask
    | DeleteTask
    | RestoreTask
    | MoveTask
    | DeleteComment
    | ClaimTask
    | RenewClaim
    | ReleaseClaim
    | SnoozeReminder
    | DismissReminder
)
"""What is answered with a task."""

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
    | DeleteComment
    | ClaimTask
    | RenewClaim
    | ReleaseClaim
    | SnoozeReminder
    | DismissReminder
    | CommentCommand
)
"""What changes a task that is there."""

TaskCommand: TypeAlias = SingleTaskCommand | CommentCommand
ListCommand: TypeAlias = CreateList | ChangeList | DeleteList
FilterCommand: TypeAlias = SaveFilter | ChangeSavedFilter | DeleteSavedFilter
RecordCommand: TypeAlias = ListCommand | FilterCommand
"""What changes a list or a saved filter."""

Command: TypeAlias = TaskCommand | ChangeMatching | UndoCommit | RecordCommand
