"""What is written comes back: `TaskStore` without competition."""

import asyncio
from collections.abc import MutableMapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from unicodedata import normalize

import pytest
from hypothesis import given

from taskharbor.application.errors import StoreUnavailable
from taskharbor.application.ports.storage import Storage
from taskharbor.domain.identifiers import MAX_ID
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.text import MAX_DESCRIPTION_LENGTH, MAX_TITLE_LENGTH
from taskharbor.domain.values.uid import uid_from
from taskharbor.testing.scenes.bench import LATER, Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.effort import PATIENCE, share_of_effort
from taskharbor.testing.strategies.tasks import tasks


class TaskStoreContract(Contract):
    """Fields, ids, loading, lifecycle."""

    @share_of_effort(2)
    @given(task=tasks())
    async def test_a_task_is_loaded_as_it_was_added(self, here: Bench, task: Task) -> None:
        here = here.another()
        task = replace(task, id=await here.next_id())
        revision = await here.commit(added=[task])
        assert await here.load(task.id) == replace(task, revision=revision)

    @share_of_effort(2)
    @given(before=tasks(), after=tasks())
    async def test_a_task_is_loaded_as_it_was_changed(self, here: Bench, before: Task, after: Task) -> None:
        here = here.another()
        before = replace(before, id=await here.next_id())
        revision = await here.commit(added=[before])
        after = replace(after, id=before.id, uid=before.uid, created=before.created, revision=revision)
        revision = await here.commit(changed=[after])
        assert await here.load(before.id) == replace(after, revision=revision)

    async def test_titles_that_only_look_alike_stay_different(self, here: Bench) -> None:
        titles = [normalize(form, "\u00e9\u212b\ufb01") for form in ("NFC", "NFD", "NFKC", "NFKD")]
        titles += ["stra\u00dfe", "STRASSE", "Strasse", "\u0131", "i", "I", "\u0130"]
        added = [await here.new_task(title) for title in titles]
        await here.commit(added=added)
        assert [view.title for view in (await here.page()).items] == titles

    @pytest.mark.parametrize("character", ["x", "\u00e9", "\u6f22", "\U0001f600"], ids=["1", "2", "3", "4 bytes"])
    async def test_the_longest_title_and_description_are_kept(self, here: Bench, character: str) -> None:
        task = await here.new_task(character * MAX_TITLE_LENGTH)
        task = task.change(TaskChanges(description=character * MAX_DESCRIPTION_LENGTH), at=LATER)
        await here.commit(added=[task])
        loaded = await here.load(task.id)
        assert loaded is not None
        assert loaded.title == task.title
        assert loaded.description == task.description

    async def test_an_empty_description_is_not_an_absent_one(self, here: Bench) -> None:
        absent = await here.new_task("absent")
        empty = replace(await here.new_task("empty"), description="")
        await here.commit(added=[absent, empty])
        assert [view.description for view in (await here.page()).items] == [None, ""]

    @pytest.mark.parametrize(
        "at",
        [
            datetime.min.replace(tzinfo=UTC),
            datetime.max.replace(tzinfo=UTC),
            datetime(1969, 12, 31, 23, 59, 59, 999_999, UTC),
            datetime(2026, 3, 29, 1, 30, 0, 1, UTC),
        ],
        ids=["the first", "the last", "before 1970", "no local time in Berlin"],
    )
    async def test_instants_are_kept_to_the_microsecond_and_come_back_in_utc(self, here: Bench, at: datetime) -> None:
        task = await here.new_task()
        task = replace(task, created=at, updated=at, completed=at, deleted=at, progress=Progress.COMPLETED)
        await here.commit(added=[task])
        loaded = await here.load(task.id)
        assert loaded is not None
        for instant in (loaded.created, loaded.updated, loaded.completed, loaded.deleted):
            assert instant is not None
            assert instant == at
            assert instant.utcoffset() == timedelta(0)

    async def test_loading_answers_those_that_exist_and_is_silent_about_the_rest(self, here: Bench) -> None:
        task, other, unasked = await here.add_many(3)
        unused = await here.next_id()
        ids = [0, other.id, -1, task.id, unused, task.id, MAX_ID]
        assert await here.storage.load_tasks(here.workspace, ids) == {task.id: task, other.id: other}
        assert await here.load(unasked.id) == unasked

    async def test_uids_are_found_deleted_tasks_too_and_only_those_of_the_workspace(self, here: Bench) -> None:
        live, deleted, unasked = await here.add_many(3)
        gone = deleted.delete(at=LATER)
        await here.commit(changed=[gone])
        elsewhere = await here.another().add()
        unknown = uid_from("00000000-0000-4000-8000-00000000dead")
        uids = [live.uid, deleted.uid, elsewhere.uid, unknown]
        assert await here.storage.find_uids(here.workspace, uids) == {live.uid: live.id, deleted.uid: deleted.id}
        assert await here.storage.find_uids(here.workspace, {unasked.uid}) == {unasked.uid: unasked.id}
        assert await here.storage.find_uids(here.workspace, []) == {}

    async def test_a_thousand_uids_are_found_at_once(self, here: Bench) -> None:
        tasks_ = [await here.new_task(f"task {number}") for number in range(1000)]
        await here.commit(added=tasks_)
        assert await here.storage.find_uids(here.workspace, {each.uid for each in tasks_}) == {
            each.uid: each.id for each in tasks_
        }

    async def test_loading_nothing_answers_nothing(self, here: Bench) -> None:
        await here.add()
        assert await here.storage.load_tasks(here.workspace, []) == {}

    async def test_changing_what_was_loaded_does_not_change_the_store(self, here: Bench) -> None:
        task = await here.add()
        loaded = await here.storage.load_tasks(here.workspace, [task.id])
        if isinstance(loaded, MutableMapping):
            loaded.clear()
        assert await here.load(task.id) == task

    async def test_a_thousand_tasks_are_added_in_one_commit(self, here: Bench) -> None:
        added = await here.add_many(1000)
        assert await here.storage.load_tasks(here.workspace, [task.id for task in added]) == {
            task.id: task for task in added
        }
        assert await here.take_revision() == 2

    async def test_a_thousand_tasks_are_changed_in_one_commit(self, here: Bench) -> None:
        changed = [task.complete(at=LATER) for task in await here.add_many(1000)]
        revision = await here.commit(changed=changed)
        assert await here.storage.load_tasks(here.workspace, [task.id for task in changed]) == {
            task.id: task.committed(revision) for task in changed
        }

    async def test_ids_are_positive_and_exact_in_every_json_reader(self, here: Bench) -> None:
        for _ in range(100):
            task_id = await here.next_id()
            assert type(task_id) is int
            assert 1 <= task_id <= MAX_ID

    async def test_later_ids_are_greater(self, here: Bench) -> None:
        ids = [await here.next_id() for _ in range(100)]
        assert ids == sorted(set(ids))

    async def test_ids_that_are_asked_for_at_once_are_all_different(self, here: Bench) -> None:
        ids = await asyncio.gather(*(here.next_id() for _ in range(500)))
        assert len(set(ids)) == 500

    async def test_the_id_of_a_deleted_task_is_not_given_again(self, here: Bench) -> None:
        tasks = await here.add_many(10)
        await here.commit(changed=[task.delete(at=LATER) for task in tasks])
        ids = {await here.next_id() for _ in range(100)}
        assert ids.isdisjoint(task.id for task in tasks)

    async def test_an_open_store_answers_a_ping(self, storage: Storage) -> None:
        await storage.ping()

    async def test_a_read_during_closing_is_answered_or_raises_store_unavailable(self, here: Bench) -> None:
        task = await here.add()
        waiting = [asyncio.create_task(here.get(task.id)) for _ in range(500)]
        async with asyncio.timeout(PATIENCE):
            await asyncio.sleep(0)  # each of them has begun
            await here.storage.aclose()
            outcomes = await asyncio.gather(*waiting, return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException) and not isinstance(outcome, StoreUnavailable):
                raise outcome

    async def test_closing_twice_is_allowed(self, storage: Storage) -> None:
        await storage.aclose()
        await storage.aclose()
