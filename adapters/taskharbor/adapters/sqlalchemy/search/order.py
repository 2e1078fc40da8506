"""Orders as SQL. An absent value is a number beyond all others, so each key is a plain, indexable expression."""

from collections.abc import Callable, Mapping, Sequence
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

from taskharbor.adapters.sqlalchemy.search.field_columns import COLUMNS
from taskharbor.domain.search.order import CAN_BE_LAST, FARTHEST, PROGRESS_ORDER, Order, OrderField, OrderKey
from taskharbor.domain.tasks.fields import FIELDS_BY_NAME, FieldType, TaskField
from taskharbor.domain.values.text import SORTED_LENGTH

_LAST: Final = literal_column(str(FARTHEST), BigInteger)
_FIRST: Final = literal_column(str(-FARTHEST), BigInteger)

_NOTHING: Final = literal_column("0", BigInteger)

_KEYS: Final[Mapping[FieldType, Callable[[ColumnElement[Any]], ColumnElement[Any]]]] = {
    FieldType.TEXT: lambda column: func.substr(column, literal_column("1"), literal_column(str(SORTED_LENGTH))),
    FieldType.PROGRESS: lambda column: case(
        {progress.value: literal_column(str(place)) for progress, place in PROGRESS_ORDER.items()}, value=column
    ),
}
"""What is sorted by where that is not the column itself."""


def _key_of(field: TaskField) -> ColumnElement[Any]:
    """Return what rows are sorted by; NULL if a task lacks the field."""
    column, key = COLUMNS[field.name], _KEYS.get(field.type)
    if isinstance(field.absent, int):
        return func.nullif(column, literal_column(str(field.absent)))
    return column if key is None else key(column)


_VALUES: Final = {field: _key_of(FIELDS_BY_NAME[field]) for field in OrderField if field in FIELDS_BY_NAME}
_TEXTS: Final = frozenset({FieldType.TEXT, FieldType.RANK})


def absent_last(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the value of a column, or a number that comes after all of them."""
    return func.coalesce(column, _LAST)


def order_keys(order: Order, urgency: ColumnElement[int] | None = None) -> list[ColumnElement[Any]]:
    """Return what rows of tasks are sorted by; `urgency` is how urgent a row is, if the order names that."""
    return [_expression(key, urgency) for key in order]


def order_by(
    order: Order, keys: Sequence[ColumnElement[Any]] | None = None, *, hidden: bool = False
) -> list[UnaryExpression[Any]]:
    """Return the ORDER BY, by numbers, if they shall be hidden, that are the same but in no index.

    `keys` are what it goes by, if not the columns of tasks.
    """
    rows = order_keys(order) if keys is None else keys
    values = [row + _NOTHING for row in rows] if hidden else rows
    return [value.desc() if key.descending else value.asc() for value, key in zip(values, order, strict=True)]


def comes_after(order: Order, keys: Sequence[ColumnElement[Any]] | None = None) -> ColumnElement[bool]:
    """Return whether a row comes after the one whose values are the parameters `after_0`, `after_1`, ..."""
    rows = order_keys(order) if keys is None else keys
    place = [bindparam(f"after_{at}", type_=_type_of(key.field)) for at, key in enumerate(order)]
    # Redundant, but shows the database where in an index to begin.
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
            raise ValueError("an order by urgency needs the urgency of a row")
        return urgency
    value = _VALUES[key.field]
    return func.coalesce(value, _LAST if key.absent > 0 else _FIRST) if key.field in CAN_BE_LAST else value


def _type_of(field: OrderField) -> type[Text | BigInteger]:
    return Text if field in FIELDS_BY_NAME and FIELDS_BY_NAME[field].type in _TEXTS else BigInteger
