"""Who a request is from: nothing is answered before that is clear."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final, TypeAlias

from starlette.requests import Request

from taskharbor.application.calls import actor_from
from taskharbor.application.errors import PermissionDenied
from taskharbor.application.principal import REVOCABLE, CallContext, Principal, StillAllowed, system_in
from taskharbor.domain.identifiers import WorkspaceId, workspace_from
from taskharbor.entrypoints.http.requests.headers import headers_of
from taskharbor.entrypoints.http.requests.idempotency_key import idempotency_key_from

WorkspaceOf: TypeAlias = Callable[[Request], Awaitable[str]]
"""Returns the workspace of a request; may raise an HTTPException to refuse it."""

ActorOf: TypeAlias = Callable[[Request], Awaitable[str | None]]
"""Returns the actor of a request, or None if unknown; may raise an HTTPException to refuse it."""

PrincipalOf: TypeAlias = Callable[[Request], Awaitable[Principal]]
"""Returns the principal of a request; may raise an HTTPException to refuse it."""

NAMED_WORKSPACE: Final = "taskharbor.workspace"
"""In the scope of a request below `/workspaces/{workspace}`: the name that stands there."""

PRINCIPAL: Final = "taskharbor.principal"
"""In the scope of a request: who it is from, as soon as that is known."""

_ASKED: Final = "taskharbor.asked"
"""In the scope of a request: when that was found out, by the clock of the loop."""

MOMENT: Final = 0.1
"""Seconds for which nobody is asked again who they are."""


def system_of(workspace: str | WorkspaceOf, actor: str | ActorOf | None) -> PrincipalOf:
    """Return a function that takes every request for one of the program itself, which has checked who it is from.

    Raises:
        InvalidValue: if `workspace` or `actor` is a name and malformed. The function does so later, if it gets one.
    """
    if not callable(workspace) and not callable(actor):
        always = system_in(workspace_from(workspace), actor_from(actor))

        async def fixed(_request: Request) -> Principal:
            return always

        return fixed

    async def found(request: Request) -> Principal:
        where = workspace if not callable(workspace) else await workspace(request)
        who = actor if not callable(actor) else await actor(request)
        return system_in(workspace_from(where), actor_from(who))

    return found


class Callers:
    """Reads from requests what use cases want to know beside the command.

    Attributes:
        principal_of: finds out who a request is from.
    """

    def __init__(self, principal_of: PrincipalOf) -> None:
        self.principal_of = principal_of

    async def identify(self, request: Request) -> Principal:
        """Find out who a request is from.

        Raises:
            Unauthenticated: if that is not clear.
            WorkspaceNotFound: if it has no business in the workspace that it names, or there is none.
            InvalidValue: if the app around this one names a malformed workspace or actor.
        """
        found = request.scope[PRINCIPAL] = await self.principal_of(request)
        if found.kind in REVOCABLE:
            request.scope[_ASKED] = _time()
        return found

    async def principal(self, request: Request) -> Principal:
        """Return who a request is from, and what it may do by now: it may have begun long ago.

        Raises:
            Unauthenticated, WorkspaceNotFound, InvalidValue: as `identify` does.
            PermissionDenied: if it is no longer what it was.
        """
        scope = request.scope
        before: Principal | None = scope.get(PRINCIPAL)
        if before is None:
            return await self.identify(request)
        if before.kind not in REVOCABLE or _time() - scope[_ASKED] < MOMENT:
            return before
        found = await self.identify(request)
        if found.workspace != before.workspace or found.lists != before.lists:
            raise PermissionDenied("the permissions with which this began", has="others")
        return found

    def still_allowed(self, request: Request, principal: Principal) -> StillAllowed | None:
        """Return a function that does as `principal` does; None if what this caller may do cannot change."""
        return partial(self.principal, request) if principal.kind in REVOCABLE else None

    async def workspace(self, request: Request) -> WorkspaceId:
        """Return whose tasks a request is about: all that a query wants to know."""
        found: Principal | None = request.scope.get(PRINCIPAL)
        return found.workspace if found is not None else (await self.principal(request)).workspace

    async def context(self, request: Request) -> CallContext:
        """Return what a command wants to know.

        Raises:
            MalformedHeader: if `Idempotency-Key` is not what it must be.
        """
        principal = await self.principal(request)
        still_allowed = self.still_allowed(request, principal)
        headers = headers_of(request.scope)
        key, none_match = headers.get(b"idempotency-key"), headers.get(b"if-none-match")
        return {
            "principal": principal,
            "still_allowed": still_allowed,
            "idempotency_key": None if key is None else idempotency_key_from(key),
            # It is met by whatever revision there is; If-Match is that of the command.
            "condition": None if none_match is None else _condition(none_match, headers.get(b"if-match", b"")),
        }


def _time() -> float:
    return asyncio.get_running_loop().time()


def _condition(none_match: bytes, match: bytes) -> str:
    return f"If-None-Match: {none_match.decode('latin-1')}\nIf-Match: {match.decode('latin-1')}"
