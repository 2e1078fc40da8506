"""Make webhooks, change them, renew their secrets, put them back, end them."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from taskharbor.application.documents.json_encoding import json_text
from taskharbor.application.sync.list_changes import position_of
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.application.webhooks.delivery_state import STATE, DeliveryState
from taskharbor.application.webhooks.webhook import (
    KEPT,
    KIND,
    MAX_WEBHOOKS,
    TooManyWebhooks,
    Webhook,
    WebhookNotFound,
    WebhookState,
    events_from,
    new_id,
    secret_from,
    url_from,
)
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import Revision, WorkspaceId
from taskharbor.domain.unset import UNSET, Unset

COUNT: Final = "webhook-count"
"""The kind of the records that say of a workspace, under its name, how many webhooks it has."""

NEWS: Final = ("webhook-news", "latest")
"""The record that changes with every webhook, so that those who deliver need not list them all to notice."""


@frozen(kw_only=True)
class CreateWebhook:
    """Have commits told from now on, or those after the token `since`."""

    url: str
    filter: str | None = None
    time_zone: str | None = None
    events: Sequence[str] | None = None
    secret: str | None = None
    since: str | None = None


@frozen(kw_only=True)
class ChangeWebhook:
    """Give a webhook the values that are named; the rest stays. `active` pauses it, or has it go on from its place."""

    id: str
    url: str | Unset = UNSET
    filter: str | Unset | None = UNSET
    time_zone: str | Unset | None = UNSET
    events: Sequence[str] | Unset | None = UNSET
    active: bool | Unset = UNSET


@frozen(kw_only=True)
class DeleteWebhook:
    """End a webhook."""

    id: str


@frozen(kw_only=True)
class RenewWebhookSecret:
    """Have deliveries signed with another secret, a new one by default, and for a day with the old one too."""

    id: str
    secret: str | None = None


@frozen(kw_only=True)
class ReplayWebhook:
    """Have all commits after the token `since` told again."""

    id: str
    since: str


async def create_webhook(
    command: CreateWebhook, uow: UnitOfWork, workspace: WorkspaceId, *, token: str, revision: Revision
) -> Webhook:
    """Carry out `command` in the workspace of the service. `token` is where it begins, at that revision.

    Raises:
        TooManyWebhooks: if the workspace has 10,000.
        InvalidValue: if a value is wrong.
    """
    webhook = Webhook(
        id=new_id(),
        workspace=workspace,
        url=url_from(command.url),
        filter=command.filter,
        time_zone=command.time_zone,
        events=events_from(command.events),
        secrets=(secret_from(command.secret),),
        created=uow.now,
        updated=uow.now,
    )
    await _count(uow, workspace, 1)
    await _put_state(webhook, DeliveryState(token=token, revision=revision), uow)
    return await put_webhook(webhook, uow)


async def change_webhook(command: ChangeWebhook, uow: UnitOfWork, workspace: WorkspaceId) -> Webhook:
    """Carry out `command`.

    Raises:
        WebhookNotFound: if there is none.
        InvalidValue: if a value is wrong.
    """
    before = await find_webhook(command.id, uow, workspace)
    after = replace(
        before,
        url=before.url if command.url is UNSET else url_from(command.url),
        filter=before.filter if command.filter is UNSET else command.filter,
        time_zone=before.time_zone if command.time_zone is UNSET else command.time_zone,
        events=before.events if command.events is UNSET else events_from(command.events),
        state=_STATES.get(command.active, before.state),
    )
    if after == before:
        return before
    if command.active is True:
        await _put_state(after, (await find_state(after, uow)).at_once(), uow)
    return await put_webhook(replace(after, updated=uow.now), uow)


async def delete_webhook(command: DeleteWebhook, uow: UnitOfWork, workspace: WorkspaceId) -> Webhook:
    """Carry out `command`; return the webhook as it was.

    Raises:
        WebhookNotFound: if there is none.
    """
    webhook = await find_webhook(command.id, uow, workspace)
    for kind in (KIND, STATE):
        await uow.records.remove(kind, webhook.key, at=uow.now)
    await _count(uow, workspace, -1)
    await _news(uow)
    return webhook


async def renew_webhook_secret(command: RenewWebhookSecret, uow: UnitOfWork, workspace: WorkspaceId) -> Webhook:
    """Carry out `command`.

    Raises:
        WebhookNotFound: if there is none.
        InvalidValue: for `secret`.
    """
    webhook = await find_webhook(command.id, uow, workspace)
    return await put_webhook(webhook.renewed(secret_from(command.secret), at=uow.now), uow)


async def replay_webhook(command: ReplayWebhook, uow: UnitOfWork, workspace: WorkspaceId) -> Webhook:
    """Carry out `command`, whose token has been checked.

    Raises:
        WebhookNotFound: if there is none.
        InvalidValue: for `since`.
    """
    webhook = await find_webhook(command.id, uow, workspace)
    revision = position_of(command.since).revision
    await _put_state(webhook, (await find_state(webhook, uow)).put_to(command.since, revision), uow)
    return await put_webhook(replace(webhook, updated=uow.now), uow)  # who waits for commits must look again


async def find_webhook(webhook_id: str, uow: UnitOfWork, workspace: WorkspaceId) -> Webhook:
    """Return a webhook of a workspace.

    Raises:
        WebhookNotFound: if there is none.
    """
    key = key_of(webhook_id, workspace)
    record = await uow.records.find(KIND, key)
    if record is None or record.document is None:
        raise WebhookNotFound(webhook_id)
    return Webhook.of(key, record.document)


async def find_state(webhook: Webhook, uow: UnitOfWork) -> DeliveryState:
    """Return how far its deliveries are.

    Raises:
        WebhookNotFound: if it was deleted.
    """
    record = await uow.records.find(STATE, webhook.key)
    if record is None or record.document is None:
        raise WebhookNotFound(webhook.id)
    return DeliveryState.of(record.document)


async def put_webhook(webhook: Webhook, uow: UnitOfWork) -> Webhook:
    """Have a webhook written at commit, and those who deliver notice it."""
    await uow.records.put(KIND, webhook.key, webhook.document(), expires=KEPT)
    await _news(uow)
    return webhook


def key_of(webhook_id: str, workspace: WorkspaceId) -> str:
    """Return the key of a webhook's records.

    Raises:
        WebhookNotFound: if none can have this id.
    """
    if not _is_id(webhook_id):
        raise WebhookNotFound(webhook_id)
    return f"{workspace} {webhook_id}"


async def _put_state(webhook: Webhook, state: DeliveryState, uow: UnitOfWork) -> None:
    await uow.records.put(STATE, webhook.key, state.document(), expires=KEPT)


async def _count(uow: UnitOfWork, workspace: WorkspaceId, change: int) -> None:
    record = await uow.records.find(COUNT, workspace)
    count = change + (0 if record is None else int(json.loads(record.document or "0")))
    if count > MAX_WEBHOOKS:
        raise TooManyWebhooks
    await uow.records.put(COUNT, workspace, json_text(count), expires=KEPT)


async def _news(uow: UnitOfWork) -> None:
    await uow.records.put(*NEWS, json_text(new_id()), expires=KEPT)


def _is_id(text: str) -> bool:
    return len(text) == len(new_id()) and text.isascii() and text.isalnum()


_STATES: Final[dict[bool | Unset, WebhookState]] = {True: WebhookState.ACTIVE, False: WebhookState.PAUSED}
