"""`taskharbor claim`."""

import getpass
import os
import socket
from typing import Annotated, Final

import typer

from taskharbor.application.batch.run_batch import Command
from taskharbor.application.claims.claim_task import ClaimTask, ReleaseClaim, RenewClaim
from taskharbor.entrypoints.cli.failure import CommandFailed
from taskharbor.entrypoints.cli.output.output import Output
from taskharbor.entrypoints.cli.tasks import options
from taskharbor.entrypoints.cli.tasks.changing import changed, show_changed
from taskharbor.entrypoints.cli.tasks.command import command
from taskharbor.entrypoints.cli.tasks.selecting import selected
from taskharbor.entrypoints.cli.tasks.showing import show_tasks
from taskharbor.entrypoints.embedded.harbor import Harbor
from taskharbor.entrypoints.embedded.scope import fence_from

app: Final = typer.Typer(rich_markup_mode=None)


@command(
    app,
    "claim",
    examples="""
taskharbor claim
taskharbor claim --filter 'tags:bots' --sort=-priority,due --wait 20 --json
taskharbor claim 12 --lease PT1H
taskharbor claim 12 --renew --fence 118
taskharbor done 12 --fence 118
taskharbor claim 12 --release --fence 118
""",
)
async def claim(
    harbor: Harbor,
    out: Output,
    ids: options.TaskWords = None,
    filter: options.FilterOption = None,
    sort: Annotated[str | None, typer.Option("--sort", metavar="FIELDS", help="Which of them first. [id]")] = None,
    lease: Annotated[str, typer.Option("--lease", metavar="DURATION", help="For how long, up to P1D.")] = "PT5M",
    holder: Annotated[str | None, typer.Option("--holder", metavar="NAME", help="Who works on it. [user@host]")] = None,
    wait: Annotated[float, typer.Option("--wait", metavar="SECONDS", help="Wait so long for a task, up to 60.")] = 0,
    renew: Annotated[bool, typer.Option("--renew", help="Hold on to a claim for another lease.")] = False,
    release: Annotated[bool, typer.Option("--release", help="End a claim.")] = False,
    force: Annotated[bool, typer.Option("--force", help="With --release: whoever holds it.")] = False,
    fence: options.Fence = None,
) -> None:
    """Claim tasks: those named, or the first that matches, is open, not blocked and not claimed.

    While a claim holds, others cannot change the progress of the task. Its fence, in the answer, shows that a change
    is made under the claim.
    """
    if not ids:
        if renew or release:
            raise CommandFailed("name the task whose claim it is", exit_code=CommandFailed.USAGE)
        task = await harbor.claim_next_task(
            filter, sort=sort, time_zone=out.zone_name, lease=lease, holder=holder or _user(), wait=wait
        )
        if task is None:
            raise CommandFailed("there is no task to claim", exit_code=CommandFailed.NOT_FOUND)
        await show_tasks(harbor, out, [task])
        out.say(_held(task.id, task.claim.fence if task.claim else None))
        return
    tasks = await selected(harbor, ids, filter, time_zone=out.zone_name)
    held = fence_from(fence)
    commands: list[Command]
    if renew:
        commands = [RenewClaim(id=task.id, fence=held, lease=lease) for task in tasks]
    elif release:
        commands = [ReleaseClaim(id=task.id, fence=held, force=force) for task in tasks]
    else:
        commands = [ClaimTask(id=task.id, lease=lease, holder=holder or _user()) for task in tasks]
    results = await changed(harbor, commands, dry_run=False)
    await show_changed(
        harbor, out, "Renewed" if renew else "Released" if release else "Claimed", results, dry_run=False
    )


def _held(task_id: int, fence: int | None) -> str:
    return f"Claimed task {task_id}: `taskharbor done {task_id} --fence {fence}` completes it under this claim."


def _user() -> str:
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = str(os.getpid())
    return f"{name}@{socket.gethostname()}"
