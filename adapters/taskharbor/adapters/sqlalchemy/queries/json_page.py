"""A page in one row: the JSON of each task as readers get it, all joined to one text.

Python then has nothing to do for each task. And SQLite's driver lets go of Python's lock for each row, and gets it back
when its holder has done: beside a thread that is busy with Python a hundred rows took 77 ms, and one a quarter of
one.
"""

import json
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    SelectBase,
    Text,
    case,
    cast,
    func,
    literal_column,
    select,
)

from taskharbor.adapters.sqlalchemy.queries.history_queries import made_at, of_workspace
from taskharbor.adapters.sqlalchemy.rows.task_rows import instant_from
from taskharbor.adapters.sqlalchemy.statement import integer_parameter
from taskharbor.adapters.sqlalchemy.tables import workspaces
from taskharbor.application.documents.claim_fence import all_fenced
from taskharbor.application.documents.encoded_tasks import EncodedTasks, texts_in
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.ports.change_feed import Change, ChangeSlice, Tombstone
from taskharbor.domain.identifiers import MAX_ID
from taskharbor.domain.values.uid import Uid

Joined: TypeAlias = Callable[[ColumnElement[str], ColumnElement[str], str], ColumnElement[bytes]]
"""Aggregates the documents of all rows, as `EncodedTasks` does.

Each has two things in place of its last brace: a text of its row, and a text without quotes that is the same for all.
Only that brace goes: the last member of a document is no object.
"""

_BLOCKED: Final = literal_column("""',"blocked":true,"revision":'""", Text)
_NOT_BLOCKED: Final = literal_column("""',"blocked":false,"revision":'""", Text)


def json_page(page: SelectBase, joined: Joined) -> Select[*tuple[Any, ...]]:
    """Read what `tasks_from_row` wants of the rows of `page`, which has a limit: so the order of the rows is kept.

    `page` reads what `shown` says. If it reads an urgency, too, the row is for `urgent_tasks_from_row`.
    """
    rows = page.subquery("page")
    rest, brace = _rest_of(rows), "}"
    if "urgency" in rows.c:
        rest, brace = _concatenated(rest, brace, rows.c.urgency), ""
    return select(func.count(), func.count(rows.c.claimed_until), joined(rows.c.document, rest, brace))


def json_changes_page(changed: SelectBase, joined: Joined) -> Select[*tuple[Any, ...]]:
    """Read what `changes_from_row` wants of the rows of `changed`, which has a limit.

    Parameters: `in_workspace`, `seen`. What is said of the workspace comes from the same snapshot. `changed`
    reads what `shown` says, id, uid and when a task was deleted.
    """
    rows = changed.subquery("changed")
    is_live = rows.c.deleted.is_(None)
    document = case((is_live, rows.c.document), else_=literal_column("''", Text))
    rest = case((is_live, _concatenated(_rest_of(rows), "}")), else_=_tombstone_of(rows))
    return select(
        of_workspace(workspaces.c.revision),
        of_workspace(workspaces.c.purged_revision),
        made_at(literal_column(str(MAX_ID), BigInteger)),
        made_at(integer_parameter("seen")),
        func.count(),
        func.count(rows.c.deleted),
        func.count(rows.c.claimed_until),
        joined(document, rest, ""),
    )


def json_changes_end(*, tells_seen: bool) -> Select[*tuple[Any, ...]]:
    """Read what `changes_from_row` wants where no change can be left: what is said of the workspace alone.

    Parameters: `in_workspace`; if it `tells_seen`, `seen`.
    """
    nothing, none = literal_column("0", BigInteger), literal_column("NULL", BigInteger)
    return select(
        of_workspace(workspaces.c.revision).label("revision"),
        of_workspace(workspaces.c.purged_revision).label("purged_revision"),
        made_at(literal_column(str(MAX_ID), BigInteger)).label("at"),
        (made_at(integer_parameter("seen")) if tells_seen else none).label("seen_at"),
        nothing.label("count"),
        nothing.label("tombstones"),
        nothing.label("claimed"),
        none.label("text"),
    )


def tasks_from_row(row: Sequence[Any]) -> EncodedTasks:
    """Return the tasks of a row that `json_page` reads."""
    count, claimed, text = row
    return _encoded(text, count, claimed)


def urgent_tasks_from_row(row: Sequence[Any]) -> list[TaskView]:
    """Return the tasks of a row that `json_page` reads with how urgent each is."""
    _, _, text = row
    parts = [one.rpartition("}") for one in texts_in(text or b"")]
    return [TaskView.from_json(task + brace).with_urgency(int(urgency)) for task, brace, urgency in parts]


def changes_from_row(row: Sequence[Any]) -> ChangeSlice:
    """Return the slice of a row that `json_changes_page` reads."""
    revision, purged_revision, at, seen_at, count, tombstones, claimed, text = row
    items = [_change_from(one) for one in texts_in(text)] if tombstones else _encoded(text, count, claimed)
    return ChangeSlice(
        items=items,
        revision=revision,
        purged_revision=purged_revision,
        at=None if at is None else instant_from(at),
        seen_at=None if seen_at is None else instant_from(seen_at),
    )


def _encoded(text: bytes | None, count: int, claimed: int) -> EncodedTasks:
    """Return the tasks with this text; it is gone through for their fences only if some of them are claimed."""
    text = text or b""
    return EncodedTasks(all_fenced(text) if claimed else text, count)


def _rest_of(rows: FromClause) -> ColumnElement[str]:
    """Return what comes before the last brace of a document, so that it equals `TaskView.as_json`."""
    return _concatenated(case((rows.c.blocked, _BLOCKED), else_=_NOT_BLOCKED), rows.c.revision)


def _tombstone_of(rows: FromClause) -> ColumnElement[str]:
    """Return a JSON list, as a task is an object."""
    return _concatenated("[", rows.c.id, ',"', rows.c.uid, '",', rows.c.revision, ",", rows.c.deleted, "]")


def _concatenated(*parts: ColumnElement[Any] | str) -> ColumnElement[str]:
    texts = [literal_column(f"'{part}'", Text) if isinstance(part, str) else cast(part, Text) for part in parts]
    return reduce(ColumnElement.concat, texts)


def _change_from(text: str) -> Change:
    if text.startswith("{"):
        return TaskView.from_json(text)
    task_id, uid, revision, deleted = json.loads(text)
    return Tombstone(task_id, Uid(uid), revision, instant_from(deleted))
