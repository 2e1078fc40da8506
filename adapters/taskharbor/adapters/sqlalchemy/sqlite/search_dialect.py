"""How SQLite is asked for tasks."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    LargeBinary,
    Text,
    cast,
    column,
    func,
    literal_column,
    select,
    table,
)

from taskharbor.adapters.sqlalchemy.search.search_dialect import SearchDialect
from taskharbor.adapters.sqlalchemy.sqlite.dialect import BLOCKED, BLOCKING, DIALECT
from taskharbor.adapters.sqlalchemy.sqlite.facets import kinds_and_tags
from taskharbor.application.documents.encoded_tasks import ITEM_SEPARATOR
from taskharbor.application.store_kit.search_tokens import SCOPE_LENGTH, joined_tokens
from taskharbor.domain.identifiers import WorkspaceId
from taskharbor.domain.tasks.task import Task

# Both are there in SQLite only.
_ROW: Final[ColumnElement[int]] = literal_column("tasks.row")
_INDEX: Final = table("task_words", column("rowid"))

_LAST_BRACE: Final = literal_column("'}'", Text)


def words_text(workspace: WorkspaceId, task: Task) -> str:
    """Return the tokens of a task as the text of which the full-text index finds them again."""
    return joined_tokens(workspace, task, " ", indexed)


def indexed(token: str) -> str:
    """Return a token, or the beginning of one, as the full-text index holds it.

    Of what is in ASCII, its tokenizer breaks at all but letters and digits; words have nothing else. A tag and an
    assignee may, so their keys are in hexadecimal.
    """
    if token[SCOPE_LENGTH] not in "at":
        return token
    kind_end = SCOPE_LENGTH + 1
    return token[:kind_end] + token[kind_end:].encode().hex()


def _found_by(query: BindParameter[str]) -> ColumnElement[bool]:
    matching = literal_column("task_words").bool_op("MATCH")(query)
    return _ROW.in_(select(_INDEX.c.rowid).where(matching))


def _query(tokens: Iterable[str], beginnings: Iterable[str]) -> str:
    whole = [f'"{indexed(token)}"' for token in tokens]
    return " AND ".join([*whole, *(f'"{indexed(token)}"*' for token in beginnings)])


def _contains(text: ColumnElement[str], part: ColumnElement[str]) -> ColumnElement[bool]:
    return func.instr(text, part) > literal_column("0")


def _tags(document: ColumnElement[str]) -> ColumnElement[str]:
    return func.json_extract(document, literal_column("'$.tags'"), type_=Text)


def _joined(document: ColumnElement[str], rest: ColumnElement[str], end: str) -> ColumnElement[bytes]:
    # substr() would have to count the characters to know which is the last one.
    texts = func.rtrim(document, _LAST_BRACE).concat(rest)
    joined = func.group_concat(texts, _text(end + ITEM_SEPARATOR.decode()), type_=Text)
    return cast(joined.concat(_text(end)) if end else joined, LargeBinary)


def _text(text: str) -> ColumnElement[str]:
    return literal_column(f"'{text}'", Text)


SEARCH_DIALECT: Final = SearchDialect(
    dialect=DIALECT,
    blocked=BLOCKED,
    blocking=BLOCKING,
    found_by=_found_by,
    query=_query,
    contains=_contains,
    least=func.min,
    greatest=func.max,
    tags=_tags,
    counted=kinds_and_tags,
    joined=_joined,
    trusts_limits=False,
)
