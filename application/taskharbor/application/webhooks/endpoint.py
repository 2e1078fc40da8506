"""Delivers to one endpoint: in order, one after the other, for as long as this process has the lease."""

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta
from time import perf_counter
from typing import Final

from taskharbor.application.errors import ConcurrentUpdate
from taskharbor.application.ports.clock import Clock
from taskharbor.application.ports.filter_parser import FilterParser
from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.ports.webhook_sender import WebhookSender
from taskharbor.application.sync.list_changes import time_of
from taskharbor.application.sync.watches import Watches
from taskharbor.application.webhooks.delivery_counts import DeliveryCounts
from taskharbor.application.webhooks.delivery_state import STATE, Attempt, DeliveryState
from taskharbor.application.webhooks.message import Message
from taskharbor.application.webhooks.next_message import next_message
from taskharbor.application.webhooks.schedule import Schedule
from taskharbor.application.webhooks.sending import Sending
from taskharbor.application.webhooks.webhook import KEPT, KIND, Webhook, WebhookState
from taskharbor.domain.errors import InvalidValue, TaskharborError
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import SERVICE_WORKSPACE

GONE: Final = 410

_BEHIND: Final = timedelta(hours=6)
"""How far the place in the store is behind at most, in times of commits, while nothing is told."""

_LOG: Final = logging.getLogger("taskharbor.webhooks")


@frozen(kw_only=True)
class Tools:
    """What all endpoints of a process have in common.

    `holder` is the name of the process in leases; no more endpoints ask the store at the same time than `looking` lets.
    """

    storage: Storage
    watches: Watches
    clock: Clock
    reader: FilterParser
    sender: WebhookSender
    schedule: Schedule
    holder: str
    looking: asyncio.Semaphore
    sending: Sending
    counts: DeliveryCounts


@frozen
class _Read:
    """The state as it was read, with the revision at which it must still be when it is written."""

    state: DeliveryState
    record: Record


class _Changed(Exception):
    """The webhook was changed or deleted."""


