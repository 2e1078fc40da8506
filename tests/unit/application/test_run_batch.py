"""Many commands in one commit."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.errors import (
    BatchRefused,
    ConcurrentUpdate,
    PreconditionFailed,
    StoreNotReady,
    StoreUnavailable,
    UidTaken,
)
from taskharbor.application.history.undo_commit import UndoCommit
from taskharbor.application.lists.change_list import ChangeList, CreateList, GetList
from taskharbor.application.lists.delete_list import DeleteList
from taskharbor.application.ports.record_store import Record
from taskharbor.application.ports.task_search import TaskQuery
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.progress.task_progress import CancelTask, CompleteTask, ReopenTask, StartTask
from taskharbor.application.run_batch import MAX_COMMANDS, BatchOutcome, BatchResult, ByName, RunBatch, run_batch
from taskharbor.application.search.change_matching import ChangeMatching, MatchedTasks
from taskharbor.application.search.question import Question
from taskharbor.application.search.saved_filter import SavedFilter
from taskharbor.application.search.saved_filters import ChangeSavedFilter, DeleteSavedFilter, SaveFilter
from taskharbor.application.structure.move_task import MoveTask
from taskharbor.application.task_view import TaskView
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask
from taskharbor.application.tasks.list_tasks import ListTasks
from taskharbor.application.tasks.task_comments import AddComment
from taskharbor.application.transaction import transactions as module
from taskharbor.application.transaction.unit_of_work import UnitOfWork
from taskharbor.application.use_cases import UseCases
from taskharbor.domain.errors import InvalidValue, ListNotFound, TaskharborError, TaskNotFound
from taskharbor.domain.filter import Flag
from taskharbor.domain.filter_fields import Field
from taskharbor.domain.identifiers import Revision, TaskId, WorkspaceId
from taskharbor.domain.progress import Progress
from taskharbor.domain.task import Task
from taskharbor.domain.task_changes import TaskChanges
from taskharbor.domain.task_list import TaskList
from taskharbor.domain.uid import Uid
from taskharbor.testing import FakeClock, FakeUids

UID = "0190b1f4-1234-7abc-8def-0123456789ab"
OTHER = "0190b1f4-1234-7abc-8def-0123456789ac"
MISSING = 999


class RecordingStorage(InMemoryStorage):
    """Keeps what was sent to it, and loses the first races: `losses` of them."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[Changeset] = []
        self.loads: list[Collection[TaskId]] = []
        self.losses = 0
        self.listed = 0
        self.finds = 0

    async def find_tasks(self, workspace: WorkspaceId, query: TaskQuery) -> Sequence[TaskView]:
        self.finds += 1
        return await super().find_tasks(workspace, query)

    async def list_records(self, workspace: WorkspaceId, kind: str, *, after: str, limit: int) -> Sequence[Record]:
        self.listed += 1
        return await super().list_records(workspace, kind, after=after, limit=limit)

    async def load_tasks(self, workspace: WorkspaceId, ids: Collection[TaskId]) -> Mapping[TaskId, Task]:
        self.loads.append(ids)
        return await super().load_tasks(workspace, ids)

    async def commit(self, changes: Changeset) -> Revision:
        self.sent.append(changes)
        if self.losses:
            self.losses -= 1
            raise ConcurrentUpdate
        return await super().commit(changes)


@pytest.fixture
def storage() -> RecordingStorage:
    return RecordingStorage()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(step=timedelta(seconds=1))


@pytest.fixture
def harbor(storage: RecordingStorage, clock: FakeClock) -> UseCases:
    return UseCases(storage, clock=clock, uids=FakeUids())


async def run(harbor: UseCases, *commands: Any, **options: bool) -> BatchOutcome:
    return await harbor.run_batch(RunBatch(commands=commands, **options))


async def tasks(harbor: UseCases) -> list[TaskView]:
    return (await harbor.list_tasks(ListTasks(limit=1000))).items


async def create(harbor: UseCases, number: int = 1) -> list[TaskId]:
    return await create_all(harbor, *(CreateTask(title=f"task {n}") for n in range(number)))


async def create_all(harbor: UseCases, *commands: CreateTask) -> list[TaskId]:
    outcome = await run(harbor, *commands)
    return [result.id for result in outcome.results if isinstance(result, TaskView)]


def view(result: BatchResult) -> TaskView:
    assert isinstance(result, TaskView)
    return result


