"""How urgent a task is, by the polynomial of Taskwarrior (taskwarrior.org/docs/urgency)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from taskharbor.domain.priority import Level, Priority, level_of
from taskharbor.domain.tags import tag_key

_DAY: Final = timedelta(days=1)
_NEXT_TAG: Final = "next"


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgencyWeights:
    """What each property of a task counts; the defaults are Taskwarrior's.

    Attributes:
        age_max: the age in days from which on age counts in full; 0: always.
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
    waiting: float = -3.0
    blocked: float = -5.0
    age_max: float = 365.0


DEFAULT_WEIGHTS: Final = UrgencyWeights()


def urgency(
    *,
    now: datetime,
    created: datetime,
    priority: Priority = 0,
    due: datetime | None = None,
    scheduled: datetime | None = None,
    tags: Collection[str] = (),
    annotations: int = 0,
    is_active: bool = False,
    is_blocking: bool = False,
    is_blocked: bool = False,
    is_waiting: bool = False,
    has_project: bool = False,
    weights: UrgencyWeights = DEFAULT_WEIGHTS,
) -> float:
    """Return the sum of the weights, each times how far its property holds (0 to 1).

    All instants are aware.

    Args:
        now: the present.
        created: since when the task exists.
        priority: 1 to 4 count as H, 5 as M, 6 to 9 as L.
        due: when it is due.
        scheduled: when it can be started; counts once that is past.
        tags: its tags; `next`, in any case, counts extra.
        annotations: how many comments it has.
        is_active: whether it is being worked on.
        is_blocking: whether an open task depends on it.
        is_blocked: whether it depends on an open task.
        is_waiting: whether it has been put aside for now.
        has_project: whether it is in a list of its own choice, not the inbox.
        weights: what each of these counts.
    """
    terms = (
        (weights.next, any(tag_key(tag) == _NEXT_TAG for tag in tags)),
        (weights.due, _due_factor(due, now)),
        (weights.blocking, is_blocking),
        (_priority_weight(priority, weights), 1),
        (weights.scheduled, scheduled is not None and scheduled < now),
        (weights.active, is_active),
        (weights.age, _age_factor(created, now, weights.age_max)),
        (weights.annotations, _count_factor(annotations)),
        (weights.tags, _count_factor(len(tags))),
        (weights.project, has_project),
        (weights.waiting, is_waiting),
        (weights.blocked, is_blocked),
    )
    return sum(weight * factor for weight, factor in terms)


def _due_factor(due: datetime | None, now: datetime) -> float:
    """Rise in a line from 0.2, two weeks before it is due, to 1, one week after."""
    if due is None:
        return 0.0
    days_overdue = min(max((now - due) / _DAY, -14.0), 7.0)
    return 0.2 + 0.8 * (days_overdue + 14.0) / 21.0


def _age_factor(created: datetime, now: datetime, age_max: float) -> float:
    days = max((now - created) // _DAY, 0)
    return 1.0 if days >= age_max else days / age_max


def _count_factor(count: int) -> float:
    return (0.0, 0.8, 0.9, 1.0)[min(count, 3)]


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
