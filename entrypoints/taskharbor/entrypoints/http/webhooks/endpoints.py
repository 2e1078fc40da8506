"""Webhooks: what happens between request and response."""

from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from taskharbor.application.principal import Principal
from taskharbor.application.use_cases.webhooks import WebhookUseCases
from taskharbor.application.webhooks.manage_webhooks import (
    ChangeWebhook,
    CreateWebhook,
    DeleteWebhook,
    RenewWebhookSecret,
    ReplayWebhook,
)
from taskharbor.application.webhooks.webhook_view import WebhookView
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.search.filter_ast import InvalidFilter
from taskharbor.entrypoints.http.requests.body import json_from, read_body, read_json, refuse_body
from taskharbor.entrypoints.http.requests.callers import Callers
from taskharbor.entrypoints.http.requests.errors import ErrorDetail, InvalidRequest
from taskharbor.entrypoints.http.requests.headers import JSON, MERGE_PATCH, headers_of, require_media_type
from taskharbor.entrypoints.http.requests.parameter import read_query, refuse_query
from taskharbor.entrypoints.http.requests.preconditions import require_conditions
from taskharbor.entrypoints.http.requests.validation import require_something, validated
from taskharbor.entrypoints.http.responses.links import link_to_next, location_of
from taskharbor.entrypoints.http.responses.responses import Answer, json_answer
from taskharbor.entrypoints.http.webhooks.bodies import (
    CHANGE_WEBHOOK,
    NEW_SECRET,
    NEW_WEBHOOK,
    NOT_OF_A_NEW_ONE,
    NOT_OF_A_WEBHOOK,
    REPLAY,
)
from taskharbor.entrypoints.http.webhooks.documents import attempt_document, new_webhook_document, webhook_document
from taskharbor.entrypoints.http.webhooks.parameters import (
    DEFAULT_WEBHOOKS,
    WEBHOOK_ID,
    WEBHOOKS_AFTER,
    WEBHOOKS_LIMIT,
)


class WebhookEndpoints:
    """These operations as functions from request to response."""

    def __init__(self, webhooks: WebhookUseCases, *, callers: Callers, max_body_bytes: int) -> None:
        self._webhooks = webhooks
        self._principal = callers.principal
        self._max_body_bytes = max_body_bytes

    async def create(self, request: Request) -> Response:
        """Make a webhook."""
        refuse_query(request.scope)
        body = validated(NEW_WEBHOOK, await self._json(request, JSON), not_yours=NOT_OF_A_NEW_ONE)
        try:
            view = await self._webhooks.create(CreateWebhook(**body), await self._principal(request))
        except InvalidValue as invalid:
            raise _in_body(invalid) from None
        answer = _with_secret(view, status=201)
        location = location_of(request.scope, quote(view.webhook.id, safe=""))
        answer.raw_headers.append((b"location", location.encode("ascii")))
        return answer

    async def list(self, request: Request) -> Response:
        """Return a page of webhooks."""
        asked: dict[str, Any] = read_query(request.scope, WEBHOOKS_AFTER, WEBHOOKS_LIMIT)
        page = await self._webhooks.list(await self._principal(request), **asked)
        answer = json_answer([webhook_document(view) for view in page.items])
        if page.next_after is not None:
            limit = asked.get("limit", DEFAULT_WEBHOOKS)
            link = link_to_next(request.scope, f"after={quote(page.next_after)}&limit={limit}")
            answer.raw_headers.append((b"link", link))
        return answer

    async def get(self, request: Request) -> Response:
        """Return one webhook."""
        refuse_query(request.scope)
        view = await self._webhooks.get(WEBHOOK_ID.in_path_of(request), await self._principal(request))
        return json_answer(webhook_document(view))

    async def change(self, request: Request) -> Response:
        """Change, pause or resume a webhook."""
        refuse_query(request.scope)
        body = validated(CHANGE_WEBHOOK, await self._json(request, MERGE_PATCH), not_yours=NOT_OF_A_WEBHOOK)
        require_something(body)
        command = ChangeWebhook(id=WEBHOOK_ID.in_path_of(request), **body)
        principal = await self._may_change(request)
        try:
            view = await self._webhooks.change(command, principal)
        except InvalidValue as invalid:
            raise _in_body(invalid) from None
        return json_answer(webhook_document(view))

    async def delete(self, request: Request) -> Response:
        """End a webhook."""
        refuse_query(request.scope)
        command = DeleteWebhook(id=WEBHOOK_ID.in_path_of(request))
        await self._webhooks.delete(command, await self._may_change(request))
        return Answer(204, b"", [])

    async def renew_secret(self, request: Request) -> Response:
        """Sign with another secret."""
        refuse_query(request.scope)
        body = await read_body(request, self._max_body_bytes)
        if body:
            require_media_type(headers_of(request.scope), JSON)
        asked = validated(NEW_SECRET, json_from(body) if body else {}, not_yours={})
        command = RenewWebhookSecret(id=WEBHOOK_ID.in_path_of(request), **asked)
        return _with_secret(await self._webhooks.renew_secret(command, await self._may_change(request)))

    async def replay(self, request: Request) -> Response:
        """Tell all after a token again."""
        refuse_query(request.scope)
        asked = validated(REPLAY, await self._json(request, JSON), not_yours={})
        command = ReplayWebhook(id=WEBHOOK_ID.in_path_of(request), **asked)
        principal = await self._may_change(request)
        try:
            view = await self._webhooks.replay(command, principal)
        except InvalidValue as invalid:
            raise _in_body(invalid) from None
        return json_answer(webhook_document(view))

    async def test(self, request: Request) -> Response:
        """Send a message that tells nothing."""
        refuse_query(request.scope)
        refuse_body(await read_body(request, self._max_body_bytes))
        attempt = await self._webhooks.test(WEBHOOK_ID.in_path_of(request), await self._may_change(request))
        return json_answer(attempt_document(attempt))

    async def attempts(self, request: Request) -> Response:
        """Return how the last deliveries went."""
        refuse_query(request.scope)
        view = await self._webhooks.get(WEBHOOK_ID.in_path_of(request), await self._principal(request))
        return json_answer([attempt_document(attempt) for attempt in view.delivery.attempts])

    async def _may_change(self, request: Request) -> Principal:
        principal = await self._principal(request)

        async def is_there() -> bool:
            await self._webhooks.get(WEBHOOK_ID.in_path_of(request), principal)
            return True

        await require_conditions(request.scope, is_there)
        return principal

    async def _json(self, request: Request, accepted: tuple[str, ...]) -> object:
        return await read_json(request, accepted, self._max_body_bytes)


def _with_secret(view: WebhookView, *, status: int = 200) -> Answer:
    answer = json_answer(new_webhook_document(view))
    answer.status_code = status
    return answer


def _in_body(invalid: InvalidValue) -> InvalidRequest:
    """Say where in the body: elsewhere `since` and the like are parameters of a query."""
    column = invalid.column if isinstance(invalid, InvalidFilter) else None
    place = ErrorDetail(location=f"body.{invalid.field}", message=invalid.reason, code=invalid.code, column=column)
    return InvalidRequest([place])
