"""Each command of a batch sees what the ones before it did, also when it asks for all that match."""

from collections.abc import Sequence
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskharbor.application.batch.run_batch import BatchOutcome, BatchResult, ByName, Command, RunBatch
from taskharbor.application.calls import CallContext
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.errors import BatchRefused
from taskharbor.application.lists.delete_list import DeleteList
from taskharbor.application.lists.manage_lists import ChangeList, CreateList, ListLists
from taskharbor.application.progress.change_progress import CompleteTask, ReopenTask
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
from taskharbor.application.tasks.comments import AddComment
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask
from taskharbor.application.undo.undo_commit import UndoCommit, Undone
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import InvalidValue, TaskharborError
from taskharbor.domain.identifiers import INBOX, ListId, TaskId
from taskharbor.domain.lists.task_list import TaskList
from taskharbor.domain.search.fields import Field, Operator
from taskharbor.domain.search.filter import And, Compare, Filter, Flag, Has, Mentions, Not, Or, Present
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.testing.doubles.clock import FakeClock
from taskharbor.testing.doubles.uids import FakeUids
from taskharbor.testing.scenes.bench import LATER, Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.effort import share_of_effort
from taskharbor.testing.scenes.refusals import refused_without_a_trace
from taskharbor.testing.search.matching_contract import Disturbed

BLOCKED: Final = Flag(Field.BLOCKED)
OPEN: Final = Flag(Field.IS_OPEN)
UIDS: Final = [f"0190b1f4-1234-7abc-8def-0123456789a{digit}" for digit in "0123456"]
WORDS: Final = ["milk", "paint", "rain"]


