"""Take the tasks of files in one commit, or find out only what would become of them."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from taskharbor.application.interchange.held_lines import MAX_HELD, HeldLines
from taskharbor.application.interchange.import_chunk import NewLines, take_chunk
from taskharbor.application.interchange.import_command import ImportNames, ImportTasks
from taskharbor.application.interchange.import_lists import ListNames
from taskharbor.application.interchange.import_record import record_import
from taskharbor.application.interchange.import_report import ChunkOutcome, ImportRefused, ImportReport
from taskharbor.application.interchange.import_tasks import by_format, relations_of
from taskharbor.application.interchange.lines.line_readings import has_readings
from taskharbor.application.interchange.read_drafts import DraftReading
from taskharbor.application.ports.interchange import Format, ImportFile, TaskDraft
from taskharbor.application.ports.record_store import RecordStore
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.identifiers import WorkspaceId
from taskharbor.domain.values.uid import Uid

MAX_ATOMIC: Final = 10_000
"""How many tasks an import of all or nothing takes."""

MAX_DRY_RUN: Final = 50_000
"""How many tasks a dry run takes: it holds them all, as none is written."""

TransactAll: TypeAlias = Callable[[Callable[[UnitOfWork], Awaitable[ImportReport]]], Awaitable[ImportReport]]
"""Runs a piece of business in a unit of work, again if another writer was faster."""


async def import_at_once(
    command: ImportTasks,
    files: Iterable[ImportFile],
    store: RecordStore,
    workspace: WorkspaceId,
    transact: TransactAll,
    *,
    names: ImportNames,
) -> ImportReport:
    """Carry out `command` on files that come in pieces, in one commit, or in none if it is a dry run.

    Raises:
        ImportRefused: if it is atomic, and something cannot be taken. Nothing was written.
        ConcurrentUpdate: if others change the same tasks all the time.
    """
    read = ImportReport()
    reading = DraftReading(read)
    drafts: list[tuple[TaskDraft, Format]] = []
    most = MAX_ATOMIC if command.atomic else MAX_DRY_RUN
    async for draft in reading.drafts(files):
        if len(drafts) == most:
            what = "an import of all or nothing" if command.atomic else "a dry run"
            read.refuse(draft[0].place, f"{what} takes at most {most} tasks")
            break
        drafts.append(draft)
    if command.atomic and read.refused:
        raise ImportRefused(read)
    new_lines = NewLines.HELD if await has_readings(store, workspace) else NewLines.TAKEN

    async def work(uow: UnitOfWork) -> ImportReport:
        taking = _Taking(by_format(drafts), reading, await ListNames.of(uow), uow, new_lines)
        found = await taking.take(names.id)
        if command.atomic and found.problems:
            refusal = ImportReport()
            refusal.add(replace(found, remarks=[], outcomes={}))
            raise ImportRefused(refusal)
        report = replace(read, problems=list(read.problems), remarks=list(read.remarks))
        if not command.dry_run:
            if await record_import(names.id, names.commit(), uow):
                report.id = names.id
            await uow.commit()
        report.add(found)
        return report

    return await transact(work)


class _Taking:
    def __init__(
        self,
        groups: Sequence[tuple[Format, list[TaskDraft]]],
        reading: DraftReading,
        lists: ListNames,
        uow: UnitOfWork,
        new_lines: NewLines,
    ) -> None:
        self._new_lines = new_lines
        self._groups = groups
        self._list_drafts = reading.list_drafts
        self._lists = lists
        self._uow = uow
        self._found = ChunkOutcome()

    async def take(self, import_id: Uid) -> ChunkOutcome:
        """Take everything, what names tasks of another format last."""
        is_one = len(self._groups) <= 1
        await self._take(None, [])
        for written_in, drafts in self._groups:
            await self._take(written_in, drafts, are_all_there=is_one)
            await self._conclude(written_in, import_id)
        if self._found.postponed:
            found = self._found
            outcomes, found.outcomes = found.outcomes, {}
            again = [relations_of(draft) for draft in found.postponed]
            new = {uid for uid, outcome in outcomes.items() if outcome == "created"}
            await self._take(None, again, new=new, are_all_there=True)
            found.outcomes = outcomes
        if not self._found.problems:
            for draft in self._list_drafts:
                await self._lists.put_away(draft, self._uow)
        await self._uow.tasks.settle()
        return self._found

    async def _conclude(self, written_in: Format, import_id: Uid) -> None:
        """Take the lines that are new: as lines that were edited, if there are not too many."""
        found = self._found
        held, lists = HeldLines(written_in, found.held, found.lines), self._lists
        found.held, found.lines = [], set()
        if len(held.drafts) > MAX_HELD:
            found.add(await take_chunk(held.drafts, written_in, lists, self._uow, new_lines=NewLines.SETTLED))
            held = HeldLines(written_in, [], held.known | found.lines)
        found.add(await held.conclude((), import_id, lists, self._uow))

    async def _take(
        self,
        written_in: Format | None,
        drafts: Sequence[TaskDraft],
        *,
        new: Iterable[Uid] = (),
        are_all_there: bool = False,
    ) -> None:
        self._found.add(
            await take_chunk(
                drafts,
                written_in,
                self._lists,
                self._uow,
                list_drafts=self._list_drafts if written_in is None and not drafts else (),
                new=frozenset(new),
                named=self._found.named,
                renamed=self._found.settled if new else self._found.renamed,
                are_all_there=are_all_there,
                new_lines=self._new_lines,
            )
        )
