"""Tasks that are claimed for an `async with` block, however that ends."""

import asyncio
from datetime import UTC, datetime

import pytest

from taskharbor.application.claims.claim_task import RenewClaim
from taskharbor.application.progress.change_progress import CompleteTask
from taskharbor.domain.errors import ClaimEnded, OpenSubtasks
from taskharbor.entrypoints.embedded import Harbor


async def test_a_block_that_raises_gives_its_task_back(harbor: Harbor):
    await harbor.create_task(title="Dig")

    async def work() -> None:
        async with harbor.claim(holder="bot") as task:
            assert (await harbor.get_task(task.id)).claim == task.claim
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await work()
    task = await harbor.get_task(1)
    assert (task.progress, task.claim) == ("needs-action", None)
    assert (await harbor.claim_next_task(holder="another bot")).id == task.id


async def test_a_block_that_is_cancelled_gives_its_task_back(harbor: Harbor):
    await harbor.create_task(title="Dig")
    has_it = asyncio.Event()

    async def work() -> None:
        async with harbor.claim(holder="bot"):
            has_it.set()
            await asyncio.Event().wait()

    working = asyncio.create_task(work())
    async with asyncio.timeout(20):
        await has_it.wait()
        working.cancel()
        with pytest.raises(asyncio.CancelledError):
            await working
    task = await harbor.get_task(1)
    assert (task.progress, task.claim) == ("needs-action", None)


async def test_a_block_whose_claim_another_one_breaks_is_cancelled_and_leaves_the_task_alone(harbor: Harbor):
    await harbor.create_task(title="Dig")
    was_cancelled = False

    async def work() -> None:
        nonlocal was_cancelled
        async with harbor.claim(holder="bot", lease="PT1S") as task:  # it is renewed each third of a second
            await harbor.release_claim(task.id, force=True)
            await harbor.claim_task(task.id, holder="another bot")
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                was_cancelled = True
                raise

    async with asyncio.timeout(20) as limit:
        with pytest.raises(ClaimEnded) as lost:
            await work()
    assert (was_cancelled, limit.expired(), asyncio.current_task().cancelling()) == (True, False, 0)
    assert (lost.value.task_id, lost.value.fence) == (1, 2)
    task = await harbor.get_task(1)
    assert (task.progress, task.revision) == ("needs-action", 4)
    assert (task.claim.holder, task.claim.fence) == ("another bot", 4)


async def test_the_claim_is_renewed_while_the_block_outlasts_its_lease(harbor: Harbor):
    await harbor.create_task(title="Dig")
    async with asyncio.timeout(20), harbor.claim(holder="bot", lease="PT2S") as task:
        while datetime.now(UTC) <= task.claim.until:
            assert await harbor.claim_next_task(holder="another bot") is None
            await asyncio.sleep(0.05)
        now = await harbor.get_task(task.id)
        assert (now.claim.holder, now.claim.fence) == ("bot", task.claim.fence)
        assert now.claim.until > task.claim.until
        assert await harbor.claim_next_task(holder="another bot") is None
    assert (await harbor.get_task(task.id)).is_completed


async def test_a_block_may_end_its_task_itself(harbor: Harbor):
    await harbor.create_task(title="Dig")
    async with harbor.claim(holder="bot") as task:
        cancelled = await harbor.cancel_task(task.id, fence=task.claim.fence)
    assert await harbor.get_task(task.id) == cancelled


async def test_a_task_that_cannot_be_completed_is_given_back(harbor: Harbor):
    task = await harbor.create_task(title="Dig")
    await harbor.create_task(title="Find a spade", parent=task.id)

    async def work() -> None:
        async with harbor.claim(f"id = {task.id}", holder="bot"):
            pass

    with pytest.raises(OpenSubtasks):
        await work()
    task = await harbor.get_task(task.id)
    assert (task.progress, task.claim) == ("needs-action", None)


async def test_who_waits_in_vain_is_told(harbor: Harbor):
    with pytest.raises(TimeoutError, match="no task to claim"):
        async with harbor.claim(holder="bot", wait=0.05):
            pytest.fail("there is none")


async def test_a_block_whose_renewal_is_not_answered_is_cancelled_when_the_lease_ends(harbor: Harbor, monkeypatch):
    await harbor.create_task(title="Dig")
    execute, answered = harbor._use_cases.execute, asyncio.Event()

    async def hang(command, **context):
        if isinstance(command, RenewClaim):
            await answered.wait()
        return await execute(command, **context)

    monkeypatch.setattr(harbor._use_cases, "execute", hang)

    async def work() -> None:
        async with harbor.claim(holder="bot", lease="PT1S"):
            await asyncio.Event().wait()

    async with asyncio.timeout(20):
        with pytest.raises(ClaimEnded):
            await work()
    answered.set()


async def test_what_a_block_raises_is_not_lost_with_its_claim(harbor: Harbor):
    await harbor.create_task(title="Dig")

    async def work() -> None:
        async with harbor.claim(holder="bot", lease="PT1S") as task:
            await harbor.release_claim(task.id, force=True)
            try:
                await asyncio.Event().wait()
            finally:
                raise ZeroDivisionError

    async with asyncio.timeout(20):
        with pytest.raises(ZeroDivisionError):
            await work()
    assert asyncio.current_task().cancelling() == 0


@pytest.mark.parametrize("is_sent", [False, True])
async def test_a_block_that_is_cancelled_at_its_end_holds_the_task_no_longer(harbor: Harbor, monkeypatch, is_sent):
    await harbor.create_task(title="Dig")
    execute, completing = harbor._use_cases.execute, asyncio.Event()

    async def hang(command, **context):
        if not isinstance(command, CompleteTask):
            return await execute(command, **context)
        if is_sent:
            await execute(command, **context)
        completing.set()
        return await asyncio.Event().wait()

    monkeypatch.setattr(harbor._use_cases, "execute", hang)

    async def work() -> None:
        async with harbor.claim(holder="bot"):
            pass

    working = asyncio.create_task(work())
    async with asyncio.timeout(20):
        await completing.wait()
        working.cancel()
        with pytest.raises(asyncio.CancelledError):
            await working
    task = await harbor.get_task(1)
    assert (task.is_completed, task.claim) == (is_sent, None)
