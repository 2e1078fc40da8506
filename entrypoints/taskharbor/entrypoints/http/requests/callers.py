"""Who a request is from, and whose tasks it is about."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from starlette.requests import Request

from taskharbor.application.calls import CallContext, actor_from
from taskharbor.domain.identifiers import WorkspaceId, workspace_from
from taskharbor.entrypoints.http.requests.headers import headers_of
from taskharbor.entrypoints.http.requests.idempotency_key import idempotency_key_from

WorkspaceOf: TypeAlias = Callable[[Request], Awaitable[str]]
"""Returns the workspace of a request; may raise an HTTPException to refuse it."""


def workspace_reader(workspace: str | WorkspaceOf) -> WorkspaceOf:
    """Return a function that returns the workspace of a request, and never a malformed one.

    Raises:
        InvalidValue: if `workspace` is a name and malformed. The function does so later, if it gets one.
    """
    return _checked(workspace) if callable(workspace) else _always(workspace_from(workspace))


def _always(workspace: WorkspaceId) -> WorkspaceOf:
    async def fixed(_request: Request) -> WorkspaceId:
        return workspace

    return fixed


def _checked(workspace_of: WorkspaceOf) -> WorkspaceOf:
    async def checked(request: Request) -> WorkspaceId:
        return workspace_from(await workspace_of(request))

    return checked


ActorOf: TypeAlias = Callable[[Request], Awaitable[str | None]]
"""Returns the actor of a request, or None if unknown; may raise an HTTPException to refuse it."""


class Callers:
    """Reads from requests what use cases want to know beside the command.

    Raises:
        InvalidValue: if `actor` is a name and malformed. `context` does so later, if it gets one.
    """

    def __init__(self, workspace: WorkspaceOf, actor: str | ActorOf | None = None) -> None:
        self._workspace = workspace
        self._actor_of = actor if callable(actor) else None
        self._actor = None if callable(actor) else actor_from(actor)

    async def workspace(self, request: Request) -> WorkspaceId:
        """Return whose tasks a request is about: all that a query wants to know."""
        return await self._workspace(request)

    async def context(self, request: Request) -> CallContext:
        """Return what a command wants to know.

        Raises:
            InvalidValue: if the workspace or the actor is malformed.
            MalformedHeader: if `Idempotency-Key` is not what it must be.
        """
        workspace = await self._workspace(request)
        actor = self._actor if self._actor_of is None else actor_from(await self._actor_of(request))
        key = headers_of(request.scope).get(b"idempotency-key")
        return {
            "workspace": workspace,
            "actor": actor,
            "idempotency_key": None if key is None else idempotency_key_from(key),
        }
