"""The use cases on files of tasks, ready to call."""

from collections.abc import AsyncIterable, Awaitable, Callable
from typing import Unpack

from taskharbor.application.call_options import CallOptions
from taskharbor.application.export_tasks import Export
from taskharbor.application.import_chunk import ChunkOutcome
from taskharbor.application.import_report import ImportReport
from taskharbor.application.import_tasks import ImportTasks, import_tasks
from taskharbor.application.list_use_cases import Transact
from taskharbor.application.ports.interchange import Format
from taskharbor.application.ports.storage import Storage
from taskharbor.application.unit_of_work import UnitOfWork
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE, WorkspaceId


class InterchangeUseCases:
    """What can be done with files. What each raises is said by the function of the same name."""

    _storage: Storage
    _transact: Transact

    async def import_tasks(
        self, command: ImportTasks, data: AsyncIterable[bytes], **about: Unpack[CallOptions]
    ) -> ImportReport:
        """Take the tasks of a file, in as many commits as it needs. Repeating it does no harm, without a key too."""
        workspace = about.get("workspace", DEFAULT_WORKSPACE)
        told: CallOptions = {"workspace": workspace, "actor": about.get("actor")}

        async def transact(work: Callable[[UnitOfWork], Awaitable[ChunkOutcome]]) -> ChunkOutcome:
            return await self._transact(work, command, told)

        return await import_tasks(command, data, self._storage, workspace, transact)

    def export_tasks(self, format: Format, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> Export:
        """Write all tasks in a format."""
        return Export(format, self._storage, workspace)
