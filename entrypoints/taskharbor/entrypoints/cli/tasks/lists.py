"""`taskharbor lists`."""

from typing import Annotated, Final

import typer

from taskharbor.application.lists.manage_lists import CreateList
from taskharbor.domain.lists.task_list import TaskList
from taskharbor.entrypoints.cli.output.documents import list_document
from taskharbor.entrypoints.cli.output.output import Output
from taskharbor.entrypoints.cli.tasks import options
from taskharbor.entrypoints.cli.tasks.changing import changed
from taskharbor.entrypoints.cli.tasks.command import command
from taskharbor.entrypoints.cli.tasks.showing import all_lists
from taskharbor.entrypoints.embedded.harbor import Harbor

app: Final = typer.Typer(rich_markup_mode=None)


@command(
    app,
    "lists",
    examples="""
taskharbor lists
taskharbor lists --add Home
taskharbor lists --json
""",
)
async def lists(
    harbor: Harbor,
    out: Output,
    add: Annotated[str | None, typer.Option("--add", metavar="NAME", help="Create a list first.")] = None,
    everything: Annotated[bool, typer.Option("--all", "-a", help="Archived lists, too.")] = False,
    dry_run: options.DryRun = False,
) -> None:
    """Show the lists, with how many open tasks each has."""
    made = [] if add is None else await changed(harbor, [CreateList(name=add)], dry_run=dry_run)
    found = await all_lists(harbor)
    found += [each for each in made if isinstance(each, TaskList) and dry_run]
    shown = [each for each in found if everything or not each.archived]
    counts = (await harbor.count_facets("is_open")).lists

    def table() -> object:
        from taskharbor.entrypoints.cli.output.lists_table import lists_table  # noqa: PLC0415  # rich takes time

        return lists_table(shown, counts)

    out.show(lambda: [list_document(each, counts.get(each.id, 0)) for each in shown], table)
