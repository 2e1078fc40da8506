"""Requests to one server, repeated where that is safe."""

import asyncio
import errno
import json
import os
import random
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final
from urllib.parse import quote
from uuid import uuid4

import httpx
from httpx import codes

from taskharbor.application.calls import idempotency_key_from
from taskharbor.application.replicas.seen import Seen, current_seen
from taskharbor.application.unit_of_work.commit_signals import CommitSignals
from taskharbor.domain.errors import InvalidValue, TaskharborError
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE, Revision, WorkspaceId
from taskharbor.entrypoints.client.errors import ServerUnreachable
from taskharbor.entrypoints.client.messages import Reply, Request
from taskharbor.entrypoints.client.problems import Asked, error_of
from taskharbor.entrypoints.client.wire import text_of

FIRST_PAUSE: Final = 0.1
"""Seconds before the first repetition where the server does not say; each further one waits twice as long."""

_REVISION: Final = "Taskharbor-Revision"

PROBLEM_JSON: Final = "application/problem+json"

LONGEST_PAUSE: Final = 30.0
"""Who is told to wait longer than so many seconds is told so at once."""

_NOT_AGAIN: Final = frozenset({"query_too_expensive", "store_not_ready"})
"""What a repetition would meet again."""

_NOT_BEGUN: Final = frozenset({"overloaded", "rate_limited"})
"""What is answered to a request of which nothing was done."""

