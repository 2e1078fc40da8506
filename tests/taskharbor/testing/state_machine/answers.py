"""What two stores answered, made comparable."""

from collections.abc import Awaitable
from dataclasses import dataclass, fields

from taskharbor.application.batch.run_batch import BatchOutcome
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.errors import BatchRefused, PreconditionFailed
from taskharbor.application.history.as_of import SnapshotPage
from taskharbor.application.ports.change_feed import Tombstone
from taskharbor.application.ports.task_queries import TaskPage
from taskharbor.application.search.find_tasks import FoundTasks
from taskharbor.application.sync.list_changes import ChangePage
from taskharbor.application.tasks.comments import CommentView
from taskharbor.application.undo.undo_commit import UndoOutcome
from taskharbor.domain.errors import TaskharborError
from taskharbor.domain.identifiers import TaskId, WorkspaceId
from taskharbor.domain.lists.task_list import TaskList


@dataclass(frozen=True, slots=True)
class Known:
    """One task, under the id that each of the stores gave it."""

    workspace: WorkspaceId
    real: TaskId
    model: TaskId


async def outcome_of(answer: Awaitable[object]) -> object:
    """Return the answer, or why there is none."""
    try:
        return await answer
    except TaskharborError as refusal:
        return refusal


def comparable(outcome: object) -> object:  # noqa: C901, PLR0911  # one for each kind of answer
    """Return what must be the same of every store."""
    match outcome:
        case TaskView():
            return {field.name: getattr(outcome, field.name) for field in fields(outcome) if field.compare}
        case Tombstone() | TaskList() | CommentView():
            return outcome
        case UndoOutcome():
            return outcome
        case SnapshotPage(items=tasks, next_after=next_after, revision=revision):
            assert [task.id for task in tasks] == sorted({task.id for task in tasks})
            return [comparable(task) for task in tasks], next_after, revision
        case FoundTasks(items=found, next_cursor=cursor):
            assert [task.id for task in found] == sorted({task.id for task in found})
            return [comparable(task) for task in found], cursor is None
        case TaskPage(items=items, next_after=next_after):
            assert [view.id for view in items] == sorted({view.id for view in items})
            assert next_after is None or next_after == items[-1].id
            return [comparable(view) for view in items], next_after is None
        case ChangePage(items=changes, next=token, more=more):
            places = [(change.revision, change.id) for change in changes]
            assert places == sorted(set(places))
            assert len({change.id for change in changes}) == len(changes)
            return [comparable(change) for change in changes], token.partition(".")[0], more
        case BatchOutcome(results=results, revision=revision):
            return [comparable(result) for result in results], revision
        case BatchRefused(place=place, refusal=refusal):
            return BatchRefused, place, comparable(refusal)
        case PreconditionFailed(expected=expected, current=current):
            return PreconditionFailed, expected, current
        case _:
            return type(outcome)
