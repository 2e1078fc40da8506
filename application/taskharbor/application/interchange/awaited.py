"""Tasks that name others which have not come yet: in another file, perhaps, that is imported later.

What is awaited is kept in the foreign data of the task, under a name of its own, so that exports have it; and by a
record for each uid that is awaited, so that its task finds those that wait for it. Such records expire.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final, cast

from taskharbor.application.ports.interchange import TaskDraft
from taskharbor.application.ports.record_store import RecordKey
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.tasks.foreign_data import AWAITED, ForeignData, foreign_as_json, foreign_from
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.unset import UNSET
from taskharbor.domain.values.calendar_time import calendar_time_from
from taskharbor.domain.values.uid import Uid, uid_named

KIND: Final = "awaited"

KEPT_FOR: Final = timedelta(days=30)
"""How long a task that comes later finds those that wait for it."""

MAX_WAITING: Final = 1_000
"""How many can wait for one task."""


def awaited_by(draft: TaskDraft, missing: Collection[Uid]) -> dict[str, Any]:
    """Return what a draft says of tasks that are missing."""
    references: dict[str, Any] = {}
    if isinstance(draft.parent, str) and draft.parent in missing:
        references["parent"] = draft.parent
    if isinstance(draft.depends_on, tuple) and (uids := [uid for uid in draft.depends_on if uid in missing]):
        references["depends_on"] = uids
    if draft.occurrence_of is not None and draft.occurrence_of[0] in missing:
        uid, recurrence_id = draft.occurrence_of
        references["occurrence_of"] = {
            "uid": uid,
            "recurrenceId": recurrence_id.as_json(),
            "following": draft.and_following,
        }
    return references


def with_awaited(foreign: ForeignData, references: Mapping[str, Any]) -> ForeignData:
    """Return foreign data with what is awaited; without, if nothing is or there is no room for it."""
    data = {name: value for name, value in foreign_as_json(foreign).items() if name != AWAITED}
    try:
        return foreign_from(data | ({AWAITED: dict(references)} if references else {}))
    except InvalidValue:
        return foreign_from(data)


async def wait_for(uids: Iterable[Uid], task: Uid, uow: UnitOfWork) -> None:
    """Take note that a task waits for others."""
    for uid in uids:
        record = await uow.records.find(KIND, uid)
        waiting: list[str] = [] if record is None or record.document is None else json.loads(record.document)
        if task not in waiting and len(waiting) < MAX_WAITING:
            await uow.records.put(KIND, uid, json.dumps([*waiting, task]), expires=uow.now + KEPT_FOR)


async def awaiting(uids: Collection[Uid], uow: UnitOfWork) -> list[TaskDraft]:
    """Return what is to be made of the tasks that wait for these, which have come; nothing waits for them any more."""
    await uow.records.prefetch([RecordKey(KIND, uid) for uid in uids])
    found: dict[Uid, TaskDraft] = {}
    for uid in uids:
        record = await uow.records.find(KIND, uid)
        if record is None or record.document is None:
            continue
        await uow.records.remove(KIND, uid, at=uow.now)
        for waiting in json.loads(record.document):
            task = await uow.tasks.find_by_uid(waiting)
            if task is not None and not task.is_deleted and task.uid not in found:
                found[task.uid] = await _draft_of(task, uow)
    return list(found.values())


async def _draft_of(task: Task, uow: UnitOfWork) -> TaskDraft:
    references = cast("dict[str, Any]", foreign_as_json(task.foreign).get(AWAITED) or {})
    draft = TaskDraft(place=f"task {task.id}", uid=task.uid)
    try:
        if task.parent is None and isinstance(references.get("parent"), str):
            draft = replace(draft, parent=uid_named(references["parent"]))
        if isinstance(references.get("depends_on"), list):
            there = [other for id_ in task.depends_on if (other := await uow.tasks.find(id_))]
            awaited = [uid_named(str(uid)) for uid in references["depends_on"]]
            draft = replace(draft, depends_on=tuple(dict.fromkeys([*(other.uid for other in there), *awaited])))
        if isinstance(of := references.get("occurrence_of"), dict):
            occurrence_of = (uid_named(str(of["uid"])), calendar_time_from("recurrenceId", of["recurrenceId"]))
            draft = replace(draft, occurrence_of=occurrence_of, and_following=of.get("following") is True)
    except (InvalidValue, KeyError):  # foreign data can come from any client
        return TaskDraft(place=f"task {task.id}", uid=task.uid, parent=UNSET)
    return draft
