"""Commits as events: one each, filtered by what matches now and did before, and resumed exactly."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from taskharbor.adapters.filters.lazy_parser import LazyFilterParser
from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.batch.run_batch import RunBatch
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.errors import TokenExpired
from taskharbor.application.history.purge import Purge
from taskharbor.application.lists.delete_list import DeleteList
from taskharbor.application.lists.manage_lists import CreateList
from taskharbor.application.live.commit_event import CommitBatch, CommitEvent, NoLongerMatching, RemovedList
from taskharbor.application.live.read_commits import WatchedCommits, read_commits
from taskharbor.application.ports.change_feed import Tombstone
from taskharbor.application.saved_filters.manage_saved_filters import SaveFilter
from taskharbor.application.saved_filters.saved_filter import FilterNotFound
from taskharbor.application.sync.list_changes import EVERYTHING
from taskharbor.application.sync.sync_tokens import SyncToken
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.comments import AddComment
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask
from taskharbor.application.tasks.list_tasks import ListTasks
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import InvalidValue, TaskNotFound
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE, INBOX
from taskharbor.domain.search.filter_ast import InvalidFilter
from taskharbor.testing import FakeClock, FakeUids


@pytest.fixture
def harbor() -> UseCases:
    return UseCases(InMemoryStorage(), clock=FakeClock(), uids=FakeUids(), filters=LazyFilterParser())


async def read(harbor: UseCases, since: str = EVERYTHING, page_size: int = 500, **asked: object) -> CommitBatch:
    return await read_commits(
        WatchedCommits(**asked),  # type: ignore[arg-type]
        since,
        harbor._storage,
        DEFAULT_WORKSPACE,
        reader=LazyFilterParser(),
        now=harbor._clock.now(),
        page_size=page_size,
    )


async def all_events(harbor: UseCases, since: str = EVERYTHING, **asked: object) -> list[CommitEvent]:
    """Read on after each event, as a client does that is cut off again and again."""
    found: list[CommitEvent] = []
    while True:
        batch = await read(harbor, since, **asked)
        found += batch.events[:1]
        if not batch.events and not batch.more:
            return found
        since = batch.events[0].next if batch.events else batch.next


async def create(harbor: UseCases, *titles: str, **fields: object) -> list[int]:
    batch = RunBatch(commands=[CreateTask(title=title, **fields) for title in titles])  # type: ignore[arg-type]
    return [task.id for task in (await harbor.execute(batch)).results]  # type: ignore[union-attr]


def unmarked(token: str) -> str:
    """Return a token without what tells which commit it was: a revision, if it is not in the midst of pages."""
    return str(replace(SyncToken.from_text(token), mark=None))


def shape(events: list[CommitEvent]) -> list[tuple[int, list[int]]]:
    return [(event.revision, [item.id for item in event.items]) for event in events]


async def test_each_commit_is_an_event_with_a_token_after_it(harbor):
    await create(harbor, "one", "two")
    await create(harbor, "three")
    batch = await read(harbor, "0")
    assert shape(batch.events) == [(1, [1, 2]), (2, [3])]
    assert (unmarked(batch.events[-1].next), unmarked(batch.next), batch.revision, batch.more) == ("2", "2", 2, False)
    assert shape((await read(harbor, batch.events[0].next)).events) == [(2, [3])]


async def test_a_task_that_was_changed_again_is_only_in_the_later_commit(harbor):
    await create(harbor, "one")
    await harbor.execute(ChangeTask(id=1, title="uno"))
    assert shape((await read(harbor, "0")).events) == [(2, [1])]


@pytest.mark.parametrize("page_size", [1, 2, 3])
@pytest.mark.parametrize("since", [EVERYTHING, "0"])
async def test_going_on_after_each_event_misses_and_doubles_nothing(harbor, page_size, since):
    for size in (2, 1, 3):
        await create(harbor, *map(str, range(size)))
        await harbor.execute(CreateList(name="in between"))
    events = await all_events(harbor, since, page_size=page_size, lists=True)
    ids = [item for _, items in shape(events) for item in items]
    lists = [one.id for event in events for one in event.lists if one.id != INBOX]
    assert len(ids) == len(set(ids)) == 6
    assert len(lists) == len(set(lists)) == 3


async def test_a_task_that_begins_or_ceases_to_match_is_told(harbor):
    await create(harbor, "one", tags=["urgent"])
    await create(harbor, "two")
    since = "2"
    await harbor.execute(ChangeTask(id=1, tags=[]))
    await harbor.execute(ChangeTask(id=2, tags=["urgent"]))
    events = (await read(harbor, since, filter="tags:urgent")).events
    assert shape(events) == [(3, [1]), (4, [2])]
    assert isinstance(events[0].items[0], NoLongerMatching)


async def test_what_ceased_to_match_is_told_though_it_changed_again_before_it_was_reached(harbor):
    await create(harbor, "one", tags=["urgent"])
    await create(harbor, "two")
    await harbor.execute(ChangeTask(id=1, tags=[]))
    await harbor.execute(ChangeTask(id=2, title="deux"))
    await harbor.execute(ChangeTask(id=1, title="uno"))
    first = await read(harbor, "2", page_size=1, filter="tags:urgent")
    assert (first.events, first.more) == ([], True)
    (event,) = (await read(harbor, first.next, page_size=1, filter="tags:urgent")).events
    assert [type(item) for item in event.items] == [NoLongerMatching]


NAMES = ("tag", "untag", "title", "title", "read", "read", "delete", "restore")
CHANGES = st.lists(st.tuples(st.sampled_from(NAMES), st.integers(1, 3)), min_size=4, max_size=25)


@example(changes=[("read", 1), ("tag", 2), ("title", 1), ("read", 1), ("untag", 2)], page_size=2)
@given(changes=CHANGES, page_size=st.integers(1, 2))
async def test_a_filtered_copy_is_right_whenever_its_reader_is_cut_off(changes, page_size):
    harbor = UseCases(InMemoryStorage(), clock=FakeClock(), uids=FakeUids(), filters=LazyFilterParser())
    await create(harbor, "one", "two", "three")
    copy, since = set[int](), EVERYTHING

    async def take_one_event() -> bool:
        nonlocal since
        batch = await read(harbor, since, page_size=page_size, filter="tags:urgent")
        for item in batch.events[0].items if batch.events else ():
            (copy.add if isinstance(item, TaskView) else copy.discard)(item.id)
        since = batch.events[0].next if batch.events else batch.next
        return bool(batch.events) or batch.more

    commands = {
        "tag": lambda id_: ChangeTask(id=id_, tags=["urgent"]),
        "untag": lambda id_: ChangeTask(id=id_, tags=[]),
        "title": lambda id_: ChangeTask(id=id_, title=f"changed at {since}"),
        "delete": lambda id_: DeleteTask(id=id_),
        "restore": lambda id_: RestoreTask(id=id_),
    }
    for change, id_ in changes:
        if change == "read":
            await take_one_event()
        else:
            with suppress(TaskNotFound):
                await harbor.execute(commands[change](id_))
    while await take_one_event():
        pass
    tasks = (await harbor.list_tasks(ListTasks())).items
    assert copy == {task.id for task in tasks if "urgent" in task.tags}


async def test_what_never_matched_is_not_told_but_moves_the_token(harbor):
    await create(harbor, "one")
    await harbor.execute(ChangeTask(id=1, title="uno"))
    await harbor.execute(DeleteTask(id=1))
    batch = await read(harbor, "0", filter="tags:urgent")
    assert (batch.events, unmarked(batch.next)) == ([], "3")


async def test_the_deletion_of_what_matched_is_told(harbor):
    await create(harbor, "one", tags=["urgent"])
    await harbor.execute(DeleteTask(id=1))
    (event,) = (await read(harbor, "1", filter="tags:urgent")).events
    assert isinstance(event.items[0], Tombstone)
    assert (await read(harbor, "0", filter="tags:urgent")).events == [], "it was made and deleted since"


async def test_a_copy_has_what_matches_and_nothing_else(harbor):
    await create(harbor, "one", tags=["urgent"])
    await create(harbor, "two")
    await create(harbor, "three", tags=["urgent"])
    await harbor.execute(DeleteTask(id=3))
    batch = await read(harbor, filter="tags:urgent")
    assert shape(batch.events) == [(1, [1])]


async def test_words_of_comments_are_looked_at(harbor):
    await create(harbor, "one")
    await harbor.execute(AddComment(id=1, text="about a cactus"))
    assert shape((await read(harbor, "1", q="cact")).events) == [(2, [1])]


async def test_where_the_history_is_gone_a_task_may_have_matched(harbor):
    await create(harbor, "one")
    since = "1"
    await harbor.execute(ChangeTask(id=1, title="uno"))
    await harbor.execute(ChangeTask(id=1, title="un"))
    harbor._clock.advance(timedelta(days=1000))
    await harbor.execute(CreateTask(title="later"))
    await harbor.history.purge(Purge(), workspace=DEFAULT_WORKSPACE)
    (event,) = (await read(harbor, since, filter="tags:urgent")).events
    assert isinstance(event.items[0], NoLongerMatching)


async def test_lists_are_told_if_asked_for(harbor):
    await harbor.execute(CreateList(name="home"))
    await create(harbor, "one")
    batch = await read(harbor, "0", lists=True)
    (event,) = batch.events
    assert (event.revision, [one.name for one in event.lists]) == (2, ["home"])
    assert shape((await read(harbor, "0")).events) == [(2, [3])]


async def test_a_commit_of_a_list_alone_is_an_event_and_so_is_its_removal(harbor):
    home = await harbor.execute(CreateList(name="home"))
    batch = await read(harbor, "0", lists=True)
    assert [(event.revision, unmarked(event.next)) for event in batch.events] == [(1, "1")]
    await harbor.execute(DeleteList(id=home.id, move_to=1))
    events = (await read(harbor, "1", lists=True)).events
    assert [one for event in events for one in event.lists][-1] == RemovedList(home.id, 3, harbor._clock.now())


async def test_a_copy_begins_with_all_lists(harbor):
    await create(harbor, "one")
    await harbor.execute(CreateList(name="home"))
    batch = await read(harbor, lists=True)
    assert [one.name for event in batch.events for one in event.lists] == ["Inbox", "home"]
    assert (await read(harbor, batch.next, lists=True)).events == []


async def test_lists_cannot_be_told_once_their_history_is_gone(harbor):
    await harbor.execute(CreateList(name="home"))
    await harbor.execute(CreateList(name="work"))
    harbor._clock.advance(timedelta(days=1000))
    await create(harbor, "one")
    await harbor.history.purge(Purge(), workspace=DEFAULT_WORKSPACE)
    with pytest.raises(TokenExpired):
        await read(harbor, "0", lists=True)
    assert (await read(harbor, "0")).events


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"filter": "colour = red"}, InvalidFilter),
        ({"filter": "NOT blocked"}, InvalidValue),
        ({"saved": "nowhere"}, FilterNotFound),
        ({"time_zone": "Mars/Base"}, InvalidValue),
        ({"q": ""}, InvalidValue),
    ],
)
async def test_what_cannot_be_answered_is_refused(harbor, asked, error):
    with pytest.raises(error):
        await read(harbor, "0", **asked)


async def test_a_saved_filter_is_taken_as_it_is_now(harbor):
    await harbor.execute(SaveFilter(name="mine", filter="tags:urgent"))
    await create(harbor, "one", tags=["urgent"])
    assert shape((await read(harbor, "1", saved="mine")).events) == [(2, [1])]
