"""The use cases on files of tasks, ready to call."""

from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from hashlib import sha256
from typing import TypeVar, Unpack

from taskharbor.application.calls import CallContext
from taskharbor.application.commands.registry import begin
from taskharbor.application.interchange.export_tasks import Export
from taskharbor.application.interchange.import_report import ChunkOutcome, ImportReport
from taskharbor.application.interchange.import_tasks import (
    ImportRequest,
    ImportTasks,
    import_at_once,
    import_in_chunks,
)
from taskharbor.application.ports.interchange import Format
from taskharbor.application.ports.storage import Storage
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.application.use_cases.transactions import Transactions
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE, WorkspaceId

R = TypeVar("R")


class DigestedFile:
    """Passes on the pieces of a file, once, and knows afterwards what was in it."""

    def __init__(self, pieces: AsyncIterable[bytes]) -> None:
        self._pieces = aiter(pieces)
        self._digest = sha256()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._pieces:
            self._digest.update(piece)
            yield piece

    async def digest(self) -> str:
        """Read the rest, and return the SHA-256 of the whole."""
        async for piece in self._pieces:
            self._digest.update(piece)
        return self._digest.hexdigest()


class InterchangeUseCases:
    """What can be done with files. What each raises is said by the function of the same name."""

    def __init__(self, storage: Storage, transactions: Transactions) -> None:
        self._storage = storage
        self._transactions = transactions

    async def import_tasks(
        self, command: ImportTasks, data: AsyncIterable[bytes], **context: Unpack[CallContext]
    ) -> ImportReport:
        """Take the tasks of a file, in as many commits as it needs, or in one if it is atomic.

        With an idempotency key the answer of one that takes several commits is kept in one more. If that is not
        reached, a repetition goes on where the first one was broken off, and its report is about the rest.
        """
        workspace = context.get("workspace", DEFAULT_WORKSPACE)
        unkeyed: CallContext = {"workspace": workspace, "actor": context.get("actor")}
        file = DigestedFile(data)

        async def request() -> ImportRequest:
            return ImportRequest(format=command.format.name, atomic=command.atomic, digest=await file.digest())

        async def take_some(work: Callable[[UnitOfWork], Awaitable[ChunkOutcome]]) -> ChunkOutcome:
            return await self._transactions.run(_begun(command, work), unkeyed)

        async def take_all(work: Callable[[UnitOfWork], Awaitable[ImportReport]]) -> ImportReport:
            return await self._transactions.run_once(_begun(command, work), await request(), context)

        if command.atomic:
            return await import_at_once(command, file, self._storage, workspace, take_all)
        return await self._transactions.run_long(
            lambda: import_in_chunks(command, file, self._storage, workspace, take_some), request, context
        )

    def export_tasks(self, format: Format, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> Export:
        """Write all tasks in a format."""
        return Export(format, self._storage, workspace)


def _begun(command: ImportTasks, work: Callable[[UnitOfWork], Awaitable[R]]) -> Callable[[UnitOfWork], Awaitable[R]]:
    async def begun(uow: UnitOfWork) -> R:
        begin(command, uow)
        return await work(uow)

    return begun
