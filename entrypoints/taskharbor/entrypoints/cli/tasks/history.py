"""`taskharbor log`, `undo` and `watch`."""

import asyncio
import sys
from typing import Annotated, Final

import typer

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.ports.task_history import HistoryEntry
from taskharbor.application.undo.undo_commit import UndoCommit, Undone
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.entrypoints.cli.failure import CommandFailed
from taskharbor.entrypoints.cli.output.documents import change_document, history_document, undone_document
from taskharbor.entrypoints.cli.output.formats import TABLE, written
from taskharbor.entrypoints.cli.output.output import Output
from taskharbor.entrypoints.cli.tasks import options
from taskharbor.entrypoints.cli.tasks.changing import ask, changed
from taskharbor.entrypoints.cli.tasks.command import command
from taskharbor.entrypoints.cli.tasks.selecting import selected
from taskharbor.entrypoints.embedded.harbor import Harbor

app: Final = typer.Typer(rich_markup_mode=None)


@command(
    app,
    "log",
    reads=True,
    examples="""
taskharbor log
taskharbor log 12 --limit 5
taskharbor log 12 --json
""",
)
async def log(harbor: Harbor, out: Output, ids: options.TaskWords = None, limit: options.Limit = 20) -> None:
    """Show what was done to tasks, the latest first; without ids, the last change of each of the latest tasks."""
    if ids:
        titles = {task.id: task.title for task in await selected(harbor, ids)}
        pages = await asyncio.gather(*(harbor.task_history(task_id, limit=limit) for task_id in titles))
    else:
        live = list((await harbor.find_tasks(sort="-revision", limit=limit)).items)
        gone = [each.task for each in (await harbor.list_trash(limit=limit)).items]
        latest = sorted([*live, *gone], key=lambda task: -task.revision)[:limit]
        titles = {task.id: task.title for task in latest}
        pages = await asyncio.gather(*(harbor.task_history(task.id, limit=1) for task in latest))
    entries = sorted((entry for page in pages for entry in page.items), key=lambda entry: -entry.revision)

    def table() -> object:
        from taskharbor.entrypoints.cli.output.log_table import log_table  # noqa: PLC0415  # rich takes time to load

        return log_table(entries, titles, now=out.now)

    out.show(lambda: [history_document(entry) for entry in entries], table)


@command(
    app,
    "undo",
    examples="""
taskharbor undo
taskharbor undo 118 --yes
taskharbor undo --dry-run --json
""",
)
async def undo(
    harbor: Harbor,
    out: Output,
    revision: Annotated[
        int | None, typer.Argument(metavar="REVISION", help="The commit, by the revision in the log. [the last one]")
    ] = None,
    dry_run: options.DryRun = False,
    yes: options.Yes = False,
) -> None:
    """Undo a commit, except where later changes have overwritten it. Undoing an undo redoes it."""
    if revision is None:
        revision = await last_revision(harbor)
        if not (yes or dry_run):
            ask(await _question(harbor, revision))
    if dry_run:
        (undone,) = await changed(harbor, [UndoCommit(revision=revision)], dry_run=True)
        took = None
    else:
        outcome = await harbor.undo_commit(revision)
        undone, took = outcome, outcome.revision
    if not isinstance(undone, Undone):
        raise TypeError(undone)
    if out.format != TABLE:
        sys.stdout.write(written([undone_document(took, undone)], out.format, single=True))
        return
    for each in undone.undone:
        print(f"task {each.task}: {', '.join(each.fields)}")
    for record in undone.records:
        print(f"{record.kind} {record.key}: {record.action}")
    for conflict in undone.conflicts:
        out.say(f"kept task {conflict.task}: {', '.join(conflict.fields)}: {conflict.why}")
    for kept in undone.record_conflicts:
        out.say(f"kept {kept.kind} {kept.key}: {kept.why}")
    out.say("A dry run: nothing was written." if dry_run else f"Undone: commit {revision}, by commit {took}.")


@command(
    app,
    "watch",
    reads=True,
    examples="""
taskharbor watch
taskharbor watch --format jsonl | while read -r line; do notify-send "$line"; done
""",
)
async def watch(
    harbor: Harbor,
    out: Output,
    since: Annotated[
        str | None, typer.Option("--since", metavar="TOKEN", help="A revision to begin after; * for all. [now]")
    ] = None,
    count: Annotated[int | None, typer.Option("--count", metavar="N", help="End after so many changes.")] = None,
) -> None:
    """Show tasks as they change, until Ctrl+C."""
    begin = str(await last_revision(harbor, of_nothing=0)) if since is None else since
    left = count
    async for page in harbor.follow_changes(begin, page_size=100):
        for change in page.items:
            if out.format == TABLE:
                _print_change(change)
            else:
                sys.stdout.write(written([change_document(change)], "ids" if out.format == "ids" else "jsonl"))
            sys.stdout.flush()
            left = None if left is None else left - 1
            if left == 0:
                return


def _print_change(change: object) -> None:
    from taskharbor.entrypoints.cli.output.log_table import change_line  # noqa: PLC0415  # rich takes time to load
    from taskharbor.entrypoints.cli.output.output import console_on  # noqa: PLC0415

    console_on(sys.stdout).print(change_line(change))


async def last_revision(harbor: Harbor, *, of_nothing: Revision | None = None) -> Revision:
    """Return the revision of the last commit.

    Raises:
        CommandFailed: if there is none, unless `of_nothing` stands for it.
    """
    newest = (await harbor.find_tasks(sort="-revision", limit=1)).items
    since = str(newest[0].revision) if newest else "*"
    while True:  # tasks that were deleted, and lists, take revisions too
        page = await harbor.list_changes(since)
        since = page.next
        if not page.more:
            break
    revision = int(since.partition("-")[0])  # before the epoch of the store
    if not revision:
        if of_nothing is None:
            raise CommandFailed("there is no commit yet", exit_code=CommandFailed.NOT_FOUND)
        return of_nothing
    return revision


async def _question(harbor: Harbor, revision: Revision) -> str:
    found = [*(await harbor.find_tasks(f"revision = {revision}", limit=3)).items]
    entries = [entry for task in found for entry in (await harbor.task_history(task.id, limit=1)).items]
    what = "; ".join(_what(entry, {task.id: task for task in found}) for entry in entries)
    return f"Undo commit {revision}{f' ({what})' if what else ''}?"


def _what(entry: HistoryEntry, tasks: dict[TaskId, TaskView]) -> str:
    from taskharbor.entrypoints.cli.output.text import harmless  # noqa: PLC0415

    who = f" by {harmless(entry.actor)}" if entry.actor else ""
    return f"{entry.command} of task {entry.task_id}, {harmless(tasks[entry.task_id].title)}{who}"
