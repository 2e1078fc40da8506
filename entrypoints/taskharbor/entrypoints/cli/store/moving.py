"""`taskharbor workspace move`."""

import asyncio

import typer

from taskharbor.application.errors import WorkspaceNotFound
from taskharbor.application.shards.move_workspace import GRACE, MoveBrokenOff, Moved
from taskharbor.application.shards.sharded_storage import ShardedStorage
from taskharbor.domain.errors import InvalidValue, counted
from taskharbor.domain.identifiers import workspace_from
from taskharbor.entrypoints.cli.configured import configured, store_failures
from taskharbor.entrypoints.cli.failure import CommandFailed
from taskharbor.entrypoints.composition import storage_on


def move_workspace(url: str | None, id_: str, to: str) -> None:
    """Move a workspace, and say how long it took no changes.

    Raises:
        CommandFailed: if a setting is wrong, there is no such workspace or shard, a store cannot be used, or the move
            is broken off; the workspace is where it was, then.
    """
    options = {"database_url": url}
    settings = configured(options)

    async def act() -> Moved:
        storage = storage_on(
            settings.database_url.get_secret_value(), settings.storage_options(), shards=settings.shard_urls()
        )
        if not isinstance(storage, ShardedStorage):
            raise CommandFailed("TASKHARBOR_SHARDS names no shards", exit_code=CommandFailed.USAGE)
        async with storage:
            return await storage.move(workspace_from(id_), to, grace=GRACE)

    with store_failures(options):
        try:
            moved = asyncio.run(act())
        except WorkspaceNotFound:
            raise CommandFailed(f"there is no workspace {id_}", exit_code=CommandFailed.NOT_FOUND) from None
        except MoveBrokenOff as refusal:
            raise CommandFailed(str(refusal), exit_code=CommandFailed.REFUSED) from None
        except InvalidValue as invalid:
            if invalid.field == "database_url":
                raise
            name = "--to" if invalid.field == "shard" else invalid.field
            raise CommandFailed(f"{name} {invalid.reason}", exit_code=CommandFailed.USAGE) from None
    if moved.from_shard == to:
        typer.echo(f"{id_} is on {to}.")
        return
    typer.echo(
        f"Moved {id_} from {moved.from_shard} to {to}: {counted(moved.rows, 'row')}, "
        f"no changes for {moved.pause:.3f} seconds."
    )
