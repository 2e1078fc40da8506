"""Reminders to come, and those that have fired, over HTTP."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import httpx
import pytest

from integration.http.problem import assert_problem, places
from integration.http.serving import PREFIX, client_of, host_of, served
from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE
from taskharbor.entrypoints.container import Container, container_from
from taskharbor.entrypoints.http import create_app, taskharbor_router
from taskharbor.entrypoints.settings.settings import Settings
from taskharbor.testing import FakeClock

AT_TWO = "2026-01-01T14:00:00Z"
AT_THREE = {"localDateTime": "2026-01-01T15:00:00", "timeZone": "Etc/UTC"}
EARLY = {"offset": "-PT2H", "relativeTo": "due"}
FIRED = {"reminder": "due-PT2H", "at": "2026-01-01T13:00:00Z", "fired": "2026-01-01T13:00:00Z", "late": False}
OF_TASK = "/tasks/1/reminders/due-PT2H"

Advance = Callable[[timedelta], Awaitable[None]]


@pytest.fixture
def container() -> Container:
    """A server at noon."""
    return container_from(Settings(database_url="memory://"), storage=InMemoryStorage(), clock=FakeClock())


@pytest.fixture
async def client(start: object, container: Container) -> AsyncIterator[httpx.AsyncClient]:
    if start is served:
        app, url = create_app(container=container), "http://test"
    else:
        app, url = host_of(taskharbor_router(container=container)), f"http://test{PREFIX}"
    async with client_of(app, url) as client:
        yield client


@pytest.fixture
def advance(container: Container) -> Advance:
    async def advance(by: timedelta) -> None:
        container.clock().advance(by)
        await container.use_cases().reminders.fire_due(DEFAULT_WORKSPACE)  # the server may have been faster

    return advance


@pytest.fixture
async def task(client: httpx.AsyncClient, advance: Advance) -> dict:
    """A task, one of whose two reminders has fired: it is one o'clock."""
    body = {"title": "Water the plants", "due": AT_THREE, "reminders": [EARLY, {"when": AT_TWO}]}
    made = (await client.post("/tasks/", json=body)).json()
    assert "alerts" not in made
    assert [one["reminder"] for one in (await client.get("/reminders")).json()] == ["due-PT2H", AT_TWO]
    await advance(timedelta(hours=1))
    return (await client.get("/tasks/1")).json()


async def test_what_has_fired_is_an_alert_of_its_task_and_not_to_come(client, task):
    assert task["alerts"] == [FIRED | {"snoozed": None}]
    assert (await client.get("/reminders")).json() == [{"at": AT_TWO, "task": 1, "reminder": AT_TWO}]
    assert (await client.get("/changes")).json()["items"] == [
        {name: value for name, value in task.items() if name != "blocked"}
    ]


async def test_one_that_is_snoozed_comes_again_and_fires_again(client, task, advance):
    answer = await client.post(f"{OF_TASK}/snooze", json={"length": "PT10M"})
    assert (answer.status_code, answer.json()["revision"]) == (200, task["revision"] + 1)
    assert answer.json()["alerts"] == [FIRED | {"snoozed": "2026-01-01T13:10:00Z"}]
    assert (await client.get("/tasks/1")).json() == answer.json()
    coming = [{"at": "2026-01-01T13:10:00Z", "task": 1, "reminder": "due-PT2H"}]
    assert (await client.get("/reminders?before=2026-01-01T13:30:00Z")).json() == coming
    await advance(timedelta(minutes=10))
    assert (await client.get("/tasks/1")).json()["alerts"] == [
        FIRED | {"fired": "2026-01-01T13:10:00Z", "snoozed": None}
    ]


async def test_one_that_is_dismissed_is_gone_and_its_task_keeps_it(client, task):
    answer = await client.post(f"{OF_TASK}/dismiss")
    assert (answer.status_code, answer.json()["revision"]) == (200, task["revision"] + 1)
    assert "alerts" not in answer.json()
    assert answer.json()["reminders"] == task["reminders"]
    assert (await client.get("/tasks/1")).json() == answer.json()
    assert_problem(await client.post(f"{OF_TASK}/dismiss"), 404, "alert_not_found")


@pytest.mark.parametrize(("verb", "body"), [("snooze", {"length": "PT10M"}), ("dismiss", None)])
async def test_a_repeated_request_gets_the_first_answer_and_changes_nothing(client, task, advance, verb, body):
    head = {"Idempotency-Key": "once"}
    first = await client.post(f"{OF_TASK}/{verb}", json=body, headers=head)
    await advance(timedelta(minutes=5))
    again = await client.post(f"{OF_TASK}/{verb}", json=body, headers=head)
    assert (again.status_code, again.json()) == (200, first.json())
    assert (await client.get("/tasks/1")).json() == first.json()


@pytest.mark.parametrize(("verb", "body"), [("snooze", {"length": "PT10M"}), ("dismiss", None)])
async def test_nothing_is_done_to_another_revision_than_was_named_or_to_one_that_has_not_fired(
    client, task, verb, body
):
    for tag in ('"1"', '"99"'):
        answer = await client.post(f"{OF_TASK}/{verb}", json=body, headers={"If-Match": tag})
        assert_problem(answer, 412, "precondition_failed")
    assert_problem(await client.post(f"/tasks/1/reminders/{AT_TWO}/{verb}", json=body), 404, "alert_not_found")
    assert_problem(await client.post(f"/tasks/2/reminders/due-PT2H/{verb}", json=body), 404, "task_not_found")
    assert (await client.get("/tasks/1")).json() == task
    answer = await client.post(f"{OF_TASK}/{verb}", json=body, headers={"If-Match": f'"{task["revision"]}"'})
    assert answer.status_code == 200


@pytest.mark.parametrize("length", ["PT0S", "P367D", "soon", 10, None])
async def test_a_length_that_is_none_is_refused(client, task, length):
    assert [*places(await client.post(f"{OF_TASK}/snooze", json={"length": length}))] == ["body.length"]
    assert (await client.get("/tasks/1")).json() == task
