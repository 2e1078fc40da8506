"""A commit: everything is checked, then everything is put."""

from dataclasses import replace as replace_head
from itertools import chain

from taskharbor.application.documents.task_document import document_of
from taskharbor.application.errors import ConcurrentUpdate, UidTaken
from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.store_kit.key_value.keys import WorkspaceKeys, head_key, number
from taskharbor.application.store_kit.key_value.port import KeyValueTransaction
from taskharbor.application.store_kit.key_value.reads import read_head
from taskharbor.application.store_kit.key_value.values import (
    StoredTask,
    entry_value,
    head_value,
    instant_text,
    record_from,
    record_value,
    task_value,
)
from taskharbor.application.turns import in_turns
from taskharbor.domain.fast_replace import replace
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.domain.tasks.task import Task


async def commit(changes: Changeset, transaction: KeyValueTransaction) -> Revision:
    """Put everything in `changes` and return the revision that it takes once the transaction has been left.

    Raises:
        ConcurrentUpdate: see `TaskStore.commit`.
        UidTaken: see `TaskStore.commit`.
    """
    keys = WorkspaceKeys(changes.workspace)
    head = await read_head(changes.workspace, transaction)
    tasks = await _checked_tasks(changes, keys, transaction)
    records = await _checked_records(changes, keys, transaction)
    await _refuse_taken_uids(changes, keys, transaction)
    at = instant_text(changes.history[0].at) if changes.history else head.at
    head = replace_head(head, writes=head.writes + 1, revision=head.revision + 1, at=at)
    transaction.put(head_key(changes.workspace), head_value(head))
    async for task in in_turns(chain(changes.added, changes.changed)):
        before = tasks.get(task.id)
        for key in [] if before is None else keys.of_task(before):
            transaction.delete(key)
        written = task.committed(head.revision)
        transaction.put(keys.task(task.id), task_value(written, document_of(task, changes.documents)))
        for key in (*keys.of_task(written), keys.uid(task.uid)):
            transaction.put(key, number(task.id))
    async for record in in_turns(changes.records):
        put_record(keys, records.get(record.found_by), replace(record, revision=head.revision), transaction)
    async for entry in in_turns(changes.history):
        where, found_by = keys.of_entry(recorded := replace(entry, revision=head.revision))
        transaction.put(where, entry_value(recorded))
        transaction.put(found_by, b"")
    return head.revision


def put_record(
    keys: WorkspaceKeys, before: Record | None, record: Record | None, transaction: KeyValueTransaction
) -> None:
    """Put a record in place of another, or of none; or none in its place."""
    if before is not None:
        for key in (keys.record(before.found_by), *keys.of_record(before)):
            transaction.delete(key)
    if record is not None:
        transaction.put(keys.record(record.found_by), record_value(record))
        for key in keys.of_record(record):
            transaction.put(key, b"" if record.document is None else b"document")


async def _checked_tasks(
    changes: Changeset, keys: WorkspaceKeys, transaction: KeyValueTransaction
) -> dict[TaskId, Task]:
    expected = {**changes.guarded, **{task.id: task.revision for task in changes.changed}}
    found = await transaction.get([keys.task(id_) for id_ in (*expected, *(task.id for task in changes.added))])
    tasks: dict[TaskId, Task] = {}
    async for id_, revision in in_turns(
        chain(((task.id, task.revision) for task in changes.changed), changes.guarded.items())
    ):
        value = found.get(keys.task(id_))
        task = None if value is None else StoredTask(value).task()
        if task is None or task.revision != revision:
            raise ConcurrentUpdate(id_)
        tasks[id_] = task
    for task in changes.added:
        if keys.task(task.id) in found:
            raise ValueError(f"task {task.id} exists already")
    return tasks


async def _checked_records(
    changes: Changeset, keys: WorkspaceKeys, transaction: KeyValueTransaction
) -> dict[RecordKey, Record]:
    expected = [*((record.found_by, record.revision) for record in changes.records), *changes.guarded_records.items()]
    found = await transaction.get([keys.record(found_by) for found_by, _ in expected])
    records: dict[RecordKey, Record] = {}
    async for found_by, revision in in_turns(expected):
        value = found.get(keys.record(found_by))
        record = None if value is None else record_from(value)
        if (0 if record is None else record.revision) != revision:
            raise ConcurrentUpdate
        if record is not None:
            records[found_by] = record
    return records


async def _refuse_taken_uids(changes: Changeset, keys: WorkspaceKeys, transaction: KeyValueTransaction) -> None:
    taken = set(await transaction.get([keys.uid(task.uid) for task in changes.added]))
    for task in changes.added:
        if keys.uid(task.uid) in taken:
            raise UidTaken(task.uid)
        taken.add(keys.uid(task.uid))
