"""What is kept beside the tasks, written with them in one step: `RecordStore`, and `TaskStore.commit`."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from taskharbor.application.errors import ConcurrentUpdate
from taskharbor.application.ports.record_store import RecordKey
from taskharbor.testing.scenes.bench import LATER, Bench, retitled
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.notes import KIND, LONGEST, note
from taskharbor.testing.scenes.refusals import count_refused, refused_without_a_trace
from taskharbor.testing.strategies.text import HOSTILE


class RecordContract(Contract):
    """Records come back as they were written, in order, and obey the rules of a commit as tasks do."""

    async def test_a_record_is_loaded_as_it_was_written(self, here: Bench) -> None:
        exact = datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=UTC)
        written = [note(f"{text}{n}", f'"{n}{text}"') for n, text in enumerate(HOSTILE)]
        written += [note("k" * LONGEST, f'"{"d" * 100_000}"', expires=exact), note("\U00020000" * LONGEST)]
        revision = await here.commit(records=written)
        expected = {record.found_by: replace(record, revision=revision) for record in written}
        assert await here.storage.load_records(here.workspace, list(expected)) == expected

    async def test_a_record_that_was_never_written_is_not_loaded(self, here: Bench) -> None:
        await here.put(note("there"))
        asked = [RecordKey(KIND, "there"), RecordKey(KIND, "other"), RecordKey("kit-other", "there")]
        assert list(await here.storage.load_records(here.workspace, asked)) == asked[:1]
        assert await here.storage.load_records(here.workspace, []) == {}

    async def test_a_record_that_changes_gets_the_revision_of_the_change(self, here: Bench) -> None:
        first = await here.put(note("a", expires=LATER))
        second = await here.put(replace(first, document='"new"', expires=None))
        assert second.revision == first.revision + 1
        assert await here.record(KIND, "a") == second

    async def test_a_removed_record_is_loaded_without_a_document_and_not_listed(self, here: Bench) -> None:
        kept = await here.put(note("kept"))
        gone = await here.put(await here.put(note("gone")))
        gone = await here.put(replace(gone, document=None))
        assert await here.record(KIND, "gone") == gone
        assert await here.records(KIND) == [kept]

    async def test_a_removed_record_can_be_written_again(self, here: Bench) -> None:
        gone = await here.put(replace(await here.put(note("a")), document=None))
        back = await here.put(replace(gone, document='"back"'))
        assert await here.records(KIND) == [back]

    async def test_records_of_a_kind_are_listed_by_the_bytes_of_their_keys(self, here: Bench) -> None:
        keys = ["a", "B", "ab", "\u00e4", "z", "Z", "\uffff", "\U00010000", "9", "10", " x"]
        revision = await here.commit(records=[note(key) for key in keys] + [note("m", kind="kit-other")])
        expected = [replace(note(key), revision=revision) for key in sorted(keys, key=str.encode)]
        assert await here.records(KIND) == expected
        assert await here.records(KIND, after=expected[3].key, limit=4) == expected[4:8]
        assert await here.records(KIND, after=expected[-1].key) == []

    async def test_the_records_of_another_workspace_are_another_workspaces(self, here: Bench, elsewhere: Bench) -> None:
        mine = await here.put(note("a", '"mine"'))
        theirs = await elsewhere.put(note("a", '"theirs"'))
        assert (await here.record(KIND, "a"), await elsewhere.record(KIND, "a")) == (mine, theirs)
        assert await here.records(KIND) == [mine]

    async def test_records_and_tasks_of_one_commit_get_one_revision(self, here: Bench) -> None:
        task, changed = await here.new_task(), await here.add()
        revision = await here.commit(added=[task], changed=[changed.complete(at=LATER)], records=[note("a"), note("b")])
        assert revision == changed.revision + 1
        assert {record.revision for record in await here.records(KIND)} == {revision}
        assert await here.load(task.id) == task.committed(revision)

    async def test_a_thousand_records_fit_into_one_commit(self, here: Bench) -> None:
        revision = await here.commit(records=[note(f"{n:04}") for n in range(1000)])
        assert await here.records(KIND) == [replace(note(f"{n:04}"), revision=revision) for n in range(1000)]

    async def test_a_new_record_that_is_there_already_refuses_the_commit(self, here: Bench) -> None:
        there = await here.put(note("a"))
        removed = await here.put(replace(await here.put(note("b")), document=None))
        for record in (there, removed):
            task = await here.new_task("in the same commit")
            async with refused_without_a_trace(here, ConcurrentUpdate):
                await here.commit(added=[task], records=[note("new"), replace(record, revision=0)])
        assert await here.records(KIND) == [there]

    async def test_a_stale_record_refuses_the_commit(self, here: Bench) -> None:
        stale = await here.put(note("a"))
        fresh = await here.put(replace(stale, document='"fresh"'))
        task = await here.add()
        async with refused_without_a_trace(here, ConcurrentUpdate):
            await here.commit(changed=[retitled(task, "too late")], records=[note("new"), stale])
        assert await here.records(KIND) == [fresh]

    async def test_a_change_of_a_record_that_never_was_is_refused(self, here: Bench) -> None:
        async with refused_without_a_trace(here, ConcurrentUpdate):
            await here.commit(records=[replace(note("a"), revision=1)])
        assert await here.record(KIND, "a") is None

    async def test_a_stale_task_refuses_the_records_of_its_commit(self, here: Bench) -> None:
        stale = await here.add()
        await here.change(stale.begin(at=LATER))
        there = await here.put(note("there"))
        async with refused_without_a_trace(here, ConcurrentUpdate):
            await here.commit(
                changed=[stale.complete(at=LATER)], records=[note("new"), replace(there, document='"changed"')]
            )
        assert await here.records(KIND) == [there]

    async def test_a_guard_on_a_record_that_holds_leaves_it_as_it_is(self, here: Bench) -> None:
        guarded = await here.put(note("a"))
        await here.commit(added=[await here.new_task()], guarded_records={guarded.found_by: guarded.revision})
        assert await here.record(KIND, "a") == guarded

    async def test_a_stale_guard_on_a_record_refuses_the_commit(self, here: Bench) -> None:
        guarded = await here.put(note("a"))
        await here.put(replace(guarded, document=None))
        async with refused_without_a_trace(here, ConcurrentUpdate):
            await here.commit(
                added=[await here.new_task()],
                records=[note("new")],
                guarded_records={guarded.found_by: guarded.revision},
            )
        assert await here.records(KIND) == []

    async def test_a_guard_on_a_record_that_never_was_refuses_the_commit(self, here: Bench) -> None:
        async with refused_without_a_trace(here, ConcurrentUpdate):
            await here.commit(added=[await here.new_task()], guarded_records={RecordKey(KIND, "a"): 1})

    @pytest.mark.parametrize("existing", [False, True], ids=["new", "changed"])
    async def test_of_two_writes_of_one_record_at_once_one_is_refused(self, here: Bench, existing: bool) -> None:
        for n in range(20):
            record = await here.put(note(f"{n}")) if existing else note(f"{n}")
            refused = await count_refused(
                ConcurrentUpdate,
                here.put(replace(record, document='"one"')),
                here.put(replace(record, document='"other"')),
            )
            assert refused == 1

    async def test_of_two_writes_at_once_that_guard_each_others_record_one_is_refused(self, here: Bench) -> None:
        for n in range(20):
            left, right = await here.put(note(f"left {n}")), await here.put(note(f"right {n}"))
            refused = await count_refused(
                ConcurrentUpdate,
                here.commit(records=[left], guarded_records={right.found_by: right.revision}),
                here.commit(records=[right], guarded_records={left.found_by: left.revision}),
            )
            assert refused == 1
