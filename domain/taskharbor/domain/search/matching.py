"""What a filter means: the specification for every store.

There are two truth values. A comparison with a field that is absent is false, whichever the operator, `!=` included;
so its NOT is true. `field:*` tests whether a value is present.

Text is compared folded (`folding`), by code point. A priority of 0 is undefined: it is neither higher nor lower than
any other, so it satisfies no `<`, `<=`, `>`, `>=`; `=` and `!=` take it as the number that it is.

A time is compared with a stretch of time: `=` is within it, `<` before its beginning, `<=` before its end, `>` not
before its end, `>=` not before its beginning. A zoned start or due is compared as an instant, a floating or all-day one
by the clock on the wall, an all-day one as its midnight.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from operator import eq, ge, gt, le, lt, ne
from typing import Final, TypeAlias, cast

from taskharbor.domain.frozen import frozen
from taskharbor.domain.search.fields import EQUALITY, FIELD_TYPES, Field, Operator
from taskharbor.domain.search.filter import And, Compare, Filter, Flag, Has, Mentions, Not, Or, Present
from taskharbor.domain.search.time_span import Span, utc_microseconds, utc_seconds, wall_seconds
from taskharbor.domain.search.words import Words, has_words
from taskharbor.domain.tasks.fields import FIELDS_BY_NAME, FieldType
from taskharbor.domain.tasks.tags import tag_key
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.calendar_time import CalendarTime
from taskharbor.domain.values.duration import Duration
from taskharbor.domain.values.text import folded

Comparable: TypeAlias = int | str


@frozen
class Facts:
    """Facts about a task that a filter can use and the task itself does not contain.

    Attributes:
        blocked: whether a task that it depends on is live and open.
        words: returns its words; called only if a filter asks for some.
        blocking: returns whether a live, open task depends on it; called only if urgency is needed.
    """

    blocked: bool
    words: Callable[[], Words]
    blocking: Callable[[], bool]


def matches(filter: Filter, task: Task, facts: Facts) -> bool:
    """Return whether a task matches a filter."""
    match filter:
        case And(operands):
            return all(matches(operand, task, facts) for operand in operands)
        case Or(operands):
            return any(matches(operand, task, facts) for operand in operands)
        case Not(operand):
            return not matches(operand, task, facts)
        case _:
            return _holds(filter, task, facts)


def _holds(  # noqa: PLR0911  # one line for each kind of condition
    condition: Compare | Has | Present | Flag | Mentions, task: Task, facts: Facts
) -> bool:
    match condition:
        case Compare():
            return _compares(condition, task)
        case Has(Field.TAGS, item):
            return any(item == tag_key(tag) for tag in task.tags)
        case Has(Field.ASSIGNEES, item):
            return item in task.assignees
        case Has(_, item):
            return item in task.depends_on
        case Present(field):
            return bool(getattr(task, field) != FIELDS_BY_NAME[field].absent)
        case Flag(Field.BLOCKED):
            return facts.blocked
        case Flag(Field.RECURRING):
            return task.recurrence is not None
        case Flag(field):
            return bool(getattr(task, field))
        case Mentions(words):
            return has_words(facts.words(), words)


def _compares(condition: Compare, task: Task) -> bool:
    field, operator = condition.field, condition.operator
    value = getattr(task, field)
    if value is None or (operator not in EQUALITY and value == FIELDS_BY_NAME[field].absent):
        return False
    if isinstance(condition.value, Span):
        return _is_within(operator, *_on_one_clock(FIELD_TYPES[field], value, condition.value))
    return _OPERATIONS[operator](_comparable(FIELD_TYPES[field], value), condition.value)


def _comparable(kind: FieldType, value: object) -> Comparable:
    match kind:
        case FieldType.TEXT:
            return folded(cast("str", value))
        case FieldType.DURATION:
            return cast("Duration", value).in_seconds
        case _:
            return cast("Comparable", value)


def _on_one_clock(kind: FieldType, value: object, span: Span) -> tuple[int, int, int]:
    if kind is FieldType.INSTANT:
        return utc_microseconds(cast("datetime", value)), *span.utc
    moment = cast("CalendarTime", value)
    utc = utc_seconds(moment)
    seconds = span.in_seconds()
    return (wall_seconds(moment), *seconds.wall) if utc is None else (utc, *seconds.utc)


def _is_within(operator: Operator, moment: int, begin: int, end: int) -> bool:
    match operator:
        case Operator.LESS:
            return moment < begin
        case Operator.AT_MOST:
            return moment < end
        case Operator.GREATER:
            return moment >= end
        case Operator.AT_LEAST:
            return moment >= begin
        case Operator.NOT_EQUAL:
            return not begin <= moment < end
        case _:
            return begin <= moment < end


def _contains(text: Comparable, part: Comparable) -> bool:
    return cast("str", part) in cast("str", text)


_OPERATIONS: Final[Mapping[Operator, Callable[[Comparable, Comparable], bool]]] = {
    Operator.EQUAL: eq,
    Operator.NOT_EQUAL: ne,
    Operator.LESS: lt,
    Operator.AT_MOST: le,
    Operator.GREATER: gt,
    Operator.AT_LEAST: ge,
    Operator.HAS: _contains,
}
