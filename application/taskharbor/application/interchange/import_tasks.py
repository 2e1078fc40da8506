"""Take the tasks of a file, in as many commits as it needs."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Final, TypeAlias

from taskharbor.application.errors import UidTaken
from taskharbor.application.interchange.held_lines import MAX_HELD, HeldLines
from taskharbor.application.interchange.import_chunk import NewLines, take_chunk
from taskharbor.application.interchange.import_command import ImportNames
from taskharbor.application.interchange.import_lists import ListNames
from taskharbor.application.interchange.import_record import record_import
from taskharbor.application.interchange.import_report import ChunkOutcome, ImportReport
from taskharbor.application.interchange.lines.line_readings import has_readings
from taskharbor.application.interchange.read_drafts import DraftReading
from taskharbor.application.ports.interchange import Format, ImportFile, TaskDraft
from taskharbor.application.ports.record_store import RecordStore
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.identifiers import WorkspaceId
from taskharbor.domain.values.uid import Uid

MAX_CHUNK: Final = 1_000
"""How many tasks one commit takes."""

_UID_RACES: Final = 4

Transact: TypeAlias = Callable[[Callable[[UnitOfWork], Awaitable[ChunkOutcome]]], Awaitable[ChunkOutcome]]
"""Runs work in a unit of work, again if another call committed first."""


async def import_in_chunks(
    files: Iterable[ImportFile],
    store: RecordStore,
    workspace: WorkspaceId,
    transact: Transact,
    *,
    names: ImportNames,
) -> ImportReport:
    """Take files that come in pieces, in commits of up to 1,000 tasks.

    What has been committed stays when a file breaks off or the store fails: importing it again goes on.

    Raises:
        ConcurrentUpdate: if others change the same tasks all the time.
    """
    new_lines = NewLines.HELD if await has_readings(store, workspace) else NewLines.TAKEN
    return await _ChunkedImport(names, new_lines).in_chunks(files, transact)


class _ChunkedImport:
    def __init__(self, names: ImportNames, new_lines: NewLines) -> None:
        self._names = names
        self._report = ImportReport()
        self._reading = DraftReading(self._report)
        self._postponed: list[tuple[TaskDraft, Format]] = []
        self._new: set[Uid] = set()
        self._named: set[Uid] = set()
        self._renamed: dict[Uid, Uid] = {}
        self._settled: dict[Uid, Uid] = {}
        self._taken_lists = 0
        self._new_lines = new_lines
        self._lines: dict[str, HeldLines] = {}

    async def in_chunks(self, files: Iterable[ImportFile], transact: Transact) -> ImportReport:
        chunk: list[TaskDraft] = []
        last: Format | None = None
        async for draft, written_in in self._reading.drafts(files):
            if last is not None and chunk and (len(chunk) == MAX_CHUNK or written_in.name != last.name):
                await self._take(chunk, last, transact)
                chunk = []
            chunk.append(draft)
            last = written_in
        if last is not None and chunk:
            await self._take(chunk, last, transact, is_end=True)
        for lines in [*self._lines.values()]:
            await self._commit([], lines.format, transact, concluding=lines)
        for written_in, drafts in by_format(self._postponed):
            for first in range(0, len(drafts), MAX_CHUNK):
                await self._relate(drafts[first : first + MAX_CHUNK], written_in, transact)
        if self._reading.list_drafts:
            await self._commit([], last, transact, is_last=True)
        return self._report

    async def _take(
        self, chunk: Sequence[TaskDraft], format: Format, transact: Transact, *, is_end: bool = False
    ) -> None:
        lines = self._lines.get(format.name, HeldLines(format))
        outcome = await self._commit(
            chunk,
            format,
            transact,
            new_lines=self._new_lines,
            concluding=lines if is_end and not lines.drafts else None,
        )
        lines.add(outcome)
        if is_end and not lines.drafts:
            self._lines.pop(format.name, None)
            return
        if len(lines.drafts) > MAX_HELD:
            self._new_lines = NewLines.TAKEN
            held, lines.drafts = lines.drafts, []
            for first in range(0, len(held), MAX_CHUNK):
                some = held[first : first + MAX_CHUNK]
                lines.add(await self._commit(some, format, transact, new_lines=NewLines.SETTLED))
        if lines.drafts or lines.known:
            self._lines[format.name] = lines

    async def _relate(self, chunk: Sequence[TaskDraft], format: Format, transact: Transact) -> None:
        """Take drafts once more, now that whatever they name has come, or will not come."""
        earlier = (self._report.created, self._report.updated, self._report.unchanged)
        await self._commit(chunk, format, transact, are_all_there=True)
        self._report.created, self._report.updated, self._report.unchanged = earlier

    async def _commit(
        self,
        chunk: Sequence[TaskDraft],
        format: Format | None,
        transact: Transact,
        *,
        are_all_there: bool = False,
        is_last: bool = False,
        new_lines: NewLines = NewLines.TAKEN,
        concluding: HeldLines | None = None,
    ) -> ChunkOutcome:
        commit = self._names.commit()
        list_drafts = self._reading.list_drafts[self._taken_lists :]
        self._taken_lists = len(self._reading.list_drafts)

        async def work(uow: UnitOfWork) -> ChunkOutcome:
            lists = await ListNames.of(uow)
            outcome = await take_chunk(
                chunk,
                format,
                lists,
                uow,
                list_drafts=list_drafts,
                new=self._new,
                named=self._named,
                renamed=self._settled if are_all_there else self._renamed,
                are_all_there=are_all_there,
                new_lines=new_lines,
            )
            if concluding is not None and not outcome.held:
                outcome.add(await concluding.conclude(outcome.lines, self._names.id, lists, uow))
            if is_last and not outcome.problems:
                for draft in self._reading.list_drafts:
                    await lists.put_away(draft, uow)
            if await record_import(self._names.id, commit, uow):
                outcome.is_written = True
            await uow.commit()
            return outcome

        outcome = await _racing(work, transact)
        if format is not None:
            self._postponed += [(relations_of(draft), format) for draft in outcome.postponed]
        self._new.update(draft.uid for draft in outcome.postponed if outcome.outcomes[draft.uid] == "created")
        self._renamed |= outcome.renamed
        self._settled |= outcome.settled
        self._named |= outcome.named
        if outcome.is_written:
            self._report.id = self._names.id
        self._report.add(outcome)
        return outcome


def by_format(drafts: Iterable[tuple[TaskDraft, Format]]) -> list[tuple[Format, list[TaskDraft]]]:
    """Return drafts by their formats, in the order of these."""
    found: dict[str, tuple[Format, list[TaskDraft]]] = {}
    for draft, written_in in drafts:
        found.setdefault(written_in.name, (written_in, []))[1].append(draft)
    return list(found.values())


def relations_of(draft: TaskDraft) -> TaskDraft:
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
