"""Delivers to all webhooks, those of other processes too as soon as these do so no longer."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from taskharbor.application.errors import StoreNotReady, StoreUnavailable
from taskharbor.application.ports.record_store import Record, RecordKey, load_record
from taskharbor.application.turns import in_turns
from taskharbor.application.webhooks.endpoint import Endpoint, Tools
from taskharbor.application.webhooks.manage_webhooks import NEWS
from taskharbor.application.webhooks.webhook import KIND, Webhook, WebhookState
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import SERVICE_WORKSPACE, Revision

_PAGE: Final = 1000
_PACE: Final = 0.2
"""Seconds between two looks at whether a webhook has changed."""

_LOG: Final = logging.getLogger("taskharbor.webhooks")


End: TypeAlias = Callable[[Webhook, WebhookState], Awaitable[None]]
"""Notes that a webhook is over, and why."""


@frozen
class _Running:
    revision: Revision
    task: asyncio.Task[None]


class Deliverer:
    """Has a task for each active webhook. It waits for commits, and for its lease if another process has it."""

    def __init__(self, tools: Tools, *, end: End) -> None:
        self._tools = tools
        self._end = end
        self._running: dict[str, _Running] = {}
        self._news: str | None = ""

    async def run(self) -> None:
        """Deliver until cancelled."""
        try:
            with self._tools.watches.listening(SERVICE_WORKSPACE) as heard:
                while True:
                    heard.clear()
                    try:
                        await self._take_news()
                        await heard.wait()
                    except (StoreNotReady, StoreUnavailable) as unavailable:
                        _LOG.warning("webhooks wait for the store: %s", unavailable)
                        await asyncio.sleep(self._tools.schedule.after_an_outage.total_seconds())
                    except Exception:  # noqa: BLE001  # those that are delivered now must not be the last
                        _LOG.exception("webhooks are not looked up")
                        await asyncio.sleep(self._tools.schedule.after_an_outage.total_seconds())
                    await asyncio.sleep(_PACE)
        finally:
            tasks = [running.task for running in self._running.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _take_news(self) -> None:
        key = RecordKey(*NEWS)
        record = await load_record(self._tools.storage, SERVICE_WORKSPACE, key)
        news = None if record is None else record.document
        if news != self._news:
            await self._refresh()
            self._news = news

    async def _refresh(self) -> None:
        """Begin what is new, begin anew what has changed, and end what is no more."""
        there: set[str] = set()
        after = ""
        while True:
            page = await self._tools.storage.list_records(SERVICE_WORKSPACE, KIND, after=after, limit=_PAGE)
            async for record in in_turns(page):
                try:
                    is_active = self._take(record)
                except Exception:  # noqa: BLE001  # one of a later release, say; the others must not wait for it
                    _LOG.exception("the webhook %s cannot be read", record.key)
                    continue
                if is_active:
                    there.add(record.key)
            if len(page) < _PAGE:
                break
            after = page[-1].key
        for key in self._running.keys() - there:
            self._running.pop(key).task.cancel()

    def _take(self, record: Record) -> bool:
        webhook = Webhook.of(record.key, record.document or "")
        if webhook.state is not WebhookState.ACTIVE:
            return False
        running = self._running.get(record.key)
        if running is None or running.revision != record.revision:
            if running is not None:
                running.task.cancel()
            self._running[record.key] = _Running(record.revision, asyncio.create_task(self._deliver(webhook, record)))
        return True

    async def _deliver(self, webhook: Webhook, record: Record) -> None:
        over: WebhookState | None = None
        while True:
            try:
                if over is None:
                    over = await Endpoint(record, self._tools).run()
                if over is not None:
                    await self._end(webhook, over)
                    _LOG.warning("webhook %s of workspace %s has ended: %s", webhook.id, webhook.workspace, over.value)
            except Exception:  # noqa: BLE001  # an outage of the store, say, must not end it
                _LOG.exception("webhook %s of workspace %s waits", webhook.id, webhook.workspace)
                await asyncio.sleep(self._tools.schedule.after_an_outage.total_seconds())
            else:
                return
