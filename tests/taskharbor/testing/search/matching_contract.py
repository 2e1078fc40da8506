"""Changing all tasks that match, and saved filters, through the use cases, on the store under test."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_search import TaskQuery
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.principal import CallContext
from taskharbor.application.saved_filters.manage_saved_filters import ChangeSavedFilter, DeleteSavedFilter, SaveFilter
from taskharbor.application.search.change_matching import (
    MAX_AFFECTED,
    ChangeMatching,
    MatchingOutcome,
    MatchRefused,
    TooManyMatches,
)
from taskharbor.application.search.criteria import TaskCriteria
from taskharbor.application.search.find_tasks import FindTasks
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.identifiers import Revision, TaskId, WorkspaceId
from taskharbor.domain.search.fields import Field, Operator
from taskharbor.domain.search.filter import Compare, Filter, Flag
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.tasks.task import Task
from taskharbor.testing.doubles.clock import FakeClock
from taskharbor.testing.doubles.parking_storage import ParkingStorage
from taskharbor.testing.doubles.uids import FakeUids
from taskharbor.testing.scenes.bench import LATER, Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.refusals import refused_without_a_trace

OPEN = Flag(Field.IS_OPEN)


class MatchingContract(Contract):
    """All that match in one commit, or none; each as it was when it matched."""

    async def test_all_that_match_are_changed_in_one_commit(self, here: Bench, use_cases: UseCases) -> None:
        tasks = await here.add_many(4)
        done = await here.change(tasks[0].complete(at=LATER))
        outcome = await _change(use_cases, here, OPEN, TaskChanges(tags=["late"]))
        assert outcome.revision == done.revision + 1
        assert [view.id for view in outcome.tasks] == [task.id for task in tasks[1:]]
        assert {view.revision for view in outcome.tasks} == {outcome.revision}
        assert [view.tags for view in (await here.page()).items] == [(), ("late",), ("late",), ("late",)]

    async def test_as_many_as_are_allowed_are_changed_in_one_commit(self, here: Bench, use_cases: UseCases) -> None:
        await here.add_many(MAX_AFFECTED)
        outcome = await _change(use_cases, here, OPEN, TaskChanges(priority=1), max_affected=MAX_AFFECTED)
        assert {view.revision for view in (await here.page()).items} == {outcome.revision}

    async def test_more_than_are_allowed_are_counted_and_left_alone(self, here: Bench, use_cases: UseCases) -> None:
        await here.add_many(4)
        async with refused_without_a_trace(here, TooManyMatches) as caught:
            await _change(use_cases, here, OPEN, TaskChanges(priority=1), max_affected=2)
        assert caught.value.matched == 5  # the one that takes a revision is among them

    async def test_one_that_cannot_have_the_values_leaves_all_alone(self, here: Bench, use_cases: UseCases) -> None:
        tasks = await here.add_many(2)
        await here.change(tasks[1].change(TaskChanges(due={"date": "2026-01-01"}), at=LATER))
        async with refused_without_a_trace(here, MatchRefused) as caught:
            await _change(use_cases, here, OPEN, TaskChanges(start={"date": "2026-01-02"}))
        assert caught.value.task_id == tasks[1].id

    async def test_a_dry_run_leaves_all_alone(self, here: Bench, use_cases: UseCases) -> None:
        await here.add_many(2)
        before = await here.everything()
        outcome = await _change(use_cases, here, OPEN, TaskChanges(priority=1), dry_run=True)
        assert outcome.revision is None
        assert [view.priority for view in outcome.tasks] == [1, 1]
        assert await here.everything() == before

    async def test_what_no_longer_matches_when_it_is_written_is_left_alone(self, here: Bench) -> None:
        first, second = await here.add_many(2)

        async def another_call_commits() -> None:
            await here.change(second.complete(at=LATER))

        disturbed = UseCases(Disturbed(here.storage, another_call_commits), clock=FakeClock(), uids=FakeUids())
        outcome = await _change(disturbed, here, OPEN, TaskChanges(tags=["open"]))
        assert [view.id for view in outcome.tasks] == [first.id]
        assert [(view.is_completed, view.tags) for view in (await here.page()).items] == [
            (False, ("open",)),
            (True, ()),
        ]

    async def test_what_is_no_longer_blocked_when_it_is_written_is_left_alone(self, here: Bench) -> None:
        for after in ("find_tasks", "load_tasks", "commit"):
            needed, waiting = await here.add_many(2)
            waiting = await here.change(waiting.change(TaskChanges(depends_on=[needed.id]), at=LATER))

            async def another_call_commits(needed: Task = needed) -> None:
                await here.change(needed.complete(at=LATER))

            disturbed = UseCases(
                Disturbed(here.storage, another_call_commits, after=after), clock=FakeClock(), uids=FakeUids()
            )
            outcome = await _change(disturbed, here, Flag(Field.BLOCKED), TaskChanges(tags=["waits"]))
            assert outcome.tasks == []
            assert await here.load(waiting.id) == waiting

    async def test_a_saved_filter_is_kept_changed_used_and_forgotten(self, here: Bench, use_cases: UseCases) -> None:
        await here.add("Buy milk")
        eggs = await here.add("Buy eggs")
        context: CallContext = {"workspace": here.workspace}
        search = use_cases.search
        await use_cases.execute(SaveFilter(name="Food", q="milk"), **context)
        saved = await use_cases.execute(ChangeSavedFilter(name="food", q="eggs"), **context)
        assert saved.revision == eggs.revision + 2
        found = await search.find_tasks(FindTasks(saved="FOOD"), workspace=here.workspace)
        assert [view.id for view in found.items] == [eggs.id]
        assert await search.list_saved_filters(workspace=here.workspace) == [saved]
        await use_cases.execute(DeleteSavedFilter(name="Food"), **context)
        assert await search.list_saved_filters(workspace=here.workspace) == []

    async def test_the_pages_of_a_question_are_all_that_it_finds(self, here: Bench, use_cases: UseCases) -> None:
        await here.add_many(9)
        wanted = Compare(Field.TITLE, Operator.NOT_EQUAL, "task 4")
        seen: list[str] = []
        cursor = None
        while True:
            query = FindTasks(filter=wanted, sort="-title", cursor=cursor, limit=3)
            page = await use_cases.search.find_tasks(query, workspace=here.workspace)
            seen += [view.title for view in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
        assert seen == [f"task {number}" for number in (8, 7, 6, 5, 3, 2, 1, 0)]


class Disturbed(ParkingStorage):
    """A store on which another writer does something once: after tasks were loaded or found, or before a commit."""

    def __init__(self, inner: Storage, disturb: Callable[[], Awaitable[None]], *, after: str = "load_tasks") -> None:
        super().__init__(inner, park="after")
        self.release.set()
        self._disturb: Callable[[], Awaitable[None]] | None = disturb
        self._after = after

    async def load_tasks(self, workspace: WorkspaceId, ids: Collection[TaskId]) -> Mapping[TaskId, Task]:
        found = await super().load_tasks(workspace, ids)
        await self._be_disturbed("load_tasks")
        return found

    async def find_tasks(self, workspace: WorkspaceId, query: TaskQuery) -> Sequence[TaskView]:
        found = await super().find_tasks(workspace, query)
        await self._be_disturbed("find_tasks")
        return found

    async def commit(self, changes: Changeset) -> Revision:
        await self._be_disturbed("commit")
        return await super().commit(changes)

    async def _be_disturbed(self, after: str) -> None:
        if after == self._after and self._disturb is not None:
            disturb, self._disturb = self._disturb, None
            await disturb()


async def _change(
    use_cases: UseCases,
    here: Bench,
    wanted: Filter,
    changes: TaskChanges,
    *,
    max_affected: int = 100,
    dry_run: bool = False,
) -> MatchingOutcome:
    command = ChangeMatching(
        question=TaskCriteria(filter=wanted), changes=changes, max_affected=max_affected, dry_run=dry_run
    )
    return await use_cases.execute(command, workspace=here.workspace)
