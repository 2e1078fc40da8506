"""The operations on webhooks."""

import json
from datetime import UTC, datetime
from typing import Any, Final

from taskharbor.application.errors import ConcurrentUpdate, MissingDependency, TokenExpired
from taskharbor.application.webhooks.webhook import TASK_EVENTS, TooManyWebhooks, WebhookNotFound
from taskharbor.domain.access.permission import Permission
from taskharbor.domain.errors import TaskharborError
from taskharbor.entrypoints.http.openapi.descriptions import LINK, LOCATION, RequestBody, answer
from taskharbor.entrypoints.http.openapi.operation import BODY_ERRORS, UNAVAILABLE, Operation
from taskharbor.entrypoints.http.openapi.tags import WEBHOOKS
from taskharbor.entrypoints.http.requests.errors import InvalidRequest, UnsupportedMediaType
from taskharbor.entrypoints.http.requests.headers import JSON, MERGE_PATCH
from taskharbor.entrypoints.http.responses.responses import json_answer
from taskharbor.entrypoints.http.webhooks.bodies import CHANGE_WEBHOOK, NEW_SECRET, NEW_WEBHOOK, REPLAY
from taskharbor.entrypoints.http.webhooks.documents import (
    AttemptDocument,
    DeliveryDocument,
    NewWebhookDocument,
    WebhookDocument,
)
from taskharbor.entrypoints.http.webhooks.endpoints import WebhookEndpoints
from taskharbor.entrypoints.http.webhooks.parameters import WEBHOOK_ID, WEBHOOKS_AFTER, WEBHOOKS_LIMIT

_AT: Final = datetime(2026, 3, 15, 18, tzinfo=UTC)
_ID: Final = "5f0c9e8d7b6a4321"
_URL: Final = "https://hooks.example.org/tasks"
_FILTER: Final = "tags:urgent"
_EVENTS: Final = [kind.value for kind in TASK_EVENTS]
_DELIVERY: Final = DeliveryDocument(8, 0, None, None)


def _as_json(document: object) -> Any:  # noqa: ANN401  # JSON
    return json.loads(bytes(json_answer(document).body))