class BatchSequenceContract(Contract):
    """What a batch does is what its commands do one by one."""

    async def test_a_bulk_change_in_a_batch_changes_what_matches_by_then(
        self, here: Bench, use_cases: UseCases
    ) -> None:
        needed, waiting, other = await here.add_many(3)
        await here.change(waiting.change(TaskChanges(depends_on=[needed.id]), at=LATER))
        outcome = await _run(
            use_cases,
            here,
            CompleteTask(id=needed.id),
            _matching(BLOCKED, tags=["waits"]),
            CreateTask(title="new", depends_on=[other.id]),
            _matching(And((OPEN, Not(BLOCKED))), priority=1),
            SaveFilter(name="first", filter=None, q="new"),
            ChangeMatching(question=TaskCriteria(saved="First"), changes=TaskChanges(title="newer"), max_affected=1),
            DeleteTask(id=other.id),
            _matching(OPEN, priority=9),
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
            await _run(use_cases, here, *commands, _matching(OPEN, 5, priority=1), atomic=True)
        refusal = caught.value.refusal
        assert isinstance(refusal, TooManyMatches)
        assert (caught.value.place, refusal.matched) == (4, 7)  # the one that takes a revision is among them
        outcome = await _run(use_cases, here, *commands, _matching(OPEN, 8, priority=1))
        assert len(_matched(outcome.results[4])) == 8

    async def test_one_that_cannot_have_the_values_leaves_all_that_match_as_they_are(
        self, here: Bench, use_cases: UseCases
    ) -> None:
        tasks = await here.add_many(3)
        outcome = await _run(
            use_cases,
            here,
            ChangeTask(id=tasks[1].id, due={"date": "2026-01-01"}),
            _matching(OPEN, start={"date": "2026-01-02"}),
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

        async def somebody_is_faster() -> None:
            await here.change(needed.complete(at=LATER))

        storage = Disturbed(here.storage, somebody_is_faster, after=after)
        disturbed = UseCases(storage, clock=FakeClock(), uids=FakeUids())
        outcome = await _run(disturbed, here, CompleteTask(id=mine.id), _matching(BLOCKED, tags=["waits"]))
        assert _matched(outcome.results[1]) == []
        assert await here.load(waiting.id) == waiting

    async def test_a_batch_with_a_bulk_change_is_carried_out_once_with_a_key(
        self, here: Bench, use_cases: UseCases
    ) -> None:
        await here.add_many(2)
        batch = RunBatch(commands=[CreateTask(title="new"), _matching(OPEN, priority=1)])
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
        outcome = await _run(
            use_cases,
            here,
            CreateList(name="Garden"),
            ByName(list="garden", command=CreateTask(title="new")),
            ByName(list="GARDEN", command=ChangeTask(id=task.id)),
            ByName(list="Garden", command=ChangeList(id=0, name="Balcony")),
            ByName(list="garden", command=MoveTask(id=gone.id)),
            ByName(list="balcony", command=MoveTask(id=gone.id)),
            ByName(list="inbox", command=_matching(Compare(Field.ID, Operator.EQUAL, gone.id), title="back", list=0)),
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

        async def somebody_is_faster() -> None:
            await use_cases.execute(ChangeList(id=found.id, name="Balcony"), **context)

        disturbed = UseCases(
            Disturbed(here.storage, somebody_is_faster, after="commit"), clock=FakeClock(), uids=FakeUids()
        )
        outcome = await _run(disturbed, here, ByName(list="Garden", command=CreateTask(title="new")))
        assert isinstance(outcome.results[0], InvalidValue)
        assert (await here.page()).items == []

    @share_of_effort(4)
    @given(data=st.data())
    async def test_a_batch_does_what_its_commands_do_one_by_one(self, here: Bench, data: st.DataObject) -> None:
        together, apart = here.another(), here.another()
        use_cases = UseCases(here.storage, clock=FakeClock(), uids=FakeUids())
        for bench in (together, apart):
            await _run(use_cases, bench, *_some_tasks())
            await _run(use_cases, bench, *_some_changes())
        commands = data.draw(st.lists(_commands(), min_size=2, max_size=6), label="commands")
        at_once = await _run(use_cases, together, *commands)
        one_by_one = [(await _run(use_cases, apart, command)).results[0] for command in commands]
        assert [_recorded(result) for result in at_once.results] == [_recorded(result) for result in one_by_one]
        assert await _left(together) == await _left(apart)


async def _run(use_cases: UseCases, here: Bench, *commands: Command | ByName, atomic: bool = False) -> BatchOutcome:
    return await use_cases.execute(RunBatch(commands=commands, atomic=atomic), workspace=here.workspace)


def _matching(filter: Filter, max_affected: int = 100, **fields: Any) -> ChangeMatching:  # noqa: ANN401  # any field
    question = TaskCriteria(filter=filter)
    return ChangeMatching(question=question, changes=TaskChanges(**fields), max_affected=max_affected)


def _matched(result: BatchResult) -> list[TaskId]:
    assert isinstance(result, MatchedTasks)
    return [view.id for view in result.tasks]


def _list_of(result: BatchResult) -> ListId:
    assert isinstance(result, TaskView)
    return result.list


def _some_tasks() -> Sequence[Command | ByName]:
    return [
        CreateTask(title="buy milk", uid=UIDS[0], tags=["a"]),
        ByName(depends_on=[UIDS[0]], command=CreateTask(title="paint it", uid=UIDS[1], priority=5)),
        ByName(parent=UIDS[1], command=CreateTask(title="in the rain", uid=UIDS[2])),
        ByName(depends_on=[UIDS[1], UIDS[2]], command=CreateTask(title="paint milk", uid=UIDS[3], tags=["b"])),
    ]


def _some_changes() -> Sequence[Command | ByName]:
    """Return commands for the second commit."""
    return [
        ByName(uid=UIDS[0], command=ChangeTask(id=0, title="buy rain", priority=3)),
        ByName(uid=UIDS[2], command=DeleteTask(id=0)),
        CreateTask(title="more milk", uid=UIDS[4]),
    ]


def _filters() -> st.SearchStrategy[Filter]:
    leaves: st.SearchStrategy[Filter] = st.sampled_from(
        [
            OPEN,
            Present(Field.PARENT),
            Present(Field.DEPENDS_ON),
            Has(Field.TAGS, "a"),
            Compare(Field.COMMENT_COUNT, Operator.GREATER, 0),
            Compare(Field.PRIORITY, Operator.AT_LEAST, 5),
            *(Mentions((word,)) for word in WORDS),
        ]
    )
    leaves |= st.just(BLOCKED)
    leaves |= st.builds(Not, leaves)
    several = st.lists(leaves, min_size=1, max_size=2).map(tuple)
    return st.builds(And, several) | st.builds(Or, several)


def _commands() -> st.SearchStrategy[Command | ByName]:
    uids, new_uids = st.sampled_from(UIDS[:-1]), st.sampled_from(UIDS[5:])
    needed = st.lists(uids, max_size=2, unique=True)
    fields: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
        [{"priority": 9}, {"tags": ["a"]}, {"title": "milk and rain"}, {"is_completed": True}, {"is_completed": False}]
    )
    bulk = st.builds(
        lambda wanted, most, values: _matching(wanted, most, **values), _filters(), st.integers(2, 6), fields
    )
    on_one: st.SearchStrategy[Any] = st.sampled_from(
        [
            CompleteTask(id=0, subtasks="complete", dependencies="ignore"),
            ReopenTask(id=0),
            DeleteTask(id=0, subtasks="delete"),
            RestoreTask(id=0),
            AddComment(id=0, text="paint"),
        ]
    )
    return st.one_of(
        bulk,
        st.builds(UndoCommit, revision=st.integers(1, 2)),
        st.builds(lambda command, needed: ByName(depends_on=needed, command=command), bulk, needed),
        st.builds(lambda uid, command: ByName(uid=uid, command=command), uids, on_one),
        st.builds(lambda uid, values: ByName(uid=uid, command=ChangeTask(id=0, **values)), uids, fields),
        st.builds(lambda uid, needed: ByName(uid=uid, depends_on=needed, command=ChangeTask(id=0)), uids, needed),
        st.builds(
            lambda uid, needed, values: ByName(
                depends_on=needed, command=CreateTask(**{"title": "new", **values}, uid=uid)
            ),
            new_uids,
            needed,
            fields,
        ),
    )


def _recorded(result: BatchResult) -> object:
    """Return the contents of a result, but for how the rest of the batch left it."""
    match result:
        case MatchedTasks():
            return [view.uid for view in result.tasks]
        case Undone():
            return [one.fields for one in result.undone], [(one.fields, one.code) for one in result.conflicts]
        case MatchRefused():
            return type(result), type(result.refusal)
        case TooManyMatches():
            return type(result), result.matched
        case TaskharborError():
            return type(result)
        case _:
            return "done"


async def _left(here: Bench) -> list[dict[str, Any]]:
    """Return what is there, with uids in place of ids."""
    views = (await here.page()).items
    uids = {task.id: task.uid for task in (await here.storage.scan_tasks(here.workspace, after=0, limit=1000))}
    return [
        {
            "uid": view.uid,
            "title": view.title,
            "progress": view.progress,
            "priority": view.priority,
            "tags": view.tags,
            "parent": view.parent and uids[view.parent],
            "depends_on": {uids[id_] for id_ in view.depends_on},
            "subtasks": (view.subtask_count, view.open_subtask_count),
            "comments": view.comment_count,
            "blocked": view.blocked,
        }
        for view in views
    ]
