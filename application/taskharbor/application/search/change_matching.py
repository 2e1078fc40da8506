"""Change all tasks that a filter is after, in one commit, or none."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final, TypeAlias

from taskharbor.application.errors import ConcurrentUpdate, StoreNotReady, StoreUnavailable
from taskharbor.application.ports.filter_syntax import FilterReader
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_search import TaskQuery
from taskharbor.application.search.question import Question, terms_of
from taskharbor.application.task_view import TaskView
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.transaction.unit_of_work import UnitOfWork
from taskharbor.domain.errors import InvalidValue, TaskharborError
from taskharbor.domain.filter import asks_for_flag
from taskharbor.domain.filter_fields import Field
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.domain.task import Task
from taskharbor.domain.task_changes import TaskChanges
from taskharbor.domain.unset import UNSET

MAX_AFFECTED: Final = 1000

Handler: TypeAlias = Callable[[ChangeTask, UnitOfWork], Awaitable[Task]]


class TooManyMatches(TaskharborError):
    """More tasks match than the caller allowed to be changed, so none was.

    Attributes:
        matched: how many match.
        max_affected: how many were allowed.
    """

    code = "too_many_matches"

    def __init__(self, *, matched: int, max_affected: int) -> None:
        super().__init__(f"{matched} tasks match, which is more than max_affected {max_affected}; none was changed")
        self.matched = matched
        self.max_affected = max_affected


class MatchRefused(TaskharborError):
    """One of the matching tasks cannot be changed so, so none was.

    Attributes:
        task_id: which one.
        refusal: why.
    """

    code = "match_refused"

    def __init__(self, task_id: TaskId, refusal: TaskharborError) -> None:
        super().__init__(f"Task {task_id} cannot be changed so, and none was: {refusal}")
        self.task_id = task_id
        self.refusal = refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeMatching:
    """Give all tasks that are meant the values that are named.

    Attributes:
        question: which tasks. It must ask something: nobody means all tasks by leaving the filter out. Its time zone
            is that of whoever completes tasks so, too.
        changes: what they are given. It must name something.
        max_affected: how many may match at most, 1 to 1,000.
        dry_run: whether to find out only what would happen.

    Raises:
        InvalidValue: if nothing is asked or named, or the number is out of its range.
    """

    question: Question
    changes: TaskChanges
    max_affected: int
    dry_run: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.max_affected <= MAX_AFFECTED:
            raise InvalidValue("max_affected", f"must be from 1 to {MAX_AFFECTED}")
        if self.question.filter is None and self.question.q is None and self.question.saved is None:
            raise InvalidValue("filter", "must be given: to change all tasks, say so with a filter such as id > 0")
        if not named(self.changes):
            raise InvalidValue("changes", "must name at least one field")


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchingOutcome:
    """What became of it.

    Attributes:
        tasks: all that matched, as they are now, by ascending id; those that had the values already are among them.
        revision: what the commit took; None if nothing was changed, or in a dry run.
    """

    tasks: list[TaskView]
    revision: Revision | None


async def change_matching(
    command: ChangeMatching, uow: UnitOfWork, storage: Storage, *, reader: FilterReader, handle: Handler
) -> MatchingOutcome:
    """Carry out `command`, commit included.

    Every task that matched is changed as it was when it matched, or the commit fails and all is done again. A task
    that comes to match only afterwards is not touched.

    Raises:
        TooManyMatches: if more match than `max_affected`.
        MatchRefused: if one of them cannot have the values.
        InvalidFilter: if the filter cannot be understood; it says at which column.
        InvalidValue: if a value is wrong.
        FilterNotFound: if there is no saved filter of this name.
    """
    terms = await terms_of(command.question, storage, uow.workspace)
    if terms.is_empty:
        raise InvalidValue("filter", "must not be empty")
    filter_ = terms.filter(reader, uow.now)
    found = await storage.find_tasks(uow.workspace, TaskQuery(filter=filter_, limit=command.max_affected + 1))
    if len(found) > command.max_affected:
        matched = await storage.count_tasks(uow.workspace, filter_)
        raise TooManyMatches(matched=max(matched, len(found)), max_affected=command.max_affected)
    await uow.tasks.prefetch([view.id for view in found])
    values = named(command.changes)
    await _hold(found, uow, dependencies_too=filter_ is not None and asks_for_flag(filter_, Field.BLOCKED))
    for view in found:
        await _change(ChangeTask(id=view.id, time_zone=terms.time_zone, **values), uow, handle)
    revision = None if command.dry_run else await uow.commit()
    return MatchingOutcome(tasks=[await uow.view(view.id) for view in found], revision=revision)


async def _hold(found: Sequence[TaskView], uow: UnitOfWork, *, dependencies_too: bool) -> None:
    """Let the commit fail unless all that matched is as it was when it matched."""
    tasks = [(view, await uow.tasks.find(view.id)) for view in found]
    if dependencies_too:
        await uow.tasks.prefetch({needed for _, task in tasks if task is not None for needed in task.depends_on})
    for view, task in tasks:
        if task is None or task.revision != view.revision:
            raise ConcurrentUpdate(view.id)
        uow.tasks.guard(task)
        if not dependencies_too:
            continue
        if await uow.tasks.is_blocked(task) != view.blocked:
            raise ConcurrentUpdate(view.id)
        for needed in [await uow.tasks.find(id_) for id_ in task.depends_on]:
            if needed is not None:
                uow.tasks.guard(needed)


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
