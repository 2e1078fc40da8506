"""Agents on a harbor, over the SDK's own client."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from mcp.client.client import Client

from taskharbor.domain.access.permission import Permission
from taskharbor.entrypoints.agents.server import agent_server
from taskharbor.entrypoints.agents.session import AgentSession
from taskharbor.entrypoints.embedded import Harbor

NOW = datetime(2026, 11, 29, 10, tzinfo=UTC)
Call = Callable[..., Awaitable[dict[str, Any]]]


@asynccontextmanager
async def agent_on(
    harbor: Harbor, permission: Permission = Permission.WRITE, holder: str = "agent"
) -> AsyncIterator[Client]:
    """Yield the SDK's client, connected in memory to the tools on a harbor."""
    session = AgentSession(
        harbor=harbor, permission=permission, time_zone="Europe/Berlin", holder=holder, now=lambda: NOW
    )

    async def always(_context: object) -> AgentSession:
        return session

    async with Client(agent_server(always)) as client:
        yield client


def calling(
    harbor: Harbor, *, fails: bool = False, permission: Permission = Permission.WRITE, holder: str = "agent"
) -> Call:
    """Return what calls a tool, each time over a connection of its own: a fixture cannot keep one open."""

    async def call(name: str, **arguments: object) -> dict[str, Any]:
        async with agent_on(harbor, permission, holder) as client:
            result = await client.call_tool(name, arguments)
        if bool(result.is_error) is not fails:
            raise AssertionError(result)
        (content,) = result.content
        answer: dict[str, Any] = json.loads(content.text)
        return answer

    return call
