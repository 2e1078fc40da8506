"""Change all tasks that match a filter, in one commit, or none."""

from collections.abc import Awaitable, Callable
from dataclasses import fields
from typing import Any, Final, TypeAlias

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.errors import ConcurrentUpdate, StoreNotReady, StoreUnavailable
from taskharbor.application.search.criteria import TaskCriteria, resolve_criteria
from taskharbor.application.search.pending_matches import TooManyMatches, find_matching
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.turns import give_way, in_turns
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.errors import InvalidValue, TaskharborError
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.unset import UNSET

__all__ = [
    "MAX_AFFECTED",
    "ChangeMatching",
    "Handler",
    "MatchRefused",
    "MatchedTasks",
    "MatchingOutcome",
    "TooManyMatches",
    "change_matching",
    "named",
]

MAX_AFFECTED: Final = 1000

Handler: TypeAlias = Callable[[ChangeTask, UnitOfWork], Awaitable[Task]]


class MatchRefused(TaskharborError):
    """One of the matching tasks cannot be changed so, so none was.

    Attributes:
        task_id: which one.
        refusal: why.
    """

    code = "match_refused"

    def __init__(self, task_id: TaskId, refusal: TaskharborError) -> None:
        super().__init__(f"Task {task_id} rejected the change, so no task was changed: {refusal}")
        self.task_id = task_id
        self.refusal = refusal


@frozen(kw_only=True)
class ChangeMatching:
    """Give all tasks that are meant the values that are named.

    Attributes:
        question: which tasks. It must not be empty: leaving the filter out does not mean all tasks. Its time
            zone also applies where tasks are completed.
        changes: what they are given. It must name something.
        max_affected: how many may match at most, 1 to 1,000.
        dry_run: whether to find out only what would happen. In a batch that is for the batch to say.

    Raises:
        InvalidValue: if nothing is asked or named, or the number is out of its range.
    """

    question: TaskCriteria
    changes: TaskChanges
    max_affected: int
    dry_run: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.max_affected <= MAX_AFFECTED:
            raise InvalidValue("max_affected", f"must be from 1 to {MAX_AFFECTED}")
        if self.question.filter is None and self.question.q is None and self.question.saved is None:
            raise InvalidValue("filter", "is required; to change all tasks, pass a filter such as id > 0")
        if not named(self.changes):
            raise InvalidValue("changes", "must name at least one field")


@frozen(kw_only=True)
class MatchedTasks:
    """What was changed.

    Attributes:
        tasks: all that matched, as they are now, by ascending id; those that had the values already are among them.
    """

    tasks: list[TaskView]


@frozen(kw_only=True)
class MatchingOutcome(MatchedTasks):
    """What became of it.

    Attributes:
        revision: what the commit took; None if nothing was changed, or in a dry run.
    """

    revision: Revision | None


async def change_matching(command: ChangeMatching, uow: UnitOfWork, handle: Handler) -> list[TaskId]:
    """Carry out `command`; return the tasks that matched, by ascending id.

    What this unit of work has done before counts; what it has changed keeps its revision. Every task that matched is
    changed as it was when it matched, or the commit fails and all is done again. A task that comes to match only
    afterwards is not touched.

    Raises:
        TooManyMatches: if more match than `max_affected`.
        MatchRefused: if one of them cannot have the values.
        InvalidFilter: if the filter cannot be understood; it says at which column.
        InvalidValue: if a value is wrong.
        FilterNotFound: if there is no saved filter of this name.
    """
    terms = await resolve_criteria(command.question, uow.records, uow.services.filters)
    filter_ = await terms.filter_in_turn(uow.services.filters, uow.now)
    if filter_ is None:
        raise InvalidValue("filter", "must not be empty")
    found = await find_matching(filter_, uow, uow.store, max_affected=command.max_affected)
    await give_way()  # the answer of the store has come out of turn
    values = named(command.changes)
    async for task_id in in_turns(found):
        await _change(ChangeTask(id=task_id, time_zone=terms.time_zone, **values), uow, handle)
    return found


async def _change(command: ChangeTask, uow: UnitOfWork, handle: Handler) -> None:
    try:
        await handle(command, uow)
    except (ConcurrentUpdate, StoreNotReady, StoreUnavailable):
        raise
    except TaskharborError as refusal:
        raise MatchRefused(command.id, refusal) from refusal


def named(changes: TaskChanges) -> dict[str, Any]:
    """Return the fields that are named, and their values."""
    values = {field.name: getattr(changes, field.name) for field in fields(TaskChanges)}
    return {name: value for name, value in values.items() if value is not UNSET}
