"""Quick add through the use cases, embedded and over HTTP."""

import json
from datetime import UTC, datetime

import httpx
import pytest
import pytest_asyncio

from taskharbor.entrypoints.container import container_from
from taskharbor.entrypoints.embedded import Harbor, InvalidValue, open_taskharbor
from taskharbor.entrypoints.http.app import create_app
from taskharbor.entrypoints.settings.settings import Settings
from taskharbor.testing.doubles.clock import FakeClock

NOW = datetime(2026, 11, 29, 10, tzinfo=UTC)


@pytest_asyncio.fixture
async def harbor():
    async with open_taskharbor("memory://", clock=FakeClock(NOW)) as harbor:
        yield harbor


async def test_one_line_becomes_a_task(harbor: Harbor) -> None:
    home = await harbor.create_list(name="Household")
    added = await harbor.quick_add(
        "Pay rent every month on the 1st 9am #home !1 ~15m @household //see the contract", time_zone="Europe/Berlin"
    )
    task = json.loads(added.task.as_json())
    assert (task["title"], task["description"], task["tags"]) == ("Pay rent", "see the contract", ["home"])
    assert (task["priority"], task["estimated_duration"], task["list"]) == (1, "PT15M", home.id)
    assert task["due"] == {"localDateTime": "2026-12-01T09:00:00", "timeZone": "Europe/Berlin"}
    assert task["recurrence"]["rrule"] == "FREQ=MONTHLY;BYMONTHDAY=1"
    assert added.line == "Pay rent every month on the 1st 09:00 #home !1 ~15m @household //see the contract"
    assert (await harbor.get_task(added.task.id)).title == "Pay rent"


@pytest.mark.parametrize(
    ("line", "due"),
    [
        ("Swim every 2 weeks on mon", {"date": "2026-11-30"}),
        ("Swim every day 9am", {"localDateTime": "2026-11-30T09:00:00"}),
        ("Swim every day 11am", {"localDateTime": "2026-11-29T11:00:00"}),
        ("Swim every 29 feb", {"date": "2028-02-29"}),
        ("Swim every sunday due 2026-12-13", {"date": "2026-12-13"}),
        ("Swim every day 9am due fri", {"localDateTime": "2026-12-04T09:00:00"}),
    ],
)
async def test_a_series_begins_on_the_next_day_that_fits(harbor: Harbor, line: str, due: dict[str, str]) -> None:
    added = await harbor.quick_add(line)
    assert json.loads(added.task.as_json())["due"] == due


async def test_a_dry_run_says_the_same_and_leaves_nothing(harbor: Harbor) -> None:
    dry = await harbor.quick_add("Call Ada tomorrow 5pm remind 1h before", dry_run=True)
    assert dry.task.revision == 0
    assert await harbor.count_tasks() == 0
    wet = await harbor.quick_add("Call Ada tomorrow 5pm remind 1h before")
    assert (wet.line, wet.taken, wet.task.due) == (dry.line, dry.taken, dry.task.due)


async def test_a_list_that_does_not_exist_is_refused_with_a_way_out(harbor: Harbor) -> None:
    with pytest.raises(InvalidValue, match=r"names the list 'attic': no list has this name; \\@attic is a word of the"):
        await harbor.quick_add("Clean up @attic")
    assert (await harbor.quick_add(r"Clean up \@attic")).task.title == "Clean up @attic"


async def test_a_repeated_call_with_a_key_is_answered_as_the_first_one(harbor: Harbor) -> None:
    first = await harbor.quick_add("Call Ada tomorrow", idempotency_key="k")
    assert await harbor.quick_add("Call Ada tomorrow", idempotency_key="k") == first
    assert await harbor.count_tasks() == 1


@pytest_asyncio.fixture
async def client():
    container = container_from(Settings(database_url="memory://"), clock=FakeClock(NOW))
    app = create_app(container=container)
    async with (
        container.storage(),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client,
    ):
        yield client


async def test_over_http_the_answer_tells_what_each_part_was_taken_for(client: httpx.AsyncClient) -> None:
    text = "Call Ada tomorrow 5pm #home"
    answer = await client.post("/tasks/quick", json={"text": text, "time_zone": "Europe/Berlin"})
    assert answer.status_code == 200
    body = answer.json()
    assert (body["task"]["title"], body["task"]["tags"]) == ("Call Ada", ["home"])
    assert [(text[one["start"] : one["end"]], one["field"]) for one in body["taken"]] == [
        ("tomorrow 5pm", "due"),
        ("#home", "tags"),
    ]
    assert body["line"] == "Call Ada due 2026-11-30 17:00 #home"
    assert (await client.get(f"/tasks/{body['task']['id']}")).json() == body["task"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({}, "body.text"),
        ({"text": 7}, "must be a string"),
        ({"text": "X due 2026-02-30"}, "2026-02-30, which does not exist"),
        ({"text": "X", "language": "tlh"}, "must be one of de, en"),
        ({"text": "X", "time_zone": "Mars"}, "must be the IANA name"),
        ({"text": "x" * 10_000}, "at most 4096 characters"),
        ({"text": "x" * 600}, "title"),
        ({"text": "X", "colour": 1}, "body.colour"),
    ],
)
async def test_over_http_what_makes_no_sense_is_a_problem_that_names_the_place(client, body, says) -> None:
    answer = await client.post("/tasks/quick", json=body)
    assert answer.status_code == 422
    assert says in answer.text
    assert (await client.get("/tasks/")).json() == []
