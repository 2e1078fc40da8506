"""How PostgreSQL is asked for tasks."""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import JSON, BindParameter, ColumnElement, FromClause, Text, cast, column, func, literal_column
from sqlalchemy.dialects.postgresql import BYTEA, TSQUERY

from taskharbor.adapters.sqlalchemy.postgres.dialect import BLOCKED, BLOCKING, DIALECT
from taskharbor.adapters.sqlalchemy.search.search_dialect import SearchDialect
from taskharbor.adapters.sqlalchemy.tables import tasks
from taskharbor.application.documents.encoded_tasks import ITEM_SEPARATOR

_ITEM_SEPARATOR: Final = literal_column(f"'{ITEM_SEPARATOR.decode()}'::bytea", BYTEA)
_LAST_BRACE: Final = literal_column("'}'::bytea", BYTEA)


def _found_by(query: BindParameter[str]) -> ColumnElement[bool]:
    return tasks.c.words.bool_op("@@")(cast(query, TSQUERY))


def _query(tokens: Iterable[str], beginnings: Iterable[str]) -> str:
    return " & ".join([*(_quoted(token) for token in tokens), *(f"{_quoted(token)}:*" for token in beginnings)])


def _quoted(token: str) -> str:
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"


def _contains(text: ColumnElement[str], part: ColumnElement[str]) -> ColumnElement[bool]:
    return func.strpos(text, part) > literal_column("0")


def _tags(document: ColumnElement[str]) -> ColumnElement[Any]:
    return cast(document, JSON).op("->")(literal_column("'tags'"))


def _each(items: ColumnElement[Any]) -> FromClause:
    return func.json_array_elements_text(items).table_valued(column("value", Text), name="each", joins_implicitly=True)


def _joined(document: ColumnElement[str], rest: ColumnElement[str]) -> ColumnElement[bytes]:
    # Of bytes the last one is found at once; of a text all characters would be counted.
    texts = func.rtrim(_bytes_of(document), _LAST_BRACE, type_=BYTEA).concat(_bytes_of(rest))
    return func.string_agg(texts, _ITEM_SEPARATOR)


def _bytes_of(text: ColumnElement[str]) -> ColumnElement[bytes]:
    return func.convert_to(text, literal_column("'UTF8'"), type_=BYTEA)


SEARCH_DIALECT: Final = SearchDialect(
    dialect=DIALECT,
    blocked=BLOCKED,
    blocking=BLOCKING,
    found_by=_found_by,
    query=_query,
    contains=_contains,
    tags=_tags,
    each=_each,
    joined=_joined,
    trusts_limits=True,
)
