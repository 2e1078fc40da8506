"""For stores whose workspaces can be moved to another store: those that implement `WorkspaceCopies`."""

from dataclasses import replace

import pytest

from taskharbor.application.errors import ConcurrentUpdate
from taskharbor.application.ports.change_feed import Position
from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_history import HistoryBounds, HistoryEntry
from taskharbor.application.ports.workspace_copies import (
    CopiedRows,
    Fence,
    WorkspaceCopies,
    WorkspaceHead,
    WorkspaceRows,
)
from taskharbor.testing.scenes.bench import LATER, NOON, Bench
from taskharbor.testing.scenes.contract import Contract

FENCE = RecordKey("a-fence", "fence")


def copies_of(storage: Storage) -> WorkspaceCopies:
    """Return the store as one whose rows can be copied."""
    assert isinstance(storage, WorkspaceCopies)
    return storage


async def fence_in(bench: Bench) -> Fence:
    """Write the fence of a workspace."""
    return Fence(FENCE, await bench.commit(records=[Record(kind=FENCE.kind, key=FENCE.key, document="{}")]))


def entry_of(task_id: int, *, revision: int = 0, previous: int = 0) -> HistoryEntry:
    """Return what the history says of a new task."""
    return HistoryEntry(
        task_id=task_id,
        revision=revision,
        previous=previous,
        at=NOON,
        command="create_task",
        actor=None,
        changes='{"title":[null,"a task"]}',
    )


class CopiesContract(Contract):
    """Rows of a workspace are read and written as they are. Override `storage`."""

    async def test_rows_are_what_they_were_where_they_are_written(self, here: Bench, elsewhere: Bench) -> None:
        tasks = [(await here.add(f"task {n}")) for n in range(3)]
        tasks[1] = replace(tasks[1].delete(at=LATER), revision=7)
        record = Record(kind="list", key="9", document='{"name":"Garden"}', revision=5, expires=LATER)
        history = [entry_of(tasks[0].id, revision=1), entry_of(tasks[2].id, revision=3)]
        rows = WorkspaceRows(tasks=tasks, records=[record], history=history)
        fence = await fence_in(elsewhere)
        for _ in range(2):  # writing them again changes nothing
            await copies_of(here.storage).write_copy(elsewhere.workspace, CopiedRows(rows=rows), fence=fence)
        there = elsewhere.storage
        loaded = await there.load_tasks(elsewhere.workspace, [task.id for task in tasks])
        assert [loaded[task.id] for task in tasks] == tasks
        assert await there.load_records(elsewhere.workspace, [record.found_by]) == {record.found_by: record}
        assert [*await there.list_history_since(elsewhere.workspace, [tasks[0].id, tasks[2].id], after=0)] == [
            history[1],
            history[0],
        ]
        assert [view.id for view in (await there.list_tasks(elsewhere.workspace, after=0, skip=0, limit=9)).items] == [
            tasks[0].id,
            tasks[2].id,
        ]
        changes = await there.list_changes(elsewhere.workspace, after=Position(0), limit=9)
        assert [change.revision for change in changes.items] == [1, 3, 7]

    async def test_a_row_takes_the_place_of_an_earlier_one_and_of_one_that_had_its_uid(
        self, here: Bench, elsewhere: Bench
    ) -> None:
        purged, task = await here.add("purged"), await here.add("before")
        fence = await fence_in(elsewhere)
        copies, where = copies_of(here.storage), elsewhere.workspace
        await copies.write_copy(where, CopiedRows(rows=WorkspaceRows(tasks=[purged, task])), fence=fence)
        later = replace(task, title="after", uid=purged.uid, revision=9)
        await copies.write_copy(where, CopiedRows(rows=WorkspaceRows(tasks=[later])), fence=fence)
        assert await here.storage.load_tasks(where, [purged.id, task.id]) == {task.id: later}
        assert await here.storage.find_uids(where, [purged.uid, task.uid]) == {purged.uid: task.id}

    async def test_nothing_is_written_or_erased_behind_a_fence_that_has_changed(
        self, here: Bench, elsewhere: Bench
    ) -> None:
        task = await here.add()
        kept = await elsewhere.add("kept")
        fence = await fence_in(elsewhere)
        copies, where = copies_of(here.storage), elsewhere.workspace
        for stale in (Fence(FENCE, fence.revision - 1), Fence(RecordKey("a-fence", "another"), fence.revision)):
            with pytest.raises(ConcurrentUpdate):
                await copies.write_copy(where, CopiedRows(rows=WorkspaceRows(tasks=[task])), fence=stale)
            with pytest.raises(ConcurrentUpdate):
                await copies.erase_copy(where, fence=stale, limit=100)
        assert [found.title for found in await here.storage.scan_tasks(where, after=0, limit=9)] == [kept.title]

    async def test_the_head_is_read_and_written_and_never_goes_down(self, here: Bench, elsewhere: Bench) -> None:
        task = await here.new_task()
        await here.commit(added=[task], history=[entry_of(task.id)])
        copies = copies_of(here.storage)
        head = await copies.read_head(here.workspace)
        assert head.bounds == HistoryBounds(revision=1)
        assert head.next_task_id > task.id
        assert head.latest_at == NOON
        fence = await fence_in(elsewhere)
        bounds = HistoryBounds(revision=40, purged_revision=20, forgotten_revision=10, purged_at=NOON)
        high = WorkspaceHead(bounds=bounds, next_task_id=5_000, latest_at=LATER)
        for written in (high, head):
            await copies.write_copy(elsewhere.workspace, CopiedRows(head=written), fence=fence)
            assert (await here.storage.read_history_bounds(elsewhere.workspace)).revision == 40
        assert (await here.storage.read_history_bounds(elsewhere.workspace)).purged_revision == 20
        assert (await copies.read_head(elsewhere.workspace)).next_task_id >= 5_000
        assert (await elsewhere.add()).revision == 41

    async def test_records_are_scanned_by_key_with_those_that_were_removed(self, here: Bench) -> None:
        for number in range(5):
            await here.commit(records=[Record(kind="list", key=f"{number}", document="{}")])
        await here.commit(records=[Record(kind="list", key="2", document=None, revision=3, expires=LATER)])
        copies = copies_of(here.storage)
        found = await copies.scan_records(here.workspace, since=2, after=None, limit=2)
        assert [(record.key, record.document, record.revision) for record in found] == [("2", None, 6), ("3", "{}", 4)]
        rest = await copies.scan_records(here.workspace, since=2, after=found[-1].found_by, limit=9)
        assert [record.key for record in rest] == ["4"]

    async def test_all_but_the_fence_is_erased(self, here: Bench) -> None:
        task = await here.new_task()
        await here.commit(added=[task], history=[entry_of(task.id)])
        await here.add_many(4)
        await here.commit(records=[Record(kind="list", key="1", document="{}")])
        fence = await fence_in(here)
        copies = copies_of(here.storage)
        while await copies.erase_copy(here.workspace, fence=fence, limit=2):
            pass
        assert not await here.storage.scan_tasks(here.workspace, after=0, limit=9)
        assert not await here.storage.list_history(here.workspace, task.id, before=1_000, limit=9)
        left = await copies.scan_records(here.workspace, since=0, after=None, limit=9)
        assert [record.found_by for record in left] == [FENCE]
        added = await here.add()
        assert added.id > task.id, "an id was given twice"
        assert added.revision > fence.revision
