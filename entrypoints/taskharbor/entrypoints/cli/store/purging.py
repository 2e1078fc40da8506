"""`taskharbor purge`."""

import asyncio
from collections.abc import Mapping

import typer

import taskharbor.entrypoints.cli.lean_container  # noqa: F401  # before the container
from taskharbor.application.ports.housekeeping import Purged
from taskharbor.domain.errors import counted
from taskharbor.entrypoints.cli.configured import configured, store_failures
from taskharbor.entrypoints.cli.output.progress_bar import progress_bar
from taskharbor.entrypoints.container import container_from


def purge(options: Mapping[str, str | None]) -> None:
    """Take away for good what has been kept long enough, in every workspace, and say how much that was.

    Raises:
        CommandFailed: if a setting is wrong, or the store cannot be used.
    """
    settings = configured(options)

    async def act() -> Purged:
        container = container_from(settings)
        async with container.storage():
            with progress_bar("Purging"):
                return await container.use_cases().history.purge(settings.purge_command())

    with store_failures(options):
        gone = asyncio.run(act())
    typer.echo(
        f"Purged {counted(gone.tasks, 'deleted task')}, {counted(gone.records, 'expired record')} "
        f"and the history of {counted(gone.commits, 'commit')}."
    )
