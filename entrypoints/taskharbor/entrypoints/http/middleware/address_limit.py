"""How often one address may ask, before anything is known of who it is."""

from starlette.types import ASGIApp, Receive, Scope, Send

from taskharbor.entrypoints.http.middleware.admission import is_health
from taskharbor.entrypoints.http.rate_limits.limiter import RateLimit, address_of
from taskharbor.entrypoints.http.requests.errors import RateLimited
from taskharbor.entrypoints.http.responses.responses import problem_answer


class AddressLimitMiddleware:
    """Middleware that refuses (429) what comes too often from one address. Health is always answered."""

    def __init__(self, app: ASGIApp, *, limit: RateLimit) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what comes seldom enough."""
        if scope["type"] == "http" and not is_health(scope):
            try:
                await self._limit.take(address_of(scope), scope)
            except RateLimited as refusal:
                await problem_answer(refusal)(scope, receive, send)
                return
        await self._app(scope, receive, send)
