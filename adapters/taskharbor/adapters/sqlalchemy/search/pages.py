"""One page of what is found."""

from typing import Any, Final, TypeAlias

from sqlalchemy import BigInteger, BindParameter, ColumnElement, Select, bindparam

from taskharbor.adapters.sqlalchemy.search.order import comes_after, order_by
from taskharbor.application.ports.task_search import TaskQuery

Rows: TypeAlias = Select[*tuple[Any, ...]]

AT_MOST: Final[BindParameter[int]] = bindparam("at_most", type_=BigInteger)
SKIP: Final[BindParameter[int]] = bindparam("skip", type_=BigInteger)


def page_of(found: Rows, query: TaskQuery, *, urgency: ColumnElement[int] | None = None, hidden: bool = False) -> Rows:
    """Return those of the rows of tasks that `query` wants, in its order; hide that an index is in this order.

    `urgency` is how urgent a row is, if the order names that.
    """
    rest = found if query.after is None else found.where(comes_after(query.order, urgency))
    return rest.order_by(*order_by(query.order, urgency, hidden=hidden)).limit(AT_MOST).offset(SKIP)