class Endpoint:
    """One webhook, as its record says."""

    def __init__(self, record: Record, tools: Tools) -> None:
        self._record = record
        self._webhook = Webhook.of(record.key, record.document or "")
        self._tools = tools

    async def run(self) -> WebhookState | None:
        """Deliver until cancelled, or until it is over: return how, or None if the webhook was changed or deleted."""
        try:
            while True:
                try:
                    return await self._deliver()
                except _Changed:
                    return None
                except ConcurrentUpdate:
                    self._note_told()  # another process delivers, or it was put back: look again
                except TaskharborError as error:
                    _LOG.warning(
                        "webhook %s of workspace %s waits: %s", self._webhook.id, self._webhook.workspace, error
                    )
                    await asyncio.sleep(self._tools.schedule.after_an_outage.total_seconds())
        finally:
            self._note_told()

    async def _deliver(self) -> WebhookState:
        tools, webhook = self._tools, self._webhook
        with tools.watches.listening(webhook.workspace) as heard:
            read = await self._read()
            token = read.state.token
            while True:
                heard.clear()  # before looking: a commit that comes meanwhile is heard
                if (wait := self._time_to_wait(read.state)) is not None:
                    await asyncio.sleep(wait)
                    read = await self._read()
                    token = read.state.token
                    continue
                now = tools.clock.now()
                try:
                    async with tools.looking:
                        found = await next_message(
                            webhook, read.state, token, tools.storage, reader=tools.reader, now=now
                        )
                except InvalidValue as error:  # it names a list, say, that was deleted
                    reason = f"the filter cannot be answered: {error}"
                    read, over = await self._failed(read, Attempt(at=now, revision=None, error=reason))
                    if over is not None:
                        return over
                    continue
                if found.message is None:
                    self._note_told()
                    token = found.token
                    read = await self._keep_up(read, token)
                    if not found.more:
                        await heard.wait()
                    continue
                tools.counts.untold[webhook.key] = found.message.since
                read, over = await self._attempt(read, found.message)
                if over is not None:
                    return over
                token = read.state.token

    def _note_told(self) -> None:
        self._tools.counts.untold.pop(self._webhook.key, None)

    def _time_to_wait(self, state: DeliveryState) -> float | None:
        now = self._tools.clock.now()
        if state.lease is not None and state.lease.keeps_out(self._tools.holder, now):
            return (state.lease.until - now).total_seconds()
        if state.next_attempt is not None and now < state.next_attempt:
            return (state.next_attempt - now).total_seconds()
        return None

    async def _attempt(self, read: _Read, message: Message) -> tuple[_Read, WebhookState | None]:
        tools = self._tools
        async with tools.sending.turn(self._webhook.workspace, fails=bool(read.state.failures)):
            read = await self._with_lease(read)
            now, began = tools.clock.now(), perf_counter()
            headers = message.headers(self._webhook.secrets_at(now), now)
            answer = await tools.sender.post(self._webhook.url, headers, message.body)
        attempt = Attempt(
            at=now,
            revision=message.revision,
            status=answer.status,
            error=answer.error,
            seconds=perf_counter() - began,
        )
        if attempt.is_success:
            tools.counts.delivered += 1
            state = read.state.delivered(message.token, message.revision, attempt)
            return await self._write(read, state.leased(tools.holder, tools.clock.now() + tools.schedule.lease)), None
        return await self._failed(read, attempt, retry_after=answer.retry_after)

    async def _failed(
        self, read: _Read, attempt: Attempt, *, retry_after: float | None = None
    ) -> tuple[_Read, WebhookState | None]:
        self._tools.counts.failed += 1
        pause = self._tools.schedule.pause_after(read.state.failures + 1, retry_after)
        read = await self._write(read, read.state.failed(attempt, pause=pause))
        return read, self._how_it_is_over(read.state, attempt)

    def _how_it_is_over(self, state: DeliveryState, attempt: Attempt) -> WebhookState | None:
        if attempt.status == GONE:
            return WebhookState.GONE
        if attempt.at - (state.failing_since or attempt.at) >= self._tools.schedule.give_up_after:
            return WebhookState.FAILED
        return None

    async def _keep_up(self, read: _Read, token: str) -> _Read:
        """Have the store note the place now and then, though nothing is told: the feed does not reach back for ever.

        That nothing is to be told any more of what could not be delivered ends its failures.
        """
        before, now = time_of(read.state.token), time_of(token)
        if not read.state.failures and (now is None or (before is not None and now - before < _BEHIND)):
            return read
        return await self._write(read, replace(read.state.at_once(), token=token))

    async def _with_lease(self, read: _Read) -> _Read:
        """Make sure that no other process delivers while an attempt is made, and that it is still to be made.

        Raises:
            ConcurrentUpdate: if another process has delivered, or the webhook was put back.
        """
        if (await self._read()).record.revision != read.record.revision:
            raise ConcurrentUpdate
        now, schedule, lease = self._tools.clock.now(), self._tools.schedule, read.state.lease
        if lease is not None and lease.holder == self._tools.holder and lease.until - now >= schedule.attempt:
            return read
        return await self._write(read, read.state.leased(self._tools.holder, now + schedule.lease))

    async def _read(self) -> _Read:
        of_state, of_webhook = RecordKey(STATE, self._webhook.key), RecordKey(KIND, self._webhook.key)
        async with self._tools.looking:
            found = await self._tools.storage.load_records(SERVICE_WORKSPACE, (of_state, of_webhook))
        state, webhook = found.get(of_state), found.get(of_webhook)
        if state is None or state.document is None or webhook is None or webhook.revision != self._record.revision:
            raise _Changed
        return _Read(DeliveryState.of(state.document), state)

    async def _write(self, read: _Read, state: DeliveryState) -> _Read:
        """Write the state if nobody else has.

        Raises:
            ConcurrentUpdate: if somebody has.
        """
        record = replace(read.record, document=state.document(), expires=KEPT)
        revision = await self._tools.storage.commit(Changeset(workspace=SERVICE_WORKSPACE, records=(record,)))
        return _Read(state, replace(record, revision=revision))
