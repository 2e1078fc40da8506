"""What SQLite says in its own way."""

from typing import Final

from sqlalchemy import ColumnElement, Dialect, FromClause, and_, exists, func, literal_column, select
from sqlalchemy.dialects.sqlite import dialect
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler

from taskharbor.adapters.sqlalchemy.tables import tasks


class _Compiler(SQLiteCompiler):
    """Writes a hint, such as INDEXED BY, behind the table that it is about; SQLAlchemy's drops it."""

    def get_from_hint_text(self, table: FromClause, text: str | None) -> str | None:  # noqa: ARG002  # its signature
        return text


DIALECT: Final[Dialect] = dialect()
DIALECT.statement_compiler = _Compiler

_needed = tasks.alias("needed")
# The ids stand in a column of text, separated by commas.
_ids = func.json_each(literal_column("'[' || tasks.depends_on || ']'")).table_valued("value", name="ids")

BLOCKED: Final[ColumnElement[bool]] = and_(
    tasks.c.depends_on.is_not(None),
    exists(
        select(_needed.c.id).where(
            _needed.c.workspace == tasks.c.workspace,
            # Not a join: of a table of unknown size SQLite would rather go through the workspace than through that.
            _needed.c.id.in_(select(_ids.c.value)),
            _needed.c.is_open,
            _needed.c.deleted.is_(None),
        )
    ),
)
"""Whether a task that this one depends on is live and open."""
