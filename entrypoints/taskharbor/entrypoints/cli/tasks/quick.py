"""`taskharbor quick`."""

from typing import Annotated, Final

import typer

from taskharbor.entrypoints.cli.failure import CommandFailed
from taskharbor.entrypoints.cli.output.documents import Document, task_document
from taskharbor.entrypoints.cli.output.formats import TABLE
from taskharbor.entrypoints.cli.output.output import Output
from taskharbor.entrypoints.cli.output.text import harmless
from taskharbor.entrypoints.cli.tasks import options
from taskharbor.entrypoints.cli.tasks.command import command
from taskharbor.entrypoints.cli.tasks.selecting import STANDARD, lines_of_standard_input
from taskharbor.entrypoints.cli.tasks.showing import show_tasks
from taskharbor.entrypoints.embedded.harbor import Harbor

app: Final = typer.Typer(rich_markup_mode=None)


@command(
    app,
    "quick",
    examples="""
taskharbor quick 'Call Ada tomorrow 5pm #phone !2'
taskharbor quick 'Pay rent every month on the 1st 9am ~15m @Household //see the contract'
taskharbor quick 'Anna anrufen morgen um 17 Uhr' --language de --dry-run
""",
)
async def quick(
    harbor: Harbor,
    out: Output,
    words: Annotated[
        list[str],
        typer.Argument(metavar="LINE...", help="A title, and behind it dates, #tags, @list, !priority, ~duration."),
    ],
    language: Annotated[
        str, typer.Option("--language", metavar="LANGUAGE", help="Of the words for times: en or de.")
    ] = "en",
    dry_run: options.DryRun = False,
    quiet: options.Quiet = False,
) -> None:
    """Add the task that a line says, and say what each part was taken for."""
    out.is_quiet = quiet
    lines = lines_of_standard_input() if words == [STANDARD] else [" ".join(words)]
    if len(lines) != 1:
        raise CommandFailed("standard input must have one line", exit_code=CommandFailed.USAGE)
    line = lines[0]
    added = await harbor.quick_add(line, time_zone=out.zone_name, language=language, dry_run=dry_run)
    parts = [(taken, line[taken.start : taken.end]) for taken in added.taken]
    if out.format == TABLE:
        await show_tasks(harbor, out, [added.task])
        for taken, text in parts:
            out.say(f"{taken.field}: {harmless(text)}")
        out.say("A dry run: nothing was written." if dry_run else "Added 1 task.")
        return

    def document() -> list[Document]:
        said = [{"start": taken.start, "end": taken.end, "field": taken.field, "text": text} for taken, text in parts]
        return [{"id": added.task.id, "task": task_document(added.task), "taken": said, "line": added.line}]

    out.show(document, lambda: "", single=True)
