"""The SQL of searches that differs between the databases."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Dialect, FromClause

from taskharbor.adapters.sqlalchemy.queries.json_page import Joined


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchDialect:
    """The differences between the databases.

    Attributes:
        dialect: how SQLAlchemy writes for it.
        blocked: whether a task is blocked.
        blocking: whether a live, open task depends on it.
        found_by: whether the index of words has what a query, which `query` has made, asks for.
        query: makes a query of whole tokens and of beginnings of tokens: a row must have all of them.
        contains: whether a text has another one in it.
        tags: the JSON list of tags in a document.
        each: a table of the items of a JSON list, with a column `value`.
        joined: joins documents to one text.
        trusts_limits: whether its planner expects a short page to be filled soon, wherever the matches are.
    """

    dialect: Dialect
    blocked: ColumnElement[bool]
    blocking: ColumnElement[bool]
    found_by: Callable[[BindParameter[str]], ColumnElement[bool]]
    query: Callable[[Iterable[str], Iterable[str]], str]
    contains: Callable[[ColumnElement[str], ColumnElement[str]], ColumnElement[bool]]
    tags: Callable[[ColumnElement[str]], ColumnElement[Any]]
    each: Callable[[ColumnElement[Any]], FromClause]
    joined: Joined
    trusts_limits: bool
