"""Rows that travel with a statement, and lead it to those of a table by their key."""

from sqlalchemy import BigInteger, Subquery, TableValuedAlias, bindparam, select


def few(rows: TableValuedAlias, name: str) -> Subquery:
    """Return all the rows, of which PostgreSQL's planner shall think that they are few. Parameter: how many, `few`.

    For a plan that is to be kept it supposes ten rows in an array, and a tenth of them below a limit that it does not
    know. It would otherwise read all of a workspace to find ten tasks in it, as long as the table is new: without
    statistics it takes it for small, and it keeps the plan that it made when it was.
    """
    return select(rows.render_derived()).limit(bindparam("few", type_=BigInteger)).subquery(name)