_NOT_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""What happens before the server can have seen the request."""


class Connection:
    """Asks one server. Safe for concurrent use by the tasks of one event loop.

    Attributes:
        signals: wakes those who follow the changes when one was made here.
    """

    def __init__(self, client: httpx.AsyncClient, *, retries: int) -> None:
        self._client = client
        self._retries = retries
        self._seen = Seen(0)
        self.signals = CommitSignals()

    async def ask(self, request: Request, workspace: WorkspaceId) -> Reply:
        """Return the answer to a request.

        A change that has no key of its own gets one, so that it is made once however often it is sent.

        Raises:
            ServerUnreachable: if there is none, also after repetitions.
            TaskharborError: the error that the server answers with.
        """
        sent = self._built(request, workspace)
        for attempt in range(self._retries + 1):
            is_last = attempt == self._retries or _is_stream(request.body)
            try:
                response = await self._client.send(sent)
            except httpx.TransportError as failure:
                if is_last or not (request.has_key or isinstance(failure, _NOT_SENT)):
                    raise self._unreachable(failure) from failure
                await _pause(attempt, None)
                continue
            pause = None if is_last else _told_to_wait(response, is_safe=request.has_key)
            if pause is None:
                self._note_revision(response, workspace)
                reply = self._reply(response, request)
                if request.method != "GET":
                    self.signals.ring(workspace)
                return reply
            await _pause(attempt, pause)
        raise AssertionError("the last attempt returns or raises")

    @asynccontextmanager
    async def stream(
        self, request: Request, workspace: WorkspaceId, *, silence: float | None = None
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        """Open a long answer; the pieces come as they are read, with up to `silence` seconds between them."""
        sent = self._built(request, workspace)
        if silence is not None:
            sent.extensions["timeout"] = {**sent.extensions["timeout"], "read": silence}
        try:
            response = await self._client.send(sent, stream=True)
            try:
                if response.is_error:
                    await response.aread()
                    self._reply(response, request)
                yield response.aiter_bytes()
            finally:
                await response.aclose()
        except httpx.TransportError as failure:
            raise self._unreachable(failure) from failure

    def _built(self, request: Request, workspace: WorkspaceId) -> httpx.Request:
        prefix = "" if workspace == DEFAULT_WORKSPACE else f"/workspaces/{quote(workspace, safe='')}"
        headers = dict(request.headers)
        if request.method != "GET" and request.has_key:
            key = str(uuid4()) if request.key is None else idempotency_key_from(request.key)
            headers["Idempotency-Key"] = _quoted(key)
        if request.method == "GET" and (seen := self._revision_seen(workspace)) is not None:
            headers[_REVISION] = str(seen)
        content: Any = request.body
        if content is not None and not _is_stream(content):
            headers.setdefault("Content-Type", "application/json")
            content = _encoded(content)
        query = {name: text_of(value) for name, value in request.query.items() if value is not None}
        return self._client.build_request(
            request.method, f"{prefix}{request.path}", params=query or None, content=content, headers=headers
        )

    def _revision_seen(self, workspace: WorkspaceId) -> Revision | None:
        """Return what was seen of the workspace here, or elsewhere by the caller, so that replicas may answer."""
        caller = current_seen()
        known = self._seen.meanwhile.get(workspace), None if caller is None else caller.needed(workspace)
        return max((revision for revision in known if revision is not None), default=None)

    def _note_revision(self, response: httpx.Response, workspace: WorkspaceId) -> None:
        said = response.headers.get(_REVISION, "")
        if said.isascii() and said.isdigit():
            for seen in (self._seen, current_seen()):
                if seen is not None:
                    seen.saw(workspace, int(said))

    def _reply(self, response: httpx.Response, request: Request) -> Reply:
        media_type = response.headers.get("content-type", "")
        if response.status_code == codes.NO_CONTENT or (
            response.is_success and media_type.startswith("application/json")
        ):
            return Reply(response.headers, response.content)
        if response.is_error and media_type.startswith(PROBLEM_JSON):
            raise self._error(response, request)
        raise ServerUnreachable(
            self._url, f"it answers with status {response.status_code} and not as Taskharbor does; is the URL right?"
        )

    def _error(self, response: httpx.Response, request: Request) -> TaskharborError:
        asked, etag = request.asked, response.headers.get("etag")
        if etag is not None:
            current = int(etag.strip('"').partition("-")[0])
            asked = Asked(asked.subject, {**asked.values, "current": current}, asked.in_batch)
        return error_of(response.json(), asked)

    def _unreachable(self, failure: httpx.TransportError) -> ServerUnreachable:
        timed_out = isinstance(failure, httpx.TimeoutException)
        return ServerUnreachable(self._url, "it does not answer in time" if timed_out else _reason_of(failure))

    @property
    def _url(self) -> str:
        url = self._client.base_url
        return f"{url.scheme}://{url.netloc.decode()}"


def _told_to_wait(response: httpx.Response, *, is_safe: bool) -> float | None:
    """Return how many seconds to wait before the request is sent again, or None if that is of no use, or not safe."""
    seconds = response.headers.get("retry-after", "")
    if response.status_code not in {409, 429, 503} or not seconds.isdigit() or int(seconds) > LONGEST_PAUSE:
        return None
    is_problem = response.headers.get("content-type", "").startswith(PROBLEM_JSON)
    code = response.json().get("code") if is_problem else None
    if code in _NOT_AGAIN or not (is_safe or code in _NOT_BEGUN):
        return None
    return float(seconds)


async def _pause(attempt: int, seconds: float | None) -> None:
    """Wait as long as the server says, else longer each time. Clients that were cut off together return one by one."""
    least = FIRST_PAUSE * 2**attempt if seconds is None else seconds
    await asyncio.sleep(least * random.uniform(1, 1.5))  # noqa: S311  # no secret


def _encoded(content: object) -> bytes:
    try:
        return json.dumps(content, allow_nan=False, separators=(",", ":")).encode()
    except ValueError:
        raise InvalidValue("body", "must have no number that JSON cannot write") from None


def _is_stream(body: object) -> bool:
    return isinstance(body, AsyncIterable)


def _quoted(key: str) -> str:
    return '"' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _reason_of(failure: Exception) -> str:
    """Return what the system says, which the library wraps."""
    cause: BaseException | None = failure
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno is not None:
            known = cause.errno in errno.errorcode  # what getaddrinfo reports is no errno
            return (os.strerror(cause.errno) if known else str(cause.strerror)).lower()
        cause = cause.__cause__ or cause.__context__
    return str(failure) or type(failure).__name__
