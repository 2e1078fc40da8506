"""More than a thousand of everything in one commit: each of them is checked, and all are written or none."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from taskharbor.application.errors import ConcurrentUpdate, UidTaken
from taskharbor.application.ports.record_store import Record
from taskharbor.application.ports.task_history import OF_RECORDS, HistoryEntry
from taskharbor.application.ports.task_relations import InList
from taskharbor.domain.errors import TaskharborError
from taskharbor.domain.identifiers import INBOX
from taskharbor.testing.scenes.bench import LATER, NOON, Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.effort import PATIENCE
from taskharbor.testing.scenes.entries import recorded
from taskharbor.testing.scenes.notes import KIND, note
from taskharbor.testing.scenes.refusals import must_be_refused

SIZE: Final = 1100
_PLACES: Final = (0, 499, 500, 501, 998, 999, 1000, SIZE - 1)
"""Where the one is that must be found: around the ends of the pieces that stores like to work in."""


class LargeCommitContract(Contract):
    """A check that ends after the first piece, and pieces that are written one by one, are found out."""

    async def test_each_of_a_thousand_changed_tasks_is_checked(self, here: Bench) -> None:
        tasks = await here.add_many(SIZE)
        for place in _PLACES:
            fresh = await here.change(tasks[place].begin(at=LATER))
            await _refused(here, place, "changed tasks", changed=[task.complete(at=LATER) for task in tasks])
            tasks[place] = fresh
        expected = {task.id: task for task in tasks}
        assert await here.storage.load_tasks(here.workspace, list(expected)) == expected, _LEFT

    async def test_each_of_a_thousand_guards_is_checked(self, here: Bench) -> None:
        tasks = await here.add_many(SIZE)
        record = await here.put(note("guarded"))
        for place in _PLACES:
            fresh = await here.change(tasks[place].begin(at=LATER))
            guarded = {task.id: task.revision for task in tasks}
            await _refused(here, place, "guards", records=[replace(record, document="0")], guarded=guarded)
            tasks[place] = fresh
        assert await here.records(KIND) == [record], _LEFT

    async def test_each_of_a_thousand_changed_records_is_checked(self, here: Bench) -> None:
        records = await _put_many(here)
        for place in _PLACES:
            fresh = await here.put(replace(records[place], document='"fresh"'))
            await _refused(here, place, "changed records", records=[replace(one, document="0") for one in records])
            records[place] = fresh
        assert await here.records(KIND, limit=SIZE + 1) == records, _LEFT

    async def test_each_of_a_thousand_guards_on_records_is_checked(self, here: Bench) -> None:
        records = await _put_many(here)
        task = await here.add()
        for place in _PLACES:
            fresh = await here.put(replace(records[place], document='"fresh"'))
            guarded = {one.found_by: one.revision for one in records}
            changed = [task.complete(at=LATER)]
            await _refused(here, place, "guards on records", changed=changed, guarded_records=guarded)
            records[place] = fresh
        assert await here.load(task.id) == task, _LEFT

    async def test_each_of_a_thousand_uids_is_checked(self, here: Bench) -> None:
        taken = await here.add()
        new = [await here.new_task(f"task {n}") for n in range(SIZE)]
        for place in _PLACES:
            added = [replace(task, uid=taken.uid) if n == place else task for n, task in enumerate(new)]
            await _refused(here, place, "new tasks", UidTaken, added=added)
            if place > 0:
                added[place] = replace(new[place], uid=new[0].uid)
                await _refused(here, place, "new tasks (of which two share it)", UidTaken, added=added)
        assert await here.live_ids() == [taken.id], _LEFT

    async def test_a_thousand_of_everything_are_one_commit(self, here: Bench) -> None:
        tasks, records = await here.add_many(SIZE), await _put_many(here)
        changed = [task.complete(at=LATER) for task in tasks]
        added = [await here.new_task(f"new {n}") for n in range(SIZE)]
        revision = await here.commit(
            added=added,
            changed=changed,
            records=[replace(record, document='"changed"') for record in records],
            history=[recorded(task) for task in added] + [recorded(task, task) for task in changed],
        )
        expected = {task.id: task.committed(revision) for task in (*changed, *added)}
        assert await here.storage.load_tasks(here.workspace, list(expected)) == expected
        uids = {task.uid: task.id for task in expected.values()}
        assert await here.storage.find_uids(here.workspace, list(uids)) == uids
        kept = {record.found_by: replace(record, document='"changed"', revision=revision) for record in records}
        assert await here.storage.load_records(here.workspace, list(kept)) == kept
        assert await here.records(KIND, limit=SIZE + 1) == list(kept.values())
        told_of = await here.storage.list_commit(here.workspace, revision)
        assert [entry.task_id for entry in told_of] == sorted(expected)
        since = await here.storage.list_history_since(here.workspace, list(expected), after=revision - 1)
        assert sorted(entry.task_id for entry in since) == sorted(expected)
        assert await here.take_revision() == revision + 1

    async def test_a_thousand_tasks_of_the_trash_are_listed(self, here: Bench) -> None:
        gone = [task.delete(at=LATER) for task in await here.add_many(SIZE)]
        revision = await here.commit(changed=gone)
        expected = [task.committed(revision) for task in reversed(gone)]
        store, workspace = here.storage, here.workspace
        assert list(await store.list_deleted(workspace, before=None, limit=SIZE)) == expected
        assert list(await store.scan_tasks(workspace, after=0, limit=SIZE)) == expected[::-1]
        assert [change.id for change in (await here.changes(limit=SIZE)).items] == [task.id for task in gone]

    async def test_a_thousand_tasks_of_a_list_are_sorted_by_rank_in_both_directions(self, here: Bench) -> None:
        ids = [task.id for task in await here.add_many(SIZE)]
        for backwards in (False, True):
            found = await here.storage.list_related(here.workspace, InList(INBOX), backwards=backwards, limit=SIZE)
            assert [one.id for one in found] == (ids[::-1] if backwards else ids)

    async def test_a_thousand_commits_are_recorded(self, here: Bench) -> None:
        async with asyncio.timeout(PATIENCE):
            revisions = await asyncio.gather(*(here.commit(**_commit_of(n)) for n in range(SIZE)))
        made = dict(zip(revisions, range(SIZE), strict=True))
        store, workspace = here.storage, here.workspace
        latest_first = list(range(SIZE, 0, -1))
        assert [entry.revision for entry in await here.history(OF_RECORDS, limit=SIZE)] == latest_first
        since = await store.list_history_since(workspace, [OF_RECORDS], after=0)
        assert [entry.revision for entry in since] == latest_first
        for n in (0, 1, 499, 500, 999, 1000, SIZE - 1):
            at = NOON + timedelta(microseconds=n)
            expected = max(revision for revision, place in made.items() if place <= n)
            assert await store.find_revision(workspace, at) == expected, f"find_revision, {n} microseconds after noon"
        assert (await store.read_history_bounds(workspace)).revision == SIZE


def _commit_of(n: int) -> dict[str, Any]:
    """Return a commit of one record, with its history entry."""
    at = NOON + timedelta(microseconds=n)
    entry = HistoryEntry(task_id=OF_RECORDS, previous=0, at=at, command="run_batch", actor=None, changes="{}")
    return {"records": [note(f"{n}")], "history": [entry]}


_LEFT: Final = "a refused commit has left something"


async def _refused(
    here: Bench,
    place: int,
    of: str,
    error: type[TaskharborError] = ConcurrentUpdate,
    **parts: Any,  # noqa: ANN401  # of a commit
) -> None:
    revision = (await here.storage.read_history_bounds(here.workspace)).revision
    commit = f"a commit of {SIZE} {of}, of which number {place} (from 0) must not be,"
    await must_be_refused(error, here.commit(**parts), commit)
    assert (await here.storage.read_history_bounds(here.workspace)).revision == revision, f"{commit} took a revision"


async def _put_many(here: Bench) -> list[Record]:
    records = [note(f"{n:04}") for n in range(SIZE)]
    revision = await here.commit(records=records)
    return [replace(record, revision=revision) for record in records]
