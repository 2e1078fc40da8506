"""One page of results."""

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from sqlalchemy import BigInteger, BindParameter, ColumnElement, Select, bindparam, literal_column, select

from taskharbor.adapters.sqlalchemy.search.order import comes_after, order_by
from taskharbor.application.ports.task_search import TaskQuery

Rows: TypeAlias = Select[*tuple[Any, ...]]

AT_MOST: Final[BindParameter[int]] = bindparam("at_most", type_=BigInteger)
SKIP: Final[BindParameter[int]] = bindparam("skip", type_=BigInteger)

_DOUBT: Final = literal_column("4", BigInteger)
"""A doubtful plan is for so many times the tasks that are wanted."""


def page_of(
    found: Rows,
    query: TaskQuery,
    *,
    keys: Sequence[ColumnElement[Any]] | None = None,
    hidden: bool = False,
    fixed: bool = False,
    skip: ColumnElement[int] | None = SKIP,
) -> Rows:
    """Return those of the rows of tasks that `query` wants, in its order.

    Args:
        found: the rows of all tasks that match.
        query: what is asked for.
        keys: what the order goes by, if not the columns of tasks.
        hidden: whether to hide that an index is in this order.
        fixed: whether the limit stands in the text of the statement.
        skip: how many it passes over; None for none.
    """
    rest = found if query.after is None else found.where(comes_after(query.order, keys))
    ordered = rest.order_by(*order_by(query.order, keys, hidden=hidden))
    limited = ordered.limit(literal_column(str(query.limit), BigInteger) if fixed else AT_MOST)
    return limited if skip is None else limited.offset(skip)


def doubtful_page(found: Rows, query: TaskQuery) -> Rows:
    """Return the page of `query` by a plan that does not rely on it to be full soon.

    PostgreSQL assumes that one task in 700 has a word that it does not know. For a short page it rather walks through
    the tasks in their order than asks the index of words, through a million if none has the word. If four times as many
    are wanted, it does so only for words that it knows to be common. Rows of a CTE are made as they are taken, so no
    more are read than the page has.
    """
    wanted = AT_MOST + SKIP
    rest = found if query.after is None else found.where(comes_after(query.order))
    many = rest.order_by(*order_by(query.order)).limit(wanted * _DOUBT).cte("many").prefix_with("MATERIALIZED")
    return select(many).limit(AT_MOST).offset(SKIP)
