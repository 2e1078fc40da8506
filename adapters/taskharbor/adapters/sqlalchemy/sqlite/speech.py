"""How SQLite is asked for tasks."""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import BindParameter, ColumnElement, FromClause, column, func, literal_column, select, table

from taskharbor.adapters.sqlalchemy.search.speech import Speech
from taskharbor.adapters.sqlalchemy.sqlite.dialect import BLOCKED, BLOCKING, DIALECT

# Both are there in SQLite only.
_ROW: Final[ColumnElement[int]] = literal_column("tasks.row")
_INDEX: Final = table("task_words", column("rowid"))


def hex_token(token: str) -> str:
    """Return a token as the full-text index holds it: in hexadecimal, about which no tokenizer can be of two minds.

    What begins with the same characters begins with the same digits.
    """
    return token.encode().hex()


def _found_by(query: BindParameter[str]) -> ColumnElement[bool]:
    matching = literal_column("task_words").bool_op("MATCH")(query)
    return _ROW.in_(select(_INDEX.c.rowid).where(matching))


def _query(tokens: Iterable[str], beginnings: Iterable[str]) -> str:
    whole = [f'"{hex_token(token)}"' for token in tokens]
    return " AND ".join([*whole, *(f'"{hex_token(token)}"*' for token in beginnings)])


def _contains(text: ColumnElement[str], part: ColumnElement[str]) -> ColumnElement[bool]:
    return func.instr(text, part) > literal_column("0")


def _tags(document: ColumnElement[str]) -> ColumnElement[Any]:
    return func.json_extract(document, literal_column("'$.tags'"))


def _each(items: ColumnElement[Any]) -> FromClause:
    return func.json_each(items).table_valued("value", name="each", joins_implicitly=True)


SPEECH: Final = Speech(
    dialect=DIALECT,
    blocked=BLOCKED,
    blocking=BLOCKING,
    found_by=_found_by,
    query=_query,
    contains=_contains,
    tags=_tags,
    each=_each,
    trusts_limits=False,
)
