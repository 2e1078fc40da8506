"""`taskharbor import` and `taskharbor export`."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from taskharbor.adapters.interchange.formats import FORMAT_NAMES, READ_FORMAT_NAMES, format_named, format_of_file
from taskharbor.application.interchange.export_tasks import Export
from taskharbor.application.interchange.import_report import Finding, ImportRefused, ImportReport
from taskharbor.application.interchange.import_tasks import ImportTasks
from taskharbor.application.ports.interchange import Format
from taskharbor.domain.errors import InvalidValue, counted
from taskharbor.entrypoints.cli.configured import configured, store_failures
from taskharbor.entrypoints.cli.failure import CommandFailed
from taskharbor.entrypoints.container import container_from
from taskharbor.entrypoints.settings.settings import Settings

PIECE: Final = 65_536
SHOWN: Final = 20
"""How many problems and remarks are printed at most, of each."""

STANDARD: Final = "-"
"""The name that means standard input or output."""


def import_file(file: str, format: str | None, options: Mapping[str, str | None], *, atomic: bool) -> None:
    """Take the tasks of a file, and say what became of it.

    Raises:
        CommandFailed: if the file or the store cannot be read, or something in the file cannot be taken.
    """
    settings = configured(options)
    chosen = _format_of(file, format)
    try:
        command = ImportTasks(format=chosen, atomic=atomic)
    except InvalidValue as invalid:
        raise CommandFailed(str(invalid), exit_code=CommandFailed.USAGE) from None
    with _reading(file) as source, store_failures(options):
        try:
            report = asyncio.run(_import(settings, command, source, file))
        except ImportRefused as refused:
            report = refused.report
            typer.echo("Nothing was imported.", err=True)
    _tell(report)
    if report.refused:
        raise CommandFailed(
            f"{counted(report.refused, 'part')} of {file} could not be imported", exit_code=CommandFailed.DATA
        )


def export_file(file: str, format: str, options: Mapping[str, str | None]) -> None:
    """Write all tasks to a file, and say what the format cannot hold.

    Raises:
        CommandFailed: if the file cannot be written, or the store not be read.
    """
    # Who reads makes no database where there is none, and upgrades none: a URL with a slip in it would go unnoticed.
    settings = configured(options).model_copy(update={"migrate": False})
    chosen = _format_named(format)
    with _writing(file) as target, store_failures(options):
        export = asyncio.run(_export(settings, chosen, target))
    typer.echo(f"Exported {counted(export.count, 'task')}.", err=True)
    for loss, count in sorted(export.losses.items()):
        typer.echo(f"  {chosen.name} cannot hold: {loss} ({counted(count, 'task')})", err=True)


async def _import(settings: Settings, command: ImportTasks, source: BinaryIO, file: str) -> ImportReport:
    container = container_from(settings)
    size = Path(file).stat().st_size if file != STANDARD else None  # noqa: ASYNC240  # nobody else waits here
    async with container.storage():
        with _progress("Importing", total=size) as advance:

            async def pieces() -> AsyncIterator[bytes]:
                while piece := await asyncio.to_thread(source.read, PIECE):
                    yield piece
                    advance(len(piece))

            return await container.use_cases().import_tasks(command, pieces(), workspace=settings.workspace)


async def _export(settings: Settings, chosen: Format, target: BinaryIO) -> Export:
    container = container_from(settings)
    async with container.storage():
        export = container.use_cases().export_tasks(chosen, workspace=settings.workspace)
        with _progress("Exporting", total=None) as advance:
            before = 0
            async for piece in export:
                await asyncio.to_thread(target.write, piece)
                advance(export.count - before)
                before = export.count
        return export


class _Advance:
    def __init__(self, progress: Progress, total: int | None, what: str) -> None:
        self._progress = progress
        self._task = progress.add_task(what, total=total)

    def __call__(self, by: int) -> None:
        self._progress.advance(self._task, by)


@contextmanager
def _progress(what: str, total: int | None) -> Iterator[_Advance]:
    """Show how far it has come, on a terminal only."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(show_speed=True), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield _Advance(progress, total, what)


def _tell(report: ImportReport) -> None:
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


def _format_of(file: str, format: str | None) -> Format:
    name = format or format_of_file(Path(file))
    names = ", ".join(READ_FORMAT_NAMES)
    if name is None:
        raise CommandFailed(
            f"the format cannot be told from the name of {file}: pass --format, one of {names}",
            exit_code=CommandFailed.USAGE,
        )
    if name in FORMAT_NAMES and name not in READ_FORMAT_NAMES:
        raise CommandFailed(
            f"{name} can only be exported; formats that can be imported: {names}", exit_code=CommandFailed.USAGE
        )
    return _format_named(name)


def _format_named(name: str) -> Format:
    try:
        return format_named(name)
    except InvalidValue as invalid:
        raise CommandFailed(f"--format {invalid.reason}", exit_code=CommandFailed.USAGE) from None
    except ImportError as missing:
        raise CommandFailed(str(missing), exit_code=CommandFailed.USAGE) from None


@contextmanager
def _reading(file: str) -> Iterator[BinaryIO]:
    if file == STANDARD:
        yield sys.stdin.buffer
        return
    try:
        source = Path(file).open("rb")  # noqa: SIM115  # closed below; only its opening may fail here
    except OSError as refusal:
        raise CommandFailed(f"cannot read {file}: {refusal.strerror}", exit_code=CommandFailed.SYSTEM) from None
    with source:
        yield source


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
    except OSError as refusal:
        beside.unlink(missing_ok=True)
        raise CommandFailed(f"cannot write {file}: {refusal.strerror}", exit_code=CommandFailed.SYSTEM) from None
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
