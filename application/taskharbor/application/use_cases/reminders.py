"""The use cases on reminders that fire, ready to call."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial
from typing import Final

from taskharbor.application.access.manage_workspaces import DELETED
from taskharbor.application.commands.registry import carry_out_alone
from taskharbor.application.errors import ConcurrentUpdate
from taskharbor.application.ports.clock import Clock
from taskharbor.application.ports.record_store import RecordKey, load_record
from taskharbor.application.ports.reminder_channel import ReminderChannel
from taskharbor.application.ports.storage import Storage
from taskharbor.application.principal import CallContext, system_in
from taskharbor.application.reminder_settings import ReminderSettings
from taskharbor.application.reminders.deliver import (
    DELIVERY,
    Delivery,
    due_at,
    prefix_of,
    settle_delivery,
    take_delivery,
)
from taskharbor.application.reminders.fire_reminder import FireReminder
from taskharbor.application.reminders.follow_time_zone import directory_entry
from taskharbor.application.reminders.list_reminders import ListReminders, ReminderPage, list_reminders
from taskharbor.application.reminders.schedule_stored import schedule_stored
from taskharbor.application.unit_of_work.reminder_records import REMINDER, reminder_of
from taskharbor.application.use_cases.transactions import Transactions
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE, SERVICE_WORKSPACE, Revision, WorkspaceId
from taskharbor.domain.tasks.alert import LATE

_PAGE: Final = 100

PATIENCE: Final = 30.0
"""Seconds that a channel may take to tell of one reminder."""

_LOG: Final = logging.getLogger("taskharbor.reminders")


class ReminderUseCases:
    """Lists reminders, fires those that are due, and has them told.

    Attributes:
        fired: how many this process has fired, late ones (True) and others.
        due: by workspace, when those are due that this process is just firing, up to 100 of each.
    """

    def __init__(
        self, storage: Storage, transactions: Transactions, *, clock: Clock, settings: ReminderSettings
    ) -> None:
        self._storage = storage
        self._transactions = transactions
        self.clock = clock
        self.settings = settings
        self.fired: Counter[bool] = Counter()
        self.due: dict[WorkspaceId, list[datetime]] = {}
        self._counted: dict[WorkspaceId, Revision] = {}

    async def list_reminders(self, query: ListReminders, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> ReminderPage:
        """Return a page of the reminders to come."""
        return await list_reminders(query, self._storage, workspace)

    async def workspaces(self) -> AsyncIterator[WorkspaceId]:
        """Yield the name of each workspace."""
        after = ""
        while names := await self._storage.list_workspaces(after=after, limit=_PAGE):
            for name in names:
                yield name
            after = names[-1]

    async def fire_due(self, workspace: WorkspaceId) -> datetime | None:
        """Fire the reminders of a workspace that are due; return when the next one is, or None if there is none.

        Each takes one commit, however many processes try. The first time, and when the time zone of the workspace was
        changed, reminders are scheduled that were stored before there was this, or by other rules.
        """
        next_at = await self._fire_due(workspace)
        entry = await directory_entry(workspace, self._storage)
        revision = 0 if entry is None else entry.revision
        if self._counted.get(workspace) != revision:
            if await schedule_stored(workspace, self._storage, self.settings.rules, now=self.clock.now()):
                next_at = await self._fire_due(workspace)
            self._counted[workspace] = revision
        return next_at

    async def _fire_due(self, workspace: WorkspaceId) -> datetime | None:
        while True:
            records = await self._storage.list_records(workspace, REMINDER, after="", limit=_PAGE)
            due = [at for record in records if (at := reminder_of(record.key)[0]) <= self.clock.now()]
            if due and await self._is_deleted(workspace):
                self.due.pop(workspace, None)
                return None
            for place, record in enumerate(records):
                self.due[workspace] = due[place:]
                at, _, _ = reminder_of(record.key)
                if at > self.clock.now() or not await self._fire(record.key, workspace):
                    return at
            self.due.pop(workspace, None)
            if len(records) < _PAGE:
                return None

    async def deliver_due(self, workspace: WorkspaceId, channel: ReminderChannel) -> datetime | None:
        """Tell by one channel what is due in a workspace; return when the next one is, or None if there is none."""
        prefix = prefix_of(channel.name)
        after = prefix
        while True:
            records = await self._storage.list_records(workspace, DELIVERY, after=after, limit=_PAGE)
            for record in records:
                if not record.key.startswith(prefix):
                    return None
                if due_at(record.key) > self.clock.now():
                    return due_at(record.key)
                if await self._is_deleted(workspace):
                    return None
                await self._deliver(record.key, workspace, channel)
                after = record.key
            if not records:  # else what has just failed comes behind it
                return None

    async def _is_deleted(self, workspace: WorkspaceId) -> bool:
        """Return whether it was, and is to be purged: nobody is told of anything there any more."""
        key = RecordKey(DELETED, workspace)
        record = await load_record(self._storage, SERVICE_WORKSPACE, key)
        return record is not None and record.document is not None

    async def _fire(self, key: str, workspace: WorkspaceId) -> bool:
        """Fire one; return False if others changed its task again and again, so that it is due still."""
        try:
            task = await self._transactions.run(partial(carry_out_alone, FireReminder(key=key)), _context(workspace))
        except ConcurrentUpdate:
            _LOG.info("others were faster with the reminder %s", key)
            return False
        if task is not None:
            self.fired[self.clock.now() - reminder_of(key)[0] > LATE] += 1
        return True

    async def _deliver(self, key: str, workspace: WorkspaceId, channel: ReminderChannel) -> None:
        try:
            taken: Delivery | None = await self._transactions.run(partial(take_delivery, key), _context(workspace))
        except ConcurrentUpdate:
            return
        if taken is None:
            return
        is_told = False
        try:
            async with asyncio.timeout(PATIENCE):
                await channel.tell(taken.told(workspace))
            is_told = True
        except Exception as failure:  # noqa: BLE001  # whatever it is, others are told all the same
            _LOG.warning("a reminder could not be told by %s and will be again: %s", channel.name, failure)
        await self._transactions.run(partial(settle_delivery, taken, is_told=is_told), _context(workspace))


def _context(workspace: WorkspaceId) -> CallContext:
    return {"principal": system_in(workspace)}
