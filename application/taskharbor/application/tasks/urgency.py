"""How urgent a task is."""

from datetime import datetime
from typing import Final

from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_relations import WaitingFor
from taskharbor.application.tasks.get_task import get_task
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import TaskId, WorkspaceId
from taskharbor.domain.search.date_expressions import Viewpoint
from taskharbor.domain.search.urgency import UrgencyScale
from taskharbor.domain.search.urgency_weights import ONE, UrgencyWeights
from taskharbor.domain.values.time_zone import time_zone_from, zone

UTC_ZONE: Final = "UTC"


@frozen(kw_only=True)
class GetUrgency:
    """Ask how urgent a live task is.

    Attributes:
        id: which task.
        time_zone: where the caller is: dates and times without a zone are read on the clocks there.
    """

    id: TaskId
    time_zone: str = UTC_ZONE


@frozen(kw_only=True)
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


async def get_urgency(
    query: GetUrgency, storage: Storage, workspace: WorkspaceId, *, now: datetime, weights: UrgencyWeights
) -> UrgencyView:
    """Answer `query`.

    Raises:
        TaskNotFound: if there is no such live task.
        InvalidValue: for `time_zone`, if there is no such zone.
    """
    time_zone = time_zone_from("time_zone", query.time_zone)
    task = await get_task(query.id, storage, workspace)
    blocking = bool(await storage.list_related(workspace, WaitingFor(query.id), limit=1))
    scale = UrgencyScale.seen_from(Viewpoint(now, zone(time_zone)), weights)
    return UrgencyView(
        id=task.id,
        urgency=scale.of(task, is_blocked=bool(task.blocked), is_blocking=blocking) / ONE,
        blocked=bool(task.blocked),
        blocking=blocking,
        at=now,
    )
