"""How a workspace gets rid of what is old."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from taskharbor.application.ports.housekeeping import Cutoffs, Purged
from taskharbor.application.ports.record_store import Record
from taskharbor.application.ports.task_history import HistoryEntry
from taskharbor.application.store_kit.key_value.commit import put_record
from taskharbor.application.store_kit.key_value.keys import WorkspaceKeys, end_of, head_key, instant, number, number_in
from taskharbor.application.store_kit.key_value.port import KeyValueTransaction
from taskharbor.application.store_kit.key_value.reads import read_head
from taskharbor.application.store_kit.key_value.values import (
    StoredTask,
    entry_from,
    head_value,
    instant_text,
    record_from,
)
from taskharbor.application.turns import in_turns
from taskharbor.domain.identifiers import Revision
from taskharbor.domain.tasks.task import Task

_PIECE: Final = 500


async def purge(name: str, cutoffs: Cutoffs, transaction: KeyValueTransaction, *, limit: int) -> Purged:
    """Take away up to `limit` of each kind, the oldest first, once the transaction has been left."""
    keys = WorkspaceKeys(name)
    head = await read_head(name, transaction)
    deleted = await _deleted_before(keys, cutoffs.deleted, transaction, limit=limit + 1)
    expired = await _expired(keys, cutoffs, transaction, limit=limit + 1)
    old = await _commits_before(keys, cutoffs.recorded, transaction, limit=limit + 2)
    tasks, records, commits = deleted[:limit], expired[:limit], list(old)[:-1][:limit]
    if not (tasks or records or commits):
        return Purged(more=max(len(deleted), len(expired), len(old) - 1) > limit)
    purged = max([head.purged_revision, *(task.revision for task in tasks)])
    if purged != head.purged_revision:
        found = await transaction.range(start := keys.of(b"H") + number(purged), end_of(start), limit=1)
        head = replace(head, purged_at=instant_text(entry_from(found[0][1]).at) if found else None)
    async for task in in_turns(tasks):
        for key in (keys.task(task.id), keys.uid(task.uid), *keys.of_task(task)):
            transaction.delete(key)
        of_task = keys.of(b"E") + number(task.id)
        for key, _ in await transaction.range(of_task, end_of(of_task)):
            transaction.delete(key)
            transaction.delete(keys.commit(number_in(key), task.id))
    for record in records:
        put_record(keys, record, None, transaction)
    async for revision in in_turns(commits):
        for entry in old[revision]:
            for key in keys.of_entry(entry):
                transaction.delete(key)
    head = replace(
        head,
        writes=head.writes + 1,
        purges=head.purges + 1,
        purged_revision=purged,
        forgotten_revision=max([head.forgotten_revision, *commits]),
    )
    transaction.put(head_key(name), head_value(head))
    more = max(len(deleted), len(expired), len(old) - 1) > limit
    return Purged(tasks=len(tasks), records=len(records), commits=len(commits), more=more)


async def _deleted_before(
    keys: WorkspaceKeys, cutoff: datetime | None, transaction: KeyValueTransaction, *, limit: int
) -> list[Task]:
    if cutoff is None:
        return []
    start = keys.of(b"D")
    found = await transaction.range(start, start + instant(cutoff), limit=limit)
    values = await transaction.get([keys.task(number_in(key)) for key, _ in found])
    return [StoredTask(values[keys.task(number_in(key))]).task() async for key, _ in in_turns(found)]


async def _expired(
    keys: WorkspaceKeys, cutoffs: Cutoffs, transaction: KeyValueTransaction, *, limit: int
) -> list[Record]:
    start = keys.of(b"X")
    places: list[bytes] = []
    for cutoff, has_document in ((cutoffs.expired, True), (cutoffs.deleted, False)):
        if cutoff is not None:
            within = await transaction.range(start, start + instant(cutoff))
            places += [key for key, value in within if bool(value) == has_document][:limit]
    names = [keys.of(b"R") + place[len(start) + 8 :] for place in sorted(places)[:limit]]
    found = await transaction.get(names)
    return [record_from(found[name]) for name in names]


async def _commits_before(
    keys: WorkspaceKeys, cutoff: datetime | None, transaction: KeyValueTransaction, *, limit: int
) -> dict[Revision, list[HistoryEntry]]:
    """Return the first commits, up to the first one that is not older; each with its entries."""
    commits: dict[Revision, list[HistoryEntry]] = {}
    start, end = keys.of(b"H"), end_of(keys.of(b"H"))
    while cutoff is not None and (found := await transaction.range(start, end, limit=_PIECE)):
        async for _, value in in_turns(found):
            entry = entry_from(value)
            if entry.revision not in commits and (entry.at >= cutoff or len(commits) == limit):
                return commits
            commits.setdefault(entry.revision, []).append(entry)
        start = found[-1][0] + b"\0"
    return commits
