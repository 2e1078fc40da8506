"""Which revision a caller has seen, so that replicas may answer it."""

import re
from collections.abc import Mapping
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from taskharbor.application.errors import StoreNotReady, StoreUnavailable
from taskharbor.application.replicas.seen import Seen, seeing
from taskharbor.domain.identifiers import Revision, WorkspaceId
from taskharbor.entrypoints.http.requests.errors import MalformedHeader
from taskharbor.entrypoints.http.requests.headers import headers_of
from taskharbor.entrypoints.http.responses.responses import problem_answer

HEADER: Final = b"taskharbor-revision"
COOKIE: Final = "taskharbor-revision-"
"""The beginning of the name of a cookie, before that of the workspace: one client may know several."""

_ATTRIBUTES: Final = "Max-Age=3600; HttpOnly; SameSite=Strict"
"""Whoever comes back later is answered by the primary."""

_REVISION: Final = re.compile("0|[1-9][0-9]{0,15}", re.ASCII)
_COOKIE: Final = re.compile(f"{COOKIE}([A-Za-z0-9._-]{{1,64}})=(0|[1-9][0-9]{{0,15}})", re.ASCII)
_QUERIES: Final = frozenset({"GET", "HEAD"})


class ReplicaReadsMiddleware:
    """Middleware that reads from `Taskharbor-Revision`, or a cookie, what the caller has seen, and says it again.

    The answer says what the caller has seen now. What is read once it has begun, for an export or a stream, comes from
    the primary.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on as that of a caller who has seen this."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = headers_of(scope)
        said = headers.get(HEADER)
        if said is not None and not _REVISION.fullmatch(said.decode("latin-1")):
            await problem_answer(MalformedHeader("Taskharbor-Revision", "a revision, such as 42"))(scope, receive, send)
            return
        cookies = _cookies(headers.get(b"cookie", b""))
        seen = Seen(
            revision=None if said is None else int(said),
            before=cookies,
            may_read_replicas=scope["method"] in _QUERIES,
        )

        async def say(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.may_read_replicas = False
                message["headers"] = [*message.get("headers", ()), *await _headers_of_answer(scope, seen, cookies)]
            await send(message)

        with seeing(seen):
            await self._app(scope, receive, say)


async def _headers_of_answer(
    scope: Scope, seen: Seen, cookies: Mapping[WorkspaceId, Revision]
) -> list[tuple[bytes, bytes]]:
    try:
        revisions = await seen.settle()
    except (StoreNotReady, StoreUnavailable):
        return []  # the caller knows less than it might
    path = scope.get("root_path", "") or "/"
    answer = [
        (b"set-cookie", f"{COOKIE}{workspace}={revision}; Path={path}; {_ATTRIBUTES}".encode())
        for workspace, revision in revisions.items()
        if cookies.get(workspace) != revision
    ]
    if len(revisions) == 1:
        answer += [(HEADER, str(revision).encode()) for revision in revisions.values()]
    return answer


def _cookies(text: bytes) -> dict[WorkspaceId, Revision]:
    pairs = (_COOKIE.fullmatch(pair.strip()) for pair in text.decode("latin-1").split(";"))
    return {found[1]: int(found[2]) for found in pairs if found is not None}
