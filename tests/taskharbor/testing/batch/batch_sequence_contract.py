"""Each command of a batch sees what the ones before it did, also when it asks for all that match."""

from typing import Any, Final

import pytest

from taskharbor.application.batch.run_batch import BatchOutcome, BatchResult, ByName, Command, RunBatch
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.errors import BatchRefused
from taskharbor.application.lists.delete_list import DeleteList
from taskharbor.application.lists.manage_lists import ChangeList, CreateList, ListLists
from taskharbor.application.principal import CallContext
from taskharbor.application.progress.change_progress import CompleteTask
from taskharbor.application.relations.move_task import MoveTask
from taskharbor.application.saved_filters.manage_saved_filters import SaveFilter
from taskharbor.application.search.change_matching import (
    ChangeMatching,
    MatchedTasks,
    MatchRefused,
    TooManyMatches,
)
from taskharbor.application.search.criteria import TaskCriteria
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import INBOX, ListId, TaskId
from taskharbor.domain.lists.task_list import TaskList
from taskharbor.domain.search.fields import Field, Operator
from taskharbor.domain.search.filter import And, Compare, Filter, Flag, Not
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.testing.doubles.clock import FakeClock
from taskharbor.testing.doubles.uids import FakeUids
from taskharbor.testing.scenes.bench import LATER, Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.refusals import refused_without_a_trace
from taskharbor.testing.search.matching_contract import Disturbed

BLOCKED: Final = Flag(Field.BLOCKED)
OPEN: Final = Flag(Field.IS_OPEN)


