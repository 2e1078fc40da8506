"""Import and export as plain calls on one workspace."""

from collections.abc import AsyncIterable, AsyncIterator

from taskharbor.application.interchange.export_tasks import Export
from taskharbor.application.interchange.import_command import ImportTasks
from taskharbor.application.interchange.import_report import ImportReport
from taskharbor.application.undo.undo_import import ImportUndone, UndoImport
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.values.uid import uid_from
from taskharbor.entrypoints.embedded.scope import HarborScope


class InterchangeCalls(HarborScope):
    """Import and export. A dozen formats take time to load: only these calls do."""

    async def import_tasks(
        self,
        data: bytes | AsyncIterable[bytes],
        *,
        format: str | None = None,
        file_name: str | None = None,
        atomic: bool = False,
        dry_run: bool = False,
        idempotency_key: str | None = None,
    ) -> ImportReport:
        """Take the tasks of a file, given as a whole or in pieces, in one of `READ_FORMAT_NAMES`.

        Without a `format` it is recognised by what is in the file, and by `file_name`, which of a CSV of Todoist is
        also the name of the project. A task that is there already, by its uid, is changed where the file says something
        else. The report says what could not be taken, and where it stands; the rest is taken, or nothing is if it is
        `atomic`.
        A `dry_run`, of up to 50,000 tasks, writes nothing: the report says what would be.

        If an import that is not `atomic` is interrupted, repeating it with the same `idempotency_key` continues it.

        Raises:
            InvalidValue: if the format is not known or recognised, or can only be written.
            ImportRefused: if it is atomic, and something cannot be taken. Nothing was written.
            ImportError: if the format needs a library that is not installed; the message says which extra to install.
        """
        from taskharbor.adapters.interchange.formats import READ_FORMAT_NAMES, format_named  # noqa: PLC0415  # see above
        from taskharbor.adapters.interchange.recognition import recognised  # noqa: PLC0415

        pieces = _piece(data) if isinstance(data, bytes) else data
        if format is None:
            format, pieces = await recognised(pieces, file_name)  # noqa: A001
        if format is None:
            raise InvalidValue("format", f"is not clear from the file: must be one of {', '.join(READ_FORMAT_NAMES)}")
        command = ImportTasks(format=format_named(format, file_name=file_name), atomic=atomic, dry_run=dry_run)
        return await self._use_cases.import_tasks(command, pieces, **self._context(idempotency_key))

    async def undo_import(self, id: str, *, idempotency_key: str | None = None) -> ImportUndone:
        """Undo all commits of an import, except what has been changed since.

        The id is in the import's report. If it breaks off, calling it again goes on.

        Raises:
            InvalidValue: if the id is no UUID.
            ImportNotFound: if there was no such import, or it has written nothing.
            HistoryForgotten: if its history has been purged.
        """
        command = UndoImport(id=uid_from(id))
        return await self._use_cases.undo_import(command, **self._context(idempotency_key))

    def export_tasks(self, *, format: str) -> Export:
        """Export all tasks as a file; `async for` iterates over its pieces.

        The formats are `icalendar`, `taskwarrior`, `todotxt`, `jsonl` and `csv`.
        `losses` of the export says what the format cannot hold.

        Raises:
            InvalidValue: if the format is unknown.
            ImportError: if it needs a library that is not installed; the message says which extra to install.
        """
        from taskharbor.adapters.interchange.formats import format_named  # noqa: PLC0415  # see above

        return self._use_cases.export_tasks(format_named(format), workspace=self._workspace)


async def _piece(data: bytes) -> AsyncIterator[bytes]:
    yield data
