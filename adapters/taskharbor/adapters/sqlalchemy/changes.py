"""The statement behind the feed of changes."""

from typing import Any

from sqlalchemy import BigInteger, BindParameter, Select, bindparam, select, true, tuple_

from taskharbor.adapters.sqlalchemy.rows import CHANGE_COLUMNS
from taskharbor.adapters.sqlalchemy.tables import tasks, workspaces


def changes_after(workspace: BindParameter[str]) -> Select[*tuple[Any, ...]]:
    """Return the statement that reads `CHANGE_COLUMNS` in order of revision and id, after the workspace's revision.

    The revision comes from the same snapshot. If nothing has changed, there is one row, which has nothing else.

    Parameters: that of `workspace`, `after_revision`, `after_id`, `limit`.
    """
    position = tuple_(bindparam("after_revision", type_=BigInteger), bindparam("after_id", type_=BigInteger))
    changed = (
        select(*CHANGE_COLUMNS)
        .where(tasks.c.workspace == workspace, tuple_(tasks.c.revision, tasks.c.id) > position)
        .order_by(tasks.c.revision, tasks.c.id)
        .limit(bindparam("limit", type_=BigInteger))
        .subquery("changed")
    )
    return (
        select(workspaces.c.revision, *changed.c)
        .select_from(workspaces.outerjoin(changed, true()))
        .where(workspaces.c.id == workspace)
        .order_by(changed.c.revision, changed.c.id)
    )
