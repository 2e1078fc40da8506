"""Rows of a workspace in PostgreSQL, as they come from another store and go there."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Executable,
    String,
    Table,
    bindparam,
    column,
    delete,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import Insert

from taskharbor.adapters.sqlalchemy.postgres.array_rows import ArrayRows, value_of, words_text
from taskharbor.adapters.sqlalchemy.postgres.calls import CallingPostgres
from taskharbor.adapters.sqlalchemy.postgres.dialect import DIALECT
from taskharbor.adapters.sqlalchemy.postgres.writing import WritingConnection
from taskharbor.adapters.sqlalchemy.queries.task_queries import WORKSPACE
from taskharbor.adapters.sqlalchemy.rows.record_rows import (
    ENTRY_COLUMNS,
    RECORD_COLUMNS,
    entry_to_row,
    history_bounds_from_rows,
    record_from_row,
    record_to_row,
)
from taskharbor.adapters.sqlalchemy.rows.task_rows import (
    WRITTEN_COLUMNS,
    instant_from,
    microseconds_of,
    task_to_row,
)
from taskharbor.adapters.sqlalchemy.statement import Statement, integer_parameter
from taskharbor.adapters.sqlalchemy.tables import LONG_AGO, history, records, tasks, workspaces
from taskharbor.application.errors import ConcurrentUpdate
from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.application.ports.task_history import HistoryBounds
from taskharbor.application.ports.workspace_copies import CopiedRows, Fence, WorkspaceCopies, WorkspaceHead
from taskharbor.domain.identifiers import Revision, WorkspaceId

_REVISION: Final = column("revision", BigInteger)
_OF_FENCE: Final = (
    records.c.workspace == WORKSPACE,
    records.c.kind == bindparam("fence_kind", type_=String),
    records.c.key == bindparam("fence_key", type_=String),
)
_FENCE: Final = Statement(lambda: select(records.c.revision).where(*_OF_FENCE).with_for_update(), DIALECT)

_HEAD_COLUMNS: Final = (
    workspaces.c.revision,
    workspaces.c.purged_revision,
    workspaces.c.forgotten_revision,
    workspaces.c.purged_at,
    workspaces.c.next_task_id,
    workspaces.c.latest_at,
    workspaces.c.set_back,
)
_READ_HEAD: Final = Statement(lambda: select(*_HEAD_COLUMNS).where(workspaces.c.id == WORKSPACE), DIALECT)
_WRITE_HEAD: Final = Statement(
    lambda: (
        update(workspaces)
        .where(workspaces.c.id == WORKSPACE)
        .values(
            {each.name: func.greatest(each, bindparam(f"new_{each.name}", type_=BigInteger)) for each in _HEAD_COLUMNS}
        )
    ),
    DIALECT,
)
_SCAN_RECORDS: Final = Statement(
    lambda: (
        select(*RECORD_COLUMNS)
        .where(
            records.c.workspace == WORKSPACE,
            records.c.revision > integer_parameter("since"),
            tuple_(records.c.kind, records.c.key)
            > tuple_(bindparam("after_kind", type_=String), bindparam("after_key", type_=String)),
        )
        .order_by(records.c.kind, records.c.key)
        .limit(integer_parameter("at_most"))
    ),
    DIALECT,
)

_TASKS: Final = ArrayRows("copied_tasks", (*WRITTEN_COLUMNS, _REVISION))
_RECORDS: Final = ArrayRows("copied_records", RECORD_COLUMNS)
_HISTORY: Final = ArrayRows("copied_history", ENTRY_COLUMNS)


def _put(rows: ArrayRows, table: Table, columns: Sequence[ColumnElement[Any]]) -> Executable:
    new = rows.table().render_derived()
    values = {"workspace": WORKSPACE, **{str(each.key): value_of(new, str(each.key)) for each in columns}}
    insert = Insert(table).from_select(list(values), select(*values.values()).select_from(new))
    key = [each.name for each in table.primary_key.columns]
    changed = {name: insert.excluded[name] for name in values if name not in key}
    return insert.on_conflict_do_update(index_elements=key, set_=changed)


def _delete_namesakes() -> Executable:
    new = _TASKS.table().render_derived()
    return delete(tasks).where(
        tasks.c.workspace == WORKSPACE, tasks.c.uid == value_of(new, "uid"), tasks.c.id != value_of(new, "id")
    )


def _erase(table: Table) -> Executable:
    key = [each for each in table.primary_key.columns if each.name != "workspace"]
    keeps = [or_(records.c.kind != _OF_FENCE[1].right, records.c.key != _OF_FENCE[2].right)] if table is records else []
    some = select(*key).where(table.c.workspace == WORKSPACE, *keeps).limit(integer_parameter("at_most"))
    found = key[0].in_(some) if len(key) == 1 else tuple_(*key).in_(some)
    return delete(table).where(table.c.workspace == WORKSPACE, found).returning(literal_column("1"))


_DELETE_NAMESAKES: Final = Statement(_delete_namesakes, DIALECT)
_PUT_TASKS: Final = Statement(partial(_put, _TASKS, tasks, (*WRITTEN_COLUMNS, _REVISION)), DIALECT)
_PUT_RECORDS: Final = Statement(partial(_put, _RECORDS, records, RECORD_COLUMNS), DIALECT)
_PUT_HISTORY: Final = Statement(partial(_put, _HISTORY, history, ENTRY_COLUMNS), DIALECT)
_ERASE: Final = tuple(Statement(partial(_erase, table), DIALECT) for table in (tasks, records, history))


class CopyingPostgres(CallingPostgres, WorkspaceCopies):
    """The part of the store that knows how its rows come and go."""

    async def read_head(self, workspace: WorkspaceId) -> WorkspaceHead:
        """Read the row of the workspace."""
        found = await self._fetch(*_call(_READ_HEAD, workspace))
        if not found:
            return WorkspaceHead(bounds=HistoryBounds(), next_task_id=1)
        *bounds, next_task_id, latest, set_back = found[0]
        return WorkspaceHead(
            bounds=history_bounds_from_rows([bounds]),
            next_task_id=next_task_id,
            latest_at=None if latest == LONG_AGO else instant_from(latest),
            set_back=instant_from(set_back) - instant_from(0),
        )

    async def scan_records(
        self, workspace: WorkspaceId, *, since: Revision, after: RecordKey | None, limit: int
    ) -> Sequence[Record]:
        """Read records, removed ones too."""
        kind, key = after or ("", "")
        call = _call(_SCAN_RECORDS, workspace, since=since, after_kind=kind, after_key=key, at_most=limit)
        return [record_from_row(row) for row in await self._fetch(*call)]

    async def write_copy(self, workspace: WorkspaceId, copy: CopiedRows, *, fence: Fence) -> None:
        """Write the rows in a transaction that holds the fence."""
        calls = await asyncio.to_thread(_writes, workspace, copy)

        async def write(connection: WritingConnection) -> None:
            async with connection.transaction():
                await _hold(connection, workspace, fence)
                for call in calls:
                    await connection.fetch(*call)

        await self._write_long(write)

    async def erase_copy(self, workspace: WorkspaceId, *, fence: Fence, limit: int) -> bool:
        """Delete some rows in a transaction that holds the fence."""

        async def erase(connection: WritingConnection) -> bool:
            async with connection.transaction():
                await _hold(connection, workspace, fence)
                gone = [
                    await connection.fetch(*_call(statement, workspace, at_most=limit, **_parameters(fence)))
                    for statement in _ERASE
                ]
            return any(len(rows) == limit for rows in gone)

        return await self._write_long(erase)


async def _hold(connection: WritingConnection, workspace: WorkspaceId, fence: Fence) -> None:
    found = await connection.fetch(*_call(_FENCE, workspace, **_parameters(fence)))
    if not found or found[0][0] != fence.revision:
        raise ConcurrentUpdate


def _writes(workspace: WorkspaceId, copy: CopiedRows) -> list[tuple[str, Sequence[Any]]]:
    calls = []
    if copy.rows.tasks:
        rows = [(*task_to_row(workspace, task, {}, words_text), task.revision) for task in copy.rows.tasks]
        arguments = _TASKS.arguments(rows)
        calls += [_call(_DELETE_NAMESAKES, workspace, **arguments), _call(_PUT_TASKS, workspace, **arguments)]
    if copy.rows.records:
        records_ = _RECORDS.arguments([record_to_row(record) for record in copy.rows.records])
        calls.append(_call(_PUT_RECORDS, workspace, **records_))
    if copy.rows.history:
        entries = _HISTORY.arguments([(*entry_to_row(entry), entry.revision) for entry in copy.rows.history])
        calls.append(_call(_PUT_HISTORY, workspace, **entries))
    if copy.head is not None:
        calls.append(_call(_WRITE_HEAD, workspace, **_new_head(copy.head)))
    return calls


def _new_head(head: WorkspaceHead) -> dict[str, int | None]:
    bounds = head.bounds
    return {
        "new_revision": bounds.revision,
        "new_purged_revision": bounds.purged_revision,
        "new_forgotten_revision": bounds.forgotten_revision,
        "new_purged_at": None if bounds.purged_at is None else microseconds_of(bounds.purged_at),
        "new_next_task_id": head.next_task_id,
        "new_latest_at": LONG_AGO if head.latest_at is None else microseconds_of(head.latest_at),
        "new_set_back": microseconds_of(instant_from(0) + head.set_back),
    }


def _parameters(fence: Fence) -> dict[str, str]:
    return {"fence_kind": fence.key.kind, "fence_key": fence.key.key}


def _call(statement: Statement, workspace: WorkspaceId, **values: Any) -> tuple[str, Sequence[Any]]:
    return statement.sql, statement.arguments({"in_workspace": workspace, **values})
