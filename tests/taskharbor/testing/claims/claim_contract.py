"""Claims: each task is worked on by one holder at a time, whatever the races, and no work of an ended claim counts."""

from datetime import timedelta

import pytest

from taskharbor.application.claims.claim_next import ClaimNext
from taskharbor.application.claims.claim_task import ClaimTask, ReleaseClaim, RenewClaim
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.history.as_of import GetTaskAsOf
from taskharbor.application.ports.storage import Storage
from taskharbor.application.progress.change_progress import CompleteTask, StartTask
from taskharbor.application.search.find_tasks import FindTasks
from taskharbor.application.sync.list_changes import ListChanges
from taskharbor.application.undo.undo_commit import UndoCommit
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import ClaimEnded, TaskClaimed, TaskClosed
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.domain.search.fields import Field
from taskharbor.domain.search.filter import Has, Present
from taskharbor.testing.doubles.clock import FakeClock
from taskharbor.testing.doubles.occurrences import FakeOccurrences
from taskharbor.testing.doubles.uids import FakeUids
from taskharbor.testing.scenes.bench import Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.desk import Desk
from taskharbor.testing.scenes.races import at_once

LEASE = timedelta(minutes=5)


class ClaimContract(Contract):
    """A task that is claimed is its holder's alone until the lease ends."""

    @pytest.fixture
    def queue(self, storage: Storage, here: Bench) -> "Queue":
        """Those who claim tasks of one workspace, with a clock of their own."""
        return Queue(storage, here, FakeClock())

    async def test_a_claim_is_seen_wherever_its_task_is_and_its_fence_is_its_revision(self, queue: "Queue") -> None:
        task = await queue.create()
        claimed = await queue.claim("bot")
        assert claimed is not None
        assert claimed.claim is not None
        assert (claimed.id, claimed.claim.fence) == (task.id, claimed.revision)
        await queue.create("others follow")
        assert [view.as_json() for view in await queue.seen(task.id)] == [claimed.as_json()] * 2
        assert await queue.fences(task.id) == [claimed.revision] * 3
        renamed = await queue.change(task.id, title="renamed", depends_on=[])
        assert renamed.revision > claimed.revision
        await queue.renew(task.id, claimed.revision)
        assert await queue.fences(task.id) == [claimed.revision] * 3

    async def test_many_at_once_get_a_task_each_and_no_task_two(self, queue: "Queue") -> None:
        tasks = await queue.create_some(6)
        got = await at_once(*(queue.claim(f"bot {n}") for n in range(9)))
        assert sorted(one.id for one in got if one is not None) == [task.id for task in tasks]
        assert got.count(None) == 3

    async def test_who_is_second_to_claim_the_same_task_is_refused(self, queue: "Queue") -> None:
        task = await queue.create()
        outcomes = await at_once(*(queue.claim_one(task.id, f"bot {n}") for n in range(4)))
        assert sum(isinstance(one, TaskClaimed) for one in outcomes) == 3
        held = (await queue.get(task.id)).claim
        refusal = next(one for one in outcomes if isinstance(one, TaskClaimed))
        assert held is not None
        assert (refusal.holder, refusal.until) == (held.holder, held.until)

    async def test_the_first_by_the_order_is_claimed_of_those_that_match_and_are_free(self, queue: "Queue") -> None:
        first, second, third, blocked, closed, deleted = await queue.create_some(6, tags=["mine"])
        await queue.create("of others")
        await queue.change(third.id, priority=1)
        await queue.change(blocked.id, depends_on=[first.id])
        await queue.complete(closed.id)
        await queue.delete(deleted.id)
        got = [await queue.claim("bot", filter=Has(Field.TAGS, "mine"), sort="-priority,id") for _ in range(4)]
        assert [one and one.id for one in got] == [third.id, first.id, second.id, None]
        with pytest.raises(TaskClosed):
            await queue.claim_one(closed.id, "bot")
        await queue.complete(first.id, fence=await queue.fence(first.id))
        freed = await queue.claim("bot", filter=Has(Field.TAGS, "mine"))
        assert freed is not None
        assert freed.id == blocked.id

    async def test_others_cannot_change_the_progress_while_a_claim_holds(self, queue: "Queue") -> None:
        task = await queue.create()
        claimed = await queue.claim_one(task.id, "bot")
        for attempt in (
            queue.complete(task.id),
            queue.change(task.id, percent_complete=50),
            queue.change(task.id, is_completed=True),
            queue.do(StartTask(id=task.id), actor="another bot"),
        ):
            with pytest.raises(TaskClaimed) as refused:
                await attempt
            assert refused.value.holder == "bot"
        assert (await queue.change(task.id, title="renamed")).title == "renamed"
        started = await queue.do(StartTask(id=task.id), actor="bot")
        assert started.claim is not None
        done = await queue.complete(task.id, fence=claimed.revision)
        assert (done.is_completed, done.claim) == (True, None)
        assert (await queue.get(task.id)).claim is None

    async def test_what_is_done_under_a_claim_that_has_ended_is_refused(self, queue: "Queue") -> None:
        task = await queue.create()
        late = await queue.claim("slow bot")
        assert late is not None
        queue.clock.advance(LEASE)
        again = await queue.claim("quick bot")
        assert again is not None
        assert again.claim is not None
        assert (again.id, again.claim.holder) == (task.id, "quick bot")
        assert again.revision > late.revision
        for attempt in (
            queue.complete(task.id, fence=late.revision),
            queue.change(task.id, fence=late.revision, title="too late"),
            queue.renew(task.id, late.revision),
            queue.release(task.id, late.revision),
        ):
            with pytest.raises(ClaimEnded):
                await attempt
        assert (await queue.get(task.id)).claim == again.claim
        queue.clock.advance(LEASE)
        with pytest.raises(ClaimEnded):
            await queue.renew(task.id, again.revision)
        assert (await queue.complete(task.id)).is_completed

    async def test_a_claim_that_is_renewed_holds_longer_and_one_that_is_released_no_more(self, queue: "Queue") -> None:
        task = await queue.create()
        claimed = await queue.claim_one(task.id, "bot")
        queue.clock.advance(LEASE - timedelta(microseconds=1))
        await queue.renew(task.id, claimed.revision)
        queue.clock.advance(LEASE - timedelta(microseconds=1))
        assert await queue.claim("another bot") is None
        assert (await queue.release(task.id, claimed.revision)).claim is None
        assert await queue.claim("another bot") is not None
        with pytest.raises(TaskClaimed):
            await queue.do(ReleaseClaim(id=task.id))
        assert (await queue.do(ReleaseClaim(id=task.id, force=True))).claim is None

    async def test_filters_find_tasks_by_the_end_of_their_claims(self, queue: "Queue") -> None:
        claimed, _ = await queue.create_some(2)
        await queue.claim_one(claimed.id, "bot")
        assert await queue.found(Present(Field.CLAIMED_UNTIL)) == [claimed.id]

    async def test_the_past_knows_claims_and_no_undo_brings_one_back(self, queue: "Queue") -> None:
        task = await queue.create()
        claimed = await queue.claim_one(task.id, "bot")
        renewed = await queue.renew(task.id, claimed.revision)
        released = await queue.release(task.id, claimed.revision)
        for past in (task, claimed, renewed, released):
            as_of = GetTaskAsOf(id=task.id, as_of=past.revision)
            then = await queue.use_cases.history.get_task_as_of(as_of, workspace=queue.workspace)
            assert (then.claim, then.revision) == (past.claim, past.revision)
        for revision in (released.revision, renewed.revision, claimed.revision):
            outcome = await queue.use_cases.execute(UndoCommit(revision=revision), workspace=queue.workspace)
            assert (outcome.undone, outcome.conflicts, outcome.revision) == ([], [], None)
        assert (await queue.get(task.id)).claim is None

    async def test_a_claim_ends_with_the_occurrence_that_was_done(self, queue: "Queue") -> None:
        task = await queue.create(due={"date": "2026-01-01"}, recurrence={"rrule": "FREQ=DAILY"})
        claimed = await queue.claim_one(task.id, "bot")
        moved = await queue.complete(task.id, fence=claimed.revision)
        assert (moved.is_completed, moved.claim) == (False, None)
        again = await queue.claim("another bot")
        assert again is not None
        assert again.id == task.id


