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

    No two of them touch the same row, so each is checked as if it were alone. Their order is kept.
    """
    touched: set[TaskId | RecordKey] = set()
    tasks = size = 0
    for changes in waiting:
        ids: set[TaskId | RecordKey] = {*(task.id for task in changes.changed), *changes.guarded}
        if changes.records or changes.guarded_records:
            ids |= {record.found_by for record in changes.records} | changes.guarded_records.keys()
        tasks += len(changes.added) + len(ids)
        if size and (size == MAX_UNITS or tasks > MAX_TASKS or not touched.isdisjoint(ids)):
            break
        touched |= ids
        size += 1
    return size
