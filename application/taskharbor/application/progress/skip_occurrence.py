"""Skip one occurrence of a recurring task."""

from taskharbor.application.errors import NotRecurring
from taskharbor.application.progress.advance_series import OccurrenceInput, has_moved_on
from taskharbor.application.turns import give_way
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.domain.tasks.recurring_task import advanced
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.unset import UNSET, Unset
from taskharbor.domain.values.time_zone import time_zone_from


@frozen(kw_only=True)
class SkipOccurrence:
    """Move on to the next occurrence; nothing is left of this one. If it is the last one, the task is cancelled.

    Attributes:
        id: the task.
        if_match: the revision that it must have, or None.
        occurrence: which one is meant, as `recurrence.current` has it; if it is past already, nothing is done. None
            stands for the current one.
        time_zone: the zone of the caller; it determines the current day if the task has no zone.
    """

    id: TaskId
    if_match: Revision | None = None
    fence: Revision | Unset = UNSET
    occurrence: OccurrenceInput | None = None
    time_zone: str = "UTC"


async def skip_occurrence(command: SkipOccurrence, uow: UnitOfWork) -> Task:
    """Carry out `command`. A task that is completed or cancelled stays as it is.

    Raises:
        TaskNotFound: if there is no such live task.
        PreconditionFailed: if `if_match` is not its revision.
        NotRecurring: if it is not recurring.
        InvalidValue: for `occurrence` or `time_zone`.
        MissingDependency: if the rule cannot be expanded here.
    """
    viewer = time_zone_from("time_zone", command.time_zone)
    task = await uow.tasks.get(command.id, if_match=command.if_match)
    recurrence = task.recurrence
    if recurrence is None:
        raise NotRecurring(task.id)
    if not task.is_open or has_moved_on(task, uow, command.occurrence):
        return task
    await give_way()  # as in `after_completion`
    following = advanced(task, recurrence, uow.services.occurrences.walls, at=uow.now, viewer=viewer)
    return uow.tasks.save(task.cancel(at=uow.now) if following is None else following)