class Queue(Desk):
    """Users who claim tasks."""

    def __init__(self, storage: Storage, here: Bench, clock: FakeClock) -> None:
        super().__init__(UseCases(storage, clock=clock, uids=FakeUids(), occurrences=FakeOccurrences()), here)
        self.clock = clock

    async def claim(self, holder: str, **question: object) -> TaskView | None:
        """Claim the first task."""
        command = ClaimNext(holder=holder, lease=LEASE, **question)  # type: ignore[arg-type]  # any of its arguments
        return await self.use_cases.claim_next(command, workspace=self.workspace)

    async def claim_one(self, task_id: TaskId, holder: str) -> TaskView:
        """Claim this task."""
        return await self.do(ClaimTask(id=task_id, holder=holder, lease=LEASE))

    async def renew(self, task_id: TaskId, fence: Revision) -> TaskView:
        """Let a claim end later."""
        return await self.do(RenewClaim(id=task_id, fence=fence, lease=LEASE))

    async def release(self, task_id: TaskId, fence: Revision) -> TaskView:
        """End a claim."""
        return await self.do(ReleaseClaim(id=task_id, fence=fence))

    async def do(
        self, command: ClaimTask | RenewClaim | ReleaseClaim | StartTask | CompleteTask, *, actor: str | None = None
    ) -> TaskView:
        """Carry out a command as an actor."""
        return await self.use_cases.execute(command, workspace=self.workspace, actor=actor)

    async def fence(self, task_id: TaskId) -> Revision:
        """Return the fence of the claim on a task."""
        claim = (await self.get(task_id)).claim
        assert claim is not None
        assert claim.fence is not None
        return claim.fence

    async def seen(self, task_id: TaskId) -> list[TaskView]:
        """Return a task as it is seen alone and on a page."""
        page = await self.use_cases.search.find_tasks(FindTasks(), workspace=self.workspace)
        return [await self.get(task_id), next(view for view in page.items if view.id == task_id)]

    async def fences(self, task_id: TaskId) -> list[Revision | None]:
        """Return the fence of the claim as it is seen with the task alone, on a page and in the feed."""
        feed = await self.use_cases.list_changes(ListChanges(), workspace=self.workspace)
        views = [*await self.seen(task_id), *(view for view in feed.items if isinstance(view, TaskView))]
        return [view.claim.fence for view in views if view.id == task_id and view.claim is not None]

    async def found(self, filter: Present) -> list[TaskId]:
        """Return the ids of the tasks that match."""
        page = await self.use_cases.search.find_tasks(FindTasks(filter=filter), workspace=self.workspace)
        return [view.id for view in page.items]
