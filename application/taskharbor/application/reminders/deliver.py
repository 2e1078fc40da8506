"""Tell people of a reminder that has fired: at least once by each channel, and one that fails holds up no other."""

import json
import logging
from datetime import datetime, timedelta
from typing import Any, Final

from taskharbor.application.documents.json_encoding import json_text
from taskharbor.application.ports.reminder_channel import Told
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import WorkspaceId
from taskharbor.domain.values.instant import instant_as_json, instant_of

DELIVERY: Final = "reminder-delivery"
"""The kind of the records of what is still to be told, one for each channel."""

TRIED_FOR: Final = timedelta(days=3)
"""How long it is tried."""

LEASE: Final = timedelta(minutes=2)
"""How long whoever tries has it alone: longer than a try may take."""

_FIRST_PAUSE: Final = timedelta(seconds=15)
_LONGEST_PAUSE: Final = timedelta(hours=1)
_MOST_DOUBLINGS: Final = 8

_LOG: Final = logging.getLogger("taskharbor.reminders")


@frozen
class Delivery:
    """Something that is to be told by one channel, and whoever has this is the one to try.

    Attributes:
        key: that of its record.
        document: what that says.
    """

    key: str
    document: dict[str, Any]

    def told(self, workspace: WorkspaceId) -> Told:
        """Return what is to be told."""
        said = self.document
        return Told(
            workspace=workspace,
            task=said["task"],
            title=said["title"],
            reminder=said["reminder"],
            at=instant_of(said["at"]),
            late=said["late"],
        )


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts, 1 or more."""
    return min(_FIRST_PAUSE * (1 << min(attempts - 1, _MOST_DOUBLINGS)), _LONGEST_PAUSE)


def prefix_of(channel: str) -> str:
    """Return what the keys of a channel begin with."""
    return f"{channel} "


def due_at(key: str) -> datetime:
    """Return when a delivery is to be tried."""
    return instant_of(key.split(" ", 2)[1])


async def put_delivery(channel: str, name: str, document: dict[str, Any], *, at: datetime, uow: UnitOfWork) -> str:
    """Have something told by a channel from `at` on; return its key."""
    key = f"{channel} {instant_as_json(at.replace(microsecond=0))} {name}"
    expires = instant_of(document["fired"]) + TRIED_FOR
    await uow.records.put(DELIVERY, key, json_text(document), expires=expires)
    return key


async def take_delivery(key: str, uow: UnitOfWork) -> Delivery | None:
    """Take what is to be told for a while, committed; return None if another one has it, or it is too late."""
    record = await uow.records.find(DELIVERY, key)
    if record is None or record.document is None or due_at(key) > uow.now:
        return None
    document: dict[str, Any] = json.loads(record.document)
    await uow.records.remove(DELIVERY, key, at=uow.now)
    taken = None
    if uow.now < instant_of(document["fired"]) + TRIED_FOR:
        document["attempt"] += 1
        channel, _, name = key.split(" ", 2)
        taken = await put_delivery(channel, name, document, at=uow.now + LEASE, uow=uow)
    else:
        _LOG.error("gave up to tell of the reminder %s of task %s", document["reminder"], document["task"])
    await uow.commit()
    return None if taken is None else Delivery(taken, document)


async def settle_delivery(delivery: Delivery, uow: UnitOfWork, *, is_told: bool) -> None:
    """Note whether it was told, committed; if not, have it tried again after a pause that grows."""
    if await uow.records.find(DELIVERY, delivery.key) is None:
        return
    await uow.records.remove(DELIVERY, delivery.key, at=uow.now)
    if not is_told:
        pause = pause_after(delivery.document["attempt"])
        channel, _, name = delivery.key.split(" ", 2)
        await put_delivery(channel, name, delivery.document, at=uow.now + pause, uow=uow)
    await uow.commit()
