"""Take the tasks of a file."""

from collections.abc import AsyncIterable, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from taskharbor.application.errors import UidTaken
from taskharbor.application.interchange.import_chunk import take_chunk
from taskharbor.application.interchange.import_lists import ListNames
from taskharbor.application.interchange.import_report import ChunkOutcome, ImportRefused, ImportReport
from taskharbor.application.interchange.read_drafts import DraftReading
from taskharbor.application.lists.list_names import names_of_lists
from taskharbor.application.ports.interchange import Format, TaskDraft
from taskharbor.application.ports.record_store import RecordStore
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import ListId, WorkspaceId
from taskharbor.domain.values.uid import Uid

MAX_CHUNK: Final = 1_000
"""How many tasks one commit takes."""

MAX_ATOMIC: Final = 10_000
"""How many tasks an import of all or nothing takes."""

_UID_RACES: Final = 4

Transact: TypeAlias = Callable[[Callable[[UnitOfWork], Awaitable[ChunkOutcome]]], Awaitable[ChunkOutcome]]
"""Runs work in a unit of work, again if another call committed first."""

TransactAll: TypeAlias = Callable[[Callable[[UnitOfWork], Awaitable[ImportReport]]], Awaitable[ImportReport]]
"""The same for an import as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportTasks:
    """Take the tasks of a file in this format.

    A task that is there already, by its uid, is changed where the file says something else; so importing a file again
    changes nothing. If it is `atomic`, whatever cannot be taken lets nothing be taken.

    Raises:
        InvalidValue: for `format`, if it can only be written.
    """

    format: Format
    atomic: bool = False

    def __post_init__(self) -> None:
        if self.format.reader() is None:
            raise InvalidValue("format", f"must be one that can be read: {self.format.name} is only written")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """An `ImportTasks` with its file, as it is told from others that come with the same idempotency key.

    Attributes:
        format: the name of the format.
        atomic: whether all or nothing was to be taken.
        digest: the SHA-256 of the file, in hexadecimal.
    """

    format: str
    atomic: bool
    digest: str


async def import_in_chunks(
    command: ImportTasks,
    data: AsyncIterable[bytes],
    store: RecordStore,
    workspace: WorkspaceId,
    transact: Transact,
) -> ImportReport:
    """Carry out `command` on a file that comes in pieces, in commits of up to 1,000 tasks.

    What has been committed stays when the file breaks off or the store fails: importing it again goes on.

    Raises:
        ConcurrentUpdate: if others change the same tasks all the time.
    """
    return await _Import(command, await names_of_lists(store, workspace)).in_chunks(data, transact)


async def import_at_once(
    command: ImportTasks,
    data: AsyncIterable[bytes],
    store: RecordStore,
    workspace: WorkspaceId,
    transact: TransactAll,
) -> ImportReport:
    """Carry out `command` on a file that comes in pieces, in one commit.

    Raises:
        ImportRefused: if something cannot be taken. Nothing was written.
        ConcurrentUpdate: if others change the same tasks all the time.
    """
    return await _Import(command, await names_of_lists(store, workspace)).at_once(data, transact)


class _Import:
    def __init__(self, command: ImportTasks, lists: dict[ListId, str]) -> None:
        self._format = command.format
        self._lists = lists
        self._report = ImportReport()
        self._reading = DraftReading(command.format, self._report)
        self._postponed: list[TaskDraft] = []
        self._new: set[Uid] = set()
        self._named: set[Uid] = set()
        self._taken_lists = 0

    async def in_chunks(self, data: AsyncIterable[bytes], transact: Transact) -> ImportReport:
        chunk: list[TaskDraft] = []
        async for draft in self._reading.drafts(data):
            chunk.append(draft)
            if len(chunk) == MAX_CHUNK:
                await self._take(chunk, transact)
                chunk = []
        if chunk:
            await self._take(chunk, transact)
        for first in range(0, len(self._postponed), MAX_CHUNK):
            await self._relate(self._postponed[first : first + MAX_CHUNK], transact)
        if self._reading.list_drafts:
            await self._commit([], transact, is_last=True)
        return self._report

    async def at_once(self, data: AsyncIterable[bytes], transact: TransactAll) -> ImportReport:
        drafts: list[TaskDraft] = []
        async for draft in self._reading.drafts(data):
            drafts.append(draft)
            if len(drafts) > MAX_ATOMIC:
                self._report.refuse(draft.place, f"an import of all or nothing takes at most {MAX_ATOMIC} tasks")
                break
        if self._report.refused:
            raise ImportRefused(self._report)
        return await transact(lambda uow: self._take_all(drafts, uow))

    async def _take_all(self, drafts: Sequence[TaskDraft], uow: UnitOfWork) -> ImportReport:
        lists = ListNames(self._lists)
        outcome = await take_chunk(
            drafts,
            self._format,
            lists,
            uow,
            list_drafts=self._reading.list_drafts,
            are_all_there=True,
        )
        for draft in () if outcome.problems else self._reading.list_drafts:
            await lists.put_away(draft, uow)
        if outcome.problems:
            refusal = ImportReport()
            for problem in outcome.problems:
                refusal.refuse(problem.place, problem.message)
            raise ImportRefused(refusal)
        await uow.commit()
        report = replace(self._report, remarks=list(self._report.remarks))
        for remark in outcome.remarks:
            report.remark(remark.place, remark.message)
        report.count(outcome.outcomes.values())
        return report

    async def _take(self, chunk: Sequence[TaskDraft], transact: Transact) -> None:
        outcome = await self._commit(chunk, transact)
        self._postponed += map(_relations_of, outcome.postponed)
        self._new.update(draft.uid for draft in outcome.postponed if outcome.outcomes[draft.uid] == "created")

    async def _relate(self, chunk: Sequence[TaskDraft], transact: Transact) -> None:
        """Take drafts once more, now that whatever they name has come, or will not come."""
        earlier = (self._report.created, self._report.updated, self._report.unchanged)
        await self._commit(chunk, transact, are_all_there=True)
        self._report.created, self._report.updated, self._report.unchanged = earlier

    async def _commit(
        self, chunk: Sequence[TaskDraft], transact: Transact, *, are_all_there: bool = False, is_last: bool = False
    ) -> ChunkOutcome:
        made: dict[ListId, str] = {}
        list_drafts = self._reading.list_drafts[self._taken_lists :]
        self._taken_lists = len(self._reading.list_drafts)

        async def work(uow: UnitOfWork) -> ChunkOutcome:
            lists = ListNames(self._lists)
            outcome = await take_chunk(
                chunk,
                self._format,
                lists,
                uow,
                list_drafts=list_drafts,
                new=self._new,
                named=self._named,
                are_all_there=are_all_there,
            )
            if is_last and not outcome.problems:
                for draft in self._reading.list_drafts:
                    await lists.put_away(draft, uow)
            await uow.commit()
            made.update(lists.made)
            return outcome

        outcome = await _racing(work, transact)
        self._lists |= made
        self._named |= outcome.named
        for problem in outcome.problems:
            self._report.refuse(problem.place, problem.message)
        for remark in outcome.remarks:
            self._report.remark(remark.place, remark.message)
        self._report.count(outcome.outcomes.values())
        return outcome


def _relations_of(draft: TaskDraft) -> TaskDraft:
    """Return the little that has to be held of a task until those that it names have come."""
    return TaskDraft(
        place=draft.place,
        uid=draft.uid,
        parent=draft.parent,
        depends_on=draft.depends_on,
        occurrence_of=draft.occurrence_of,
        and_following=draft.and_following,
    )


async def _racing(work: Callable[[UnitOfWork], Awaitable[ChunkOutcome]], transact: Transact) -> ChunkOutcome:
    """Run `work`, and again if another call creates a task with the same uid at the same time."""
    for _ in range(_UID_RACES):
        try:
            return await transact(work)
        except UidTaken:
            continue
    return await transact(work)
