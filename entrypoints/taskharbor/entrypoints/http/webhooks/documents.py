"""The responses about webhooks."""

from datetime import datetime
from typing import Annotated

import msgspec
from pydantic import Field

from taskharbor.application.webhooks.delivery_state import Attempt
from taskharbor.application.webhooks.webhook_view import WebhookView
from taskharbor.entrypoints.http.schemas.documents import Document


class AttemptDocument(Document):
    """One request to an endpoint."""

    at: Annotated[datetime, Field(description="When it was made, in UTC.")]
    revision: Annotated[
        int | None,
        Field(description="Up to which commit it told; null for a test, and if that could not be found out."),
    ]
    status: Annotated[int | None, Field(description="The status code of the answer, or null.")]
    error: Annotated[str | None, Field(description="Why there was no answer, or null.")]
    seconds: Annotated[float, Field(description="How long it took.")]


class DeliveryDocument(Document):
    """How far the deliveries are."""

    revision: Annotated[int, Field(description="The commit up to which it has been told.")]
    failures: Annotated[int, Field(description="How often the delivery that is due has failed.")]
    failing_since: Annotated[datetime | None, Field(description="When it first failed, in UTC, or null.")]
    next_attempt: Annotated[datetime | None, Field(description="When it is tried again, in UTC, or null.")]


class WebhookDocument(Document):
    """An endpoint that is told of commits."""

    id: Annotated[str, Field(description="Its name.")]
    url: Annotated[str, Field(description="Where deliveries go.")]
    filter: Annotated[str | None, Field(description="Which tasks, or null for all.")]
    time_zone: Annotated[str | None, Field(description="Where the days of the filter begin; null for UTC.")]
    events: Annotated[list[str], Field(description="What is told.")]
    state: Annotated[
        str,
        Field(description="`active`, `paused`, `gone` (it answered 410) or `failed` (not reached for three days)."),
    ]
    created: Annotated[datetime, Field(description="When it was made, in UTC.")]
    updated: Annotated[datetime, Field(description="When it was last changed, in UTC.")]
    delivery: Annotated[DeliveryDocument, Field(description="How far it is.")]


class NewWebhookDocument(Document):
    """A webhook with its secret, which no other answer has."""

    id: Annotated[str, Field(description="Its name.")]
    url: Annotated[str, Field(description="Where deliveries go.")]
    filter: Annotated[str | None, Field(description="Which tasks, or null for all.")]
    time_zone: Annotated[str | None, Field(description="Where the days of the filter begin; null for UTC.")]
    events: Annotated[list[str], Field(description="What is told.")]
    state: Annotated[str, Field(description="`active`.")]
    created: Annotated[datetime, Field(description="When it was made, in UTC.")]
    updated: Annotated[datetime, Field(description="When it was last changed, in UTC.")]
    delivery: Annotated[DeliveryDocument, Field(description="How far it is.")]
    secret: Annotated[str, Field(description="What signs deliveries. Keep it: no other answer has it.")]


def attempt_document(attempt: Attempt) -> AttemptDocument:
    """Return the document of an attempt."""
    return AttemptDocument(attempt.at, attempt.revision, attempt.status, attempt.error, round(attempt.seconds, 3))


def webhook_document(view: WebhookView) -> WebhookDocument:
    """Return the document of a webhook, without its secrets."""
    webhook, delivery = view.webhook, view.delivery
    return WebhookDocument(
        webhook.id,
        webhook.url,
        webhook.filter,
        webhook.time_zone,
        [event.value for event in webhook.events],
        webhook.state.value,
        webhook.created,
        webhook.updated,
        DeliveryDocument(delivery.revision, delivery.failures, delivery.failing_since, delivery.next_attempt),
    )


def new_webhook_document(view: WebhookView) -> NewWebhookDocument:
    """Return the document of a webhook with its newest secret."""
    shown = msgspec.structs.asdict(webhook_document(view))
    return NewWebhookDocument(**shown, secret=view.webhook.secrets[0].text)
