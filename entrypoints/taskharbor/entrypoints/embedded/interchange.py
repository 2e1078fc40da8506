"""Import and export as plain calls on one workspace."""

from collections.abc import AsyncIterable, AsyncIterator

from taskharbor.adapters.interchange.formats import format_named
from taskharbor.application.interchange.export_tasks import Export
from taskharbor.application.interchange.import_report import ImportReport
from taskharbor.application.interchange.import_tasks import ImportTasks
from taskharbor.entrypoints.embedded.scope import HarborScope


class InterchangeCalls(HarborScope):
    """Import and export."""

    async def import_tasks(
        self,
        data: bytes | AsyncIterable[bytes],
        *,
        format: str,
        atomic: bool = False,
        idempotency_key: str | None = None,
    ) -> ImportReport:
        """Take the tasks of a file, given as a whole or in pieces: `icalendar`, `taskwarrior`, `todotxt` or `jsonl`.

        A task whose uid already exists is changed where the file differs. The report lists what could not be imported,
        with its place; the rest is imported, or nothing if it is `atomic`.

        If an import that is not `atomic` is interrupted, repeating it with the same `idempotency_key` continues it.

        Raises:
            InvalidValue: if the format is unknown, or can only be exported.
            ImportRefused: if it is atomic, and something cannot be imported. Nothing was written.
            ImportError: if the format needs a library that is not installed; the message says which extra to install.
        """
        command = ImportTasks(format=format_named(format), atomic=atomic)
        pieces = _piece(data) if isinstance(data, bytes) else data
        return await self._use_cases.import_tasks(command, pieces, **self._context(idempotency_key))

    def export_tasks(self, *, format: str) -> Export:
        """Export all tasks as a file; `async for` iterates over its pieces.

        The formats are those of `import_tasks`, and `csv`. `losses` of the export says what the format cannot
        represent.

        Raises:
            InvalidValue: if the format is unknown.
            ImportError: if it needs a library that is not installed; the message says which extra to install.
        """
        return self._use_cases.export_tasks(format_named(format), workspace=self._workspace)


async def _piece(data: bytes) -> AsyncIterator[bytes]:
    yield data
