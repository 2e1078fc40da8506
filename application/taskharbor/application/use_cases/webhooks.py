"""The use cases on webhooks, as one object, ready to call."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from time import perf_counter
from typing import Final, TypeVar
from uuid import uuid4

from taskharbor.application.live.read_commits import WatchedCommits, filter_of
from taskharbor.application.pagination import require_limit
from taskharbor.application.ports.clock import Clock
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.webhook_sender import WebhookSender
from taskharbor.application.principal import Principal, system_in
from taskharbor.application.services import Services
from taskharbor.application.sync.list_changes import ListChanges, latest_token, list_changes, position_of
from taskharbor.application.sync.watches import Watches
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.application.use_cases.transactions import Transactions
from taskharbor.application.webhooks.deliverer import Deliverer
from taskharbor.application.webhooks.delivery_counts import DeliveryCounts
from taskharbor.application.webhooks.delivery_state import Attempt
from taskharbor.application.webhooks.endpoint import Tools
from taskharbor.application.webhooks.manage_webhooks import (
    ChangeWebhook,
    CreateWebhook,
    DeleteWebhook,
    RenewWebhookSecret,
    ReplayWebhook,
    change_webhook,
    create_webhook,
    delete_webhook,
    find_webhook,
    key_of,
    put_webhook,
    renew_webhook_secret,
    replay_webhook,
)
from taskharbor.application.webhooks.message import Message, message_of
from taskharbor.application.webhooks.schedule import Schedule
from taskharbor.application.webhooks.sending import Sending
from taskharbor.application.webhooks.webhook import KIND, Webhook, WebhookNotFound, WebhookState, url_from
from taskharbor.application.webhooks.webhook_view import WebhookPage, WebhookView, read_views
from taskharbor.domain.access.permission import Permission
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import SERVICE_WORKSPACE, Revision, WorkspaceId
from taskharbor.domain.unset import UNSET, Unset

T = TypeVar("T")

MOST_LOOKING: Final = 4
"""How many endpoints of a process ask the store at the same time: thousands may hear of the same commit."""


class WebhookUseCases:
    """Manages webhooks and delivers to them. All needs the permission to manage the workspace.

    All raise `PermissionDenied` without it, `WebhookNotFound` for an id that the workspace does not have, and
    `StoreUnavailable` when the store cannot be asked.

    Attributes:
        deliveries: how those of this process go.
    """

    def __init__(
        self,
        storage: Storage,
        transactions: Transactions,
        *,
        clock: Clock,
        services: Services,
        watches: Watches,
        sender: WebhookSender,
    ) -> None:
        self._storage = storage
        self._transactions = transactions
        self._clock = clock
        self._services = services
        self._watches = watches
        self._sender = sender
        self.deliveries = DeliveryCounts()

    async def create(self, command: CreateWebhook, principal: Principal) -> WebhookView:
        """Make a webhook; its secret is in the answer, and in no other.

        Raises:
            InvalidFilter, InvalidValue: if a value is wrong, or the URL is of an address that is not allowed.
            TooManyWebhooks: if the workspace has 10,000.
            MissingDependency: if the extra `webhooks` is not installed.
        """
        workspace = _managed(principal)
        await self._require_good(workspace, url=command.url, filter=command.filter, time_zone=command.time_zone)
        token, revision = await self._beginning(command.since, workspace)

        async def create(uow: UnitOfWork) -> Webhook:
            return await create_webhook(command, uow, workspace, token=token, revision=revision)

        return await self._changed(create, "create_webhook", principal)

    async def change(self, command: ChangeWebhook, principal: Principal) -> WebhookView:
        """Change a webhook, pause it, or have it go on.

        Raises:
            InvalidFilter, InvalidValue: as `create` does.
        """
        workspace = _managed(principal)
        await self._require_good(workspace, url=command.url, filter=command.filter, time_zone=command.time_zone)
        return await self._changed(lambda uow: change_webhook(command, uow, workspace), "change_webhook", principal)

    async def delete(self, command: DeleteWebhook, principal: Principal) -> None:
        """End a webhook."""
        workspace = _managed(principal)
        await self._run(lambda uow: delete_webhook(command, uow, workspace), "delete_webhook", principal)

    async def renew_secret(self, command: RenewWebhookSecret, principal: Principal) -> WebhookView:
        """Give it another secret, which is in the answer; the one before signs for 24 more hours.

        Raises:
            InvalidValue: for `secret`.
        """
        workspace = _managed(principal)
        return await self._changed(
            lambda uow: renew_webhook_secret(command, uow, workspace), "renew_webhook_secret", principal
        )

    async def replay(self, command: ReplayWebhook, principal: Principal) -> WebhookView:
        """Have everything after a token told again.

        Raises:
            InvalidValue: for `since`.
            TokenExpired: if something since then can no longer be told.
        """
        workspace = _managed(principal)
        await self._beginning(command.since, workspace)
        return await self._changed(lambda uow: replay_webhook(command, uow, workspace), "replay_webhook", principal)

    async def get(self, webhook_id: str, principal: Principal) -> WebhookView:
        """Return one webhook, and how its last attempts went."""
        workspace = _managed(principal)
        found = await read_views(self._storage, [key_of(webhook_id, workspace)])
        if not found:
            raise WebhookNotFound(webhook_id)
        return found[0]

    async def list(self, principal: Principal, *, after: str = "", limit: int = 100) -> WebhookPage:
        """Return the webhooks of the workspace.

        Raises:
            InvalidValue: for `limit`.
        """
        workspace = _managed(principal)
        require_limit(limit)
        prefix = f"{workspace} "
        records = await self._storage.list_records(SERVICE_WORKSPACE, KIND, after=prefix + after, limit=limit + 1)
        keys = [record.key for record in records if record.key.startswith(prefix)]
        views = await read_views(self._storage, keys[:limit])
        return WebhookPage(items=views, next_after=views[-1].webhook.id if len(keys) > limit and views else None)

    async def test(self, webhook_id: str, principal: Principal) -> Attempt:
        """Send a message of the type `test` now, once, and return how that went."""
        webhook = (await self.get(webhook_id, principal)).webhook
        now, began = self._clock.now(), perf_counter()
        body = message_of("test", webhook, now)
        message = Message(id=f"{webhook.id}.test.{uuid4()}", body=body, token="", revision=0, since=now)
        answer = await self._sender.post(webhook.url, message.headers(webhook.secrets_at(now), now), body)
        return Attempt(at=now, revision=None, status=answer.status, error=answer.error, seconds=perf_counter() - began)

    async def deliver(self, schedule: Schedule | None = None) -> None:
        """Deliver to all webhooks of all workspaces until cancelled. Several processes share them."""
        tools = Tools(
            storage=self._storage,
            watches=self._watches,
            clock=self._clock,
            reader=self._services.filters,
            sender=self._sender,
            schedule=schedule or Schedule(),
            holder=uuid4().hex,
            looking=asyncio.Semaphore(MOST_LOOKING),
            sending=Sending(),
            counts=self.deliveries,
        )
        await Deliverer(tools, end=self._end).run()

    async def aclose(self) -> None:
        """Let go of what the sender holds, when nothing is delivered any more."""
        await self._sender.aclose()

    async def _end(self, webhook: Webhook, state: WebhookState) -> None:
        async def end(uow: UnitOfWork) -> Webhook:
            try:
                found = await find_webhook(webhook.id, uow, webhook.workspace)
            except WebhookNotFound:
                return webhook
            # That it was over was said by the endpoint as it was.
            return found if found != webhook else await put_webhook(replace(found, state=state, updated=uow.now), uow)

        await self._run(end, "end_webhook", system_in(webhook.workspace))

    async def _require_good(
        self,
        workspace: WorkspaceId,
        *,
        url: str | Unset,
        filter: str | Unset | None,
        time_zone: str | Unset | None,
    ) -> None:
        """Check what cannot be checked in a unit of work: it takes reads of the workspace, or of names of hosts."""
        if url is not UNSET and (refusal := await self._sender.refusal_of(url_from(url))) is not None:
            raise InvalidValue("url", refusal)
        asked = WatchedCommits(
            filter=None if filter is UNSET else filter, time_zone=None if time_zone is UNSET else time_zone
        )
        await filter_of(asked, self._storage, workspace, reader=self._services.filters, now=self._clock.now())

    async def _beginning(self, since: str | None, workspace: WorkspaceId) -> tuple[str, Revision]:
        if since is None:
            since = await latest_token(self._storage, workspace)
        else:
            await list_changes(ListChanges(since=since, limit=1), self._storage, workspace)
        return since, position_of(since).revision

    async def _changed(
        self, work: Callable[[UnitOfWork], Awaitable[Webhook]], name: str, principal: Principal
    ) -> WebhookView:
        webhook = await self._run(work, name, principal)
        (view,) = await read_views(self._storage, [webhook.key])
        return replace(view, webhook=webhook)

    async def _run(self, work: Callable[[UnitOfWork], Awaitable[T]], name: str, principal: Principal) -> T:
        async def run(uow: UnitOfWork) -> T:
            uow.command = name
            done = await work(uow)
            await uow.commit()
            return done

        return await self._transactions.run(run, {"principal": system_in(SERVICE_WORKSPACE, principal.actor)})


def _managed(principal: Principal) -> WorkspaceId:
    principal.require(Permission.MANAGE)
    return principal.workspace
