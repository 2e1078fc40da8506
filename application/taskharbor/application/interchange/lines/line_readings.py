"""What was in a file without uids when it was last read, so that lines that were edited are known again.

A file has no name by which it could be known: it is one that has been read if more than half of the smaller of the two
is in both, lines that were edited included. It can be several of them in one.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Final

from taskharbor.application.interchange.import_report import Finding
from taskharbor.application.interchange.lines.edited_lines import matching
from taskharbor.application.interchange.lines.line_names import rename
from taskharbor.application.interchange.mirrors import Mirrored
from taskharbor.application.ports.interchange import TaskDraft
from taskharbor.application.ports.record_store import Record, RecordStore
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import TaskId, WorkspaceId
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.uid import Uid

KIND: Final = "reading"

MAX_LINES: Final = 10_000
"""Of a file that is remembered."""

_MAX_READINGS: Final = 10
_KEPT_FOR: Final = timedelta(days=365)


@frozen
class Recognised:
    """Lines that are new in a file, and were only edited.

    Attributes:
        uids: those of their tasks, by those of their new names.
        remarks: what to say of them.
        lines_of: what is remembered of the file, or None if it is new.
    """

    uids: Mapping[Uid, Uid]
    remarks: list[Finding]
    lines_of: Record | None


async def has_readings(store: RecordStore, workspace: WorkspaceId) -> bool:
    """Return whether any such file has been read."""
    return bool(await store.list_records(workspace, KIND, after="", limit=1))


async def recognised(
    drafts: Sequence[TaskDraft],
    known: Collection[TaskId],
    uow: UnitOfWork,
    mirrored: Mirrored,
) -> Recognised:
    """Return which lines that are new were only edited; their tasks go by the names that they have now.

    Args:
        drafts: the new lines of a file.
        known: the tasks that its other lines are.
        uow: the unit of work.
        mirrored: says how the format has a task.
    """
    size = len(drafts) + len(known)
    if not 0 < size <= MAX_LINES:
        return Recognised({}, [], None)
    readings = {record.key: (record, frozenset(_tasks_of(record))) for record in await uow.records.list_all(KIND)}
    found: dict[int, Task] = {}
    lines_of: Record | None = None
    for record, tasks in sorted(readings.values(), key=lambda reading: -len(reading[1].intersection(known))):
        left = [at for at in range(len(drafts)) if at not in found]
        lost = sorted(tasks.difference(known, (task.id for task in found.values()))) if left else []
        await uow.tasks.prefetch(lost)
        gone = [task for id_ in lost if (task := await uow.tasks.find(id_))]
        edited = await matching([drafts[at] for at in left], gone, mirrored) if gone else {}
        if 2 * (len(tasks.intersection(known)) + len(edited)) > min(len(tasks), size):
            found |= {left[at]: task for at, task in edited.items()}
            lines_of = lines_of or record
    return await _renamed(drafts, found, lines_of, uow)


async def remember(lines: Iterable[TaskId], of: Record | None, new_key: str, uow: UnitOfWork) -> None:
    """Take note of the tasks that the lines of a file are, in place of what was in it before, if there are new ones."""
    tasks = sorted(set(lines))
    has_new = of is None or not set(_tasks_of(of)).issuperset(tasks)
    if not has_new or not 0 < len(tasks) <= MAX_LINES:
        return
    document = json.dumps({"at": uow.now.isoformat(), "tasks": tasks}, separators=(",", ":"))
    await uow.records.put(KIND, new_key if of is None else of.key, document, expires=uow.now + _KEPT_FOR)
    readings = await uow.records.list_all(KIND)
    if len(readings) > _MAX_READINGS:
        oldest = min(readings, key=lambda record: str(json.loads(record.document or "{}").get("at")))
        await uow.records.put(KIND, oldest.key, None, expires=uow.now)


async def _renamed(
    drafts: Sequence[TaskDraft], found: Mapping[int, Task], of: Record | None, uow: UnitOfWork
) -> Recognised:
    remarks: list[Finding] = []
    uids: dict[Uid, Uid] = {}
    for place, task in found.items():
        draft = drafts[place]
        await rename(task.uid, draft.uid, uow)
        uids[draft.uid] = task.uid
        remarks.append(Finding(draft.place, f"taken for the task {task.id} with another text: {task.title[:60]}"))
    return Recognised(uids, remarks, of)


def _tasks_of(record: Record) -> list[TaskId]:
    return [TaskId(id_) for id_ in json.loads(record.document or "{}").get("tasks", [])]
