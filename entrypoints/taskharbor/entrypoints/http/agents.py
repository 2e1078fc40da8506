"""The tools at `/mcp` of a server: streamable HTTP, each request for itself."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from mcp.server import ServerRequestContext
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from starlette.requests import Request
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from taskharbor.application.errors import Unauthenticated
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import TaskharborError
from taskharbor.entrypoints.agents.server import agent_server
from taskharbor.entrypoints.agents.session import AgentSession
from taskharbor.entrypoints.embedded.harbor import Harbor
from taskharbor.entrypoints.http.requests.callers import Callers, PrincipalOf
from taskharbor.entrypoints.http.responses.responses import problem_answer

PATH: Final = "/mcp"


class AgentEndpoint:
    """Lets in whom every other operation lets in, and answers with the tools that they may use.

    Nothing is kept between two requests, so any worker can answer any of them.
    """

    def __init__(self, use_cases: UseCases, principal_of: PrincipalOf, *, max_body_bytes: int) -> None:
        self._use_cases = use_cases
        self._callers = Callers(principal_of)
        self._sessions = StreamableHTTPSessionManager(
            app=agent_server(self._session),
            json_response=True,
            stateless=True,
            # Host and Origin are looked at before, as for every other operation.
            security_settings=TransportSecuritySettings(enable_dns_rebinding_protection=False),
            max_request_body_size=max_body_bytes,
        )

    @property
    def routes(self) -> list[BaseRoute]:
        """Where it is."""
        return [Route(PATH, endpoint=self, methods=["GET", "POST", "DELETE"], include_in_schema=False)]

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Serve for the length of the block."""
        async with self._sessions.run():
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        request = Request(scope, receive)
        try:
            await self._callers.identify(request)
        except TaskharborError as error:
            if isinstance(error, Unauthenticated):
                self._use_cases.access.trail.stranger("agent")
            await problem_answer(error)(scope, receive, send)
            return
        await self._sessions.handle_request(scope, receive, send)

    async def _session(self, context: ServerRequestContext[Any, Any]) -> AgentSession:
        request: Request = context.request  # type: ignore[assignment]  # over HTTP there is one
        principal = await self._callers.principal(request)
        return AgentSession(
            harbor=Harbor(self._use_cases, principal, self._callers.still_allowed(request, principal)),
            permission=principal.permission,
            time_zone=principal.time_zone or self._use_cases.reminders.settings.rules.time_zone,
            holder=principal.actor or "agent",
        )
