"""Rows that travel with a statement, column by column.

asyncpg asks of each element of an array whether it is an array itself, which takes longer than to send it. So numbers,
truth values and uids, most of a task's columns, travel as one text a column.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    UUID,
    BigInteger,
    Boolean,
    ColumnElement,
    FromClause,
    SmallInteger,
    Subquery,
    TableValuedAlias,
    Text,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
)
from sqlalchemy.types import TypeEngine

_IN_ONE_TEXT: Final = (BigInteger, SmallInteger, Boolean, UUID)
_NULL: Final = "n"

_FROM_TEXT: Final[dict[str, Callable[[ColumnElement[Any]], ColumnElement[Any]]]] = {
    # An array of arrays cannot be unnested one by one, so these travel as text.
    "depends_on": lambda text: cast(func.string_to_array(text, literal_column("','")), ARRAY(BigInteger)),
    "words": lambda text: func.array_to_tsvector(func.string_to_array(text, literal_column("E'\\x1f'"))),
}


class ArrayRows:
    """Rows of one kind as parameters of a statement.

    Attributes:
        name: of the kind.
    """

    def __init__(self, name: str, columns: Sequence[ColumnElement[Any]]) -> None:
        self.name = name
        types = [_type_of(each) for each in columns]
        self._columns = [column(str(each.key), type_) for each, type_ in zip(columns, types, strict=True)]
        self._parameters = [(f"{name}_{each.key}", isinstance(each.type, _IN_ONE_TEXT)) for each in self._columns]

    def table(self) -> TableValuedAlias:
        """Return the rows as the statement gets them; `value_of` extracts their values."""
        arrays = [
            _array(name, each.type, in_one_text=in_one_text)
            for each, (name, in_one_text) in zip(self._columns, self._parameters, strict=True)
        ]
        return func.unnest(*arrays).table_valued(*self._columns, name=f"{self.name}_rows")

    def arguments(self, rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
        """Return the parameters that hold these rows: none if there are no rows, for then the statement has none."""
        return {
            name: _in_one_text(values) if in_one_text else values
            for (name, in_one_text), values in zip(self._parameters, zip(*rows, strict=True), strict=False)
        }


def words_text(tokens: Iterable[str]) -> str:
    """Return the tokens of a task as they travel: none of them has a control character."""
    return "\x1f".join(tokens)


def value_of(rows: FromClause, name: str) -> ColumnElement[Any]:
    """Return what a table is to hold of the rows' column of this name."""
    value = rows.c[name]
    return _FROM_TEXT[name](value) if name in _FROM_TEXT else value


def _type_of(each: ColumnElement[Any]) -> TypeEngine[Any]:
    return Text() if each.key in _FROM_TEXT or isinstance(each.type, Text) else each.type


def _array(name: str, type_: TypeEngine[Any], *, in_one_text: bool) -> ColumnElement[Any]:
    if not in_one_text:
        return bindparam(name, type_=ARRAY(type_))
    texts = func.string_to_array(bindparam(name, type_=Text()), literal_column("','"), literal_column(f"'{_NULL}'"))
    return cast(texts, ARRAY(type_))


def _in_one_text(values: Sequence[Any]) -> str:
    return ",".join([_NULL if value is None else str(value) for value in values])


def expect_few_rows(rows: TableValuedAlias, name: str) -> Subquery:
    """Return all the rows, which PostgreSQL's planner expects to be few. Parameter: their number, `expect_few_rows`.

    For a plan that is to be kept it supposes ten rows in an array, and a tenth of them below a limit that it does not
    know. It would otherwise read all of a workspace to find ten tasks in it, as long as the table is new: without
    statistics it takes it for small, and it keeps the plan that it made when it was.
    """
    return select(rows.render_derived()).limit(bindparam("expect_few_rows", type_=BigInteger)).subquery(name)
