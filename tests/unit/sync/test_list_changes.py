"""The feed as its readers use it: tokens, pieces of a revision, what is refused."""

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.batch.run_batch import RunBatch
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.ports.change_feed import Change, Position, Tombstone, change_of
from taskharbor.application.progress.change_progress import CompleteTask
from taskharbor.application.sync.list_changes import DEFAULT_CHANGES, EVERYTHING, ChangePage, ListChanges
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import InvalidValue
from taskharbor.testing import FakeClock, FakeUids


class RecordingStorage(InMemoryStorage):
    """Keeps what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[Position, int]] = []

    async def list_changes(self, workspace, *, after, limit):
        self.asked.append((after, limit))
        return await super().list_changes(workspace, after=after, limit=limit)


@pytest.fixture
def storage() -> RecordingStorage:
    return RecordingStorage()


@pytest.fixture
def harbor(storage: RecordingStorage) -> UseCases:
    return UseCases(storage, clock=FakeClock(), uids=FakeUids())


async def create(harbor: UseCases, number: int = 1) -> list[TaskView]:
    batch = RunBatch(commands=[CreateTask(title=f"task {n}") for n in range(number)])
    return [result for result in (await harbor.execute(batch)).results if isinstance(result, TaskView)]


async def listed(harbor: UseCases, since: str = EVERYTHING, **query: int) -> ChangePage:
    return await harbor.list_changes(ListChanges(since=since, **query))


MADE = f"{round(FakeClock().now().timestamp() * 1_000_000):x}"
"""How a token says when the commits here were made."""


def told(items: list[Change]) -> list[Change]:
    """Return tasks as the feed tells them: without what changes when others do."""
    return [item.without_blocked() if isinstance(item, TaskView) else item for item in items]


def last(revision: int, items: list[Change]) -> ChangePage:
    return ChangePage(items=told(items), next=f"{revision}-{MADE}", more=False, revision=revision)


async def test_who_has_seen_nothing_is_told_everything_up_to_now(harbor: UseCases) -> None:
    assert await listed(harbor) == ChangePage(items=[], next="0", more=False, revision=0)
    first, second = [(await create(harbor))[0] for _ in range(2)]
    assert await listed(harbor) == last(2, [first, second])
    assert (await listed(harbor, "0")).items == told([first, second])


async def test_who_goes_on_is_told_only_what_is_new(harbor: UseCases) -> None:
    (task,) = await create(harbor)
    page = await listed(harbor)
    assert await listed(harbor, page.next) == last(1, [])
    done = await harbor.execute(CompleteTask(id=task.id))
    assert await listed(harbor, page.next) == last(2, [done])


async def test_a_revision_that_does_not_fit_is_told_in_pieces(harbor: UseCases) -> None:
    tasks = await create(harbor, 5)
    first = await listed(harbor, limit=2)
    assert first == ChangePage(items=told(tasks[:2]), next=f"1.2~1_1-{MADE}", more=True, revision=1)
    second = await listed(harbor, first.next, limit=2)
    assert second == ChangePage(items=told(tasks[2:4]), next=f"1.4~1_1-{MADE}", more=True, revision=1)
    assert await listed(harbor, second.next, limit=2) == last(1, tasks[4:])


async def test_a_page_that_just_fits_says_that_there_is_no_more(harbor: UseCases) -> None:
    tasks = await create(harbor, 3)
    assert await listed(harbor, limit=3) == last(1, tasks)
    assert (await listed(harbor, limit=2)).more
    assert len((await listed(harbor, limit=1000)).items) == 3


async def test_a_task_that_changes_between_the_pages_is_told_again_at_the_end(harbor: UseCases) -> None:
    tasks = await create(harbor, 3)
    first = await listed(harbor, limit=2)
    done = await harbor.execute(CompleteTask(id=tasks[0].id))
    rest = await listed(harbor, first.next)
    assert rest == last(2, [tasks[2], done])


async def test_a_task_that_waits_for_its_page_and_changes_is_told_once(harbor: UseCases) -> None:
    tasks = await create(harbor, 3)
    first = await listed(harbor, limit=2)
    done = await harbor.execute(CompleteTask(id=tasks[2].id))
    assert await listed(harbor, first.next) == last(2, [done])


async def test_a_deleted_task_is_a_tombstone_and_a_restored_one_a_task(harbor: UseCases) -> None:
    (task,) = await create(harbor)
    deleted = await harbor.execute(DeleteTask(id=task.id))
    tombstone = Tombstone(task.id, task.uid, deleted.revision, FakeClock().now())
    assert (await listed(harbor)).items == [tombstone]
    restored = await harbor.execute(RestoreTask(id=task.id))
    assert (await listed(harbor, "2")).items == told([restored])


async def test_the_store_is_asked_for_one_more_than_the_page_holds(harbor: UseCases, storage: RecordingStorage) -> None:
    await create(harbor, 2)
    await listed(harbor, "1.17", limit=7)
    await listed(harbor, "1")
    await listed(harbor)
    assert storage.asked == [
        (Position(1, 17), 8),
        (Position(1), DEFAULT_CHANGES + 1),
        (Position(0), DEFAULT_CHANGES + 1),
    ]


NO_TOKENS = ["", " ", "**", "x", "-1", "+1", "01", "1.", ".1", "1.0", "1.01", "1.2.3", "1,2", "1 ", "1\n", "1e3", "0x1"]
NO_TOKENS += ["\u0661", "1" * 17, "1." + "9" * 17]


@pytest.mark.parametrize("token", NO_TOKENS)
def test_a_token_that_no_answer_has_named_is_refused(token: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        ListChanges(since=token)
    assert refused.value.field == "since"


@pytest.mark.parametrize("token", ["2", "2.1", "9999999999999999", "9999999999999999.9999999999999999"])
async def test_a_token_from_the_future_is_refused_and_not_skipped_to(harbor: UseCases, token: str) -> None:
    await create(harbor)
    with pytest.raises(InvalidValue, match="the workspace is at revision 1") as refused:
        await listed(harbor, token)
    assert refused.value.field == "since"


async def test_the_token_of_another_workspace_that_is_ahead_is_refused(harbor: UseCases) -> None:
    await create(harbor)
    with pytest.raises(InvalidValue, match="is at revision 0"):
        await harbor.list_changes(ListChanges(since="1"), workspace="new")


@pytest.mark.parametrize("limit", [0, -1, 1001])
def test_a_limit_out_of_range_is_refused_and_never_clamped(limit: int) -> None:
    with pytest.raises(InvalidValue) as refused:
        ListChanges(limit=limit)
    assert refused.value.field == "limit"


def test_limits_and_tokens_at_the_bounds_are_fine() -> None:
    for since in (EVERYTHING, "0", "0.1", "9" * 16, f"{'9' * 16}.{'9' * 16}"):
        for limit in (1, 1000):
            ListChanges(since=since, limit=limit)


async def test_following_piece_by_piece_tells_all_of_it_whatever_the_size(harbor: UseCases) -> None:
    for number in (1, 4, 2):
        await create(harbor, number)
    await harbor.execute(DeleteTask(id=3))
    everything = (await listed(harbor)).items
    for limit in range(1, 9):
        seen: list[Change] = []
        page = await listed(harbor, limit=limit)
        while page.more:
            assert len(page.items) == limit
            seen += page.items
            page = await listed(harbor, page.next, limit=limit)
        assert seen + page.items == everything
        assert page.revision == 4


async def test_a_change_of_a_task_is_what_its_readers_see(harbor: UseCases, storage: RecordingStorage) -> None:
    (task,) = await create(harbor)
    (stored,) = (await storage.load_tasks("default", [task.id])).values()
    assert change_of(stored) == task
