"""Any batch leaves what its commands would leave one by one."""

from collections.abc import Sequence
from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st

from taskharbor.application.batch.run_batch import BatchResult, ByName, Command
from taskharbor.application.progress.change_progress import CompleteTask, ReopenTask
from taskharbor.application.search.change_matching import (
    MatchedTasks,
    MatchRefused,
    TooManyMatches,
)
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.comments import AddComment
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask
from taskharbor.application.undo.undo_commit import UndoCommit, Undone
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import TaskharborError
from taskharbor.domain.search.fields import Field, Operator
from taskharbor.domain.search.filter import And, Compare, Filter, Has, Mentions, Not, Or, Present
from taskharbor.testing.batch.batch_sequence_contract import BLOCKED, OPEN, matching, run
from taskharbor.testing.doubles.clock import FakeClock
from taskharbor.testing.doubles.uids import FakeUids
from taskharbor.testing.scenes.bench import Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.effort import share_of_effort

UIDS: Final = [f"0190b1f4-1234-7abc-8def-0123456789a{digit}" for digit in "0123456"]
WORDS: Final = ["milk", "paint", "rain"]


class BatchEquivalenceContract(Contract):
    """Whatever the commands are, bulk changes and undos among them."""

    @share_of_effort(4)
    @given(data=st.data())
    async def test_a_batch_does_what_its_commands_do_one_by_one(self, here: Bench, data: st.DataObject) -> None:
        together, apart = here.another(), here.another()
        use_cases = UseCases(here.storage, clock=FakeClock(), uids=FakeUids())
        for bench in (together, apart):
            await run(use_cases, bench, *_some_tasks())
            await run(use_cases, bench, *_some_changes())
        commands = data.draw(st.lists(_commands(), min_size=2, max_size=6), label="commands")
        at_once = await run(use_cases, together, *commands)
        one_by_one = [(await run(use_cases, apart, command)).results[0] for command in commands]
        assert [_recorded(result) for result in at_once.results] == [_recorded(result) for result in one_by_one]
        assert await _left(together) == await _left(apart)


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
        lambda wanted, most, values: matching(wanted, most, **values), _filters(), st.integers(2, 6), fields
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
