"""Rows that travel with a statement, column by column.

asyncpg asks of each element of an array whether it is an array itself, which takes longer than to send it. So most
columns travel as one text each: numbers, truth values and uids, and what has no control characters, such as JSON.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

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

from taskharbor.adapters.sqlalchemy.tables import history, tasks
from taskharbor.application.store_kit.search_tokens import joined_tokens
from taskharbor.domain.identifiers import WorkspaceId
from taskharbor.domain.tasks.task import Task

_SHORT_TYPES: Final = (BigInteger, SmallInteger, Boolean, UUID)

_WITHOUT_CONTROLS: Final = frozenset[Any](
    {tasks.c.document, tasks.c.details, tasks.c.progress, tasks.c.depends_on, tasks.c.rank, history.c.changes}
)
"""Columns of text without control characters, which is never empty."""


class _Joined(NamedTuple):
    """How the values of a column are made one text."""

    separator: str
    null: str

    def text_of(self, values: Sequence[Any]) -> str:
        """Return the values as one text."""
        return self.separator.join([self.null if value is None else str(value) for value in values])

    def array(self, text: ColumnElement[str]) -> ColumnElement[Any]:
        """Return the values of such a text as an array of texts."""
        return func.string_to_array(text, _literal(self.separator), _literal(self.null))


_SHORT: Final = _Joined(",", "n")
_TEXTS: Final = _Joined("\x1e", "\x1d")


def _literal(text: str) -> ColumnElement[str]:
    return literal_column(f"E'{text.encode('unicode_escape').decode()}'")


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
        self._parameters = [(f"{name}_{each.key}", _joined(each)) for each in columns]

    def table(self) -> TableValuedAlias:
        """Return the rows as the statement gets them; `value_of` extracts their values."""
        arrays = [
            _array(name, each.type, joined)
            for each, (name, joined) in zip(self._columns, self._parameters, strict=True)
        ]
        return func.unnest(*arrays).table_valued(*self._columns, name=f"{self.name}_rows")

    def arguments(self, rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
        """Return the parameters that hold these rows: none if there are no rows, for then the statement has none."""
        return {
            name: values if joined is None else joined.text_of(values)
            for (name, joined), values in zip(self._parameters, zip(*rows, strict=True), strict=False)
        }


def words_text(workspace: WorkspaceId, task: Task) -> str:
    """Return the tokens of a task as they travel: none of them has a control character."""
    return joined_tokens(workspace, task, "\x1f")


def value_of(rows: FromClause, name: str) -> ColumnElement[Any]:
    """Return what a table is to hold of the rows' column of this name."""
    value = rows.c[name]
    return _FROM_TEXT[name](value) if name in _FROM_TEXT else value


def _type_of(each: ColumnElement[Any]) -> TypeEngine[Any]:
    return Text() if each.key in _FROM_TEXT or isinstance(each.type, Text) else each.type


def _joined(each: ColumnElement[Any]) -> _Joined | None:
    if each in _WITHOUT_CONTROLS:
        return _TEXTS
    return _SHORT if isinstance(each.type, _SHORT_TYPES) else None


def _array(name: str, type_: TypeEngine[Any], joined: _Joined | None) -> ColumnElement[Any]:
    if joined is None:
        return bindparam(name, type_=ARRAY(type_))
    return cast(joined.array(bindparam(name, type_=Text())), ARRAY(type_))


def expect_few_rows(rows: TableValuedAlias, name: str) -> Subquery:
    """Return all the rows, which PostgreSQL's planner expects to be few. Parameter: their number, `expect_few_rows`.

    For a plan that is to be kept it supposes ten rows in an array, and a tenth of them below a limit that it does not
    know. It would otherwise read all of a workspace to find ten tasks in it, as long as the table is new: without
    statistics it takes it for small, and it keeps the plan that it made when it was.
    """
    return select(rows.render_derived()).limit(bindparam("expect_few_rows", type_=BigInteger)).subquery(name)
