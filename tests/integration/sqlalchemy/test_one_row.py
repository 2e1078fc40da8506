"""A page that a database has joined is, to the letter, what its tasks tell one by one."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taskharbor.adapters.storage_url import StorageOptions, storage_from_url
from taskharbor.application.joined_tasks import JoinedTasks, joined
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_search import TaskQuery
from taskharbor.application.task_view import TaskView
from taskharbor.domain.task import Task
from taskharbor.domain.task_order import order_from
from taskharbor.testing.bench import Bench
from taskharbor.testing.strategies import tasks

TITLES = ['ends with }"}', '","blocked":true,"revision":9}', "two\\nlines", "},", "Zoë \U0001f600"]


@pytest_asyncio.fixture(params=["sqlite", "postgres"])
async def storage(request: pytest.FixtureRequest, tmp_path) -> AsyncIterator[Storage]:
    url = f"sqlite:///{tmp_path}/tasks.db" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    async with storage_from_url(url, StorageOptions(migrate=True)) as storage:
        yield storage


async def told_by(here: Bench, **query: object) -> list[JoinedTasks]:
    page = (await here.page()).items
    found = await here.storage.find_tasks(here.workspace, TaskQuery(limit=100, **query))
    assert isinstance(page, JoinedTasks)
    assert isinstance(found, JoinedTasks)
    return [page, found]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.lists(tasks(), max_size=3))
async def test_a_joined_page_has_the_text_of_its_tasks_in_their_order(storage: Storage, drawn: list[Task]) -> None:
    here = Bench(storage)
    added = [replace(task, id=await here.next_id(), uid=uid(n), deleted=None) for n, task in enumerate(drawn)]
    revision = await here.commit(added=added)
    views = [TaskView.of(task.committed(revision)) for task in added]
    page, _ = await told_by(here)
    _, found = await told_by(here, order=order_from("-id"))
    assert page.text == joined(views)
    assert found.text == joined(views[::-1])


@pytest.mark.parametrize("title", TITLES)
async def test_whatever_a_title_has_in_it_is_no_end_of_a_task(storage: Storage, title: str) -> None:
    here = Bench(storage)
    views = [TaskView.of(await here.add(title)) for _ in range(2)]
    for page in await told_by(here):
        assert page.text == joined(views)
        assert page == views


async def test_a_joined_page_tells_which_of_its_tasks_are_blocked(storage: Storage) -> None:
    here = Bench(storage)
    needed = await here.add()
    new = await here.new_task()
    waiting = replace(new, depends_on=(needed.id,))
    waiting = waiting.committed(await here.commit(added=[waiting]))
    for page in await told_by(here):
        assert page.text == joined([TaskView.of(needed), TaskView.of(waiting, blocked=True)])


async def test_a_joined_page_of_nothing_is_empty(storage: Storage) -> None:
    for page in await told_by(Bench(storage)):
        assert page.text == b""
        assert len(page) == 0
        assert page == []


def uid(number: int) -> str:
    return f"00000000-0000-7000-8000-{number:012}"
