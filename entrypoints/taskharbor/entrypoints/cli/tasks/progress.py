"""`taskharbor start`, `done`, `rm` and `restore`."""

from typing import Annotated, Any, Final, cast

import typer

from taskharbor.application.progress.change_progress import CompleteTask, ReopenTask, StartTask
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask
from taskharbor.entrypoints.cli.output.output import Output
from taskharbor.entrypoints.cli.tasks import options
from taskharbor.entrypoints.cli.tasks.changing import changed, confirm, show_changed
from taskharbor.entrypoints.cli.tasks.command import command
from taskharbor.entrypoints.cli.tasks.selecting import selected, selected_deleted
from taskharbor.entrypoints.cli.tasks.showing import show_tasks
from taskharbor.entrypoints.embedded.harbor import Harbor
from taskharbor.entrypoints.embedded.scope import fence_from

app: Final = typer.Typer(rich_markup_mode=None)


@command(
    app,
    "start",
    examples="""
taskharbor start 12
taskharbor start 12 --stop
taskharbor next --limit 1 --format ids | taskharbor start -
""",
)
async def start(
    harbor: Harbor,
    out: Output,
    ids: options.TaskWords = None,
    filter: options.FilterOption = None,
    stop: Annotated[bool, typer.Option("--stop", help="Make them need action again, also completed ones.")] = False,
    dry_run: options.DryRun = False,
    yes: options.Yes = False,
    quiet: options.Quiet = False,
) -> None:
    """Mark tasks as being worked on."""
    out.is_quiet = quiet
    tasks = await selected(harbor, ids or (), filter, time_zone=out.zone_name)
    confirm("Stop" if stop else "Start", tasks, yes=yes, dry_run=dry_run)
    commands = [ReopenTask(id=task.id) if stop else StartTask(id=task.id) for task in tasks]
    results = await changed(harbor, commands, dry_run=dry_run)
    await show_changed(harbor, out, "Stopped" if stop else "Started", results, dry_run=dry_run)


@command(
    app,
    "done",
    examples="""
taskharbor done 12 14 01a2
taskharbor done 7 --subtasks complete
taskharbor done --filter 'tags:errand due <= today' --yes
""",
)
async def done(
    harbor: Harbor,
    out: Output,
    ids: options.TaskWords = None,
    filter: options.FilterOption = None,
    subtasks: options.Subtasks = "refuse",
    dependencies: options.Dependencies = "refuse",
    fence: options.Fence = None,
    dry_run: options.DryRun = False,
    yes: options.Yes = False,
    quiet: options.Quiet = False,
) -> None:
    """Complete tasks. A recurring one moves on to its next occurrence."""
    out.is_quiet = quiet
    tasks = await selected(harbor, ids or (), filter, time_zone=out.zone_name)
    confirm("Complete", tasks, yes=yes, dry_run=dry_run)
    rules = cast(
        "Any",
        {"subtasks": subtasks, "dependencies": dependencies, "time_zone": out.zone_name, "fence": fence_from(fence)},
    )
    commands = [CompleteTask(id=task.id, **rules) for task in tasks]
    await show_changed(harbor, out, "Completed", await changed(harbor, commands, dry_run=dry_run), dry_run=dry_run)


@command(
    app,
    "rm",
    examples="""
taskharbor rm 12
taskharbor rm 7 --subtasks keep
taskharbor list 'progress = cancelled' --all --format ids | taskharbor rm - --yes
""",
)
async def remove(
    harbor: Harbor,
    out: Output,
    ids: options.TaskWords = None,
    filter: options.FilterOption = None,
    subtasks: Annotated[
        str, typer.Option("--subtasks", metavar="WHAT", help="What becomes of subtasks: delete or keep.")
    ] = "refuse",
    dry_run: options.DryRun = False,
    yes: options.Yes = False,
    quiet: options.Quiet = False,
) -> None:
    """Delete tasks. `restore` brings them back."""
    out.is_quiet = quiet
    tasks = await selected(harbor, ids or (), filter, time_zone=out.zone_name)
    confirm("Delete", tasks, yes=yes, dry_run=dry_run)
    commands = [DeleteTask(id=task.id, subtasks=cast("Any", subtasks)) for task in tasks]
    results = await changed(harbor, commands, dry_run=dry_run)
    await show_changed(harbor, out, "Deleted", results, dry_run=dry_run)


@command(
    app,
    "restore",
    examples="""
taskharbor restore
taskharbor restore 12 14
""",
)
async def restore(
    harbor: Harbor,
    out: Output,
    ids: options.TaskWords = None,
    limit: options.Limit = 100,
    dry_run: options.DryRun = False,
    quiet: options.Quiet = False,
) -> None:
    """Bring deleted tasks back, or without ids list them, the last one first."""
    out.is_quiet = quiet
    if not ids:
        await show_tasks(harbor, out, [each.task for each in (await harbor.list_trash(limit=limit)).items])
        return
    commands = [RestoreTask(id=each) for each in await selected_deleted(harbor, ids)]
    results = await changed(harbor, commands, dry_run=dry_run)
    await show_changed(harbor, out, "Restored", results, dry_run=dry_run)
