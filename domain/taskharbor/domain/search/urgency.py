"""How urgent a task is, by the polynomial of Taskwarrior (taskwarrior.org/docs/urgency).

It is computed in whole millionths, so that Python and a database get the same number.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final, Protocol

from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import INBOX
from taskharbor.domain.search.date_expressions import Viewpoint
from taskharbor.domain.search.time_span import (
    Microseconds,
    utc_microseconds,
    utc_seconds,
    wall_microseconds,
    wall_seconds,
)
from taskharbor.domain.search.urgency_weights import (
    DEFAULT_WEIGHTS,
    MANY,
    Millionths,
    UrgencyWeights,
    parts_of,
    share,
)
from taskharbor.domain.tasks.priority import Priority
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.tasks.tags import tag_key
from taskharbor.domain.values.calendar_time import AllDay, CalendarTime

SECOND: Final[Microseconds] = 1_000_000
DAY: Final = 86_400
"""Seconds."""

DUE_FROM: Final = -14 * DAY
"""Seconds overdue from which on a due date counts more and more; before it counts a fifth."""

DUE_UNTIL: Final = 7 * DAY
"""Seconds overdue from which on a due date counts in full."""

NEXT_TAG: Final = "next"


def urgency(
    *,
    overdue: int | None = None,
    age: int = 0,
    priority: Priority = 0,
    is_scheduled: bool = False,
    tags: Collection[str] = (),
    annotations: int = 0,
    is_active: bool = False,
    is_blocking: bool = False,
    is_blocked: bool = False,
    has_project: bool = False,
    weights: UrgencyWeights = DEFAULT_WEIGHTS,
) -> Millionths:
    """Return the sum of the weights, each times how far its property holds (0 to 1).

    Args:
        overdue: how many seconds ago it was due, negative if in the future; None if it has no due.
        age: its age in whole days.
        priority: 1 to 4 count as H, 5 as M, 6 to 9 as L.
        is_scheduled: whether its start has passed.
        tags: its tags; `next`, in any case, counts extra.
        annotations: how many comments it has.
        is_active: whether it is being worked on.
        is_blocking: whether an open task depends on it.
        is_blocked: whether it depends on an open task.
        has_project: whether it is in a list other than the inbox.
        weights: the weight of each of these.
    """
    parts = parts_of(weights)
    total = (
        parts.priority[priority]
        + parts.annotations[min(annotations, MANY)]
        + parts.tags[min(len(tags), MANY)]
        + _age(age, weights)
    )
    if overdue is not None:
        total += _due(overdue, weights.due)
    if is_scheduled:
        total += parts.scheduled
    if is_active:
        total += parts.active
    if has_project:
        total += parts.project
    if is_blocking:
        total += parts.blocking
    if is_blocked:
        total += parts.blocked
    if tags and any(tag_key(tag) == NEXT_TAG for tag in tags):
        total += parts.next
    return total


class Urgent(Protocol):
    """What of a task, or of what readers see of it, urgency looks at."""

    # ruff: noqa: D102 - they are the fields of a task

    @property
    def progress(self) -> Progress: ...
    @property
    def priority(self) -> Priority: ...
    @property
    def start(self) -> CalendarTime | None: ...
    @property
    def due(self) -> CalendarTime | None: ...
    @property
    def tags(self) -> Collection[str]: ...
    @property
    def list(self) -> int: ...
    @property
    def comment_count(self) -> int: ...
    @property
    def created(self) -> datetime: ...


@frozen
class UrgencyScale:
    """How urgent tasks are at one moment, for one viewer.

    A zoned start or due is compared with the instant, a floating or all-day one with the clock on the viewer's wall,
    as filters do. An all-day due is over at the end of its day. A start counts as `scheduled`, a list other than the
    inbox as a project, comments as annotations. Only an open task is blocked or blocks another. Nothing is ever
    `waiting` here, and Taskwarrior's weight for that is left out.

    Attributes:
        utc: the moment.
        wall: what the clock on the wall shows then.
        weights: what each property counts.
    """

    utc: Microseconds
    wall: Microseconds
    weights: UrgencyWeights = DEFAULT_WEIGHTS

    @classmethod
    def seen_from(cls, here: Viewpoint, weights: UrgencyWeights) -> "UrgencyScale":
        """Return the scale for a viewpoint."""
        return cls(utc_microseconds(here.now), wall_microseconds(here.wall), weights)

    def of(self, task: Urgent, *, is_blocked: bool, is_blocking: bool) -> Millionths:
        """Return how urgent a task is."""
        is_open = task.progress.is_open
        return urgency(
            overdue=None if task.due is None else self._since(task.due) - DAY * isinstance(task.due, AllDay),
            age=max((self.utc - utc_microseconds(task.created)) // (DAY * SECOND), 0),
            priority=task.priority,
            is_scheduled=task.start is not None and self._since(task.start) > 0,
            tags=task.tags,
            annotations=task.comment_count,
            is_active=task.progress is Progress.IN_PROCESS,
            is_blocking=is_open and is_blocking,
            is_blocked=is_open and is_blocked,
            has_project=task.list != INBOX,
            weights=self.weights,
        )

    def _since(self, moment: CalendarTime) -> int:
        utc = utc_seconds(moment)
        return self.wall // SECOND - wall_seconds(moment) if utc is None else self.utc // SECOND - utc


def _due(overdue: int, weight: float) -> Millionths:
    """Rise in a line from a fifth, two weeks before it is due, to all, one week after."""
    passed = min(max(overdue, DUE_FROM), DUE_UNTIL) - DUE_FROM
    line = DUE_UNTIL - DUE_FROM
    return share(weight, line + 4 * passed, 5 * line)


def _age(days: int, weights: UrgencyWeights) -> Millionths:
    longest = round(weights.age_max * 1000)
    return share(weights.age, 1, 1) if days * 1000 >= longest else share(weights.age, days * 1000, longest)
