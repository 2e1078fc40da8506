"""The ways in, with how often a caller may ask and how often somebody may guess."""

from starlette.requests import Request

from taskharbor.application.errors import Unauthenticated
from taskharbor.application.principal import Principal
from taskharbor.entrypoints.http.rate_limits.limiter import Failures, RateLimit
from taskharbor.entrypoints.http.requests.callers import PRINCIPAL, PrincipalOf


class LimitedWaysIn:
    """Finds out who a request is from, unless that is asked too often."""

    def __init__(
        self,
        principal_of: PrincipalOf,
        *,
        per_caller: RateLimit | None,
        failures: Failures | None,
        resource_metadata: str | None = None,
    ) -> None:
        self._principal_of = principal_of
        self._resource_metadata = resource_metadata
        self._per_caller = per_caller
        self._failures = failures

    async def principal_of(self, request: Request) -> Principal:
        """Return who a request is from.

        Raises:
            TooManyFailures: if there were too many wrong tokens from its address.
            RateLimited: if its caller has asked too often.
            Unauthenticated, WorkspaceNotFound, StoreUnavailable: as the ways in do.
        """
        if PRINCIPAL in request.scope:
            return await self._principal_of(request)  # a look at who is being answered, and no request of theirs
        try:
            found = await self._found(request)
        except Unauthenticated as refusal:
            refusal.resource_metadata = self._resource_metadata
            raise
        if self._per_caller is not None:
            await self._per_caller.take(f"{found.workspace}:{found.qualified_id}", request.scope)
        return found

    async def _found(self, request: Request) -> Principal:
        if self._failures is None:
            return await self._principal_of(request)
        self._failures.require_few(request.scope)
        try:
            return await self._principal_of(request)
        except Unauthenticated as refusal:
            if refusal.is_invalid:
                await self._failures.note(request.scope)
            raise
