"""What tests of deliveries do again and again."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from ipaddress import ip_network

from integration.webhooks.receiver import receiving
from taskharbor.adapters.clock import SystemClock
from taskharbor.adapters.filters.lazy_parser import LazyFilterParser
from taskharbor.adapters.uids import Uuid7Uids
from taskharbor.adapters.webhooks.http_sender import HttpWebhookSender
from taskharbor.application.ports.storage import Storage
from taskharbor.application.principal import system_in
from taskharbor.application.sync.list_changes import EVERYTHING
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.application.webhooks.manage_webhooks import (
    CreateWebhook,
)
from taskharbor.application.webhooks.schedule import Schedule
from taskharbor.application.webhooks.webhook_view import WebhookView
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE

ME = system_in(DEFAULT_WORKSPACE)
MS = timedelta(milliseconds=1)
QUICK = Schedule(pauses=(20 * MS, 40 * MS), lease=3000 * MS, attempt=1500 * MS, after_an_outage=20 * MS)
AT_ONCE = Schedule(pauses=(MS,), lease=3000 * MS, attempt=1500 * MS)
LOCAL = [ip_network("127.0.0.0/8")]


def use_cases_on(storage: Storage, clock: object = None) -> UseCases:
    return UseCases(
        storage,
        clock=clock or SystemClock(),
        uids=Uuid7Uids(),
        filters=LazyFilterParser(),
        webhook_sender=HttpWebhookSender(LOCAL, timeout=1.0),
    )


@asynccontextmanager
async def delivering(use_cases: UseCases, schedule: Schedule = QUICK) -> AsyncIterator[asyncio.Task]:
    delivery = asyncio.create_task(use_cases.webhooks.deliver(schedule))
    try:
        yield delivery
    finally:
        delivery.cancel()
        with suppress(asyncio.CancelledError):
            await delivery


async def hook(harbor: UseCases, url: str, **values: object) -> WebhookView:
    return await harbor.webhooks.create(CreateWebhook(url=url, **values), ME)


async def create(harbor: UseCases, *titles: str, **fields: object) -> None:
    for title in titles:
        await harbor.execute(CreateTask(title=title, **fields))


@asynccontextmanager
async def others_told(harbor: UseCases, *titles: str) -> AsyncIterator[None]:
    """Create tasks one after the other, each when a webhook that is made now has been told of the one before.

    As that webhook is told of something, all are as they were left: it is found together with them. An endpoint that
    should not be told has had as many chances as there are titles to be told of the first.
    """
    async with receiving() as other:
        await hook(harbor, other.url, since=EVERYTHING)
        await other.count(1)
        for number, title in enumerate(titles, start=2):
            await create(harbor, title)
            await other.count(number)
        yield


async def until(harbor: UseCases, webhook_id: str, holds: Callable[[WebhookView], bool]) -> WebhookView:
    async with asyncio.timeout(50):
        while not holds(view := await harbor.webhooks.get(webhook_id, ME)):  # noqa: ASYNC110  # nothing says when
            await asyncio.sleep(0.005)
    return view