async def test_every_command_can_be_in_a_batch_and_all_take_one_revision(harbor: UseCases) -> None:
    a, b, c, d, e, f = await create(harbor, 6)
    await run(harbor, CompleteTask(id=c), DeleteTask(id=f))
    outcome = await run(
        harbor,
        CreateTask(title="new"),
        ChangeTask(id=a, priority=1),
        CompleteTask(id=b),
        ReopenTask(id=c),
        StartTask(id=d),
        CancelTask(id=e),
        RestoreTask(id=f),
        DeleteTask(id=a),
    )
    assert outcome.revision == 3
    assert [view(result).revision for result in outcome.results] == [3] * 8
    assert [task.progress for task in await tasks(harbor)] == [
        Progress.COMPLETED,
        Progress.NEEDS_ACTION,
        Progress.IN_PROCESS,
        Progress.CANCELLED,
        Progress.NEEDS_ACTION,
        Progress.NEEDS_ACTION,
    ]


async def test_each_command_sees_what_the_ones_before_it_did(harbor: UseCases) -> None:
    (task,) = await create(harbor)
    with pytest.raises(BatchRefused) as caught:
        await run(harbor, DeleteTask(id=task), CompleteTask(id=task))
    assert isinstance(caught.value.refusal, TaskNotFound)
    outcome = await run(harbor, DeleteTask(id=task), RestoreTask(id=task), CompleteTask(id=task))
    assert view(outcome.results[2]).is_completed


async def test_every_result_is_the_task_as_the_whole_batch_left_it(harbor: UseCases) -> None:
    (task,) = await create(harbor)
    outcome = await run(harbor, CompleteTask(id=task), ChangeTask(id=task, title="later"))
    assert outcome.results == [(await tasks(harbor))[0]] * 2


async def test_if_match_means_the_revision_that_was_stored_before_the_batch(harbor: UseCases) -> None:
    (task,) = await create(harbor)
    outcome = await run(harbor, StartTask(id=task, if_match=1), CompleteTask(id=task, if_match=1))
    assert outcome.revision == 2
    with pytest.raises(BatchRefused) as caught:
        await run(harbor, StartTask(id=task, if_match=1))
    assert isinstance(caught.value.refusal, PreconditionFailed)


async def test_a_batch_that_changes_nothing_takes_no_revision(harbor: UseCases, storage: RecordingStorage) -> None:
    (task,) = await create(harbor)
    storage.sent.clear()
    outcome = await run(harbor, ReopenTask(id=task), ChangeTask(id=task, title="task 0"))
    assert outcome.revision is None
    assert outcome.results == (await tasks(harbor)) * 2
    assert storage.sent == []


async def test_an_atomic_batch_stops_at_the_refused_command_and_writes_nothing(
    harbor: UseCases, storage: RecordingStorage
) -> None:
    (task,) = await create(harbor)
    before = await tasks(harbor)
    storage.sent.clear()
    with pytest.raises(BatchRefused, match="Command 2 was refused: title") as caught:
        await run(
            harbor,
            CompleteTask(id=task),
            CreateTask(title="new"),
            ChangeTask(id=task, title=""),
            DeleteTask(id=MISSING),
        )
    assert caught.value.place == 2
    assert isinstance(caught.value.refusal, InvalidValue)
    assert caught.value.__cause__ is caught.value.refusal
    assert storage.sent == []
    assert await tasks(harbor) == before


async def test_a_batch_that_is_not_atomic_leaves_out_what_is_refused(harbor: UseCases) -> None:
    a, b = await create(harbor, 2)
    outcome = await run(
        harbor,
        CompleteTask(id=MISSING),
        CompleteTask(id=a),
        ChangeTask(id=b, priority=10),
        CreateTask(title=""),
        CreateTask(title="new"),
        StartTask(id=b, if_match=7),
        atomic=False,
    )
    assert [type(result) for result in outcome.results] == [
        TaskNotFound,
        TaskView,
        InvalidValue,
        InvalidValue,
        TaskView,
        PreconditionFailed,
    ]
    assert outcome.revision == 2
    assert [task.revision for task in await tasks(harbor)] == [2, 1, 2]


async def test_if_everything_is_refused_nothing_is_committed(harbor: UseCases, storage: RecordingStorage) -> None:
    outcome = await run(harbor, CompleteTask(id=1), CompleteTask(id=2), atomic=False)
    assert [type(result) for result in outcome.results] == [TaskNotFound, TaskNotFound]
    assert outcome.revision is None
    assert storage.sent == []


