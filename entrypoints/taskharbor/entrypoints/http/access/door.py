"""The one door to every operation: who calls is known, and may do what it takes, before anything else."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Final, TypeAlias

from starlette.requests import Request
from starlette.responses import Response

from taskharbor.application.access.trail import Trail
from taskharbor.application.errors import PermissionDenied, Unauthenticated
from taskharbor.domain.identifiers import ListId
from taskharbor.entrypoints.http.openapi.operation import Endpoint, Operation
from taskharbor.entrypoints.http.requests.callers import Callers

MOST_NARROWED: Final = 64
"""Sets of lists for which operations are kept. Making them takes a few milliseconds."""

Narrowing: TypeAlias = Callable[[frozenset[ListId]], list[Operation]]
"""Returns the operations for callers for whom nothing but these lists is there."""


class Door:
    """Lets requests in to operations, and notes whom it refuses."""

    def __init__(self, callers: Callers, trail: Trail, narrowing: Narrowing | None = None) -> None:
        self._callers = callers
        self._trail = trail
        self._narrowing = narrowing
        self._narrowed = lru_cache(MOST_NARROWED)(self._endpoints)

    def before(self, operation: Operation) -> Operation:
        """Return the operation behind the door. Without a narrowing it says itself what is not for narrowed callers."""
        needs, endpoint = operation.needs, operation.endpoint
        if needs is None:
            return operation

        async def guarded(request: Request) -> Response:
            try:
                principal = await self._callers.identify(request)
            except Unauthenticated:
                self._trail.stranger(operation.name)
                raise
            try:
                principal.require(needs)
            except PermissionDenied as refusal:
                self._trail.refused(principal, operation.name, needed=refusal.needed)
                raise
            if principal.lists is None or self._narrowing is None:
                return await endpoint(request)
            return await self._narrowed(principal.lists)[operation.name](request)

        return replace(operation, endpoint=guarded)

    def _endpoints(self, lists: frozenset[ListId]) -> Mapping[str, Endpoint]:
        return {} if self._narrowing is None else {one.name: one.endpoint for one in self._narrowing(lists)}
