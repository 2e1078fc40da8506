"""The SQLite dialect: SQL that differs from PostgreSQL's."""

from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Dialect,
    FromClause,
    GenerativeSelect,
    case,
    exists,
    false,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.sqlite import dialect
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler

from taskharbor.adapters.sqlalchemy.queries.task_queries import WORKSPACE
from taskharbor.adapters.sqlalchemy.tables import tasks


class _Compiler(SQLiteCompiler):
    """Writes a hint, such as INDEXED BY, behind the table that it is about; SQLAlchemy's drops it."""

    def get_from_hint_text(self, table: FromClause, text: str | None) -> str | None:  # noqa: ARG002  # its signature
        return text

    def limit_clause(self, select: GenerativeSelect, **kw: Any) -> str:
        """Write a limit that is a parameter as a sum.

        SQLite 3.53 plans with the value of `LIMIT ?`, and so anew each time that a statement gets its parameters,
        which costs a page of ten as much as all else.
        """
        clause: str = super().limit_clause(select, **kw)  # type: ignore[no-untyped-call]  # SQLAlchemy has no types here
        is_parameter = isinstance(select._limit_clause, BindParameter)  # noqa: SLF001  # as SQLAlchemy's dialects do
        return clause.replace(" OFFSET ", " + 0 OFFSET ", 1) if is_parameter else clause


DIALECT: Final[Dialect] = dialect()
DIALECT.statement_compiler = _Compiler

_needed = tasks.alias("needed")
# The ids stand in a column of text, separated by commas.
_ids = func.json_each(literal_column("'[' || tasks.depends_on || ']'")).table_valued("value", name="ids")

BLOCKED: Final[ColumnElement[bool]] = case(
    # Not an AND: up to 3.40 at least SQLite evaluates both sides of one, half a microsecond for each task of a page.
    (tasks.c.depends_on.is_(None), false()),
    else_=exists(
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

_waiting = tasks.alias("waiting")
_needs = func.json_each(literal_column("'[' || waiting.depends_on || ']'")).table_valued("value", name="needs")

BLOCKING: Final[ColumnElement[bool]] = tasks.c.id.in_(
    # Asked once for all rows: it does not look at the row.
    select(_needs.c.value)
    .select_from(_waiting)
    .join(_needs, true())
    .where(
        _waiting.c.workspace == WORKSPACE,
        _waiting.c.depends_on.is_not(None),
        _waiting.c.is_open,
        _waiting.c.deleted.is_(None),
    )
)
"""Whether a live, open task depends on this one."""
