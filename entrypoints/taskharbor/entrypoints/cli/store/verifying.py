"""`taskharbor verify`."""

import asyncio
from collections.abc import Mapping
from typing import Final

import typer

from taskharbor.adapters.sqlalchemy.schema import check
from taskharbor.application.verification.verify import Checked, verify
from taskharbor.domain.errors import counted
from taskharbor.entrypoints.cli.configured import configured, store_failures
from taskharbor.entrypoints.cli.failure import CommandFailed
from taskharbor.entrypoints.cli.output.progress_bar import progress_bar
from taskharbor.entrypoints.composition import storage_on

_MOST: Final = 100
"""Faults that are printed; more are counted."""


def verify_store(options: Mapping[str, str | None]) -> None:
    """Read every row of a store, print what does not hold, and say how much was looked at.

    Raises:
        CommandFailed: if something does not hold, a setting is wrong, or the store cannot be used.
    """
    settings = configured({**options, "migrate": "false"})
    checked = Checked()

    async def act() -> int:
        found, shown = 0, list[str]()
        url = settings.database_url.get_secret_value()
        if url.startswith(("sqlite", "postgres")):
            await check(url)
        storage = storage_on(url, settings.storage_options(), shards=settings.shard_urls())
        try:
            async with storage:
                with progress_bar("Reading", reached=lambda: checked.tasks + checked.entries):
                    async for fault in verify(storage, checked):
                        found += 1
                        if found <= _MOST:
                            subject = "" if fault.task_id is None else f"task {fault.task_id} "
                            shown.append(f"{fault.workspace}: {subject}{fault.what}")
        finally:  # a bar leaves no room for lines
            for line in shown:
                typer.echo(line)
        return found

    with store_failures(options):
        found = asyncio.run(act())
    looked_at = (
        f"{counted(checked.tasks, 'task')} and {counted(checked.entries, 'history record')} "
        f"in {counted(checked.workspaces, 'workspace')}"
    )
    if found:
        raise CommandFailed(f"{counted(found, 'fault')} in {looked_at}", exit_code=CommandFailed.DATA)
    typer.echo(f"All is well: {looked_at}.")