async def test_a_refused_command_leaves_nothing_of_what_it_had_done_before_it_was_refused(
    storage: RecordingStorage, harbor: UseCases, clock: FakeClock
) -> None:
    kept, touched, guarded = await create(harbor, 3)
    storage.sent.clear()

    async def handle(command: Any, uow: UnitOfWork) -> Task:
        task = uow.tasks.save((await uow.tasks.get(command.id)).complete(at=uow.now))
        if command.id == touched:
            uow.tasks.guard(await uow.tasks.get(guarded))
            uow.tasks.save((await uow.tasks.get(kept)).cancel(at=uow.now))
            uow.tasks.add(Task.create(id=await uow.tasks.next_id(), uid=FakeUids(50).new(), title="new", at=uow.now))
            raise InvalidValue("title", "was refused in the middle")
        return task

    async with UnitOfWork(storage, workspace="default", now=clock.now()) as uow:
        batch = RunBatch(commands=[CompleteTask(id=kept), CompleteTask(id=touched)], atomic=False)
        outcome = await run_batch(batch, uow, handle)
    assert isinstance(outcome.results[1], InvalidValue)
    assert view(outcome.results[0]).is_completed
    (sent,) = storage.sent
    assert [(task.id, task.progress) for task in sent.changed] == [(kept, Progress.COMPLETED)]
    assert (sent.added, sent.guarded) == ((), {})
    assert [task.is_completed for task in await tasks(harbor)] == [True, False, False]


async def test_a_dry_run_tells_what_would_happen_and_writes_nothing(
    harbor: UseCases, storage: RecordingStorage
) -> None:
    (task,) = await create(harbor)
    before = await tasks(harbor)
    storage.sent.clear()
    commands = [CompleteTask(id=task), CreateTask(title="new"), CompleteTask(id=MISSING)]
    outcome = await run(harbor, *commands, atomic=False, dry_run=True)
    assert outcome.revision is None
    assert view(outcome.results[0]).is_completed
    assert (view(outcome.results[0]).revision, view(outcome.results[1]).revision) == (1, 0)
    assert isinstance(outcome.results[2], TaskNotFound)
    with pytest.raises(BatchRefused):
        await run(harbor, *commands, dry_run=True)
    assert storage.sent == []
    assert await tasks(harbor) == before


async def test_a_new_task_can_be_changed_by_the_uid_that_it_is_given(
    harbor: UseCases, storage: RecordingStorage
) -> None:
    outcome = await run(
        harbor,
        CreateTask(title="new", uid=UID),
        ByName(uid=UID.upper(), command=ChangeTask(id=0, title="newer", tags=["a"])),
        ByName(uid=UID, command=CompleteTask(id=MISSING)),
    )
    (task,) = await tasks(harbor)
    assert (task.title, task.tags, task.is_completed, task.revision) == ("newer", ("a",), True, 1)
    assert outcome.results == [task] * 3
    assert len(storage.sent) == 1
    assert storage.loads == []


@pytest.mark.parametrize("uid", [UID, "not a uuid"])
async def test_a_uid_that_no_task_has_is_refused_at_its_place(harbor: UseCases, uid: str) -> None:
    (task,) = await create(harbor)
    outcome = await run(
        harbor,
        ByName(uid=uid, command=CompleteTask(id=1)),
        ByName(parent=uid, command=ChangeTask(id=task)),
        ByName(depends_on=[task, uid], command=CreateTask(title="new")),
        ByName(before=uid, command=MoveTask(id=task)),
        ByName(after=uid, command=MoveTask(id=task)),
        CreateTask(title="", uid=OTHER),
        ByName(uid=OTHER, command=CompleteTask(id=1)),
        atomic=False,
    )
    assert [result.field for result in outcome.results if isinstance(result, InvalidValue)] == [
        "uid",
        "parent",
        "depends_on[1]",
        "before",
        "after",
        "title",
        "uid",
    ]
    assert outcome.revision is None


