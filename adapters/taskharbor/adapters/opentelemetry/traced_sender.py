"""A sender of webhooks whose requests are spans, with links to the commits that they tell."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from opentelemetry import propagate
from opentelemetry.trace import Link, SpanKind, StatusCode, Tracer

from taskharbor.adapters.opentelemetry.commit_traces import links_to_commits
from taskharbor.adapters.opentelemetry.spans import span
from taskharbor.application.errors import StoreUnavailable
from taskharbor.application.ports.record_store import RecordStore
from taskharbor.application.ports.webhook_sender import WebhookAnswer, WebhookSender, is_success


class TracedWebhookSender(WebhookSender):
    """Another sender, which also tells the endpoint the trace (W3C `traceparent`).

    The span names the host and no more of the URL: its path may be a secret.

    Args:
        sender: makes the requests.
        tracer: makes the spans.
        store: knows the spans of commits.
    """

    def __init__(self, sender: WebhookSender, tracer: Tracer, store: RecordStore) -> None:
        self._sender = sender
        self._tracer = tracer
        self._store = store

    async def refusal_of(self, url: str) -> str | None:
        """Return why no request may go to this URL."""
        return await self._sender.refusal_of(url)

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> WebhookAnswer:
        """Make a request."""
        message = json.loads(body)
        told = message["data"]
        with span(
            self._tracer,
            "webhook.deliver",
            kind=SpanKind.CLIENT,
            links=await self._links(told),
            webhook=told["webhook"],
            workspace=told["workspace"],
            type=message["type"],
        ) as opened:
            opened.set_attributes({"http.request.method": "POST", "server.address": urlsplit(url).hostname or ""})
            carried = dict(headers)
            propagate.inject(carried)
            answer = await self._sender.post(url, carried, body)
            if not is_success(answer.status):
                opened.set_status(StatusCode.ERROR)
                opened.set_attribute("error.type", str(answer.status or answer.error))
            if answer.status is not None:
                opened.set_attribute("http.response.status_code", answer.status)
            return answer

    async def aclose(self) -> None:
        """Let go of connections and threads."""
        await self._sender.aclose()

    async def _links(self, told: Mapping[str, Any]) -> Sequence[Link]:
        if told.get("previous") is None:
            return ()
        with suppress(StoreUnavailable):  # what is to be told does not wait for it
            return await links_to_commits(
                self._store, told["workspace"], after=told["previous"], until=told["revision"]
            )
        return ()
