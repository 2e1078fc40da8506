"""A page that a database has joined is, to the letter, what its tasks are one by one."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taskharbor.adapters.sqlalchemy.postgres import PostgresStorage
from taskharbor.adapters.storage_options import StorageOptions
from taskharbor.adapters.storage_url import storage_from_url
from taskharbor.application.documents.encoded_tasks import EncodedTasks, joined
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.ports.change_feed import change_of
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_search import TaskQuery
from taskharbor.domain.search.fields import Field
from taskharbor.domain.search.filter import Flag
from taskharbor.domain.search.order import order_from
from taskharbor.domain.tasks.task import Task
from taskharbor.testing.scenes.bench import LATER, Bench
from taskharbor.testing.strategies.tasks import tasks

TITLES = ['ends with }"}', '","blocked":true,"revision":9}', "two\\nlines", "},", "Zoë \U0001f600"]


@pytest_asyncio.fixture(params=["sqlite", "postgres"])
async def storage(request: pytest.FixtureRequest, tmp_path) -> AsyncIterator[Storage]:
    url = f"sqlite:///{tmp_path}/tasks.db" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    async with storage_from_url(url, StorageOptions(migrate=True)) as storage:
        yield storage


async def read_by(here: Bench) -> list[EncodedTasks]:
    """Return the list, the answer of a search and the changes, each with all tasks."""
    found = await here.storage.find_tasks(here.workspace, TaskQuery(limit=100))
    pages = [(await here.page()).items, found, (await here.changes()).items]
    return [page for page in pages if isinstance(page, EncodedTasks)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.lists(tasks(), max_size=3))
async def test_a_joined_page_has_the_text_of_its_tasks_in_their_order(storage: Storage, drawn: list[Task]) -> None:
    here = Bench(storage)
    added = [replace(task, id=await here.next_id(), uid=uid(n), deleted=None) for n, task in enumerate(drawn)]
    revision = await here.commit(added=added)
    views = [TaskView.of(task.committed(revision)) for task in added]
    assert [page.text for page in await read_by(here)] == [joined(views)] * 3
    latest = await here.storage.find_tasks(here.workspace, TaskQuery(order=order_from("-id"), limit=100))
    assert joined(latest) == joined(views[::-1])


@pytest.mark.parametrize("title", TITLES)
async def test_whatever_a_title_has_in_it_is_no_end_of_a_task(storage: Storage, title: str) -> None:
    here = Bench(storage)
    views = [TaskView.of(await here.add(title)) for _ in range(2)]
    assert [page.text for page in await read_by(here)] == [joined(views)] * 3
    assert await read_by(here) == [views] * 3


async def test_a_joined_page_tells_which_of_its_tasks_are_blocked(storage: Storage) -> None:
    here = Bench(storage)
    needed = await here.add()
    new = await here.new_task()
    waiting = replace(new, depends_on=(needed.id,))
    waiting = waiting.committed(await here.commit(added=[waiting]))
    views = [TaskView.of(needed), TaskView.of(waiting, blocked=True)]
    assert [page.text for page in await read_by(here)] == [joined(views)] * 3


async def test_a_joined_page_of_nothing_is_empty(storage: Storage) -> None:
    assert [(page.text, len(page)) for page in await read_by(Bench(storage))] == [(b"", 0)] * 3


async def test_changes_with_tombstones_among_them_are_those_that_there_are(storage: Storage) -> None:
    here = Bench(storage)
    gone, waiting, other = await here.add_many(3)
    gone = await here.change(gone.delete(at=LATER))
    waiting = await here.change(replace(waiting, depends_on=(gone.id, other.id)))
    found = [TaskView.of(other), change_of(gone), TaskView.of(waiting, blocked=True)]
    assert (await here.changes()).items == found
    assert (await here.changes(limit=1)).items == found[:1]


async def test_what_several_search_for_at_the_same_moment_is_found_once(storage: Storage) -> None:
    here = Bench(storage)
    await here.add()
    open_tasks = TaskQuery(filter=Flag(Field.IS_OPEN), limit=100)
    several = [storage.find_tasks(here.workspace, open_tasks) for _ in range(2)]
    one, other = await asyncio.gather(*several)
    assert isinstance(one, EncodedTasks)
    assert isinstance(other, EncodedTasks)
    assert one.text is other.text


async def test_a_page_that_several_want_of_postgresql_at_the_same_moment_is_read_once(
    postgres: PostgresStorage,
) -> None:
    here = Bench(postgres)
    await here.add()
    for several in ([here.page(), here.page()], [here.changes(), here.changes()]):
        one, other = [getattr(page, "items", page) for page in await asyncio.gather(*several)]
        assert one.text is other.text


def uid(number: int) -> str:
    return f"00000000-0000-7000-8000-{number:012}"
