"""Take some drafts in one unit of work."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from enum import Enum, auto
from types import MappingProxyType
from typing import Final

from taskharbor.application.interchange.apply_draft import changed_by, new_task_of, with_initial
from taskharbor.application.interchange.awaited import awaiting
from taskharbor.application.interchange.fitting import reason_for, without
from taskharbor.application.interchange.import_lists import ListNames
from taskharbor.application.interchange.import_report import ChunkOutcome, Finding
from taskharbor.application.interchange.link_drafts import DraftLinker, named_in
from taskharbor.application.interchange.mirrors import Mirrors
from taskharbor.application.interchange.namesakes import tell_namesakes_apart
from taskharbor.application.interchange.occurrence_drafts import identified, with_exceptions
from taskharbor.application.interchange.occurrence_names import occurrences_there
from taskharbor.application.interchange.resume_series import (
    begins_with_exception,
    first_occurrence,
    left_where_it_stands,
)
from taskharbor.application.ports.interchange import Format, ListDraft, TaskDraft
from taskharbor.application.relations.dependencies import require_acyclic
from taskharbor.application.relations.placement import resolve_placement
from taskharbor.application.turns import in_turns
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import TaskId
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.tasks.foreign_data import foreign_as_json
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.unset import UNSET
from taskharbor.domain.values.uid import Uid

NOTHING: Final[Mapping[Uid, Uid]] = MappingProxyType({})


class NewLines(Enum):
    """What becomes of lines with names that no task has: such a line can be one that was edited."""

    TAKEN = auto()
    HELD = auto()
    """They are only returned."""
    SETTLED = auto()
    """It is settled which tasks they are: those that their uids say."""


async def take_chunk(
    drafts: Sequence[TaskDraft],
    format: Format | None,
    lists: ListNames,
    uow: UnitOfWork,
    *,
    list_drafts: Sequence[ListDraft] = (),
    new: Collection[Uid] = (),
    named: Collection[Uid] = (),
    renamed: Mapping[Uid, Uid] = NOTHING,
    are_all_there: bool = False,
    new_lines: NewLines = NewLines.TAKEN,
) -> ChunkOutcome:
    """Take drafts, without a commit. A draft that cannot be taken leaves no trace; the others are taken.

    Args:
        drafts: what to take.
        format: what they were written in; None if there are none.
        lists: the lists of the workspace by name; those that are missing are made.
        uow: the unit of work.
        list_drafts: the lists of the file, to be taken first.
        new: tasks that an earlier unit of work of this import has made, which keep the dates that they came with.
        named: tasks that were found by a name in an earlier unit of work of this import.
        renamed: the uids of tasks by those that the file gives them, where these differ.
        are_all_there: whether a task that is not there now will not come any more.
        new_lines: what becomes of drafts with names that no task has.
    """
    taking = _Taking(format, lists, uow)
    await taking.take_lists(list_drafts)
    drafts = await taking.look_up(drafts, named, renamed, new_lines)
    async for draft in in_turns(drafts):
        await taking.take(draft)
    relating = DraftLinker(taking.found, taking.ids, uow, new)
    async for draft in in_turns(drafts):
        if draft.uid in taking.found.outcomes:
            await relating.relate(draft, are_all_there=are_all_there)
    async for draft in in_turns(await taking.look_up_awaiting()):
        await relating.relate(draft, are_all_there=True)
    relating.move_on()
    await taking.compare()
    taking.found.lines = {taking.ids[draft.uid] for draft in drafts if draft.name and draft.uid in taking.ids}
    await uow.tasks.settle()
    return taking.found


class _Taking:
    def __init__(self, format: Format | None, lists: ListNames, uow: UnitOfWork) -> None:
        self.found = ChunkOutcome()
        self.ids: dict[Uid, TaskId] = {}
        self._mirrors = Mirrors(format, lists, uow)
        self._lists = lists
        self._uow = uow
        self._before: dict[Uid, Task] = {}

    async def take_lists(self, drafts: Sequence[ListDraft]) -> None:
        """Make lists, or change those that are there."""
        for draft in drafts:
            before = self._uow.bookmark()
            try:
                await self._lists.take(draft, self._uow)
            except InvalidValue as invalid:
                self._uow.return_to(before)
                self.found.problems.append(Finding(f"{draft.place} ({invalid.field})", invalid.reason))

    async def look_up(
        self, drafts: Sequence[TaskDraft], named: Collection[Uid], renamed: Mapping[Uid, Uid], new_lines: NewLines
    ) -> list[TaskDraft]:
        """Find which of the tasks that the drafts are, or name, are there, and read them; distinguish namesakes.

        Returns:
            the drafts, each with the uid of the task that it is, but for those that are held.
        """
        if new_lines is not NewLines.SETTLED:
            apart = await tell_namesakes_apart(drafts, self._uow, self._mirrors.described, named)
            both = zip(drafts, apart, strict=True)
            self.found.renamed = {draft.uid: other.uid for draft, other in both if draft.uid != other.uid}
            drafts = apart
        self.found.named = {draft.uid for draft in drafts if draft.name}
        uids = {**renamed, **self.found.renamed}
        found = await identified([_of_renamed(draft, uids) for draft in drafts] if uids else drafts, self._uow)
        self.ids.update(await self._uow.tasks.find_uids({uid for draft in found for uid in _looked_up(draft)}))
        first = {uid for draft in found if (uid := first_occurrence(draft)) and uid not in self.ids}
        self.ids.update(await occurrences_there(first, self._uow))
        await self._uow.tasks.prefetch(self.ids.values())
        if new_lines is NewLines.HELD:
            self.found.held = [draft for draft in found if draft.name and draft.uid not in self.ids]
            found = [draft for draft in found if not draft.name or draft.uid in self.ids]
        return found

    async def look_up_awaiting(self) -> list[TaskDraft]:
        """Return what is to be made of tasks that have been waiting for those that are new."""
        new = [uid for uid, outcome in self.found.outcomes.items() if outcome == "created"]
        found = await awaiting(new, self._uow) if new else []
        if found:
            self.ids.update(await self._uow.tasks.find_uids({uid for draft in found for uid in _looked_up(draft)}))
            await self._uow.tasks.prefetch(self.ids.values())
        return found

    async def take(self, draft: TaskDraft) -> None:
        """Make a task of a draft, or change the one that it is; what it has to do with others comes later.

        A value that a task does not take is left out: no task is lost for the sake of one.
        """
        before = self._uow.bookmark()
        while True:
            try:
                task_id = self.ids.get(draft.uid)
                if task_id is None:
                    await self._create(draft)
                else:
                    await self._change(task_id, draft)
            except InvalidValue as invalid:
                self._uow.return_to(before)
                try:
                    draft, field = without(draft, invalid)
                except InvalidValue:
                    self.found.problems.append(Finding(f"{draft.place} ({invalid.field})", invalid.reason))
                    return
                self.found.remarks.append(
                    Finding(f"{draft.place} ({field})", f"{reason_for(field, invalid)}: left out")
                )
            else:
                return

    async def compare(self) -> None:
        """See which of the tasks that were changed are in the end what they were before."""
        async for uid, before in in_turns(self._before.items()):
            after = self._uow.tasks.seen(before.id)
            if self.found.outcomes.get(uid) == "updated" and replace(after, updated=before.updated) == before:
                self._uow.tasks.save(before)
                self.found.outcomes[uid] = "unchanged"

    async def _create(self, draft: TaskDraft) -> None:
        task = new_task_of(with_initial(draft), await self._uow.tasks.next_id(), at=self._uow.now)
        if isinstance(draft.list_name, str):
            placed = replace(task, list=await self._lists.id_of(draft.list_name, self._uow))
            task = replace(await resolve_placement(None, placed, self._uow, list_named=True), updated=task.updated)
        self._uow.tasks.add(task)
        self.ids[draft.uid] = task.id
        self.found.outcomes[draft.uid] = "created"

    async def _change(self, task_id: TaskId, draft: TaskDraft) -> None:
        before = await self._uow.tasks.get_even_deleted(task_id)
        task = before.restore(at=self._uow.now)
        draft = await with_exceptions(draft, task, self._uow)
        self._before.setdefault(draft.uid, before)
        if begins_with_exception(draft) or ((occurrence := first_occurrence(draft)) and occurrence in self.ids):
            draft = left_where_it_stands(draft, task)
        if _says_else(draft, task):
            draft = with_initial(draft)
        mirrored = await self._mirrors.of(task)
        task = changed_by(task, draft, mirrored, at=self._uow.now)
        # A subtask is in the list of its parent.
        if draft.list_name is not UNSET and draft.list_name != mirrored.list_name and not _has_parent(draft):
            changes = TaskChanges(list=await self._lists.id_of(draft.list_name, self._uow))
            task = await resolve_placement(task, task.change(changes, at=self._uow.now), self._uow, list_named=True)
        self._uow.tasks.save(task)
        await require_acyclic(before, task, self._uow)
        if self.found.outcomes.get(draft.uid) != "created":
            self.found.outcomes[draft.uid] = "unchanged" if task == before else "updated"


def _says_else(draft: TaskDraft, task: Task) -> bool:
    kept = foreign_as_json(task.foreign)
    return any(kept.get(name) != data for name, data in draft.foreign.items())


def _of_renamed(draft: TaskDraft, uids: Mapping[Uid, Uid]) -> TaskDraft:
    return (
        replace(draft, parent=uids[draft.parent]) if isinstance(draft.parent, str) and draft.parent in uids else draft
    )


def _has_parent(draft: TaskDraft) -> bool:
    return isinstance(draft.parent, str)


def _looked_up(draft: TaskDraft) -> Iterable[Uid]:
    occurrence = first_occurrence(draft)
    return (draft.uid, *named_in(draft), *([occurrence] if occurrence else []))
