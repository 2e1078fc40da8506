"""`taskharbor edit`, `move` and `tag`."""

from typing import Annotated, Final

import typer

from taskharbor.application.relations.move_task import MoveTask
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.entrypoints.cli.completion.candidates import complete_tag
from taskharbor.entrypoints.cli.failure import CommandFailed
from taskharbor.entrypoints.cli.output.output import Output
from taskharbor.entrypoints.cli.tasks import options
from taskharbor.entrypoints.cli.tasks.changing import changed, confirm, show_changed
from taskharbor.entrypoints.cli.tasks.command import command
from taskharbor.entrypoints.cli.tasks.editor import edited_in_editor
from taskharbor.entrypoints.cli.tasks.selecting import one, selected
from taskharbor.entrypoints.cli.tasks.values import NONE, fields_from, list_from
from taskharbor.entrypoints.embedded.harbor import Harbor

app: Final = typer.Typer(rich_markup_mode=None)


@command(
    app,
    "edit",
    examples="""
taskharbor edit 12
taskharbor edit 12 --title "Water all plants" --due tomorrow
taskharbor edit --filter 'due < today' --due today --yes
taskharbor edit 12 --due none
""",
)
async def edit(
    harbor: Harbor,
    out: Output,
    ids: options.TaskWords = None,
    filter: options.FilterOption = None,
    title: Annotated[str | None, typer.Option("--title", metavar="TITLE", help="Another title.")] = None,
    description: options.Description = None,
    due: options.Due = None,
    start: options.Start = None,
    priority: options.Priority = None,
    estimate: options.Estimate = None,
    tag: options.Tags = None,
    list: options.InList = None,
    repeat: options.Repeat = None,
    dry_run: options.DryRun = False,
    yes: options.Yes = False,
    quiet: options.Quiet = False,
) -> None:
    """Change tasks: by options, where none takes a value away, or without any one task in $EDITOR."""
    out.is_quiet = quiet
    tasks = await selected(harbor, ids or (), filter, time_zone=out.zone_name)
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
    if title is not None:
        fields["title"] = title
    if fields:
        confirm("Change", tasks, yes=yes, dry_run=dry_run)
        commands = [ChangeTask(id=task.id, **fields) for task in tasks]
    elif len(tasks) == 1:
        edited = await edited_in_editor(harbor, out, tasks[0])
        commands = [] if edited is None else [edited]
    else:
        raise CommandFailed("name what to change, or one task to edit", exit_code=CommandFailed.USAGE)
    await show_changed(harbor, out, "Changed", await changed(harbor, commands, dry_run=dry_run), dry_run=dry_run)


@command(
    app,
    "move",
    examples="""
taskharbor move 12 14 --list Home
taskharbor move 12 --before 7
taskharbor move 12 --parent 3
taskharbor move 12 --parent none --first
""",
)
async def move(
    harbor: Harbor,
    out: Output,
    ids: options.TaskWords = None,
    filter: options.FilterOption = None,
    list: options.InList = None,
    parent: options.Parent = None,
    before: Annotated[str | None, typer.Option("--before", metavar="ID", help="Right before this task.")] = None,
    after: Annotated[str | None, typer.Option("--after", metavar="ID", help="Right after this task.")] = None,
    first: Annotated[bool, typer.Option("--first", help="Before all others of its list.")] = False,
    last: Annotated[bool, typer.Option("--last", help="After all others of its list.")] = False,
    dry_run: options.DryRun = False,
    yes: options.Yes = False,
    quiet: options.Quiet = False,
) -> None:
    """Move tasks to another list, below a parent, or to another place in the manual order."""
    out.is_quiet = quiet
    tasks = await selected(harbor, ids or (), filter, time_zone=out.zone_name)
    confirm("Move", tasks, yes=yes, dry_run=dry_run)
    place: dict[str, object] = {name: True for name, given in (("first", first), ("last", last)) if given}
    if list is not None:
        place["list"] = await list_from(harbor, list)
    if parent is not None:
        place["parent"] = None if parent == NONE else (await one(harbor, parent)).id
    for name, word in (("before", before), ("after", after)):
        if word is not None:
            place[name] = (await one(harbor, word)).id
    # What comes after one neighbour, or first, would end up in reverse order.
    ordered = reversed(tasks) if after is not None or first else tasks
    commands = [MoveTask(id=task.id, **place) for task in ordered]  # type: ignore[arg-type]  # named above
    await show_changed(harbor, out, "Moved", await changed(harbor, commands, dry_run=dry_run), dry_run=dry_run)


@command(
    app,
    "tag",
    examples="""
taskharbor tag 12 14 +home +urgent
taskharbor tag 12 +garden --remove home
taskharbor tag --filter 'list = 7' --remove old --yes
""",
)
async def tag(
    harbor: Harbor,
    out: Output,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="ID... +TAG...", help="Tasks, or - for standard input, and tags to add."),
    ] = None,
    filter: options.FilterOption = None,
    remove: Annotated[
        list[str] | None,
        typer.Option("--remove", "-r", metavar="TAG", help="A tag to remove.", autocompletion=complete_tag),
    ] = None,
    dry_run: options.DryRun = False,
    yes: options.Yes = False,
    quiet: options.Quiet = False,
) -> None:
    """Add tags to tasks, and remove tags from them."""
    out.is_quiet = quiet
    added = [word[1:] for word in words or () if word.startswith("+")]
    gone = {each.casefold() for each in remove or ()}
    if not (added or gone):
        raise CommandFailed("name tags as +TAG or --remove TAG", exit_code=CommandFailed.USAGE)
    given = [word for word in words or () if not word.startswith("+")]
    tasks = await selected(harbor, given, filter, time_zone=out.zone_name)
    confirm("Tag", tasks, yes=yes, dry_run=dry_run)
    commands = [
        ChangeTask(
            id=task.id, if_match=task.revision, tags=[*(old for old in task.tags if old.casefold() not in gone), *added]
        )
        for task in tasks
    ]
    await show_changed(harbor, out, "Tagged", await changed(harbor, commands, dry_run=dry_run), dry_run=dry_run)