async def test_a_task_is_named_by_uid_wherever_a_command_names_one_new_or_old(
    harbor: UseCases, storage: RecordingStorage
) -> None:
    old = view((await run(harbor, CreateTask(title="old", uid=OTHER))).results[0])
    storage.sent.clear()
    outcome = await run(
        harbor,
        CreateTask(title="new", uid=UID),
        ByName(parent=UID, depends_on=[old.id], command=CreateTask(title="part")),
        ByName(depends_on=[UUID(UID), OTHER], command=CreateTask(title="later")),
        ByName(uid=OTHER, before=UID, command=MoveTask(id=0)),
        ByName(uid=OTHER, command=AddComment(id=0, text="by uid")),
    )
    new, part, later, moved, _ = (view(result) for result in outcome.results)
    assert (part.parent, part.depends_on) == (new.id, (old.id,))
    assert later.depends_on == (old.id, new.id)
    assert (moved.id, moved.comment_count) == (old.id, 1)
    assert moved.rank < new.rank
    assert len(storage.sent) == 1


def matching(**options: Any) -> ChangeMatching:
    question = Question(filter=Flag(Field.IS_OPEN))
    return ChangeMatching(question=question, changes=TaskChanges(priority=1), **{"max_affected": 1000, **options})


@pytest.mark.parametrize(
    ("field", "make"),
    [
        ("uid", lambda: ByName(uid=UID, command=CreateTask(title="new"))),
        ("uid", lambda: ByName(uid=UID, command=matching())),
        ("uid", lambda: ByName(uid=UID, command=ChangeList(id=1, name="In"))),
        ("before", lambda: ByName(before=UID, command=matching())),
        ("list", lambda: ByName(list="Garden", command=CompleteTask(id=1))),
        ("move_to", lambda: ByName(move_to="Garden", command=ChangeList(id=1, name="In"))),
        ("parent", lambda: ByName(parent=UID, command=CompleteTask(id=1))),
        ("depends_on", lambda: ByName(depends_on=[UID], command=MoveTask(id=1))),
        ("before", lambda: ByName(before=UID, command=ChangeTask(id=1))),
    ],
)
def test_a_uid_or_a_list_is_named_only_where_the_command_has_a_place_for_it(
    field: str, make: Callable[[], ByName]
) -> None:
    with pytest.raises(InvalidValue) as refused:
        make()
    assert refused.value.field == field


@pytest.mark.parametrize("number", [0, MAX_COMMANDS + 1])
def test_a_batch_of_no_command_or_of_too_many_is_refused(number: int) -> None:
    assert MAX_COMMANDS == 1000
    with pytest.raises(InvalidValue, match=f"from 1 to 1000, not {number}") as refused:
        RunBatch(commands=[CompleteTask(id=1)] * number)
    assert refused.value.field == "commands"


def test_bulk_changes_that_may_change_too_many_together_are_refused() -> None:
    RunBatch(commands=[matching()] * 10)
    with pytest.raises(InvalidValue, match="at most 10000") as refused:
        RunBatch(commands=[*[matching()] * 10, ByName(parent=UID, command=matching(max_affected=1))])
    assert refused.value.field == "commands"


def test_a_batch_with_too_many_undos_is_refused() -> None:
    RunBatch(commands=[UndoCommit(revision=1)] * 10)
    with pytest.raises(InvalidValue, match="at most 10 commits") as refused:
        RunBatch(commands=[UndoCommit(revision=1)] * 11)
    assert refused.value.field == "commands"


def test_whether_a_bulk_change_is_tried_out_only_is_for_the_batch_to_say() -> None:
    with pytest.raises(InvalidValue) as refused:
        RunBatch(commands=[CreateTask(title="new"), matching(dry_run=True)])
    assert refused.value.field == "commands[1].dry_run"


async def test_who_waits_for_a_task_is_asked_once_however_many_bulk_changes_want_to_know(
    harbor: UseCases, storage: RecordingStorage
) -> None:
    needed = await create(harbor, 150)
    waiting = await create_all(harbor, *(CreateTask(title="later", depends_on=[task_id]) for task_id in needed))
    blocked = ChangeMatching(
        question=Question(filter=Flag(Field.BLOCKED)), changes=TaskChanges(priority=1), max_affected=150
    )
    outcome = await run(harbor, *(CompleteTask(id=task_id) for task_id in needed[:-1]), *[blocked] * 5)
    matched = outcome.results[-1]
    assert isinstance(matched, MatchedTasks)
    assert [task.id for task in matched.tasks] == waiting[-1:]
    assert storage.finds == 5 + 2


async def test_a_thousand_names_of_lists_are_one_look_at_all_lists(harbor: UseCases, storage: RecordingStorage) -> None:
    commands = [CreateList(name=f"list {n}") for n in range(10)]
    await run(harbor, *commands, *(ByName(list=f"LIST {n % 10}", command=CreateTask(title="new")) for n in range(990)))
    assert storage.listed == 1
    assert len({task.list for task in await tasks(harbor)}) == 10


