"""The order of tasks: by one or more fields, absent values first or last, ties broken by id.

sort=due,-priority            by due, of those with the same due the lowest priority first
sort=-due nulls first,title   nulls first and nulls last say where tasks without a value come; else they come last
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from operator import attrgetter, neg
from typing import Any, Final, Protocol, TypeAlias

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import TaskId
from taskharbor.domain.search.time_span import sort_seconds, utc_microseconds
from taskharbor.domain.search.urgency_weights import Millionths
from taskharbor.domain.tasks.fields import FIELDS_BY_NAME, FieldType, TaskField
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.unset import UNSET
from taskharbor.domain.values.calendar_time import CalendarTime
from taskharbor.domain.values.duration import Duration
from taskharbor.domain.values.text import SORTED_LENGTH, folded

OrderValue: TypeAlias = int | str
"""What a task is sorted by. Texts sort by code point."""

MAX_ORDER_FIELDS: Final = 8

FARTHEST: Final = 2**62
"""Stands for an absent value where it comes after all others; the negative of it where it comes before."""


class Ordered(Protocol):
    """What of a task, or of what readers see of it, orders can look at."""

    # ruff: noqa: D102 - they are the fields of a task

    @property
    def id(self) -> TaskId: ...
    @property
    def title(self) -> str: ...
    @property
    def progress(self) -> Progress: ...
    @property
    def percent_complete(self) -> int: ...
    @property
    def priority(self) -> int: ...
    @property
    def start(self) -> CalendarTime | None: ...
    @property
    def due(self) -> CalendarTime | None: ...
    @property
    def estimated_duration(self) -> Duration | None: ...
    @property
    def list(self) -> int: ...
    @property
    def rank(self) -> str: ...
    @property
    def comment_count(self) -> int: ...
    @property
    def created(self) -> datetime: ...
    @property
    def updated(self) -> datetime: ...
    @property
    def completed(self) -> datetime | None: ...
    @property
    def revision(self) -> int: ...


class OrderField(StrEnum):
    """What tasks can be sorted by; the names are those of the JSON."""

    ID = "id"
    TITLE = "title"
    PROGRESS = "progress"
    PERCENT_COMPLETE = "percent_complete"
    PRIORITY = "priority"
    START = "start"
    DUE = "due"
    ESTIMATED_DURATION = "estimated_duration"
    LIST = "list"
    RANK = "rank"
    COMMENT_COUNT = "comment_count"
    CREATED = "created"
    UPDATED = "updated"
    COMPLETED = "completed"
    REVISION = "revision"
    URGENCY = "urgency"


CAN_BE_LAST: Final = frozenset(
    field for field in OrderField if field in FIELDS_BY_NAME and FIELDS_BY_NAME[field].can_be_absent
)
"""Fields that can be absent. A priority of 0 is undefined, so it counts as absent."""


@frozen
class OrderKey:
    """One of the fields of an order.

    Attributes:
        descending: whether the greatest comes first.
        nulls_first: whether tasks without a value come before the others; else they come after them.
    """

    field: OrderField
    descending: bool = False
    nulls_first: bool = False

    @property
    def absent(self) -> int:
        """What stands for an absent value, so that it sorts where it shall."""
        return FARTHEST if self.descending is self.nulls_first else -FARTHEST


Order: TypeAlias = tuple[OrderKey, ...]
"""Keys of which the last is that of the id, so that no two tasks are equal."""

BY_ID: Final[Order] = (OrderKey(OrderField.ID),)

_KEY: Final = re.compile(r"\s*(-?)([a-z_]{1,32})(?:\s+nulls\s+(first|last))?\s*", re.IGNORECASE)


def order_from(text: str) -> Order:
    """Return the order that `text` asks for. The id ends it, in the direction of the key before.

    Raises:
        InvalidValue: for `sort`.
    """
    keys: list[OrderKey] = []
    parts = text.split(",", MAX_ORDER_FIELDS)
    if len(parts) > MAX_ORDER_FIELDS:
        raise InvalidValue("sort", f"must have at most {MAX_ORDER_FIELDS} fields")
    for part in parts:
        key = _key_from(part)
        if any(key.field is earlier.field for earlier in keys):
            raise InvalidValue("sort", f"must name {key.field} once")
        keys.append(key)
    if not any(key.field is OrderField.ID for key in keys):
        keys.append(OrderKey(OrderField.ID, keys[-1].descending))
    return tuple(keys)


def names_urgency(order: Order) -> bool:
    """Return whether tasks are sorted by their urgency, which depends on other tasks too."""
    return any(key.field is OrderField.URGENCY for key in order)


def order_values(task: Ordered, order: Order, urgency: Millionths | None = None) -> tuple[OrderValue, ...]:
    """Return what a task is sorted by.

    Args:
        task: the task.
        order: by what.
        urgency: how urgent it is; needed if the order names that.
    """
    return tuple([_value(task, key, urgency) for key in order])


def place_from(values: Sequence[object], order: Order) -> tuple[OrderValue, ...]:
    """Parse the sort keys that a caller gives.

    Raises:
        InvalidValue: for `cursor`, if no task can be.
    """
    if len(values) != len(order):
        raise InvalidValue("cursor", "must have as many values as the order has fields")
    return tuple([_place_value(value, key.field in _TEXTS) for value, key in zip(values, order, strict=True)])


def order_key(order: Order) -> Callable[[tuple[OrderValue, ...]], tuple[object, ...]]:
    """Return what makes of the values of tasks keys that sort in this order."""
    if not any(key.descending for key in order):
        return tuple
    backwards = {key: _Descending if key.field in _TEXTS else neg for key in order if key.descending}
    wraps: list[Callable[[Any], object]] = [backwards.get(key, _as_it_is) for key in order]
    return lambda values: tuple([wrap(value) for wrap, value in zip(wraps, values, strict=True)])


def _place_value(value: object, is_text: bool) -> OrderValue:
    if is_text and isinstance(value, str) and "\0" not in value and len(value) <= SORTED_LENGTH:
        if not any("\ud800" <= letter <= "\udfff" for letter in value):
            return value
    elif not is_text and type(value) is int and -FARTHEST <= value <= FARTHEST:
        return value
    raise InvalidValue("cursor", "must have values that tasks can have")


def _key_from(text: str) -> OrderKey:
    found = _KEY.fullmatch(text)
    field = _FIELDS.get(found[2]) if found else None
    if found is None or field is None:
        fields = ", ".join(OrderField)
        raise InvalidValue("sort", f"must be fields such as due,-priority or due nulls first; these are: {fields}")
    if found[3] and field not in CAN_BE_LAST:
        raise InvalidValue("sort", f"must not say where nulls come for {field}, which is never absent")
    return OrderKey(field, bool(found[1]), (found[3] or "").lower() == "first")


def _value(task: Ordered, key: OrderKey, urgency: Millionths | None) -> OrderValue:
    if key.field is OrderField.URGENCY:
        if urgency is None:
            raise ValueError("an order by urgency needs the urgency of the task")
        return urgency
    value = _VALUES[key.field](task)
    return key.absent if value is None else value


def _as_it_is(value: OrderValue) -> object:
    return value


@frozen
class _Descending:
    value: OrderValue

    def __lt__(self, other: "_Descending") -> bool:
        return other.value < self.value  # type: ignore[operator]  # a field has values of one type


PROGRESS_ORDER: Final = {progress: place for place, progress in enumerate(Progress)}
"""Progress is sorted as it usually goes: needs-action, in-process, completed, cancelled."""

_TEXTS: Final = frozenset({OrderField.TITLE, OrderField.RANK})
"""The fields whose values are texts."""

_FIELDS: Final = {field.value: field for field in OrderField}
_KEYS: Final[Mapping[FieldType, Callable[[Any], OrderValue]]] = {
    FieldType.TEXT: lambda text: folded(text)[:SORTED_LENGTH],
    FieldType.PROGRESS: PROGRESS_ORDER.__getitem__,
    FieldType.CALENDAR: sort_seconds,
    FieldType.DURATION: lambda duration: duration.in_seconds,
    FieldType.INSTANT: utc_microseconds,
}
"""What values are sorted by where that is not the value itself."""


def _sorted_by(field: TaskField) -> Callable[[Ordered], OrderValue | None]:
    """Return the value that a task is sorted by, or None if it lacks the field."""
    get, absent, key = attrgetter(field.name), field.absent, _KEYS.get(field.type)
    if key is None:
        return get if absent is UNSET else lambda task: None if (value := get(task)) == absent else value
    if absent is UNSET:
        return lambda task: key(get(task))
    return lambda task: None if (value := get(task)) == absent else key(value)


_VALUES: Final = {field: _sorted_by(FIELDS_BY_NAME[field]) for field in OrderField if field in FIELDS_BY_NAME}
