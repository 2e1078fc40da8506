"""Orders as SQL. An absent value is a number beyond all others, so each key is a plain, indexable expression."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Text,
    UnaryExpression,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    tuple_,
)

from taskharbor.adapters.sqlalchemy.tables import tasks
from taskharbor.domain.search.order import FARTHEST, PROGRESS_ORDER, Order, OrderField, OrderKey
from taskharbor.domain.values.text import SORTED_LENGTH

_LAST: Final = literal_column(str(FARTHEST), BigInteger)
_FIRST: Final = literal_column(str(-FARTHEST), BigInteger)

_NOTHING: Final = literal_column("0", BigInteger)

_PLAIN: Final = {
    OrderField.ID: tasks.c.id,
    OrderField.PERCENT_COMPLETE: tasks.c.percent_complete,
    OrderField.LIST: tasks.c.list,
    OrderField.RANK: tasks.c.rank,
    OrderField.COMMENT_COUNT: tasks.c.comment_count,
    OrderField.CREATED: tasks.c.created,
    OrderField.UPDATED: tasks.c.updated,
    OrderField.REVISION: tasks.c.revision,
    OrderField.TITLE: func.substr(tasks.c.title_key, literal_column("1"), literal_column(str(SORTED_LENGTH))),
    OrderField.PROGRESS: case(
        {progress.value: literal_column(str(place)) for progress, place in PROGRESS_ORDER.items()},
        value=tasks.c.progress,
    ),
}
_NULLABLE: Final = {
    OrderField.PRIORITY: func.nullif(tasks.c.priority, literal_column("0")),
    OrderField.START: tasks.c.start_key,
    OrderField.DUE: tasks.c.due_key,
    OrderField.ESTIMATED_DURATION: tasks.c.duration_seconds,
    OrderField.COMPLETED: tasks.c.completed,
}


def absent_last(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the value of a column, or a number that comes after all of them."""
    return func.coalesce(column, _LAST)


def order_by(
    order: Order, urgency: ColumnElement[int] | None = None, *, hidden: bool = False
) -> list[UnaryExpression[Any]]:
    """Return the ORDER BY, by numbers, if they shall be hidden, that are the same but in no index.

    `urgency` is how urgent a row is, if the order names that.
    """
    rows = [_expression(key, urgency) for key in order]
    values = [row + _NOTHING for row in rows] if hidden else rows
    return [value.desc() if key.descending else value.asc() for value, key in zip(values, order, strict=True)]


def comes_after(order: Order, urgency: ColumnElement[int] | None = None) -> ColumnElement[bool]:
    """Return whether a row comes after the one whose values are the parameters `after_0`, `after_1`, ..."""
    rows = [_expression(key, urgency) for key in order]
    place = [
        bindparam(f"after_{at}", type_=Text if key.field in {OrderField.TITLE, OrderField.RANK} else BigInteger)
        for at, key in enumerate(order)
    ]
    # Says nothing new, but tells the database where in an index to begin.
    at_first = rows[0] <= place[0] if order[0].descending else rows[0] >= place[0]
    if all(key.descending is order[0].descending for key in order):
        here, there = tuple_(*rows), tuple_(*place)
        return and_(at_first, here < there if order[0].descending else here > there)
    return and_(at_first, or_(*(_first_differs(order[: at + 1], rows, place) for at in range(len(order)))))


def _first_differs(
    order: Order, rows: Sequence[ColumnElement[Any]], place: Sequence[ColumnElement[Any]]
) -> ColumnElement[bool]:
    at = len(order) - 1
    further = rows[at] < place[at] if order[at].descending else rows[at] > place[at]
    return and_(*(rows[before] == place[before] for before in range(at)), further)


def _expression(key: OrderKey, urgency: ColumnElement[int] | None) -> ColumnElement[Any]:
    if key.field is OrderField.URGENCY:
        if urgency is None:
            raise ValueError("who sorts by urgency must say how urgent a row is")
        return urgency
    if key.field in _NULLABLE:
        return func.coalesce(_NULLABLE[key.field], _LAST if key.absent > 0 else _FIRST)
    return _PLAIN[key.field]
