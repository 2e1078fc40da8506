"""All or nothing, and nothing by default: the unit of work on the store under test."""

import asyncio
from typing import Literal

import pytest

from taskharbor.application.errors import ConcurrentUpdate
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.testing.doubles.parking_storage import ParkingStorage
from taskharbor.testing.scenes.bench import LATER, NOON, Bench, retitled
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.effort import PATIENCE


class UnitOfWorkContract(Contract):
    """Rollback, visibility, cancellation."""

    async def test_leaving_without_a_commit_writes_nothing(self, here: Bench) -> None:
        task = await here.add()
        new = await here.new_task("new")
        async with here.unit_of_work() as uow:
            uow.tasks.save((await uow.tasks.get(task.id)).complete(at=LATER))
            uow.tasks.add(new)
        await self._nothing_was_written_since(here, task.revision)
        assert await here.load(task.id) == task

    async def test_an_exception_writes_nothing(self, here: Bench) -> None:
        task = await here.add()
        new = await here.new_task("new")

        async def fail() -> None:
            async with here.unit_of_work() as uow:
                uow.tasks.save((await uow.tasks.get(task.id)).complete(at=LATER))
                uow.tasks.add(new)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await fail()
        await self._nothing_was_written_since(here, task.revision)
        assert await here.load(task.id) == task

    async def test_a_cancellation_before_the_commit_writes_nothing(self, here: Bench) -> None:
        task = await here.add()
        thinking = asyncio.Event()

        async def work() -> None:
            async with here.unit_of_work() as uow:
                uow.tasks.save((await uow.tasks.get(task.id)).complete(at=LATER))
                thinking.set()
                await asyncio.Event().wait()
                await uow.commit()

        running = asyncio.create_task(work())
        await thinking.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        await self._nothing_was_written_since(here, task.revision)
        assert await here.load(task.id) == task

    async def test_changes_cannot_be_seen_before_the_commit_and_all_can_afterwards(self, here: Bench) -> None:
        task = await here.add("before")
        new = await here.new_task("new")
        async with here.unit_of_work() as uow:
            uow.tasks.save(retitled(await uow.tasks.get(task.id), "after"))
            uow.tasks.add(new)
            assert await here.load(task.id) == task
            assert await here.load(new.id) is None
            assert await here.get(new.id) is None
            assert [view.title for view in (await here.page()).items] == ["before"]
            revision = await uow.commit()
            assert [view.title for view in (await here.page()).items] == ["after", "new"]
            assert await here.load(new.id) == uow.tasks.seen(new.id)
            assert uow.tasks.seen(new.id).revision == revision

    async def test_a_commit_without_a_change_takes_no_revision(self, here: Bench) -> None:
        task = await here.add()
        async with here.unit_of_work() as uow:
            uow.tasks.save(retitled(await uow.tasks.get(task.id), task.title))
            assert await uow.commit() is None
        await self._nothing_was_written_since(here, task.revision)

    async def test_a_unit_of_work_can_commit_again_what_it_changes_after_its_commit(self, here: Bench) -> None:
        task = await here.add()
        async with here.unit_of_work() as uow:
            uow.tasks.save((await uow.tasks.get(task.id)).begin(at=LATER))
            first = await uow.commit()
            uow.tasks.save((await uow.tasks.get(task.id)).complete(at=LATER))
            second = await uow.commit()
        assert (first, second) == (task.revision + 1, task.revision + 2)

    async def test_an_open_unit_of_work_blocks_no_others(self, here: Bench) -> None:
        task = await here.add()
        async with asyncio.timeout(PATIENCE), here.unit_of_work() as slow:
            read_by_slow = await slow.tasks.get(task.id)
            for _ in range(40):
                async with here.unit_of_work() as quick:
                    current = await quick.tasks.get(task.id)
                    quick.tasks.save(current.reopen(at=LATER) if current.is_completed else current.complete(at=LATER))
                    await quick.commit()
            slow.tasks.save(read_by_slow.cancel(at=LATER))
            with pytest.raises(ConcurrentUpdate):
                await slow.commit()

    async def test_a_second_look_finds_what_the_first_one_found(self, here: Bench) -> None:
        task = await here.add()
        async with here.unit_of_work() as uow:
            found = await uow.tasks.get(task.id)
            await here.change(task.complete(at=LATER))
            assert await uow.tasks.get(task.id) == found

    @pytest.mark.parametrize("park", ["before", "after"])
    async def test_a_cancellation_during_the_commit_waits_for_its_end(
        self, here: Bench, park: Literal["before", "after"]
    ) -> None:
        parking = ParkingStorage(here.storage, park=park)
        new = await here.new_task("new")
        before = await here.take_revision()

        async def work() -> None:
            async with UnitOfWork(parking, workspace=here.workspace, now=NOON) as uow:
                uow.tasks.add(new)
                await uow.commit()

        async with asyncio.timeout(PATIENCE):
            running = asyncio.create_task(work())
            await parking.parked.wait()
            for _ in range(3):
                running.cancel()
                for _ in range(10):
                    await asyncio.sleep(0)
                assert not running.done(), "the call ended before the outcome of the commit was known"
            parking.release.set()
            with pytest.raises(asyncio.CancelledError):
                await running
        assert await here.load(new.id) == new.committed(before + 1)
        assert await here.take_revision() == before + 2

    async def test_a_cancellation_at_any_moment_leaves_all_or_nothing_and_no_gap(self, here: Bench) -> None:
        revision = 0
        for moment in range(60):
            one, other = await here.new_task("one"), await here.new_task("other")

            async def work() -> None:
                async with here.unit_of_work() as uow:
                    assert await uow.tasks.find(one.id) is None  # noqa: B023  # it ends in this round of the loop
                    uow.tasks.add(one)  # noqa: B023
                    uow.tasks.add(other)  # noqa: B023
                    await uow.commit()

            running = asyncio.create_task(work())
            for _ in range(moment):
                await asyncio.sleep(0)
            running.cancel()
            await asyncio.wait({running}, timeout=PATIENCE)
            assert running.done(), "the call hangs"
            written = await here.storage.load_tasks(here.workspace, [one.id, other.id])
            assert len(written) in {0, 2}
            if not running.cancelled():
                running.result()
                assert len(written) == 2
            revision += 2 if written else 1
            assert await here.take_revision() == revision

    async def _nothing_was_written_since(self, here: Bench, revision: int) -> None:
        assert len(await here.live_ids()) == 1
        assert await here.take_revision() == revision + 1
