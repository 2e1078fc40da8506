"""What SQLite says in its own way."""

from typing import Final

from sqlalchemy import ColumnElement, Dialect, and_, exists, func, literal_column, select
from sqlalchemy.dialects.sqlite import dialect

from taskharbor.adapters.sqlalchemy.tables import tasks

DIALECT: Final[Dialect] = dialect()

_needed = tasks.alias("needed")
# The ids stand in a column of text, separated by commas.
_ids = func.json_each(literal_column("'[' || tasks.depends_on || ']'")).table_valued("value", name="ids")

BLOCKED: Final[ColumnElement[bool]] = and_(
    tasks.c.depends_on.is_not(None),
    exists(
        select(_needed.c.id)
        .select_from(_ids, _needed)
        .where(
            _needed.c.workspace == tasks.c.workspace,
            _needed.c.id == _ids.c.value,
            _needed.c.is_open,
            _needed.c.deleted.is_(None),
        )
    ),
)
"""Whether a task that this one depends on is live and open."""
