"""What is answered to a command that was carried out alone, once it has been committed."""

from dataclasses import replace

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.saved_filters.saved_filter import SavedFilter
from taskharbor.application.search.change_matching import MatchingOutcome
from taskharbor.application.tasks.comments import CommentView, EditComment
from taskharbor.application.turns import in_turns
from taskharbor.application.undo.undo_actor import ActorUndone, ActorUndoOutcome
from taskharbor.application.undo.undo_commit import Undone, UndoOutcome
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.domain.lists.task_list import TaskList
from taskharbor.domain.tasks.comment import comment_with
from taskharbor.domain.tasks.task import Task


async def added_comment(_command: object, task: Task, uow: UnitOfWork, _revision: Revision | None) -> CommentView:
    """Return the comment that was made."""
    task = uow.tasks.seen(task.id)
    return CommentView.of(task.comments[-1], task)


async def edited_comment(command: EditComment, task: Task, uow: UnitOfWork, _revision: Revision | None) -> CommentView:
    """Return the comment that was edited."""
    task = uow.tasks.seen(task.id)
    return CommentView.of(comment_with(task.comments, command.comment_id, task_id=task.id), task)


async def fired_reminder(
    _command: object, task: Task | None, uow: UnitOfWork, _revision: Revision | None
) -> TaskView | None:
    """Return the task of a reminder that has fired; None if another one was faster."""
    return None if task is None else await uow.view(task.id)


async def task_list(_command: object, changed: TaskList, _uow: UnitOfWork, revision: Revision | None) -> TaskList:
    """Return the list with the revision of its change."""
    return changed if revision is None else changed.committed(revision)


async def saved_filter(_command: object, changed: SavedFilter, _uow: object, revision: Revision | None) -> SavedFilter:
    """Return the saved filter with the revision of its change."""
    return changed if revision is None else replace(changed, revision=revision)


async def matching_outcome(
    _command: object, found: list[TaskId], uow: UnitOfWork, revision: Revision | None
) -> MatchingOutcome:
    """Return the tasks that matched, as they are now."""
    return MatchingOutcome(tasks=[await uow.view(task_id) async for task_id in in_turns(found)], revision=revision)


async def actor_undo_outcome(
    _command: object, undone: ActorUndone, _uow: UnitOfWork, revision: Revision | None
) -> ActorUndoOutcome:
    """Return what was undone of an actor's commits, with the revision of the undo."""
    return ActorUndoOutcome(
        undone=undone.undone,
        conflicts=undone.conflicts,
        records=undone.records,
        record_conflicts=undone.record_conflicts,
        commits=undone.commits,
        refused=undone.refused,
        continue_until=undone.continue_until,
        revision=revision,
    )


async def undo_outcome(_command: object, undone: Undone, _uow: UnitOfWork, revision: Revision | None) -> UndoOutcome:
    """Return what was undone, with the revision of the undo."""
    return UndoOutcome(
        undone=undone.undone,
        conflicts=undone.conflicts,
        records=undone.records,
        record_conflicts=undone.record_conflicts,
        revision=revision,
    )
