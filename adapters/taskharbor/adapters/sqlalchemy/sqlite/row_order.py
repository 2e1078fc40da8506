"""The first tasks that have some words, from the full-text index in the order of its rows.

The lowest ids are wanted. The index knows rows, and these are mostly in the order of ids, as tasks get both when they
are added. So its first rows are read, until a page is full. Then an index of ids says which rows the ids up to the last
of these have. If the index of words had not come to some of them, it is asked for these, too: so nothing is missing.
"""

import json
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Final

from sqlalchemy import Text, bindparam, func, select

from taskharbor.adapters.sqlalchemy.queries.task_queries import WORKSPACE
from taskharbor.adapters.sqlalchemy.rows.task_rows import Row
from taskharbor.adapters.sqlalchemy.search.conditions import token_of
from taskharbor.adapters.sqlalchemy.search.order import order_by
from taskharbor.adapters.sqlalchemy.search.pages import AT_MOST
from taskharbor.adapters.sqlalchemy.search.statements import Rows, SearchStatements
from taskharbor.adapters.sqlalchemy.sqlite.read_budget import ReadBudget
from taskharbor.adapters.sqlalchemy.sqlite.search_dialect import SEARCH_DIALECT, indexed
from taskharbor.adapters.sqlalchemy.sqlite.tables import BY_ID
from taskharbor.adapters.sqlalchemy.sqlite.vocabulary import tokens_with
from taskharbor.adapters.sqlalchemy.sqlite_driver import sqlite3
from taskharbor.adapters.sqlalchemy.tables import tasks
from taskharbor.application.ports.task_search import TaskQuery
from taskharbor.application.store_kit.search_tokens import word_token
from taskharbor.domain.identifiers import MAX_ID, WorkspaceId
from taskharbor.domain.search.filter import And, Filter, Has, Mentions

FEW: Final = 2_000
"""Ids of a workspace in which all tasks that have a word are read as soon."""

FARTHEST: Final = 20_000
"""So many ids may lie between the first and the last of a page: to look at the rows of all takes a millisecond. Where a
word is rarer, all tasks that have it are soon read."""

MOST_TOKENS: Final = 16
"""Of one search."""

_MATCHING: Final = (
    "FROM task_words CROSS JOIN tasks ON tasks.row = task_words.rowid"
    " WHERE task_words MATCH ? AND task_words.rowid {rows}"
    " AND tasks.workspace = ? AND tasks.id {ids} AND tasks.deleted IS NULL"
)
# Nothing in these statements comes from outside.
_FROM_IDS: Final = f"FROM tasks INDEXED BY {BY_ID} WHERE tasks.workspace = ?"
_ID_AND_ROW: Final = "SELECT tasks.id, tasks.row"
_LAST_ID: Final = f"SELECT max(tasks.id) {_FROM_IDS}"
_ROWS_OF_IDS: Final = f"SELECT min(tasks.row), max(tasks.row) {_FROM_IDS} AND tasks.id BETWEEN ? AND ?"


class _Way:
    """Up or down the ids.

    Attributes:
        descending: whether it is down.
        before_all: comes before any id.
        first: asks for the first id that comes after one, and its row.
        by_row: asks for ids and rows, from a row and an id on, in the order of rows.
        by_id: asks for the ids between two rows and two ids, in their order.
    """

    def __init__(self, *, descending: bool) -> None:
        order, beyond = ("DESC", "<") if descending else ("ASC", ">")
        on = _MATCHING.format(rows=f"{beyond}= ?", ids=f"{beyond}= ?")
        among = _MATCHING.format(rows="BETWEEN ? AND ?", ids="BETWEEN ? AND ?")
        self.descending: Final = descending
        self.before_all: Final = MAX_ID + 1 if descending else 0
        self.first: Final = f"{_ID_AND_ROW} {_FROM_IDS} AND tasks.id {beyond} ? ORDER BY tasks.id {order} LIMIT 1"
        self.by_row: Final = f"{_ID_AND_ROW} {on} ORDER BY task_words.rowid {order} LIMIT ?"
        self.by_id: Final = f"SELECT tasks.id {among} ORDER BY tasks.id {order} LIMIT ?"


_UP: Final = _Way(descending=False)
_DOWN: Final = _Way(descending=True)


