"""What a server does beside answering: it fires reminders, and tells people of them."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Final, TypeAlias

from taskharbor.application.errors import StoreNotReady, StoreUnavailable
from taskharbor.application.ports.reminder_channel import ReminderChannel
from taskharbor.application.use_cases.reminders import ReminderUseCases
from taskharbor.domain.identifiers import SERVICE_WORKSPACE, WorkspaceId
from taskharbor.entrypoints.background import in_background
from taskharbor.entrypoints.settings.settings import Settings

ROUND: Final = 30.0
"""Seconds after which all workspaces are looked at, for what other processes have scheduled and left."""

_BEFORE_RETRY: Final = 1.0
"""Seconds."""

_LOG: Final = logging.getLogger("taskharbor.reminders")

Look: TypeAlias = Callable[[WorkspaceId], Awaitable[datetime | None]]
"""Does what is due in a workspace, and returns when something is next; None for never."""


@asynccontextmanager
async def reminding(reminders: ReminderUseCases, settings: Settings) -> AsyncIterator[None]:
    """Fire and tell for the length of an `async with` block, in which the store is open.

    Several processes may do so at the same time: each reminder fires once, and is told by one of them.
    """
    telling = [Rounds(reminders, _telling_by(channel, reminders)) for channel in channels_of(settings)]

    async def fire(workspace: WorkspaceId) -> datetime | None:
        at = await reminders.fire_due(workspace)
        for each in telling:
            each.want(workspace)
        return at

    firing = Rounds(reminders, fire)
    reminders.settings.on_scheduled.append(firing.want)
    try:
        async with in_background(*(rounds.go_on() for rounds in (firing, *telling))):
            yield
    finally:
        reminders.settings.on_scheduled.remove(firing.want)
        reminders.settings.zones.clear()  # what is opened next may be another store in its place


def channels_of(settings: Settings) -> Sequence[ReminderChannel]:
    """Return what the settings say by what reminders are told.

    Raises:
        InvalidValue: for a URL that is none.
        MissingDependency: if a package is not installed.
    """
    channels: list[ReminderChannel] = []
    if settings.smtp_url is not None:
        from taskharbor.adapters.reminders.email import EmailChannel  # noqa: PLC0415  # only where it is asked for

        sender = settings.email_from or (settings.email_to or ("taskharbor@localhost",))[0]
        channels.append(EmailChannel(settings.smtp_url.get_secret_value(), sender=sender, recipients=settings.email_to))
    if settings.ntfy_url is not None:
        from taskharbor.adapters.reminders.ntfy import NtfyChannel  # noqa: PLC0415

        token = None if settings.ntfy_token is None else settings.ntfy_token.get_secret_value()
        channels.append(NtfyChannel(settings.ntfy_url.get_secret_value(), token=token))
    if settings.apprise_urls is not None:
        from taskharbor.adapters.reminders.apprise import AppriseChannel  # noqa: PLC0415

        channels.append(AppriseChannel(settings.apprise_urls.get_secret_value().split()))
    return channels


def _telling_by(channel: ReminderChannel, reminders: ReminderUseCases) -> Look:
    async def tell(workspace: WorkspaceId) -> datetime | None:
        return await reminders.deliver_due(workspace, channel)

    return tell


class Rounds:
    """Looks at a workspace when something is due there, when that is wanted, and now and then at all."""

    def __init__(self, reminders: ReminderUseCases, look: Look) -> None:
        self._reminders = reminders
        self._look = look
        self._wanted: set[WorkspaceId] = set()
        self._woken = asyncio.Event()
        self._due: dict[WorkspaceId, datetime] = {}

    def want(self, workspace: WorkspaceId) -> None:
        """Have a workspace looked at soon."""
        self._wanted.add(workspace)
        self._woken.set()

    async def go_on(self) -> None:
        """Look for ever."""
        loop = asyncio.get_running_loop()
        next_round = loop.time()
        while True:
            self._woken.clear()
            try:
                if loop.time() >= next_round:
                    await self._look_everywhere()
                    next_round = loop.time() + ROUND
                else:
                    await self._look_where_needed()
            except (StoreNotReady, StoreUnavailable) as unavailable:
                _LOG.warning("reminders are late: %s", unavailable)
                await asyncio.sleep(_BEFORE_RETRY)
            except Exception:  # noqa: BLE001  # a round that fails must not be the last
                _LOG.exception("reminders are late")
                await asyncio.sleep(_BEFORE_RETRY)
            with suppress(TimeoutError):
                async with asyncio.timeout(max(min(self._seconds_to_next(), next_round - loop.time()), 0)):
                    await self._woken.wait()

    async def _look_everywhere(self) -> None:
        async for workspace in self._reminders.workspaces():
            if workspace != SERVICE_WORKSPACE:
                await self._look_at(workspace)

    async def _look_where_needed(self) -> None:
        now = self._reminders.clock.now()
        for workspace in {workspace for workspace, at in self._due.items() if at <= now} | self._wanted:
            await self._look_at(workspace)

    async def _look_at(self, workspace: WorkspaceId) -> None:
        self._wanted.discard(workspace)  # before looking: what is scheduled meanwhile is wanted again
        at = None
        try:
            at = await self._look(workspace)
        except (StoreNotReady, StoreUnavailable):
            self.want(workspace)
            raise
        except Exception:  # noqa: BLE001  # one that cannot be fired must not be the last
            _LOG.exception("reminders of the workspace %s are late", workspace)
        if at is None:
            self._due.pop(workspace, None)
        else:
            self._due[workspace] = at

    def _seconds_to_next(self) -> float:
        if not self._due:
            return ROUND
        return (min(self._due.values()) - self._reminders.clock.now()).total_seconds()