_SHOWN: Final = _as_json(
    WebhookDocument(_ID, _URL, _FILTER, None, _EVENTS, "active", _AT, _AT, _DELIVERY),
)
_NEW: Final = _SHOWN | {"secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}
_ATTEMPT: Final = _as_json(AttemptDocument(_AT, 8, 204, None, 0.031))
_BAD_URL: Final = InvalidRequest.at("body.url", "must not be of a private address", code="invalid_value")
_MISSING: Final = MissingDependency("httpx", purpose="to call webhooks", extra="webhooks")
_FOUND: Final[list[TaskharborError]] = [WebhookNotFound(_ID), UNAVAILABLE]
_CHANGE: Final[list[TaskharborError]] = [*_FOUND, ConcurrentUpdate()]
_READ: Final[list[TaskharborError]] = [*BODY_ERRORS, UnsupportedMediaType(JSON), _BAD_URL]


def webhook_operations(endpoints: WebhookEndpoints) -> list[Operation]:
    """Return these operations."""
    manage: dict[str, Any] = {"topic": WEBHOOKS, "needs": Permission.MANAGE, "is_keyed": False}
    one: dict[str, Any] = {**manage, "parameters": [WEBHOOK_ID]}
    return [
        Operation(
            **manage,
            name="create_webhook",
            method="POST",
            path="/webhooks/",
            endpoint=endpoints.create,
            summary="Have commits told to a URL",
            description="Each commit from now on, or after `since`, is sent as a POST request, in order and at least "
            "once, signed as [Standard Webhooks](https://www.standardwebhooks.com) says. The URL must be of a public "
            "address, unless a setting allows others. The secret is in this response only.",
            status=201,
            model=NewWebhookDocument,
            body=RequestBody(NEW_WEBHOOK, JSON, {"urgent": {"url": _URL, "filter": _FILTER}}, required=True),
            success=answer("The new webhook", headers=LOCATION, example=_NEW),
            errors=[*_READ, TooManyWebhooks(), TokenExpired(), ConcurrentUpdate(), _MISSING, UNAVAILABLE],
        ),
        Operation(
            **manage,
            name="list_webhooks",
            method="GET",
            path="/webhooks/",
            endpoint=endpoints.list,
            summary="List webhooks",
            description="Returns the webhooks of the workspace by id, without their secrets.",
            model=list[WebhookDocument],
            parameters=[WEBHOOKS_AFTER, WEBHOOKS_LIMIT],
            success=answer("A page of webhooks", headers=LINK, example=[_SHOWN]),
            errors=[InvalidRequest.at("query.limit", "must be an integer", code="wrong_type"), UNAVAILABLE],
        ),
        Operation(
            **one,
            name="get_webhook",
            method="GET",
            path="/webhooks/{webhook_id}",
            endpoint=endpoints.get,
            summary="Get a webhook",
            description="Returns one webhook and how far its deliveries are.",
            model=WebhookDocument,
            success=answer("The webhook", example=_SHOWN),
            errors=_FOUND,
        ),
        Operation(
            **one,
            name="change_webhook",
            method="PATCH",
            path="/webhooks/{webhook_id}",
            endpoint=endpoints.change,
            summary="Change, pause or resume a webhook",
            description="Takes a JSON Merge Patch (RFC 7396). `active` pauses it; with true it goes on where it was, "
            "also after it has ended by itself.",
            model=WebhookDocument,
            body=RequestBody(CHANGE_WEBHOOK, MERGE_PATCH, {"pause it": {"active": False}}, required=True),
            success=answer("The changed webhook", example=_SHOWN),
            errors=[*_READ, *_CHANGE, _MISSING],
        ),
        Operation(
            **one,
            name="delete_webhook",
            method="DELETE",
            path="/webhooks/{webhook_id}",
            endpoint=endpoints.delete,
            summary="Delete a webhook",
            description="Nothing more is sent.",
            status=204,
            model=None,
            success=answer("The webhook was deleted"),
            errors=_CHANGE,
        ),
        Operation(
            **one,
            name="renew_webhook_secret",
            method="POST",
            path="/webhooks/{webhook_id}/secret",
            endpoint=endpoints.renew_secret,
            summary="Renew the secret of a webhook",
            description="Deliveries are signed with the new secret, and for 24 hours with the one before as well.",
            model=NewWebhookDocument,
            body=RequestBody(NEW_SECRET, JSON, {"a new one": {}}, required=False),
            success=answer("The webhook with its new secret", example=_NEW),
            errors=[*_READ, *_CHANGE],
        ),
        Operation(
            **one,
            name="replay_webhook",
            method="POST",
            path="/webhooks/{webhook_id}/replay",
            endpoint=endpoints.replay,
            summary="Deliver again from a revision on",
            description="Puts the webhook back, or forth, to a token: everything after it is delivered.",
            model=WebhookDocument,
            body=RequestBody(REPLAY, JSON, {"all after revision 7": {"since": "7"}}, required=True),
            success=answer("The webhook", example=_SHOWN),
            errors=[*_READ, *_CHANGE, TokenExpired()],
        ),
        Operation(
            **one,
            name="test_webhook",
            method="POST",
            path="/webhooks/{webhook_id}/test",
            endpoint=endpoints.test,
            summary="Send a test delivery",
            description="Sends a message of the type `test` once, now, and returns how that went.",
            model=AttemptDocument,
            success=answer("What became of it", example=_ATTEMPT),
            errors=[*BODY_ERRORS, *_FOUND, _MISSING],
        ),
        Operation(
            **one,
            name="list_webhook_attempts",
            method="GET",
            path="/webhooks/{webhook_id}/attempts",
            endpoint=endpoints.attempts,
            summary="List the last deliveries",
            description="Returns the last 20 attempts, latest first.",
            model=list[AttemptDocument],
            success=answer("The last attempts", example=[_ATTEMPT]),
            errors=_FOUND,
        ),
    ]
