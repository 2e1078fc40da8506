"""Which commits of one workspace may be written together."""

from collections.abc import Iterable
from typing import Final

from taskharbor.application.ports.record_store import RecordKey
from taskharbor.application.ports.task_store import Changeset
from taskharbor.domain.identifiers import TaskId

MAX_UNITS: Final = 64
"""Changesets that are written together."""

MAX_TASKS: Final = 1000
"""Tasks of several changesets that are written together; a single changeset may have more."""


def size_of_group(waiting: Iterable[Changeset]) -> int:
    """Return how many of the changesets, all of one workspace, may be written together, from the first one on.

    None of them writes a row that another one touches, so each is checked as if it were alone. Their order is kept.
    """
    written: set[TaskId | RecordKey] = set()
    guarded: set[TaskId | RecordKey] = set()
    tasks = size = 0
    for changes in waiting:
        writes: set[TaskId | RecordKey] = {task.id for task in changes.changed}
        guards: set[TaskId | RecordKey] = {*changes.guarded}
        if changes.records or changes.guarded_records:
            writes |= {record.found_by for record in changes.records}
            guards |= changes.guarded_records.keys()
        tasks += len(changes.added) + len(writes) + len(guards)
        is_alone = written.isdisjoint(writes) and written.isdisjoint(guards) and guarded.isdisjoint(writes)
        if size and (size == MAX_UNITS or tasks > MAX_TASKS or not is_alone):
            break
        written |= writes
        guarded |= guards
        size += 1
    return size
