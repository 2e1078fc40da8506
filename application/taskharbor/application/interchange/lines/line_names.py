"""Which tasks lines without uids are: by their names, which change when a line is edited.

A task is made with the uid of its name. Once its line has been edited, a record says by which name it goes now, and
the new name whose it is.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, cast

from taskharbor.application.interchange.numbered_names import uid_of_name
from taskharbor.application.ports.record_store import RecordKey
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.values.uid import Uid, uid_from

KIND: Final = "line"

_KEPT_FOR: Final = timedelta(days=3650)

MAX_ALIKE: Final = 50
"""The most tasks of one name that are compared one by one; more of them are distinguished by their order."""

_ROUNDS: Final = ((1, 2), tuple(range(3, 11)), tuple(range(11, MAX_ALIKE + 2)))


@dataclass(slots=True)
class Namesakes:
    """The tasks of one name.

    Attributes:
        tasks: the uids of those that go by it, in the order of their numbers.
        taken: the uids of all of its numbers that are no longer free.
    """

    tasks: list[Uid] = field(default_factory=list[Uid])
    taken: set[Uid] = field(default_factory=set[Uid])


async def tasks_named(names: Collection[str], uow: UnitOfWork) -> dict[str, Namesakes]:
    """Return the tasks that go by each name, deleted ones too."""
    found = {name: Namesakes() for name in names}
    wanted = set(names)
    for numbers in _ROUNDS:
        keys = {uid_of_name(name, number): (name, number) for name in wanted for number in numbers}
        there = await uow.tasks.find_uids(keys)
        await uow.records.prefetch([RecordKey(KIND, key) for key in keys])
        for key, (name, number) in keys.items():
            record = await _record(key, uow)
            if not record and key not in there:
                continue
            found[name].taken.add(key)
            if "task" in record:
                found[name].tasks.append(uid_from(record["task"]))
            elif "now" not in record:
                found[name].tasks.append(key)
            if number == numbers[-1]:
                wanted.add(name)
        wanted = {name for name in wanted if uid_of_name(name, numbers[-1]) in found[name].taken}
    return found


async def rename(task: Uid, key: Uid, uow: UnitOfWork) -> None:
    """Let a task go by the name with this uid, and by no other."""
    own = await _record(task, uow)
    if "now" in own:
        await uow.records.put(KIND, own["now"], None, expires=uow.now + _KEPT_FOR)
    if key == task:
        await uow.records.put(KIND, task, None, expires=uow.now + _KEPT_FOR)
        return
    await uow.records.put(KIND, task, json.dumps({"now": key}), expires=uow.now + _KEPT_FOR)
    await uow.records.put(KIND, key, json.dumps({"task": task}), expires=uow.now + _KEPT_FOR)


async def _record(key: Uid, uow: UnitOfWork) -> dict[str, Any]:
    record = await uow.records.find(KIND, key)
    return {} if record is None or record.document is None else cast("dict[str, Any]", json.loads(record.document))
