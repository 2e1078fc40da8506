"""Webhooks of a server."""

from typing import Any

from taskharbor.application.principal import Principal
from taskharbor.application.webhooks.delivery_state import Attempt, DeliveryState
from taskharbor.application.webhooks.manage_webhooks import (
    ChangeWebhook,
    CreateWebhook,
    DeleteWebhook,
    RenewWebhookSecret,
    ReplayWebhook,
)
from taskharbor.application.webhooks.webhook import EventKind, Secret, Webhook, WebhookState
from taskharbor.application.webhooks.webhook_view import WebhookPage, WebhookView
from taskharbor.domain.identifiers import WorkspaceId
from taskharbor.domain.values.instant import instant_of
from taskharbor.entrypoints.client.errors import NotServed
from taskharbor.entrypoints.client.messages import Reply, Request
from taskharbor.entrypoints.client.problems import Asked
from taskharbor.entrypoints.client.reading import Reading
from taskharbor.entrypoints.client.wire import named_members_but


class RemoteWebhooks(Reading):
    """What `WebhookUseCases` does, by asking a server. Tokens of deliveries stay there."""

    async def create(self, command: CreateWebhook, principal: Principal) -> WebhookView:
        """Make a webhook."""
        body = named_members_but(command)
        return _view_of((await self._send("POST", "/webhooks/", principal, body)).json, principal.workspace)

    async def change(self, command: ChangeWebhook, principal: Principal) -> WebhookView:
        """Change a webhook, pause it, or have it go on."""
        body = named_members_but(command, "id")
        reply = await self._send("PATCH", f"/webhooks/{command.id}", principal, body, id=command.id)
        return await self._with_attempts(reply.json, principal)

    async def delete(self, command: DeleteWebhook, principal: Principal) -> None:
        """End a webhook."""
        await self._send("DELETE", f"/webhooks/{command.id}", principal, None, id=command.id)

    async def renew_secret(self, command: RenewWebhookSecret, principal: Principal) -> WebhookView:
        """Give it another secret."""
        body = named_members_but(command, "id")
        reply = await self._send("POST", f"/webhooks/{command.id}/secret", principal, body, id=command.id)
        return await self._with_attempts(reply.json, principal)

    async def replay(self, command: ReplayWebhook, principal: Principal) -> WebhookView:
        """Have everything after a token told again."""
        body = named_members_but(command, "id")
        reply = await self._send("POST", f"/webhooks/{command.id}/replay", principal, body, id=command.id)
        return await self._with_attempts(reply.json, principal)

    async def get(self, webhook_id: str, principal: Principal) -> WebhookView:
        """Return one webhook, and how its last attempts went."""
        reply = await self._get(f"/webhooks/{webhook_id}", principal.workspace, webhook_id=webhook_id)
        return await self._with_attempts(reply.json, principal)

    async def list(self, principal: Principal, *, after: str = "", limit: int = 100) -> WebhookPage:
        """Return the webhooks of the workspace, without their attempts."""
        asked = {"after": after or None, "limit": limit}
        reply = await self._get("/webhooks/", principal.workspace, asked)
        items = [_view_of(one, principal.workspace) for one in reply.json]
        return WebhookPage(items=items, next_after=reply.next.get("after"))

    async def test(self, webhook_id: str, principal: Principal) -> Attempt:
        """Send a message of the type `test` now."""
        reply = await self._send("POST", f"/webhooks/{webhook_id}/test", principal, None, id=webhook_id)
        return _attempt_of(reply.json)

    async def deliver(self) -> None:
        """Refuse.

        Raises:
            NotServed: always: a server delivers by itself.
        """
        raise NotServed("deliver_webhooks", "it delivers by itself, as its settings say")

    async def _with_attempts(self, document: dict[str, Any], principal: Principal) -> WebhookView:
        path = f"/webhooks/{document['id']}/attempts"
        attempts = (await self._get(path, principal.workspace, webhook_id=document["id"])).json
        return _view_of(document, principal.workspace, *map(_attempt_of, attempts))

    async def _send(
        self,
        method: str,
        path: str,
        principal: Principal,
        body: object,
        *,
        id: str | None = None,
    ) -> Reply:
        request = Request(
            method=method, path=path, asked=Asked("webhook", {"webhook_id": id}), body=body, has_key=False
        )
        return await self._connection.ask(request, principal.workspace)


def _attempt_of(document: dict[str, Any]) -> Attempt:
    return Attempt(**{**document, "at": instant_of(document["at"])})


def _view_of(document: dict[str, Any], workspace: WorkspaceId, *attempts: Attempt) -> WebhookView:
    delivery, secret = document["delivery"], document.get("secret")
    webhook = Webhook(
        id=document["id"],
        workspace=workspace,
        url=document["url"],
        filter=document["filter"],
        time_zone=document["time_zone"],
        events=tuple(map(EventKind, document["events"])),
        state=WebhookState(document["state"]),
        secrets=() if secret is None else (Secret(secret),),
        created=instant_of(document["created"]),
        updated=instant_of(document["updated"]),
    )
    failing_since, next_attempt = delivery["failing_since"], delivery["next_attempt"]
    state = DeliveryState(
        token="",  # it stays on the server
        revision=delivery["revision"],
        failures=delivery["failures"],
        failing_since=failing_since and instant_of(failing_since),
        next_attempt=next_attempt and instant_of(next_attempt),
        attempts=attempts,
    )
    return WebhookView(webhook=webhook, delivery=state)
