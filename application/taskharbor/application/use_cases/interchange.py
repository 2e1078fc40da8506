"""The use cases on files of tasks, ready to call."""

from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import TypeVar, Unpack

from taskharbor.application.calls import idempotency_key_from
from taskharbor.application.commands.registry import authorize, begin
from taskharbor.application.interchange.export_tasks import Export
from taskharbor.application.interchange.import_command import ImportNames, ImportRequest, ImportTasks
from taskharbor.application.interchange.import_report import ChunkOutcome, ImportReport
from taskharbor.application.ports.interchange import Format, ImportFile
from taskharbor.application.ports.storage import Storage
from taskharbor.application.principal import CallContext, settled
from taskharbor.application.services import Services
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.application.use_cases.transactions import Transactions
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE, WorkspaceId
from taskharbor.domain.values.uid import uid_named

R = TypeVar("R")


class _Digest:
    """Passes on the pieces of files, once, and knows afterwards what was in them."""

    def __init__(self) -> None:
        self._digest = sha256()

    def of(self, file: ImportFile) -> ImportFile:
        """Return the file, read through this."""
        return replace(file, data=self._pieces(file))

    async def _pieces(self, file: ImportFile) -> AsyncIterator[bytes]:
        if file.name is not None:
            self._digest.update(f"\n{file.format.name} {file.name}\n".encode(errors="replace"))
        async for piece in file.data:
            self._digest.update(piece)
            yield piece

    async def whole(self, files: Sequence[ImportFile]) -> str:
        """Read the rest, and return the SHA-256 of all."""
        for file in files:
            async for _ in file.data:
                pass
        return self._digest.hexdigest()


class InterchangeUseCases:
    """What can be done with files. What each raises is said by the function of the same name."""

    def __init__(self, storage: Storage, transactions: Transactions, services: Services) -> None:
        self._storage = storage
        self._transactions = transactions
        self._services = services

    async def import_tasks(
        self, command: ImportTasks, data: AsyncIterable[bytes] | Sequence[ImportFile], **context: Unpack[CallContext]
    ) -> ImportReport:
        """Take the tasks of a file, or of several, in as many commits as it needs, or in one if it is atomic.

        With an idempotency key the answer of one that takes several commits is kept in one more. If that is not
        reached, a repetition goes on where the first one was broken off; its report is about the rest, and its id about
        the whole.
        """
        principal, context = settled(context)
        key = context.get("idempotency_key")
        authorize(command, principal)
        workspace = principal.workspace
        unkeyed: CallContext = {**context, "idempotency_key": None}
        digest = _Digest()
        files = [digest.of(file) for file in _files(command, data)]
        named = (
            self._services.uids.new() if key is None else uid_named(f"import {workspace} {idempotency_key_from(key)}")
        )
        names = ImportNames(named, self._services.uids.new)
        store = self._storage

        async def request() -> ImportRequest:
            formats = ",".join(sorted({file.format.name for file in files}))
            found = await digest.whole(files)
            return ImportRequest(format=formats, atomic=command.atomic, digest=found)

        async def take_some(work: Callable[[UnitOfWork], Awaitable[ChunkOutcome]]) -> ChunkOutcome:
            return await self._transactions.run(_begun(command, work), unkeyed)

        async def take_all(work: Callable[[UnitOfWork], Awaitable[ImportReport]]) -> ImportReport:
            # A dry run writes nothing, not even that it was asked for.
            return await self._transactions.run_once(
                _begun(command, work), await request(), unkeyed if command.dry_run else context
            )

        if command.atomic or command.dry_run:
            from taskharbor.application.interchange.import_at_once import import_at_once  # noqa: PLC0415  # as below

            return await import_at_once(command, files, store, workspace, take_all, names=names)
        # Twenty modules that most programs never need.
        from taskharbor.application.interchange.import_tasks import import_in_chunks  # noqa: PLC0415

        return await self._transactions.run_long(
            lambda: import_in_chunks(files, store, workspace, take_some, names=names),
            request,
            context,
        )

    def export_tasks(self, format: Format, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> Export:
        """Write all tasks in a format."""
        return Export(format, self._storage, workspace)


def _files(command: ImportTasks, data: AsyncIterable[bytes] | Sequence[ImportFile]) -> Sequence[ImportFile]:
    if isinstance(data, Sequence):
        return data
    if command.format is None:
        raise InvalidValue("format", "is required, as the file does not say its own")
    return [ImportFile(format=command.format, data=data)]


def _begun(command: ImportTasks, work: Callable[[UnitOfWork], Awaitable[R]]) -> Callable[[UnitOfWork], Awaitable[R]]:
    async def begun(uow: UnitOfWork) -> R:
        begin(command, uow)
        return await work(uow)

    return begun
