"""How urgent a task is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_structure import WaitingFor
from taskharbor.application.task_view import TaskView
from taskharbor.application.tasks.get_task import GetTask, get_task
from taskharbor.domain.identifiers import INBOX, TaskId, WorkspaceId
from taskharbor.domain.progress import Progress
from taskharbor.domain.time_zone import time_zone_from
from taskharbor.domain.urgency import DEFAULT_WEIGHTS, UrgencyWeights, urgency

UTC_ZONE: Final = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class GetUrgency:
    """Ask how urgent a live task is.

    Attributes:
        id: which task.
        time_zone: where the caller is: dates and times without a zone are read on the clocks there.
    """

    id: TaskId
    time_zone: str = UTC_ZONE


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgencyView:
    """How urgent a task is at some moment.

    Attributes:
        id: the task.
        urgency: the sum of its weights.
        blocked: whether it depends on an open task.
        blocking: whether an open task depends on it.
        at: the moment; aware, in UTC.
    """

    id: TaskId
    urgency: float
    blocked: bool
    blocking: bool
    at: datetime


def urgency_of(
    task: TaskView,
    *,
    is_blocking: bool,
    now: datetime,
    time_zone: str = UTC_ZONE,
    weights: UrgencyWeights = DEFAULT_WEIGHTS,
) -> float:
    """Return how urgent `task` is: Taskwarrior's polynomial on our fields.

    An all-day due is over at the end of its day. A start counts as `scheduled`, a list other than the inbox as a
    project, comments as annotations. Only an open task is blocked or blocks another. Nothing is ever `waiting` here.
    """
    is_open = task.progress in {Progress.NEEDS_ACTION, Progress.IN_PROCESS}
    return urgency(
        now=now,
        created=task.created,
        priority=task.priority,
        due=None if task.due is None else task.due.ends(time_zone),
        scheduled=None if task.start is None else task.start.starts(time_zone),
        tags=task.tags,
        annotations=task.comment_count,
        is_active=task.progress is Progress.IN_PROCESS,
        is_blocking=is_open and is_blocking,
        is_blocked=is_open and task.blocked,
        has_project=task.list != INBOX,
        weights=weights,
    )


async def get_urgency(
    query: GetUrgency, storage: Storage, workspace: WorkspaceId, *, now: datetime, weights: UrgencyWeights
) -> UrgencyView:
    """Answer `query`.

    Raises:
        TaskNotFound: if there is no such live task.
        InvalidValue: for `time_zone`, if there is no such zone.
    """
    zone = time_zone_from("time_zone", query.time_zone)
    task = await get_task(GetTask(id=query.id), storage, workspace)
    blocking = bool(await storage.list_related(workspace, WaitingFor(query.id), limit=1))
    return UrgencyView(
        id=task.id,
        urgency=urgency_of(task, is_blocking=blocking, now=now, time_zone=zone, weights=weights),
        blocked=task.blocked,
        blocking=blocking,
        at=now,
    )
