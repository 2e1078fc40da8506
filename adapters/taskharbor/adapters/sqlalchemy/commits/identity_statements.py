"""The statements behind `BlockIdentities`, the same for both databases."""

from typing import Any

from sqlalchemy import BigInteger, Executable, String, Update, bindparam, literal_column, update
from sqlalchemy.dialects import postgresql, sqlite

from taskharbor.adapters.sqlalchemy.tables import workspaces

_WORKSPACE = bindparam("workspace", type_=String)
_SIZE = bindparam("size", type_=BigInteger)


def reserve_block(insert: type[postgresql.Insert | sqlite.Insert]) -> Executable:
    """Return the statement that reserves `size` ids of `workspace`, new or known, and answers the first of them."""
    new: Any = insert(workspaces)
    return (  # type: ignore[no-any-return]  # the two dialects' inserts share these methods, but no type
        new.values(id=_WORKSPACE, revision=literal_column("0"), next_task_id=_SIZE + literal_column("1"))
        .on_conflict_do_update(index_elements=["id"], set_={"next_task_id": workspaces.c.next_task_id + _SIZE})
        .returning(workspaces.c.next_task_id - _SIZE)
    )


def put_back() -> Update:
    """Return the statement that makes `unused` the next id of `of_workspace`, if that still is `block_end`."""
    return (
        update(workspaces)
        .where(
            workspaces.c.id == bindparam("of_workspace", type_=String),
            workspaces.c.next_task_id == bindparam("block_end", type_=BigInteger),
        )
        .values(next_task_id=bindparam("unused", type_=BigInteger))
    )
