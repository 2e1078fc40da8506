"""Tasks that stand for occurrences and came before their series: under other names than completing them here gives.

What an occurrence is called depends on the form of its date, which only the series tells. A record under the name that
it would have says which task it is.
"""

import json
from collections.abc import Collection
from datetime import timedelta
from typing import Final

from taskharbor.application.ports.record_store import RecordKey
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.identifiers import TaskId
from taskharbor.domain.values.uid import Uid, uid_from, uid_named

KIND: Final = "occurrence"

_KEPT_FOR: Final = timedelta(days=3650)


def rest_of(series: Uid) -> Uid:
    """Return the name under which the task is remembered that has taken over the rest of a series."""
    return uid_named(f"{series} and following")


async def remember_name(occurrence: Uid, task: Uid, uow: UnitOfWork) -> None:
    """Let an occurrence be the task with another name."""
    document = json.dumps({"task": task})
    record = await uow.records.find(KIND, occurrence)
    if record is None or record.document != document:
        await uow.records.put(KIND, occurrence, document, expires=uow.now + _KEPT_FOR)


async def other_names(occurrences: Collection[Uid], uow: UnitOfWork) -> dict[Uid, Uid]:
    """Return the uids of the tasks that some occurrences are, where they have other names."""
    await uow.records.prefetch([RecordKey(KIND, uid) for uid in occurrences])
    found: dict[Uid, Uid] = {}
    for uid in occurrences:
        record = await uow.records.find(KIND, uid)
        if record is not None and record.document is not None:
            found[uid] = uid_from(json.loads(record.document)["task"])
    return found


async def occurrences_there(occurrences: Collection[Uid], uow: UnitOfWork) -> dict[Uid, TaskId]:
    """Return the ids of those of some occurrences of which there are tasks, whatever these are called."""
    if not occurrences:
        return {}
    there = dict(await uow.tasks.find_uids(occurrences))
    others = await other_names([uid for uid in occurrences if uid not in there], uow)
    named = await uow.tasks.find_uids(others.values()) if others else {}
    return there | {uid: named[other] for uid, other in others.items() if other in named}
