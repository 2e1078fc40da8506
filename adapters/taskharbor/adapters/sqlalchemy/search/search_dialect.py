"""The SQL of searches that differs between the databases."""

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from sqlalchemy import BindParameter, ColumnElement, Dialect, Executable, Select

from taskharbor.adapters.sqlalchemy.queries.json_page import Joined
from taskharbor.domain.frozen import frozen

Hidden: TypeAlias = Callable[[BindParameter[Any]], ColumnElement[Any]]
"""A parameter as it stands where a planner shall not look at its value."""


@frozen(kw_only=True)
class SearchDialect:
    """The differences between the databases.

    Attributes:
        dialect: how SQLAlchemy writes for it.
        blocked: whether a task is blocked.
        blocking: whether a live, open task depends on it.
        found_by: whether the index of words has what a query, which `query` has made, asks for.
        query: makes a query of whole tokens and of beginnings of tokens: a row must have all of them.
        contains: whether a text has another one in it.
        least, greatest: the lesser, and the greater, of two numbers.
        tags: the JSON text of the tags in a document that has some.
        counted: counts the rows of `facet_rows` by each facet.
        joined: joins documents to one text.
        trusts_limits: whether its planner expects a short page to be filled soon, wherever the matches are.
    """

    dialect: Dialect
    blocked: ColumnElement[bool]
    blocking: ColumnElement[bool]
    found_by: Callable[[BindParameter[str]], ColumnElement[bool]]
    query: Callable[[Iterable[str], Iterable[str]], str]
    contains: Callable[[ColumnElement[str], ColumnElement[str]], ColumnElement[bool]]
    least: Callable[[ColumnElement[int], ColumnElement[int]], ColumnElement[int]]
    greatest: Callable[[ColumnElement[int], ColumnElement[int]], ColumnElement[int]]
    tags: Callable[[ColumnElement[str]], ColumnElement[str]]
    counted: Callable[[Select[*tuple[Any, ...]]], Executable]
    joined: Joined
    trusts_limits: bool
