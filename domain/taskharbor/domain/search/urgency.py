"""How urgent a task is, by the polynomial of Taskwarrior (taskwarrior.org/docs/urgency).

It is computed in whole millionths, so that Python and a database get the same number.
"""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final, Protocol, TypeAlias

from taskharbor.domain.identifiers import INBOX
from taskharbor.domain.search.date_expressions import Viewpoint
from taskharbor.domain.search.time_span import (
    Microseconds,
    utc_microseconds,
    utc_seconds,
    wall_microseconds,
    wall_seconds,
)
from taskharbor.domain.tasks.priority import Level, Priority, level_of
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.tasks.tags import tag_key
from taskharbor.domain.values.calendar_time import AllDay, CalendarTime

Millionths: TypeAlias = int

ONE: Final[Millionths] = 1_000_000

SECOND: Final[Microseconds] = 1_000_000
DAY: Final = 86_400
"""Seconds."""

DUE_FROM: Final = -14 * DAY
"""Seconds overdue from which on a due date counts more and more; before it counts a fifth."""

DUE_UNTIL: Final = 7 * DAY
"""Seconds overdue from which on a due date counts in full."""

NEXT_TAG: Final = "next"
TENTHS: Final = (0, 8, 9, 10)
"""How much no, one, two, and three or more comments or tags count."""

_MOST: Final = 1000.0
_LONGEST: Final = 100_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgencyWeights:
    """The weight of each property of a task; the defaults are Taskwarrior's.

    Attributes:
        age_max: the age in days from which on age counts in full; 0: always.

    Raises:
        ValueError: if a weight is beyond -1000 or 1000, or `age_max` not from 0 to 100,000.
    """

    next: float = 15.0
    due: float = 12.0
    blocking: float = 8.0
    priority_high: float = 6.0
    priority_medium: float = 3.9
    priority_low: float = 1.8
    scheduled: float = 5.0
    active: float = 4.0
    age: float = 2.0
    annotations: float = 1.0
    tags: float = 1.0
    project: float = 1.0
    blocked: float = -5.0
    age_max: float = 365.0

    def __post_init__(self) -> None:
        for field in fields(self):
            value: float = getattr(self, field.name)
            least, most = (0.0, _LONGEST) if field.name == "age_max" else (-_MOST, _MOST)
            if not least <= value <= most:
                raise ValueError(f"{field.name} must be from {least:g} to {most:g}")


DEFAULT_WEIGHTS: Final = UrgencyWeights()


def millionths(weight: float) -> Millionths:
    """Return a weight, or an urgency, in millionths."""
    return round(weight * ONE)


def share(weight: float, part: int, whole: int) -> Millionths:
    """Return a part of a weight, cut towards zero, as databases divide."""
    size = abs(millionths(weight)) * part // whole
    return size if weight >= 0 else -size


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
    whole = (
        (weights.next, any(tag_key(tag) == NEXT_TAG for tag in tags)),
        (weights.blocking, is_blocking),
        (_priority_weight(priority, weights), True),
        (weights.scheduled, is_scheduled),
        (weights.active, is_active),
        (weights.project, has_project),
        (weights.blocked, is_blocked),
    )
    return (
        sum(millionths(weight) for weight, holds in whole if holds)
        + (0 if overdue is None else _due(overdue, weights.due))
        + _age(age, weights)
        + share(weights.annotations, TENTHS[min(annotations, 3)], 10)
        + share(weights.tags, TENTHS[min(len(tags), 3)], 10)
    )


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


@dataclass(frozen=True, slots=True)
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


def _priority_weight(priority: Priority, weights: UrgencyWeights) -> float:
    match level_of(priority):
        case Level.HIGH:
            return weights.priority_high
        case Level.MEDIUM:
            return weights.priority_medium
        case Level.LOW:
            return weights.priority_low
        case None:
            return 0.0
