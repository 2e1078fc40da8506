"""A page in one row: the JSON of each task as readers get it, all joined to one text.

Python then has nothing to do for each task. And SQLite's driver lets go of Python's lock for each row, and gets it back
when whoever has it has done: beside a thread that is busy with Python a hundred rows took 77 ms, and one a quarter of
one.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias

from sqlalchemy import ColumnElement, FromClause, Select, SelectBase, Text, case, cast, func, literal_column, select

from taskharbor.application.joined_tasks import JoinedTasks

Joined: TypeAlias = Callable[[ColumnElement[str], ColumnElement[str]], ColumnElement[bytes]]
"""Makes an aggregate: the documents of all rows, each with something in place of its last brace, as `JoinedTasks` does.

Only that brace goes: the last member of a document is no object.
"""

_BLOCKED: Final = literal_column("""',"blocked":true,"revision":'""", Text)
_NOT_BLOCKED: Final = literal_column("""',"blocked":false,"revision":'""", Text)
_LAST_BRACE: Final = literal_column("'}'", Text)


def in_one_row(page: SelectBase, joined: Joined) -> Select[*tuple[Any, ...]]:
    """Read what `tasks_from_row` wants of the rows of `page`, which has a limit: so the order of the rows is kept.

    `page` reads the document, the revision and whether the task is blocked.
    """
    rows = page.subquery("page")
    return select(func.count(), joined(rows.c.document, rest_of(rows)))


def rest_of(rows: FromClause) -> ColumnElement[str]:
    """Return what comes in place of the last brace of a document, so that `TaskView.as_json` tells no other text."""
    before = case((rows.c.blocked, _BLOCKED), else_=_NOT_BLOCKED)
    return before.concat(cast(rows.c.revision, Text)).concat(_LAST_BRACE)


def tasks_from_row(row: Sequence[Any]) -> JoinedTasks:
    """Return the tasks of a row that `in_one_row` reads."""
    count, text = row
    return JoinedTasks(text or b"", count)
