"""Stores that lose a field or list the wrong changes, and the promise of the kit that finds it out."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.ports.change_feed import ChangeSlice, Position, Tombstone, change_of
from taskharbor.application.ports.commit_hints import CommitHints
from taskharbor.application.ports.task_store import Changeset
from taskharbor.domain.identifiers import MAX_ID, Revision, WorkspaceId
from taskharbor.domain.tasks.reminder import AbsoluteReminder
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.calendar_time import AllDay, Floating, Zoned
from taskharbor.domain.values.duration import Duration
from taskharbor.domain.values.time_zone import zone
from teeth import Outcomes, Rewrites, Teeth

MACHINE = "test_it_answers_and_refuses_as_the_store_in_memory_does"
READERS = "test_readers_among_writers_have_an_exact_copy_at_every_revision_that_they_claim"
TOMBSTONES = "test_a_deleted_task_is_listed_as_a_tombstone_until_it_is_restored"
ORDER = "test_each_task_is_listed_once_in_the_order_of_its_last_change"
PIECES = "test_what_one_commit_wrote_can_be_read_in_pieces"
CALENDAR_TIME = "test_a_calendar_time_keeps_its_kind_and_the_name_of_its_zone"
TAGS = "test_a_tag_keeps_its_case_and_its_characters"
EVERY_FIELD = "test_every_question_answers_with_every_field"
LOADED = "test_a_task_is_loaded_as_it_was_added"

TEETH = Teeth(globals())
breaks = TEETH.breaks


def altered(view: TaskView, **members: object) -> TaskView:
    document = json.loads(view.as_json()) | members
    del document["blocked"], document["revision"]
    return TaskView(json.dumps(document), view.revision, blocked=view.blocked)


class Tells(InMemoryStorage):
    """Answers what has changed in ways of its own."""

    async def list_changes(self, workspace: WorkspaceId, *, after: Position, limit: int) -> ChangeSlice:
        found = await super().list_changes(workspace, after=after, limit=limit)
        return ChangeSlice(items=[self.recorded(change) for change in found.items], revision=found.revision)

    def recorded(self, change: TaskView | Tombstone) -> TaskView | Tombstone:
        raise NotImplementedError


@breaks(TOMBSTONES, READERS, MACHINE)
class SkipsTombstones(InMemoryStorage):
    async def list_changes(self, workspace: WorkspaceId, *, after: Position, limit: int) -> ChangeSlice:
        found = await super().list_changes(workspace, after=after, limit=limit)
        live = [change for change in found.items if isinstance(change, TaskView)]
        return ChangeSlice(items=live, revision=found.revision)


@breaks(ORDER, MACHINE)
class TellsInOrderOfId(InMemoryStorage):
    async def list_changes(self, workspace: WorkspaceId, *, after: Position, limit: int) -> ChangeSlice:
        found = await super().list_changes(workspace, after=after, limit=limit)
        return ChangeSlice(items=sorted(found.items, key=lambda change: change.id), revision=found.revision)


@breaks(READERS)
class AsksForTheRevisionFirst(InMemoryStorage):
    async def list_changes(self, workspace: WorkspaceId, *, after: Position, limit: int) -> ChangeSlice:
        revision = self._workspaces[workspace].revision
        await asyncio.sleep(0)
        found = await super().list_changes(workspace, after=after, limit=limit)
        return ChangeSlice(items=found.items, revision=revision)


@breaks(READERS)
class AsksForTheRevisionLast(InMemoryStorage):
    async def list_changes(self, workspace: WorkspaceId, *, after: Position, limit: int) -> ChangeSlice:
        found = await super().list_changes(workspace, after=after, limit=limit)
        await asyncio.sleep(0)
        return ChangeSlice(items=found.items, revision=self._workspaces[workspace].revision)


@breaks("test_only_what_came_after_a_revision_is_listed", MACHINE)
class RepeatsTheLastRevision(InMemoryStorage):
    async def list_changes(self, workspace: WorkspaceId, *, after: Position, limit: int) -> ChangeSlice:
        before = Position(max(after.revision - 1, 0), after.task_id)
        return await super().list_changes(workspace, after=before, limit=limit)


@breaks(ORDER, MACHINE)
class TellsEveryChangeOfATask(InMemoryStorage):
    """Keeps a log, so a task that changed twice is listed twice."""

    def __init__(self) -> None:
        super().__init__()
        self._log: list[tuple[WorkspaceId, Task]] = []

    async def commit(self, changes: Changeset) -> Revision:
        revision = await super().commit(changes)
        written = sorted((*changes.added, *changes.changed), key=lambda task: task.id)
        self._log += [(changes.workspace, task.committed(revision)) for task in written]
        return revision

    async def list_changes(self, workspace: WorkspaceId, *, after: Position, limit: int) -> ChangeSlice:
        seen = after.revision, MAX_ID if after.task_id is None else after.task_id
        found = [task for name, task in self._log if name == workspace and (task.revision, task.id) > seen]
        revision = self._workspaces[workspace].revision
        return ChangeSlice(items=[change_of(task) for task in found[:limit]], revision=revision)


@breaks(PIECES)
class SkipsTheRestOfARevision(InMemoryStorage):
    async def list_changes(self, workspace: WorkspaceId, *, after: Position, limit: int) -> ChangeSlice:
        return await super().list_changes(workspace, after=Position(after.revision), limit=limit)


@breaks("test_the_changes_of_another_workspace_are_not_listed")
class TellsOfEverybody(InMemoryStorage):
    async def list_changes(self, workspace: WorkspaceId, *, after: Position, limit: int) -> ChangeSlice:
        recorded = [
            await super(TellsOfEverybody, self).list_changes(w, after=after, limit=limit) for w in self._workspaces
        ]
        items = [change for found in recorded for change in found.items]
        return ChangeSlice(items=items[:limit], revision=self._workspaces[workspace].revision)


@breaks("test_in_a_new_workspace_nothing_has_changed")
class CountsFromOne(InMemoryStorage):
    async def list_changes(self, workspace: WorkspaceId, *, after: Position, limit: int) -> ChangeSlice:
        found = await super().list_changes(workspace, after=after, limit=limit)
        return ChangeSlice(items=found.items, revision=max(found.revision, 1))


@breaks("test_emptying_the_returned_changes_changes_nothing_else")
class SharesItsChanges(InMemoryStorage):
    def __init__(self) -> None:
        super().__init__()
        self._slices: dict[object, ChangeSlice] = {}

    async def list_changes(self, workspace: WorkspaceId, *, after: Position, limit: int) -> ChangeSlice:
        found = await super().list_changes(workspace, after=after, limit=limit)
        return self._slices.setdefault((workspace, after, limit, found.revision), found)


@breaks(f"{CALENDAR_TIME}[2026-12-01T09:00:00 US/Eastern]")
class TellsNoZone(Tells):
    def recorded(self, change: TaskView | Tombstone) -> TaskView | Tombstone:
        if isinstance(change, TaskView) and isinstance(change.due, Zoned):
            return altered(change, due=Floating(change.due.wall).as_json())
        return change


@breaks(TAGS, EVERY_FIELD)
class TellsTagsInLowerCase(Tells):
    def recorded(self, change: TaskView | Tombstone) -> TaskView | Tombstone:
        return altered(change, tags=[tag.lower() for tag in change.tags]) if isinstance(change, TaskView) else change


@breaks(f"{CALENDAR_TIME}[2026-12-01T09:00:00 US/Eastern]")
class KeepsNoZone(Rewrites):
    def rewrite(self, task: Task) -> Task:
        return replace(task, start=Floating(task.start.wall)) if isinstance(task.start, Zoned) else task


@breaks(f"{CALENDAR_TIME}[2026-12-01T00:00:00]")
class TakesMidnightForAllDay(Rewrites):
    def rewrite(self, task: Task) -> Task:
        if isinstance(task.due, Floating) and task.due.local.endswith("T00:00:00"):
            return replace(task, due=AllDay(task.due.wall.date()))
        return task


@breaks(f"{CALENDAR_TIME}[2026-03-29T02:30:00 Europe/Berlin]")
class KeepsInstantsOnly(Rewrites):
    def rewrite(self, task: Task) -> Task:
        if isinstance(task.due, Zoned) and task.due.time_zone == "Europe/Berlin":
            wall = task.due.utc.astimezone(tz=zone("Europe/Berlin")).replace(tzinfo=None)
            return replace(task, due=Zoned(wall, "Europe/Berlin"))
        return task


@breaks("test_a_duration_is_kept_as_it_was_written")
class KeepsSeconds(Rewrites):
    def rewrite(self, task: Task) -> Task:
        length = task.estimated_duration
        if length is None:
            return task
        return replace(task, estimated_duration=Duration(seconds=int((length.nominal + length.exact).total_seconds())))


@breaks(TAGS, LOADED)
class LowersTags(Rewrites):
    def rewrite(self, task: Task) -> Task:
        return replace(task, tags=tuple(tag.lower() for tag in task.tags))


@breaks(TAGS)
class JoinsTagsWithCommas(Rewrites):
    def rewrite(self, task: Task) -> Task:
        return replace(task, tags=tuple(",".join(task.tags).split(",")) if task.tags else ())


@breaks("test_links_and_reminders_keep_their_order", LOADED)
class SortsLinks(Rewrites):
    def rewrite(self, task: Task) -> Task:
        return replace(task, links=tuple(sorted(task.links)))


@breaks("test_links_and_reminders_keep_their_order")
class PutsAbsoluteRemindersFirst(Rewrites):
    def rewrite(self, task: Task) -> Task:
        order = sorted(task.reminders, key=lambda reminder: not isinstance(reminder, AbsoluteReminder))
        return replace(task, reminders=tuple(order))


@breaks("test_the_fullest_task_is_kept_and_can_be_emptied")
class CutsTagsAt4Kilobytes(Rewrites):
    def rewrite(self, task: Task) -> Task:
        return replace(task, tags=task.tags[: 4096 // max((len(tag.encode()) for tag in task.tags), default=1)])


@breaks("test_the_fullest_task_is_kept_and_can_be_emptied")
class NeverClearsTags(Rewrites):
    def rewrite(self, task: Task) -> Task:
        old = next((here.tasks[task.id] for here in self._workspaces.values() if task.id in here.tasks), task)
        return replace(task, tags=task.tags or old.tags)


@breaks("test_a_task_is_loaded_as_it_was_changed")
class DerivesThePercentage(Rewrites):
    def rewrite(self, task: Task) -> Task:
        return replace(task, percent_complete=100 if task.is_completed else 0)


@breaks("test_a_batch_takes_one_revision_and_is_answered_as_it_is_stored", "test_the_largest_batch_is_one_commit[True]")
class CommitsOneByOne(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        revision = 0
        bare = replace(changes, added=(), changed=(), guarded={}, history=())
        for task in changes.added:
            revision = await super().commit(replace(bare, added=(task,)))
        for task in changes.changed:
            revision = await super().commit(replace(bare, changed=(task,)))
        return revision


@breaks(found_late=["test_a_watcher_among_writers_is_told_of_each_commit_once[5]"])  # who waits for the rest gives up
class SaysThatItIsFurtherThanItLooked(InMemoryStorage):
    async def list_changes(self, workspace: WorkspaceId, *, after: Position, limit: int) -> ChangeSlice:
        found = await super().list_changes(workspace, after=after, limit=limit)
        for _ in range(20):
            await asyncio.sleep(0)
        return replace(found, revision=(await self.read_history_bounds(workspace)).revision)


@breaks("test_a_store_that_gives_hints_says_when_it_begins")
class GivesNoHints(InMemoryStorage, CommitHints):
    async def hear_commits(self, hear: Callable[[WorkspaceId | None], None]) -> None:
        """Return at once."""


@pytest.mark.parametrize(("contract", "promise"), TEETH.expected, ids=lambda value: value.removeprefix("ContractOf"))
def test_a_broken_store_is_found_out(outcomes: Outcomes, contract: str, promise: str) -> None:
    assert outcomes[contract, promise] == "broken"
