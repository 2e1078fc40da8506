"""The tools for a program that starts this one and talks to it over its standard input and output."""

from typing import Any

from mcp.server import ServerRequestContext
from mcp.server.stdio import stdio_server

from taskharbor.entrypoints.agents.server import agent_server
from taskharbor.entrypoints.agents.session import AgentSession


async def serve_stdio(session: AgentSession) -> None:
    """Serve one agent until its end of the pipe is closed."""

    async def always(_context: ServerRequestContext[Any, Any]) -> AgentSession:
        return session

    server = agent_server(always)
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())
