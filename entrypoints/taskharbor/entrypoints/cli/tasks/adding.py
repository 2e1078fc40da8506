"""`taskharbor add`."""

from typing import Annotated, Final

import typer

from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.entrypoints.cli.failure import CommandFailed
from taskharbor.entrypoints.cli.output.output import Output
from taskharbor.entrypoints.cli.tasks import options
from taskharbor.entrypoints.cli.tasks.changing import changed, show_changed
from taskharbor.entrypoints.cli.tasks.command import command
from taskharbor.entrypoints.cli.tasks.selecting import STANDARD, lines_of_standard_input, one
from taskharbor.entrypoints.cli.tasks.values import fields_from
from taskharbor.entrypoints.embedded.harbor import Harbor

app: Final = typer.Typer(rich_markup_mode=None)


@command(
    app,
    "add",
    examples="""
taskharbor add Water the plants
taskharbor add "Pay the rent" --due 2026-12-01 --priority 1 --repeat FREQ=MONTHLY
taskharbor add "Buy soil" --parent 12 --list Home --tag garden
cat ideas.txt | taskharbor add - --tag idea
""",
)
async def add(
    harbor: Harbor,
    out: Output,
    title: Annotated[
        list[str], typer.Argument(metavar="TITLE...", help="Its title; - makes a task of each line of standard input.")
    ],
    description: options.Description = None,
    due: options.Due = None,
    start: options.Start = None,
    priority: options.Priority = None,
    estimate: options.Estimate = None,
    tag: options.Tags = None,
    list: options.InList = None,
    repeat: options.Repeat = None,
    parent: options.Parent = None,
    dry_run: options.DryRun = False,
    quiet: options.Quiet = False,
) -> None:
    """Add a task."""
    out.is_quiet = quiet
    is_many = title == [STANDARD]
    titles = lines_of_standard_input() if is_many else [" ".join(title)]
    if not titles:
        raise CommandFailed("standard input has no lines", exit_code=CommandFailed.USAGE)
    fields = await fields_from(
        harbor,
        out,
        description=description,
        due=due,
        start=start,
        priority=priority,
        estimate=estimate,
        tags=tag or (),
        list=list,
        repeat=repeat,
    )
    if parent is not None:
        fields["parent"] = (await one(harbor, parent)).id
    commands = [CreateTask(title=each, **fields) for each in titles]
    results = await changed(harbor, commands, dry_run=dry_run)
    await show_changed(harbor, out, "Added", results, dry_run=dry_run, single=not is_many)
