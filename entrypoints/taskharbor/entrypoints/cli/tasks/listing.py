"""`taskharbor list`, `next`, `search` and `show`."""

from collections.abc import Sequence
from typing import Annotated, Final

import typer

from taskharbor.domain.search.fields import Field, Operator
from taskharbor.domain.search.filter import And, Compare, Filter, Flag, Has
from taskharbor.domain.search.filter_ast import InvalidFilter
from taskharbor.domain.tasks.tags import tag_key
from taskharbor.entrypoints.cli.completion.candidates import complete_list, complete_tag
from taskharbor.entrypoints.cli.output.documents import Document, comment_document, task_document
from taskharbor.entrypoints.cli.output.output import Output
from taskharbor.entrypoints.cli.tasks import options
from taskharbor.entrypoints.cli.tasks.command import command
from taskharbor.entrypoints.cli.tasks.selecting import selected
from taskharbor.entrypoints.cli.tasks.showing import all_lists, show_tasks
from taskharbor.entrypoints.cli.tasks.values import list_from
from taskharbor.entrypoints.client.filter_text import filter_text
from taskharbor.entrypoints.embedded.harbor import Harbor

app: Final = typer.Typer(rich_markup_mode=None)

_OPEN: Final = Flag(Field.IS_OPEN)
_READY: Final = "is_open NOT blocked (NOT start:* OR start <= now)"

Everything = Annotated[bool, typer.Option("--all", "-a", help="Completed and cancelled tasks, too.")]


@command(
    app,
    "list",
    reads=True,
    examples="""
taskharbor list
taskharbor list 'due <= eow tags:home' --sort=-priority,due
taskharbor list --list Home --tag garden --all
taskharbor list --format ids | taskharbor tag - +week
""",
)
async def list_tasks(
    harbor: Harbor,
    out: Output,
    filter: Annotated[
        list[str] | None, typer.Argument(metavar="FILTER", help="Which tasks: 'due < today priority <= 3'.")
    ] = None,
    list: Annotated[
        str | None,
        typer.Option("--list", metavar="LIST", help="Those of a list.", autocompletion=complete_list),
    ] = None,
    tag: Annotated[
        list[str] | None,
        typer.Option("--tag", "-t", metavar="TAG", help="Those with a tag.", autocompletion=complete_tag),
    ] = None,
    saved: Annotated[str | None, typer.Option("--saved", metavar="NAME", help="A saved filter.")] = None,
    everything: Everything = False,
    sort: Annotated[str | None, typer.Option("--sort", metavar="FIELDS", help="By what. [due,priority]")] = None,
    limit: options.Limit = 100,
) -> None:
    """List tasks: the open ones, by due date, unless something else is asked for."""
    terms: Sequence[Filter] = () if everything or saved else (_OPEN,)
    terms = (*terms, *(Has(Field.TAGS, tag_key(each)) for each in tag or ()))
    if list is not None:
        terms = (*terms, Compare(Field.LIST, Operator.EQUAL, await list_from(harbor, list)))
    try:
        found = await harbor.find_tasks(
            question(" ".join(filter or ()), terms),
            saved=saved,
            sort=sort or (None if saved else "due,priority"),
            limit=limit,
            time_zone=out.zone_name,
        )
    except InvalidFilter as wrong:
        # The user's part comes first, in parentheses if there is more.
        reason = wrong.reason.partition(": ")[2]
        raise InvalidFilter(reason, column=max(wrong.column - bool(terms), 1)) from None
    await show_tasks(harbor, out, found.items)
    if found.next_cursor is not None:
        out.say(f"There are more than {limit}: --limit shows more.")


@command(
    app,
    "next",
    reads=True,
    examples="""
taskharbor next
taskharbor next --limit 1 --format ids | taskharbor start -
""",
)
async def next_tasks(harbor: Harbor, out: Output, limit: options.Limit = 5) -> None:
    """Show what is most urgent of the tasks that can be worked on now."""
    found = await harbor.find_tasks(_READY, sort="-urgency", limit=limit, time_zone=out.zone_name)
    await show_tasks(harbor, out, found.items)


@command(
    app,
    "search",
    reads=True,
    examples="""
taskharbor search water plan
taskharbor search invoice --all --json
""",
)
async def search(
    harbor: Harbor,
    out: Output,
    words: Annotated[list[str], typer.Argument(metavar="WORD...", help="Beginnings of words, in any order.")],
    everything: Everything = False,
    limit: options.Limit = 100,
) -> None:
    """Search titles, descriptions, tags and comments of open tasks."""
    found = await harbor.find_tasks(None if everything else _OPEN, q=" ".join(words), sort="-updated", limit=limit)
    await show_tasks(harbor, out, found.items)
    if found.next_cursor is not None:
        out.say(f"There are more than {limit}: --limit shows more.")


@command(
    app,
    "show",
    reads=True,
    examples="""
taskharbor show 12
taskharbor show 01a2 --json
""",
)
async def show(harbor: Harbor, out: Output, ids: options.TaskWords = None) -> None:
    """Show all of some tasks: description, comments, subtasks, what they depend on."""
    tasks = await selected(harbor, ids or ())
    comments = {task.id: (await harbor.list_comments(task.id)).items for task in tasks if task.comment_count}
    names = {each.id: each.name for each in await all_lists(harbor)}

    def documents() -> list[Document]:
        said = {task.id: [comment_document(each) for each in comments.get(task.id, [])] for task in tasks}
        return [task_document(task) | {"comments": said[task.id]} for task in tasks]

    def panels() -> object:
        from taskharbor.entrypoints.cli.output.details import task_details  # noqa: PLC0415  # rich takes time to load

        return task_details(tasks, comments, names, now=out.now, zone=out.zone)

    out.show(documents, panels)


def question(text: str, terms: Sequence[Filter]) -> str | Filter | None:
    """Return a filter for all of these: as parts where the user gives no text, so that no grammar is loaded."""
    if not terms:
        return text or None
    parts = terms[0] if len(terms) == 1 else And(tuple(terms))
    return f"({text}) AND {filter_text(parts)}" if text else parts