class _Pages(SearchStatements):
    """Statements that read the tasks with some ids."""

    def _find(self, query: TaskQuery) -> Rows:
        ids = func.json_each(bindparam("ids", type_=Text)).table_valued("value", name="ids")
        page = self._shown().where(tasks.c.workspace == WORKSPACE, tasks.c.id.in_(select(ids.c.value)))
        return self._joined(page.order_by(*order_by(query.order)).limit(AT_MOST))


_PAGES: Final = _Pages(SEARCH_DIALECT)


def first_with_words(
    connection: sqlite3.Connection, workspace: WorkspaceId, query: TaskQuery, budget: ReadBudget
) -> Row | None:
    """Return the row of a full page of `query`, which is sorted by id; None if this is no way to find one.

    It is none for what is not asked of the index of words alone, for a page that is not full and for a workspace of few
    tasks; where many words begin as asked, or few tasks have them; and if rows and ids have little to do with each
    other.
    """
    asked = _asked(query.filter)
    if not asked or (connection.execute(_LAST_ID, (workspace,)).fetchone()[0] or 0) <= FEW:
        return None
    connection.execute("BEGIN")  # all that follows has one snapshot
    try:
        ids = _first_ids(connection, workspace, query, asked, budget)
        if ids is None:
            return None
        page = TaskQuery(order=query.order, limit=query.limit)
        row: Row = connection.execute(*_PAGES.find(workspace, page, ids=json.dumps(ids))).fetchone()
        return row
    finally:
        connection.rollback()  # unlike a statement, this cannot be interrupted


def _first_ids(
    connection: sqlite3.Connection,
    workspace: WorkspaceId,
    query: TaskQuery,
    asked: Iterable[Has | Mentions],
    budget: ReadBudget,
) -> list[int] | None:
    way = _DOWN if query.order[0].descending else _UP
    after = way.before_all if query.after is None else query.after[0]
    begin = connection.execute(way.first, (workspace, after)).fetchone()
    words = _words(connection, workspace, asked)
    if begin is None or words is None:
        return None
    first_id, first_row = begin
    read = partial(budget.rows_within_steps, connection)
    found = read(way.by_row, (words, first_row, workspace, first_id, query.limit))
    if found is None or len(found) < query.limit:
        return None
    ids = sorted([id_ for id_, _ in found], reverse=way.descending)
    between = sorted((first_id, ids[-1]))
    if between[1] - between[0] > FARTHEST:
        return None
    lowest, highest = connection.execute(_ROWS_OF_IDS, (workspace, *between)).fetchone()
    seen = sorted((first_row, found[-1][1]))
    if seen[0] <= lowest and highest <= seen[1]:
        return ids
    among = read(way.by_id, (words, lowest, highest, workspace, *between, query.limit))
    return None if among is None else [id_ for (id_,) in among]


def _words(connection: sqlite3.Connection, workspace: WorkspaceId, asked: Iterable[Has | Mentions]) -> str | None:
    """Return what the index is asked; None if too many tokens come into question, or none for a word."""
    parts: list[str] = []
    left = MOST_TOKENS
    for token, is_whole in _tokens(workspace, asked):
        tokens = [token] if is_whole else tokens_with(connection, token, at_most=left)
        if not tokens or len(tokens) > left:
            return None
        left -= len(tokens)
        parts.append("(" + " OR ".join([f'"{each}"' for each in tokens]) + ")")
    return " AND ".join(parts)


def _tokens(workspace: WorkspaceId, asked: Iterable[Has | Mentions]) -> Iterator[tuple[str, bool]]:
    """Yield tokens or beginnings of some, as the index holds them, and whether they are whole."""
    for leaf in asked:
        match leaf:
            case Has():
                yield indexed(token_of(leaf, workspace)), True
            case Mentions(words):
                yield from [(indexed(word_token(workspace, word)), False) for word in words]


def _asked(filter: Filter | None) -> list[Has | Mentions]:
    """Return what a filter asks for; nothing if it is not only for tokens that all must be there."""
    match filter:
        case Has() | Mentions():
            return [filter]
        case And(operands):
            parts = [_asked(operand) for operand in operands]
            return [leaf for part in parts for leaf in part] if all(parts) else []
        case _:
            return []
