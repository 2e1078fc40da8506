"""How PostgreSQL is asked for tasks."""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    BindParameter,
    ColumnElement,
    Executable,
    Select,
    Text,
    cast,
    column,
    func,
    literal_column,
    not_,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import BYTEA, TSQUERY

from taskharbor.adapters.sqlalchemy.postgres.dialect import BLOCKED, BLOCKING, DIALECT
from taskharbor.adapters.sqlalchemy.search.search_dialect import SearchDialect
from taskharbor.adapters.sqlalchemy.tables import tasks
from taskharbor.application.documents.encoded_tasks import ITEM_SEPARATOR

_LAST_BRACE: Final = literal_column("'}'::bytea", BYTEA)
_BEFORE_TAGS: Final = literal_column("""',"tags":'""", Text)
_AFTER_TAGS: Final = literal_column("""',"links":['""", Text)


def hidden(parameter: BindParameter[Any]) -> ColumnElement[Any]:
    """Return a parameter as it stands where the planner shall not look at its value.

    The planner makes a plan anew, which takes longer than to carry it out, as long as that seems cheaper for the values
    of limit, offset or place. It does not look into a subquery, and a limit can be in the text.
    """
    return select(parameter).scalar_subquery()


def _found_by(query: BindParameter[str]) -> ColumnElement[bool]:
    return tasks.c.words.bool_op("@@")(cast(query, TSQUERY))


def _query(tokens: Iterable[str], beginnings: Iterable[str]) -> str:
    return " & ".join([*(_quoted(token) for token in tokens), *(f"{_quoted(token)}:*" for token in beginnings)])


def _quoted(token: str) -> str:
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"


def _contains(text: ColumnElement[str], part: ColumnElement[str]) -> ColumnElement[bool]:
    return func.strpos(text, part) > literal_column("0")


def _tags(document: ColumnElement[str]) -> ColumnElement[str]:
    # A document need not be parsed for it: in no text of it is a quotation mark without a backslash.
    since = func.split_part(document, _BEFORE_TAGS, literal_column("2"))
    return func.split_part(since, _AFTER_TAGS, literal_column("1"), type_=Text)


def _counted(matched: Select[*tuple[Any, ...]]) -> Executable:
    """Count in one pass; the few kinds that there are, and lists of the same tags, are added up.

    Behind an offset, if of nothing, the planner knows no values of what is counted, and takes them to be few, as they
    are. By its own guess there are as many as tasks, so it would sort them all.
    """
    rows = matched.offset(literal_column("0")).subquery("matched")
    kind, tags = (rows.c.progress, rows.c.list, rows.c.due), rows.c.tags
    sets = func.grouping_sets(tuple_(*kind), tags)
    counted = select(*kind, tags, func.count().label("tasks"), func.grouping(tags).label("is_kind")).group_by(sets)
    each_set = counted.cte("counted")
    is_kind = each_set.c.is_kind == literal_column("1")
    kinds = select(each_set).where(is_kind).cte("kinds")
    tagged = select(each_set).where(not_(is_kind), each_set.c.tags.is_not(None)).cte("tagged")
    each = func.json_array_elements_text(cast(tagged.c.tags, JSON)).table_valued(
        column("value", Text), name="each", joins_implicitly=True
    )
    return union_all(
        _added_up("progress", kinds.c.progress, kinds.c.tasks),
        _added_up("list", kinds.c.list, kinds.c.tasks),
        _added_up("due", kinds.c.due, kinds.c.tasks),
        _added_up("tag", each.c.value, tagged.c.tasks).select_from(tagged).join(each, true()),
    )


def _added_up(facet: str, value: ColumnElement[Any], tasks: ColumnElement[int]) -> Select[*tuple[Any, ...]]:
    how_many = cast(func.sum(tasks), BigInteger)
    return select(literal_column(f"'{facet}'", Text), cast(value, Text), how_many).group_by(value)


def _joined(document: ColumnElement[str], rest: ColumnElement[str], end: str) -> ColumnElement[bytes]:
    # Of bytes the last one is found at once; of a text all characters would be counted.
    texts = func.rtrim(_sent(document), _LAST_BRACE, type_=BYTEA).concat(_sent(rest))
    joined = func.string_agg(texts, _bytes(end + ITEM_SEPARATOR.decode()), type_=BYTEA)
    return joined.concat(_bytes(end)) if end else joined


def _sent(text: ColumnElement[str]) -> ColumnElement[bytes]:
    """Return a text as it goes to the client, in the encoding of the connection, which is UTF-8 with asyncpg.

    `convert_to` would look both encodings up, and check the text.
    """
    return func.textsend(text, type_=BYTEA)


def _bytes(text: str) -> ColumnElement[bytes]:
    return literal_column(f"'{text}'::bytea", BYTEA)


SEARCH_DIALECT: Final = SearchDialect(
    dialect=DIALECT,
    blocked=BLOCKED,
    blocking=BLOCKING,
    found_by=_found_by,
    query=_query,
    contains=_contains,
    least=func.least,
    greatest=func.greatest,
    tags=_tags,
    counted=_counted,
    joined=_joined,
    trusts_limits=True,
)
