"""Webhooks as plain calls on one workspace."""

from collections.abc import Sequence

from taskharbor.application.webhooks.delivery_state import Attempt
from taskharbor.application.webhooks.manage_webhooks import (
    ChangeWebhook,
    CreateWebhook,
    DeleteWebhook,
    RenewWebhookSecret,
    ReplayWebhook,
)
from taskharbor.application.webhooks.webhook_view import WebhookPage, WebhookView
from taskharbor.domain.unset import UNSET, Unset
from taskharbor.entrypoints.embedded.scope import HarborScope


class WebhookCalls(HarborScope):
    """Commits told to other services. All calls need the permission to manage the workspace.

    Those that take an id raise `WebhookNotFound` if the workspace does not have it. Deliveries are made by a server, or
    by `deliver_webhooks`.
    """

    async def create_webhook(
        self,
        url: str,
        *,
        filter: str | None = None,
        time_zone: str | None = None,
        events: Sequence[str] | None = None,
        secret: str | None = None,
        since: str | None = None,
    ) -> WebhookView:
        """Have commits sent to a URL, from now on or after a token; `webhook.secrets` has what signs them.

        `filter` says which tasks, `events` what of them: `task.created`, `task.changed`, `task.completed`,
        `task.deleted` and `list.changed`, all but the last by default.

        Raises:
            InvalidValue: if a value is wrong, or the URL is of an address that is not public.
            TooManyWebhooks: if the workspace has 10,000.
            MissingDependency: if the extra `webhooks` is not installed.
        """
        command = CreateWebhook(url=url, filter=filter, time_zone=time_zone, events=events, secret=secret, since=since)
        return await self._use_cases.webhooks.create(command, self._principal)

    async def get_webhook(self, id: str) -> WebhookView:
        """Return one webhook, how far its deliveries are, and the last attempts."""
        return await self._use_cases.webhooks.get(id, self._principal)

    async def list_webhooks(self, *, after: str = "", limit: int = 100) -> WebhookPage:
        """Return up to `limit` webhooks by id: those after the id `after`.

        Raises:
            InvalidValue: if the limit is out of its range.
        """
        return await self._use_cases.webhooks.list(self._principal, after=after, limit=limit)

    async def change_webhook(
        self,
        id: str,
        *,
        url: str | Unset = UNSET,
        filter: str | Unset | None = UNSET,
        time_zone: str | Unset | None = UNSET,
        events: Sequence[str] | Unset | None = UNSET,
        active: bool | Unset = UNSET,
    ) -> WebhookView:
        """Change the named values of a webhook. `active` pauses it, or has it go on where it was, at once.

        Raises:
            InvalidValue: as `create_webhook`.
        """
        command = ChangeWebhook(id=id, url=url, filter=filter, time_zone=time_zone, events=events, active=active)
        return await self._use_cases.webhooks.change(command, self._principal)

    async def delete_webhook(self, id: str) -> None:
        """Send nothing more."""
        await self._use_cases.webhooks.delete(DeleteWebhook(id=id), self._principal)

    async def renew_webhook_secret(self, id: str, *, secret: str | None = None) -> WebhookView:
        """Sign with another secret, the first of `webhook.secrets`; the one before signs for 24 more hours.

        Raises:
            InvalidValue: for `secret`.
        """
        command = RenewWebhookSecret(id=id, secret=secret)
        return await self._use_cases.webhooks.renew_secret(command, self._principal)

    async def replay_webhook(self, id: str, *, since: str) -> WebhookView:
        """Deliver all commits after a token again.

        Raises:
            InvalidValue: for `since`.
            TokenExpired: if something since then can no longer be told.
        """
        return await self._use_cases.webhooks.replay(ReplayWebhook(id=id, since=since), self._principal)

    async def test_webhook(self, id: str) -> Attempt:
        """Send a message of the type `test` once, now; return how that went."""
        return await self._use_cases.webhooks.test(id, self._principal)

    async def deliver_webhooks(self) -> None:
        """Deliver to the webhooks of all workspaces of the store until cancelled, as a server does."""
        await self._use_cases.webhooks.deliver()