async def test_a_thousand_changes_are_one_load_and_one_commit(harbor: UseCases, storage: RecordingStorage) -> None:
    ids = await create(harbor, 1000)
    storage.sent.clear()
    outcome = await run(harbor, *(CompleteTask(id=task_id) for task_id in ids))
    assert outcome.revision == 2
    assert [set(asked) for asked in storage.loads] == [set(ids)]
    assert [len(changes.changed) for changes in storage.sent] == [1000]


async def test_tasks_that_are_not_there_are_not_asked_for_again_one_by_one(
    harbor: UseCases, storage: RecordingStorage
) -> None:
    missing = range(1, 1001)
    outcome = await run(harbor, *(CompleteTask(id=task_id) for task_id in missing), atomic=False)
    assert all(isinstance(result, TaskNotFound) for result in outcome.results)
    assert [set(asked) for asked in storage.loads] == [set(missing)]


async def test_numbers_that_no_task_can_have_are_not_found_without_asking_the_store(
    harbor: UseCases, storage: RecordingStorage
) -> None:
    outcome = await run(harbor, *(CompleteTask(id=n) for n in (0, -1, 2**53, 2**70)), atomic=False)
    assert all(isinstance(result, TaskNotFound) for result in outcome.results)
    assert storage.loads == []


async def test_a_batch_that_loses_a_race_is_run_again_as_a_whole(
    harbor: UseCases, storage: RecordingStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def no_sleep(seconds: float) -> None: ...

    monkeypatch.setattr(module.asyncio, "sleep", no_sleep)  # type: ignore[attr-defined]
    (task,) = await create(harbor)
    storage.losses = 2
    outcome = await run(harbor, CompleteTask(id=task), CreateTask(title="new"), CompleteTask(id=MISSING), atomic=False)
    assert outcome.revision == 2
    assert len(storage.loads) == 3, "each attempt reads again"
    done, new = await tasks(harbor)
    assert outcome.results[:2] == [done, new]
    assert isinstance(outcome.results[2], TaskNotFound)


async def test_a_batch_that_loses_a_race_is_judged_against_the_winner(
    harbor: UseCases, storage: RecordingStorage
) -> None:
    (task,) = await create(harbor)
    load = storage.load_tasks

    async def overtaken(workspace: WorkspaceId, ids: Collection[TaskId]) -> Mapping[TaskId, Task]:
        loaded = await load(workspace, ids)
        if len(storage.loads) == 1:
            await harbor.delete_task(DeleteTask(id=task))
        return loaded

    storage.load_tasks = overtaken  # type: ignore[method-assign]
    with pytest.raises(BatchRefused) as caught:
        await run(harbor, CompleteTask(id=task))
    assert isinstance(caught.value.refusal, TaskNotFound)


@pytest.mark.parametrize("error", [StoreUnavailable("it is away"), StoreNotReady("it is old", remedy="upgrade")])
@pytest.mark.parametrize("atomic", [True, False])
async def test_a_store_that_is_away_is_not_the_refusal_of_a_command(
    harbor: UseCases, storage: RecordingStorage, error: TaskharborError, atomic: bool
) -> None:
    async def away(workspace: WorkspaceId) -> TaskId:
        raise error

    (task,) = await create(harbor)
    storage.sent.clear()
    storage.next_task_id = away  # type: ignore[method-assign]
    with pytest.raises(type(error)):
        await run(harbor, CompleteTask(id=task), CreateTask(title="new"), atomic=atomic)
    assert storage.sent == []


async def test_a_race_that_is_lost_within_a_command_runs_the_batch_again(
    harbor: UseCases, storage: RecordingStorage
) -> None:
    take = storage.next_task_id
    raced = asyncio.Event()

    async def race(workspace: WorkspaceId) -> TaskId:
        if not raced.is_set():
            raced.set()
            raise ConcurrentUpdate
        return await take(workspace)

    storage.next_task_id = race  # type: ignore[method-assign]
    assert (await run(harbor, CreateTask(title="new"), atomic=False)).revision == 1


@pytest.mark.parametrize("dry_run", [True, False])
async def test_a_uid_that_is_taken_refuses_its_command_alone(harbor: UseCases, dry_run: bool) -> None:
    await run(harbor, CreateTask(title="first", uid=UID))
    commands = (
        CreateTask(title="again", uid=UID.upper()),
        CreateTask(title="other", uid=OTHER),
        CreateTask(title="twice", uid=OTHER),
    )
    outcome = await run(harbor, *commands, atomic=False, dry_run=dry_run)
    assert [type(result) for result in outcome.results] == [UidTaken, TaskView, UidTaken]
    with pytest.raises(BatchRefused) as caught:
        await run(harbor, *commands, dry_run=dry_run)
    assert caught.value.place == 0
    assert isinstance(caught.value.refusal, UidTaken)
    assert [task.title for task in await tasks(harbor)] == (["first"] if dry_run else ["first", "other"])


@pytest.mark.parametrize("key", [None, "once"])
async def test_a_uid_that_is_taken_before_the_commit_refuses_its_command_alone(
    harbor: UseCases, storage: RecordingStorage, key: str | None
) -> None:
    find = storage.find_uids
    raced = asyncio.Event()

    async def overtaken(workspace: WorkspaceId, uids: Collection[Uid]) -> Mapping[Uid, TaskId]:
        found = await find(workspace, uids)
        if not raced.is_set():
            raced.set()
            await harbor.create_task(CreateTask(title="first", uid=UID))
        return found

    storage.find_uids = overtaken  # type: ignore[method-assign]
    batch = RunBatch(commands=[CreateTask(title="second", uid=UID), CreateTask(title="other")], atomic=False)
    outcome = await harbor.run_batch(batch, idempotency_key=key)
    assert isinstance(outcome.results[0], UidTaken)
    assert [task.title for task in await tasks(harbor)] == ["first", "other"]


async def test_commands_on_lists_and_saved_filters_are_part_of_the_one_commit(
    harbor: UseCases, storage: RecordingStorage
) -> None:
    outcome = await run(
        harbor,
        CreateList(name="Garden"),
        SaveFilter(name="Wet", q="rain"),
        CreateTask(title="new"),
        ChangeSavedFilter(name="wet", new_name="Dry"),
    )
    made, _, new, renamed = outcome.results
    assert isinstance(made, TaskList)
    assert isinstance(renamed, SavedFilter)
    assert (made.name, made.revision) == ("Garden", 1)
    assert (renamed.name, renamed.revision, view(new).revision) == ("Dry", 1, 1)
    assert len(storage.sent) == 1
    assert (await harbor.get_list(GetList(id=made.id))) == made
    assert await harbor.search.list_saved_filters(workspace="default") == [renamed]

    changes = await run(
        harbor,
        ChangeList(id=made.id, name="Yard", archived=True),
        DeleteSavedFilter(name="Dry"),
        CreateList(name=""),
        atomic=False,
    )
    changed, gone, refused = changes.results
    assert isinstance(changed, TaskList)
    assert (changed.name, changed.revision) == ("Yard", 2)
    assert isinstance(gone, SavedFilter)
    assert gone.revision == 2
    assert isinstance(refused, InvalidValue)
    assert await harbor.search.list_saved_filters(workspace="default") == []


async def test_a_list_that_was_archived_before_is_deleted_with_its_tasks_in_the_one_commit(harbor: UseCases) -> None:
    made = await harbor.create_list(CreateList(name="Garden"))
    await harbor.create_task(CreateTask(title="in it", list=made.id))
    with pytest.raises(BatchRefused) as caught:
        await run(harbor, ChangeList(id=made.id, archived=True), DeleteList(id=made.id, delete_tasks=True))
    assert isinstance(caught.value.refusal, InvalidValue)
    assert caught.value.refusal.field == "id"
    await harbor.change_list(ChangeList(id=made.id, archived=True))
    outcome = await run(harbor, DeleteList(id=made.id, move_to=1))
    assert outcome.revision == 4
    (task,) = await tasks(harbor)
    assert (task.list, task.revision) == (1, 4)
    with pytest.raises(ListNotFound):
        await harbor.get_list(GetList(id=made.id))


async def test_what_a_batch_makes_and_deletes_again_is_not_written(harbor: UseCases, storage: RecordingStorage) -> None:
    outcome = await run(
        harbor,
        SaveFilter(name="Wet", q="rain"),
        DeleteSavedFilter(name="Wet"),
        CreateTask(title="new"),
    )
    assert outcome.revision == 1
    assert [changes.records for changes in storage.sent] == [()]
