"""Hypothesis strategies for filters and orders: whatever can be asked of tasks, and of these tasks in particular."""

from collections.abc import Sequence
from functools import cache
from typing import Final

from hypothesis import strategies as st

from taskharbor.domain.identifiers import MAX_ID
from taskharbor.domain.search.fields import CAN_BE_ABSENT, FIELD_TYPES, OPERATORS, Field, Operator
from taskharbor.domain.search.filter import MAX_LITERAL, And, Compare, Filter, Flag, Has, Mentions, Not, Or, Present
from taskharbor.domain.search.order import CAN_BE_LAST, Order, OrderField, OrderKey
from taskharbor.domain.search.time_span import Span, utc_microseconds, utc_seconds, wall_seconds
from taskharbor.domain.search.urgency import UrgencyScale
from taskharbor.domain.search.urgency_weights import DEFAULT_WEIGHTS, UrgencyWeights
from taskharbor.domain.search.words import words_of_task
from taskharbor.domain.tasks.fields import FieldType
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.tasks.tags import tag_key
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.text import folded
from taskharbor.testing.strategies.text import tag_sets, titles
from taskharbor.testing.strategies.times import calendar_times, instants

_SECOND: Final = 1_000_000
_LONGEST: Final = 2 * 86_400 * _SECOND
_FLAGS: Final = [field for field in Field if FIELD_TYPES[field] is FieldType.FLAG]
_COMPARED: Final = [
    field
    for field in Field
    if FIELD_TYPES[field] not in {FieldType.FLAG, FieldType.TAGS, FieldType.IDS, FieldType.MEMBERS}
]


class _Tasks(tuple[Task, ...]):
    """Tasks that Hypothesis does not print whenever it names a strategy."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{len(self)} tasks>"


def filters(tasks: Sequence[Task]) -> st.SearchStrategy[Filter]:
    """Filters of every kind, often with just the values that one of the tasks has, or almost."""
    return st.recursive(_conditions(_Tasks(tasks)), _compounds, max_leaves=8)


@cache
def orders() -> st.SearchStrategy[Order]:
    """Orders by any fields in any direction."""
    return st.lists(st.builds(_key, st.sampled_from(OrderField), st.booleans(), st.booleans()), max_size=3).map(_ended)


@cache
def urgency_scales() -> st.SearchStrategy[UrgencyScale]:
    """Moments, clocks on walls anywhere, and weights of any sign."""
    weights = st.just(DEFAULT_WEIGHTS) | st.builds(
        UrgencyWeights,
        **{name: st.integers(-1000, 1000).map(float) for name in ("due", "age", "tags", "next", "blocking")},
        age_max=st.sampled_from([0.0, 0.5, 365.0, 100_000.0]),
    )
    return st.builds(
        lambda now, offset, weights: UrgencyScale(utc := utc_microseconds(now), utc + offset * _SECOND, weights),
        instants(),
        st.integers(-14 * 3600, 14 * 3600),
        weights,
    )


def _compounds(inner: st.SearchStrategy[Filter]) -> st.SearchStrategy[Filter]:
    several = st.lists(inner, min_size=1, max_size=4).map(tuple)
    return st.builds(And, several) | st.builds(Or, several) | st.builds(Not, inner)


@st.composite
def _conditions(draw: st.DrawFn, tasks: _Tasks) -> Filter:
    task = tasks[draw(st.integers(0, len(tasks) - 1))]
    match draw(st.integers(0, 5)):
        case 0:
            return Flag(draw(st.sampled_from(_FLAGS)))
        case 1:
            return Present(draw(st.sampled_from(sorted(CAN_BE_ABSENT))))
        case 2:
            keys = st.sampled_from([tag_key(tag) for tag in task.tags]) if task.tags else st.nothing()
            others = tag_sets().filter(bool).map(lambda tags: tag_key(tags[0]))
            return Has(Field.TAGS, draw(keys | others))
        case 3:
            needed = st.sampled_from(task.depends_on) if task.depends_on else st.nothing()
            assigned = st.sampled_from([*task.assignees, "ada", "da", "nobody"])
            return draw(
                st.builds(Has, st.just(Field.DEPENDS_ON), needed | st.integers(0, MAX_ID))
                | st.builds(Has, st.just(Field.ASSIGNEES), assigned)
            )
        case 4:
            return Mentions(_beginnings(draw, task))
        case _:
            return _comparison(draw, task)


def _beginnings(draw: st.DrawFn, task: Task) -> tuple[str, ...]:
    words = st.sampled_from(words_of_task(task) or ("none",)) | st.sampled_from(["a", "mil", "0", "ß"])
    cut = st.builds(lambda word, length: word[:length], words, st.integers(1, 5))
    return tuple(draw(st.lists(cut, min_size=1, max_size=3, unique=True)))


def _comparison(draw: st.DrawFn, task: Task) -> Filter:
    field = draw(st.sampled_from(_COMPARED))
    known = OPERATORS[FIELD_TYPES[field]] - (set() if FIELD_TYPES[field] is FieldType.TEXT else {Operator.HAS})
    operator = draw(st.sampled_from(sorted(known)))
    value = getattr(task, field)
    match FIELD_TYPES[field]:
        case FieldType.NUMBER:
            near = draw(st.integers(-1, 1)) + (value or 0)
            return Compare(field, operator, max(-MAX_ID, min(MAX_ID, near)))
        case FieldType.DURATION:
            return Compare(field, operator, draw(st.integers(-1, 1)) + (value.in_seconds if value else 0))
        case FieldType.UID:
            return Compare(field, operator, draw(st.sampled_from([value, f"8{value[1:]}"])))
        case FieldType.PROGRESS:
            return Compare(field, operator, draw(st.sampled_from(Progress)).value)
        case FieldType.TEXT:
            return Compare(field, operator, _text(draw, value))
        case kind:
            return Compare(field, operator, _span(draw, task, field, kind))


def _text(draw: st.DrawFn, text: str | None) -> str:
    key = folded(text or draw(titles()))
    first = draw(st.integers(0, len(key)))
    part = key[first : draw(st.integers(first, len(key)))]
    return draw(st.sampled_from([part, key, key.replace(part, "x", 1)]))[:MAX_LITERAL]


def _span(draw: st.DrawFn, task: Task, field: Field, kind: FieldType) -> Span:
    length = draw(st.sampled_from([1, _SECOND, 60 * _SECOND, 86_400 * _SECOND]) | st.integers(1, _LONGEST))
    early = draw(st.sampled_from([0, 1, -1, length, -length]) | st.integers(-_LONGEST, _LONGEST))
    shift = draw(st.sampled_from([0, 3600 * _SECOND, -5 * 3600 * _SECOND]))
    value = getattr(task, field)
    if kind is FieldType.INSTANT:
        begin = utc_microseconds(value or draw(instants()))
    else:
        moment = value or draw(calendar_times())
        utc = utc_seconds(moment)
        begin = (wall_seconds(moment) - shift // _SECOND if utc is None else utc) * _SECOND
    begin += early
    return Span((begin, begin + length), (begin + shift, begin + shift + length))


def _key(field: OrderField, descending: bool, nulls_first: bool) -> OrderKey:
    return OrderKey(field, descending, nulls_first and field in CAN_BE_LAST)


def _ended(keys: list[OrderKey]) -> Order:
    by_field = {key.field: key for key in keys if key.field is not OrderField.ID}
    return (*by_field.values(), next((key for key in keys if key.field is OrderField.ID), OrderKey(OrderField.ID)))
