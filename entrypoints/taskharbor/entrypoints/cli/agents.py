"""`taskharbor mcp`."""

from typing import Annotated, Final

import typer

from taskharbor.domain.access.permission import Permission
from taskharbor.entrypoints.cli.failure import CommandFailed
from taskharbor.entrypoints.cli.output.output import Output
from taskharbor.entrypoints.cli.tasks.command import command
from taskharbor.entrypoints.embedded.harbor import Harbor

app: Final = typer.Typer(rich_markup_mode=None)

_MISSING: Final = "the Model Context Protocol needs the package mcp: pip install 'taskharbor[mcp]'"


@command(
    app,
    "mcp",
    examples="""
taskharbor mcp --database-url sqlite:///tasks.db
taskharbor mcp --server https://tasks.example.org --read-only
""",
)
async def mcp(
    harbor: Harbor,
    out: Output,
    read_only: Annotated[bool, typer.Option("--read-only", help="Offer only the tools that read.")] = False,
    actor: Annotated[
        str | None,
        typer.Option("--actor", metavar="NAME", help="Who the history names, on a store."),
    ] = None,
) -> None:
    """Serve tools to an agent over standard input and output (Model Context Protocol)."""
    try:
        from taskharbor.entrypoints.agents.session import AgentSession  # noqa: PLC0415  # who asks for it has the extra
        from taskharbor.entrypoints.agents.stdio import serve_stdio  # noqa: PLC0415
    except ImportError:
        raise CommandFailed(_MISSING, exit_code=CommandFailed.USAGE) from None
    await serve_stdio(
        AgentSession(
            harbor=harbor if actor is None else harbor.acting_as(actor),
            permission=Permission.READ if read_only else Permission.WRITE,
            time_zone=out.zone_name,
            holder=actor or "agent",
        )
    )
