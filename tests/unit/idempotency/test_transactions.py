import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.adapters.uids import Uuid7Uids
from taskharbor.application.batch.run_batch import RunBatch
from taskharbor.application.errors import (
    ConcurrentUpdate,
    IdempotencyKeyInFlight,
    IdempotencyKeyReused,
    StoreUnavailable,
    UidTaken,
)
from taskharbor.application.idempotency.recorded_calls import DEFAULT_RETENTION, KIND
from taskharbor.application.interchange.import_command import ImportRequest
from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.principal import CallContext
from taskharbor.application.progress.change_progress import CompleteTask
from taskharbor.application.services import Services
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.unit_of_work.commit_signals import CommitSignals
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.application.use_cases.application import UseCases
from taskharbor.application.use_cases.transactions import Transactions
from taskharbor.domain.errors import InvalidValue, TaskNotFound
from taskharbor.domain.identifiers import Revision, TaskId, WorkspaceId
from taskharbor.domain.tasks.task import Task
from taskharbor.testing import FakeClock, FakeUids

KEYED: CallContext = {"idempotency_key": "k"}


class CountingStorage(InMemoryStorage):
    """Counts what it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.committed: list[Changeset] = []

    async def load_tasks(self, workspace: WorkspaceId, ids: Collection[TaskId]) -> Mapping[TaskId, Task]:
        self.asked.append("load_tasks")
        return await super().load_tasks(workspace, ids)

    async def load_records(self, workspace: WorkspaceId, keys: Collection[RecordKey]) -> Mapping[RecordKey, Record]:
        self.asked.append("load_records")
        return await super().load_records(workspace, keys)

    async def commit(self, changes: Changeset) -> Revision:
        self.asked.append("commit")
        self.committed.append(changes)
        return await super().commit(changes)

    def take(self) -> list[str]:
        """Return what it was asked since the last time."""
        asked, self.asked = self.asked, []
        return asked


@pytest.fixture
def storage() -> CountingStorage:
    return CountingStorage()


@pytest.fixture
def use_cases(storage: CountingStorage) -> UseCases:
    return UseCases(storage, clock=FakeClock(), uids=FakeUids())


def transactions_on(storage: InMemoryStorage) -> Transactions:
    return Transactions(
        storage,
        clock=FakeClock(),
        services=Services(),
        idempotency_retention=DEFAULT_RETENTION,
        signals=CommitSignals(),
    )


async def test_a_key_costs_one_read_and_none_costs_nothing(storage: CountingStorage, use_cases: UseCases) -> None:
    await use_cases.execute(CreateTask(title="a"))
    assert storage.take() == ["commit"]
    await use_cases.execute(CreateTask(title="a"), idempotency_key="k")
    assert storage.take() == ["load_records", "commit"]
    await use_cases.execute(CreateTask(title="a"), idempotency_key="k")
    assert storage.take() == ["load_records"]
    await use_cases.execute(CompleteTask(id=1))
    assert storage.take() == ["load_tasks", "commit"]
    await use_cases.execute(CompleteTask(id=1), idempotency_key="done")
    assert storage.take() == ["load_records", "load_tasks", "commit"]


async def test_work_and_answer_are_one_changeset(storage: CountingStorage, use_cases: UseCases) -> None:
    await use_cases.execute(CreateTask(title="a"), idempotency_key="k", actor="ada")
    [changes] = storage.committed
    [record] = changes.records
    assert [task.title for task in changes.added] == ["a"]
    assert [(entry.command, entry.actor) for entry in changes.history] == [("create_task", "ada")]
    assert (record.kind, record.key, record.revision) == (KIND, "k", 0)
    assert record.expires == FakeClock().now() + DEFAULT_RETENTION


async def test_an_expired_answer_is_written_over_at_the_revision_at_which_it_was_read(
    storage: CountingStorage,
) -> None:
    clock = FakeClock()
    use_cases = UseCases(storage, clock=clock, uids=FakeUids())
    await use_cases.execute(CreateTask(title="a"), idempotency_key="k")
    clock.advance(DEFAULT_RETENTION)
    await use_cases.execute(CreateTask(title="b"), idempotency_key="k")
    assert [changes.records[0].revision for changes in storage.committed] == [0, 1]


async def test_a_call_that_fails_for_another_reason_than_a_refusal_frees_its_key() -> None:
    class Unavailable(CountingStorage):
        fails = True

        async def commit(self, changes: Changeset) -> Revision:
            if self.fails:
                raise StoreUnavailable("on purpose")
            return await super().commit(changes)

    storage = Unavailable()
    use_cases = UseCases(storage, clock=FakeClock(), uids=FakeUids())
    with pytest.raises(StoreUnavailable):
        await use_cases.execute(CreateTask(title="a"), idempotency_key="k")
    assert storage.take() == ["load_records"]
    storage.fails = False
    assert (await use_cases.execute(CreateTask(title="a"), idempotency_key="k")).revision == 1


async def test_a_refusal_stays_a_refusal(storage: CountingStorage, use_cases: UseCases) -> None:
    uid = "0190b1f4-1234-7abc-8def-0123456789ab"
    await use_cases.execute(CreateTask(title="a", uid=uid))
    for _ in range(2):
        with pytest.raises(UidTaken):
            await use_cases.execute(CreateTask(title="b", uid=uid), idempotency_key="k")
        with pytest.raises(TaskNotFound):
            await use_cases.execute(CompleteTask(id=7), idempotency_key="k")


async def test_two_at_once_with_one_key_are_told_apart_by_workspace_only(use_cases: UseCases) -> None:
    batch = RunBatch(commands=[CreateTask(title="a")])
    calls = [use_cases.execute(batch, workspace=name, idempotency_key="k") for name in ("a", "b", "a")]
    *_, third = outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert [isinstance(outcome, IdempotencyKeyInFlight) for outcome in outcomes] == [False, False, True]
    assert str(third) == "The request with this idempotency key is still in progress"


def _times(number: int) -> RunBatch:
    """Return a command that takes several commits: each makes one of `number` tasks."""
    return RunBatch(commands=[CreateTask(title="a")] * number)


def _counting(made: list[int], until: int) -> Callable[[UnitOfWork], Awaitable[bool]]:
    async def work(uow: UnitOfWork) -> bool:
        task = Task.create(id=await uow.tasks.next_id(), uid=FakeUids(len(made) + 1).new(), title="a", at=uow.now)
        uow.tasks.add(task)
        await uow.commit()
        made.append(task.id)
        return len(made) >= until

    return work


async def test_of_a_call_with_several_commits_the_last_one_keeps_the_answer(storage: CountingStorage) -> None:
    run = transactions_on(storage).run_once
    made: list[int] = []
    command = _times(3)
    while not await run(_counting(made, 3), command, KEYED, is_last=bool):
        pass
    assert [len(changes.records) for changes in storage.committed] == [0, 0, 1]
    assert await run(_counting(made, 3), command, KEYED, is_last=bool) is True
    assert made == [1, 2, 3]
    with pytest.raises(IdempotencyKeyReused):
        await run(_counting(made, 4), _times(4), KEYED, is_last=bool)


class Pieces:
    """Work in many commits on a request that comes in pieces."""

    def __init__(self, storage: CountingStorage, *pieces: str) -> None:
        self._use_cases = UseCases(storage, clock=FakeClock(), uids=Uuid7Uids())
        self._run_long = transactions_on(storage).run_long
        self._pieces = pieces
        self.done = 0

    async def carry_out(self, context: CallContext = KEYED) -> int:
        return await self._run_long(self._work, self._request, context)

    async def _work(self) -> int:
        for piece in self._pieces:
            await self._use_cases.execute(CreateTask(title=piece))
            self.done += 1
        return self.done

    async def _request(self) -> object:
        return ImportRequest(format="pieces", atomic=False, digest=" ".join(self._pieces))


async def test_work_in_many_commits_keeps_its_answer_after_the_last(storage: CountingStorage) -> None:
    assert await Pieces(storage, "a", "b").carry_out() == 2
    assert [(len(changes.added), len(changes.records)) for changes in storage.committed] == [(1, 0), (1, 0), (0, 1)]
    again = Pieces(storage, "a", "b")
    assert (await again.carry_out(), again.done) == (2, 0)
    other = Pieces(storage, "a", "c")
    with pytest.raises(IdempotencyKeyReused):
        await other.carry_out()
    assert other.done == 0
    assert await other.carry_out({}) == 2


async def test_work_in_many_commits_that_broke_off_is_carried_out_again(storage: CountingStorage) -> None:
    with pytest.raises(InvalidValue):
        await Pieces(storage, "a", "").carry_out()
    assert await Pieces(storage, "a", "b").carry_out() == 2


async def test_work_in_many_commits_has_its_key_for_itself(storage: CountingStorage) -> None:
    run_long = transactions_on(storage).run_long

    async def request() -> object:
        return ImportRequest(format="pieces", atomic=False, digest="")

    async def work() -> int:
        with pytest.raises(IdempotencyKeyInFlight):
            await run_long(work, request, KEYED)
        return 1

    assert await run_long(work, request, KEYED) == 1


async def test_a_second_commit_in_one_call_is_a_mistake_of_ours(storage: CountingStorage) -> None:
    async def work(uow: UnitOfWork) -> None:
        await uow.commit()
        await uow.commit()

    with pytest.raises(RuntimeError, match="only once"):
        await transactions_on(storage).run_once(work, CreateTask(title="a"), KEYED)
    assert storage.committed == []


async def test_an_answer_that_cannot_be_kept_is_noticed_before_anything_is_written(storage: CountingStorage) -> None:
    async def work(uow: UnitOfWork) -> object:
        await uow.commit()
        return object()

    with pytest.raises(TypeError, match="is no part of an answer"):
        await transactions_on(storage).run_once(work, CreateTask(title="a"), KEYED)
    assert storage.committed == []


async def test_a_race_that_is_lost_16_times_is_told_and_leaves_the_key_free(monkeypatch: pytest.MonkeyPatch) -> None:
    class Contested(CountingStorage):
        async def commit(self, changes: Changeset) -> Revision:
            self.asked.append("commit")
            raise ConcurrentUpdate

    async def no_sleep(_seconds: float) -> None: ...

    monkeypatch.setattr("taskharbor.application.use_cases.transactions.asyncio.sleep", no_sleep)
    storage = Contested()
    use_cases = UseCases(storage, clock=FakeClock(), uids=FakeUids())
    for _ in range(2):
        with pytest.raises(ConcurrentUpdate):
            await use_cases.execute(CreateTask(title="a"), idempotency_key="k")
        assert storage.take() == ["load_records", "commit"] * 16