class BatchSequenceContract(Contract):
    """What a batch does is what its commands do one by one."""

    async def test_a_bulk_change_in_a_batch_changes_what_matches_by_then(
        self, here: Bench, use_cases: UseCases
    ) -> None:
        needed, waiting, other = await here.add_many(3)
        await here.change(waiting.change(TaskChanges(depends_on=[needed.id]), at=LATER))
        outcome = await run(
            use_cases,
            here,
            CompleteTask(id=needed.id),
            matching(BLOCKED, tags=["waits"]),
            CreateTask(title="new", depends_on=[other.id]),
            matching(And((OPEN, Not(BLOCKED))), priority=1),
            SaveFilter(name="first", filter=None, q="new"),
            ChangeMatching(question=TaskCriteria(saved="First"), changes=TaskChanges(title="newer"), max_affected=1),
            DeleteTask(id=other.id),
            matching(OPEN, priority=9),
        )
        new = outcome.results[2]
        assert isinstance(new, TaskView)
        assert [_matched(result) for result in outcome.results if isinstance(result, MatchedTasks)] == [
            [],
            [waiting.id, other.id],
            [new.id],
            [waiting.id, new.id],
        ]
        views = (await here.page()).items
        assert [(view.id, view.title, view.tags, view.priority) for view in views] == [
            (needed.id, "task 0", (), 0),
            (waiting.id, "task 1", (), 9),
            (new.id, "newer", (), 9),
        ]
        assert {view.revision for view in views} == {outcome.revision}

    async def test_more_matches_than_are_allowed_are_counted_with_what_the_batch_did(
        self, here: Bench, use_cases: UseCases
    ) -> None:
        tasks = await here.add_many(4)
        commands: list[Command] = [CompleteTask(id=tasks[0].id), *[CreateTask(title="new")] * 3]
        async with refused_without_a_trace(here, BatchRefused) as caught:
            await run(use_cases, here, *commands, matching(OPEN, 5, priority=1), atomic=True)
        refusal = caught.value.refusal
        assert isinstance(refusal, TooManyMatches)
        assert (caught.value.place, refusal.matched) == (4, 7)  # the one that takes a revision is among them
        outcome = await run(use_cases, here, *commands, matching(OPEN, 8, priority=1))
        assert len(_matched(outcome.results[4])) == 8

    async def test_one_that_cannot_have_the_values_leaves_all_that_match_as_they_are(
        self, here: Bench, use_cases: UseCases
    ) -> None:
        tasks = await here.add_many(3)
        outcome = await run(
            use_cases,
            here,
            ChangeTask(id=tasks[1].id, due={"date": "2026-01-01"}),
            matching(OPEN, start={"date": "2026-01-02"}),
            ChangeTask(id=tasks[2].id, priority=3),
        )
        refused = outcome.results[1]
        assert isinstance(refused, MatchRefused)
        assert refused.task_id == tasks[1].id
        assert [(view.start, view.priority) for view in (await here.page()).items] == [(None, 0), (None, 0), (None, 3)]

    @pytest.mark.parametrize("after", ["find_tasks", "load_tasks", "commit"])
    async def test_what_another_writer_changes_meanwhile_is_looked_at_again(self, here: Bench, after: str) -> None:
        needed, waiting, mine = await here.add_many(3)
        waiting = await here.change(waiting.change(TaskChanges(depends_on=[needed.id, mine.id]), at=LATER))

        async def another_call_commits() -> None:
            await here.change(needed.complete(at=LATER))

        storage = Disturbed(here.storage, another_call_commits, after=after)
        disturbed = UseCases(storage, clock=FakeClock(), uids=FakeUids())
        outcome = await run(disturbed, here, CompleteTask(id=mine.id), matching(BLOCKED, tags=["waits"]))
        assert _matched(outcome.results[1]) == []
        assert await here.load(waiting.id) == waiting

    async def test_a_batch_with_a_bulk_change_is_carried_out_once_with_a_key(
        self, here: Bench, use_cases: UseCases
    ) -> None:
        await here.add_many(2)
        batch = RunBatch(commands=[CreateTask(title="new"), matching(OPEN, priority=1)])
        first = await use_cases.execute(batch, workspace=here.workspace, idempotency_key="k")
        assert len(_matched(first.results[1])) == 3
        assert await use_cases.execute(batch, workspace=here.workspace, idempotency_key="k") == first
        assert [view.priority for view in (await here.page()).items] == [1, 1, 1]

    async def test_a_batch_names_lists_by_the_names_that_they_have_by_then(
        self, here: Bench, use_cases: UseCases
    ) -> None:
        context: CallContext = {"workspace": here.workspace}
        old = await use_cases.execute(CreateList(name="Old"), **context)
        task, gone = await here.add_many(2)
        outcome = await run(
            use_cases,
            here,
            CreateList(name="Garden"),
            ByName(list="garden", command=CreateTask(title="new")),
            ByName(list="GARDEN", command=ChangeTask(id=task.id)),
            ByName(list="Garden", command=ChangeList(id=0, name="Balcony")),
            ByName(list="garden", command=MoveTask(id=gone.id)),
            ByName(list="balcony", command=MoveTask(id=gone.id)),
            ByName(list="inbox", command=matching(Compare(Field.ID, Operator.EQUAL, gone.id), title="back", list=0)),
            CreateList(name="old"),
            ByName(list="Old", command=ChangeList(id=0, archived=True)),
            ChangeList(id=old.id, name="Older", archived=True),
            ByName(list="old", move_to="Balcony", command=DeleteList(id=0)),
        )
        made, new, changed, renamed, unknown, moved, back, _, ambiguous, _, deleted = outcome.results
        assert isinstance(made, TaskList)
        assert isinstance(renamed, TaskList)
        assert isinstance(unknown, InvalidValue)
        assert isinstance(ambiguous, InvalidValue)
        assert (unknown.field, ambiguous.field) == ("list", "id")
        assert isinstance(deleted, TaskList)
        assert [renamed.id, _list_of(new), _list_of(changed)] == [made.id] * 3
        assert _matched(back) == [gone.id]
        assert _list_of(moved) == INBOX
        page = await use_cases.list_lists(ListLists(), workspace=here.workspace)
        assert [(one.id, one.name) for one in page.items] == [(INBOX, "Inbox"), (old.id, "Older"), (made.id, "Balcony")]
        assert [(view.title, view.list) for view in (await here.page()).items] == [
            ("task 0", made.id),
            ("back", INBOX),
            ("new", made.id),
        ]

    async def test_a_list_that_is_renamed_meanwhile_is_looked_for_again(self, here: Bench, use_cases: UseCases) -> None:
        context: CallContext = {"workspace": here.workspace}
        found = await use_cases.execute(CreateList(name="Garden"), **context)

        async def another_call_commits() -> None:
            await use_cases.execute(ChangeList(id=found.id, name="Balcony"), **context)

        disturbed = UseCases(
            Disturbed(here.storage, another_call_commits, after="commit"), clock=FakeClock(), uids=FakeUids()
        )
        outcome = await run(disturbed, here, ByName(list="Garden", command=CreateTask(title="new")))
        assert isinstance(outcome.results[0], InvalidValue)
        assert (await here.page()).items == []


async def run(use_cases: UseCases, here: Bench, *commands: Command | ByName, atomic: bool = False) -> BatchOutcome:
    """Carry out a batch."""
    return await use_cases.execute(RunBatch(commands=commands, atomic=atomic), workspace=here.workspace)


def matching(filter: Filter, max_affected: int = 100, **fields: Any) -> ChangeMatching:  # noqa: ANN401  # any field
    """Return a change of all tasks that match."""
    question = TaskCriteria(filter=filter)
    return ChangeMatching(question=question, changes=TaskChanges(**fields), max_affected=max_affected)


def _matched(result: BatchResult) -> list[TaskId]:
    assert isinstance(result, MatchedTasks)
    return [view.id for view in result.tasks]


def _list_of(result: BatchResult) -> ListId:
    assert isinstance(result, TaskView)
    return result.list
