"""What happens between a request about claims and a use case."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from taskharbor.application.claims.claim_next import ClaimNext
from taskharbor.application.claims.claim_task import ClaimTask, ReleaseClaim, RenewClaim
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.identifiers import Revision
from taskharbor.entrypoints.background import in_background
from taskharbor.entrypoints.http.claims.bodies import CLAIM, CLAIM_NEXT, RENEW
from taskharbor.entrypoints.http.claims.parameters import FORCE, WAIT
from taskharbor.entrypoints.http.requests.body import json_from, read_body, refuse_body
from taskharbor.entrypoints.http.requests.callers import Callers
from taskharbor.entrypoints.http.requests.claim_fence import fence_of
from taskharbor.entrypoints.http.requests.connection import connection_of
from taskharbor.entrypoints.http.requests.headers import JSON, headers_of, require_media_type
from taskharbor.entrypoints.http.requests.parameter import read_query, refuse_query
from taskharbor.entrypoints.http.requests.parameters import TASK_ID
from taskharbor.entrypoints.http.requests.preconditions import if_matching
from taskharbor.entrypoints.http.requests.validation import validated
from taskharbor.entrypoints.http.responses.responses import nothing_found, task_answer


class ClaimEndpoints:
    """These operations as functions from request to response."""

    def __init__(self, use_cases: UseCases, *, callers: Callers, max_body_bytes: int) -> None:
        self._use_cases = use_cases
        self._callers = callers
        self._max_body_bytes = max_body_bytes

    async def claim_next(self, request: Request) -> Response:
        """Claim the first task that matches, and wait for one if there is none."""
        context = await self._callers.context(request)
        wait = read_query(request.scope, WAIT).get("wait", 0)
        command = ClaimNext(**await self._body(request, CLAIM_NEXT))
        if not wait:
            task = await self._use_cases.claim_next(command, **context)
        else:
            async with _watched(request) as client:
                task = await self._use_cases.claim_next(command, wait=wait, given_up=client.need_not_wait, **context)
                if task is not None and client.has_left:
                    await self._use_cases.give_back(task, **context)
        return nothing_found() if task is None else task_answer(task)

    async def claim(self, request: Request) -> Response:
        """Claim one task."""
        context = await self._callers.context(request)
        task_id = TASK_ID.in_path_of(request)
        refuse_query(request.scope)
        asked = await self._body(request, CLAIM)

        async def claim(expected: Revision | None) -> TaskView:
            return await self._use_cases.execute(ClaimTask(id=task_id, if_match=expected, **asked), **context)

        return task_answer(await if_matching(request.scope, claim))

    async def renew(self, request: Request) -> Response:
        """Let a claim end later."""
        context = await self._callers.context(request)
        task_id = TASK_ID.in_path_of(request)
        refuse_query(request.scope)
        fence = fence_of(request.scope)
        asked = await self._body(request, RENEW)

        async def renew(expected: Revision | None) -> TaskView:
            command = RenewClaim(id=task_id, if_match=expected, fence=fence, **asked)
            return await self._use_cases.execute(command, **context)

        return task_answer(await if_matching(request.scope, renew))

    async def release(self, request: Request) -> Response:
        """End a claim."""
        context = await self._callers.context(request)
        task_id = TASK_ID.in_path_of(request)
        force = read_query(request.scope, FORCE).get("force", False)
        refuse_body(await read_body(request, self._max_body_bytes))
        fence = fence_of(request.scope)

        async def release(expected: Revision | None) -> TaskView:
            command = ReleaseClaim(id=task_id, if_match=expected, fence=fence, force=force)
            return await self._use_cases.execute(command, **context)

        return task_answer(await if_matching(request.scope, release))

    async def _body(self, request: Request, adapter: TypeAdapter[Any]) -> dict[str, Any]:
        body = await read_body(request, self._max_body_bytes)
        if not body:
            return {}
        require_media_type(headers_of(request.scope), JSON)
        members: dict[str, Any] = validated(adapter, json_from(body), not_yours={})
        return members


class _Client:
    """A client that waits for an answer.

    Attributes:
        has_left: whether it has gone away.
        need_not_wait: is set then, and when the server stops: it can ask the next one.
    """

    def __init__(self) -> None:
        self.has_left = False
        self.need_not_wait = asyncio.Event()

    async def watch(self, request: Request) -> None:
        """Wait until it goes away; its whole request has been read."""
        while (await request.receive())["type"] != "http.disconnect":
            pass
        self.has_left = True
        self.need_not_wait.set()


@asynccontextmanager
async def _watched(request: Request) -> AsyncIterator[_Client]:
    client = _Client()
    connection = connection_of(request.scope)
    if connection is not None:
        connection.when_stopping(client.need_not_wait.set)
    try:
        async with in_background(client.watch(request)):
            yield client
    finally:
        if connection is not None:
            connection.when_stopping(None)
