"""Who a request is from, and whose tasks it is about."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from starlette.requests import Request

from taskharbor.application.calls import CallOptions, actor_from
from taskharbor.domain.identifiers import WorkspaceId
from taskharbor.entrypoints.http.requests.idempotency_key import idempotency_key_of
from taskharbor.entrypoints.http.requests.workspaces import WorkspaceOf

ActorOf: TypeAlias = Callable[[Request], Awaitable[str | None]]
"""Says who a request is from, or None if nobody knows; may raise an HTTPException if they must not come in."""


class Callers:
    """Reads from requests what use cases want to know beside the command.

    Raises:
        InvalidValue: if `actor` is a name and malformed. `about` does so later, if it gets one.
    """

    def __init__(self, workspace: WorkspaceOf, actor: str | ActorOf | None = None) -> None:
        self._workspace = workspace
        self._actor_of = actor if callable(actor) else None
        self._actor = None if callable(actor) else actor_from(actor)

    async def workspace(self, request: Request) -> WorkspaceId:
        """Return whose tasks a request is about: all that a query wants to know."""
        return await self._workspace(request)

    async def about(self, request: Request) -> CallOptions:
        """Return what a command wants to know.

        Raises:
            InvalidValue: if the workspace or the actor is malformed.
            MalformedHeader: if `Idempotency-Key` is not what it must be.
        """
        workspace = await self._workspace(request)
        actor = self._actor if self._actor_of is None else actor_from(await self._actor_of(request))
        return {"workspace": workspace, "actor": actor, "idempotency_key": idempotency_key_of(request.scope)}
