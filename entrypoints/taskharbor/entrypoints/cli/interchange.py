"""`taskharbor import` and `taskharbor export`."""

import asyncio
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

import typer

import taskharbor.entrypoints.cli.lean_container  # noqa: F401  # before the container
from taskharbor.adapters.interchange.formats import FORMAT_NAMES
from taskharbor.application.errors import HistoryForgotten, ImportNotFound
from taskharbor.application.interchange.export_tasks import Export
from taskharbor.application.interchange.import_command import ImportTasks
from taskharbor.application.interchange.import_report import Finding, ImportRefused, ImportReport
from taskharbor.application.ports.interchange import Format
from taskharbor.application.undo.undo_import import ImportUndone, UndoImport
from taskharbor.domain.errors import InvalidValue, counted
from taskharbor.domain.values.uid import uid_from
from taskharbor.entrypoints.cli.configured import configured, store_failures
from taskharbor.entrypoints.cli.failure import CommandFailed
from taskharbor.entrypoints.cli.import_sources import STANDARD, Source, chosen, files_of, sources_of
from taskharbor.entrypoints.cli.output.progress_bar import progress_bar
from taskharbor.entrypoints.container import container_from
from taskharbor.entrypoints.settings.settings import Settings

SHOWN: Final = 20
"""How many problems and remarks are printed at most, of each."""


def import_files(
    names: Sequence[str], format: str | None, options: Mapping[str, str | None], *, atomic: bool, dry_run: bool
) -> None:
    """Take the tasks of files, and say what became of them.

    Raises:
        CommandFailed: if a file or the store cannot be read, or something in a file cannot be taken.
    """
    settings = configured(options)
    sources, unclear = sources_of(names, format)
    for source in sources:
        chosen(source.format)
    command = ImportTasks(atomic=atomic, dry_run=dry_run)
    with store_failures(options):
        try:
            report = asyncio.run(_import(settings, command, sources))
        except ImportRefused as refused:
            report = refused.report
            typer.echo("Nothing was imported.", err=True)
        except OSError as refusal:
            raise CommandFailed(
                f"cannot read {refusal.filename}: {refusal.strerror}", exit_code=CommandFailed.SYSTEM
            ) from None
    for name in unclear:
        report.remark(name, "the format is not recognised by its name or content: skipped")
    _print(report)
    if dry_run:
        typer.echo("A dry run: nothing was written.", err=True)
    elif report.id is not None:
        typer.echo(f"Undo: taskharbor undo-import {report.id}", err=True)
    if report.refused:
        what = names[0] if len(names) == 1 else f"{len(sources)} files"
        raise CommandFailed(
            f"{counted(report.refused, 'part')} of {what} could not be imported", exit_code=CommandFailed.DATA
        )


def undo_import(import_id: str, options: Mapping[str, str | None]) -> None:
    """Undo an import, and say what could not be undone.

    Raises:
        CommandFailed: if there was no such import, its history is forgotten, or the store cannot be used.
    """
    settings = configured(options)
    try:
        command = UndoImport(id=uid_from(import_id))
    except InvalidValue as invalid:
        raise CommandFailed(f"ID {invalid.reason}", exit_code=CommandFailed.USAGE) from None
    with store_failures(options):
        try:
            undone = asyncio.run(_undo(settings, command))
        except (ImportNotFound, HistoryForgotten) as refusal:
            raise CommandFailed(str(refusal), exit_code=CommandFailed.DATA) from None
    typer.echo(
        f"Undone: {counted(undone.tasks, 'task')}, {counted(undone.records, 'list')}; "
        f"{counted(undone.conflicting, 'conflict')}."
    )
    conflicts = [Finding(f"task {each.task}", f"{each.why} ({', '.join(each.fields)})") for each in undone.conflicts]
    conflicts += [Finding(f"{each.kind} {each.key}", each.why) for each in undone.record_conflicts]
    _list("kept", conflicts, undone.conflicting)


def export_file(file: str, format: str, options: Mapping[str, str | None]) -> None:
    """Write all tasks to a file, and say what the format cannot hold.

    Raises:
        CommandFailed: if the file cannot be written, or the store not be read.
    """
    # Who reads makes no database where there is none, and upgrades none: a URL with a slip in it would go unnoticed.
    settings = configured(options).model_copy(update={"migrate": False})
    written = chosen(format)
    if written.writer() is None:
        names = ", ".join(FORMAT_NAMES)
        raise CommandFailed(
            f"{format} can only be imported; formats that can be exported: {names}", exit_code=CommandFailed.USAGE
        )
    with _writing(file) as target, store_failures(options):
        export = asyncio.run(_export(settings, written, target))
    typer.echo(f"Exported {counted(export.count, 'task')}.", err=True)
    for loss, count in sorted(export.losses.items()):
        typer.echo(f"  {written.name} cannot hold: {loss} ({counted(count, 'task')})", err=True)


async def _import(settings: Settings, command: ImportTasks, sources: Sequence[Source]) -> ImportReport:
    container = container_from(settings)
    sizes = [source.size for source in sources]
    total = None if None in sizes else sum(size or 0 for size in sizes)
    async with container.storage():
        with progress_bar("Importing", total=total) as advance:
            files = files_of(sources, advance)
            return await container.use_cases().import_tasks(command, files, workspace=settings.workspace)


async def _undo(settings: Settings, command: UndoImport) -> ImportUndone:
    container = container_from(settings)
    async with container.storage():
        with progress_bar("Undoing"):
            return await container.use_cases().undo_import(command, workspace=settings.workspace)


async def _export(settings: Settings, chosen: Format, target: BinaryIO) -> Export:
    container = container_from(settings)
    async with container.storage():
        export = container.use_cases().export_tasks(chosen, workspace=settings.workspace)
        with progress_bar("Exporting") as advance:
            before = 0
            async for piece in export:
                await asyncio.to_thread(target.write, piece)
                advance(export.count - before)
                before = export.count
        return export


def _print(report: ImportReport) -> None:
    typer.echo(
        f"{report.created} new, {report.updated} changed, {report.unchanged} unchanged, {report.refused} refused."
    )
    for title, findings, count in (
        ("refused", report.problems, report.refused),
        ("note", report.remarks, report.remarked),
    ):
        _list(title, findings, count)


def _list(title: str, findings: list[Finding], count: int) -> None:
    for finding in findings[:SHOWN]:
        typer.echo(f"{title}: {_printable(f'{finding.place}: {finding.message}')}", err=True)
    if count > SHOWN:
        typer.echo(f"{title}: and {count - min(SHOWN, len(findings))} more", err=True)


def _printable(text: str) -> str:
    """Return what a file says without what would command a terminal."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


@contextmanager
def _writing(file: str) -> Iterator[BinaryIO]:
    """Open a file that takes its name when it is complete: one that is there stays whole if the export fails."""
    if file == STANDARD:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    beside = Path(f"{file}.part")
    try:
        with beside.open("wb") as target:
            yield target
        beside.replace(file)
    except BaseException as error:
        with suppress(OSError):  # on a disk that is read-only, say, it was never made
            beside.unlink()
        if not isinstance(error, OSError):
            raise
        raise CommandFailed(f"cannot write {file}: {error.strerror}", exit_code=CommandFailed.SYSTEM) from None
