"""Dates, priority, percentage, tags, links and reminders over HTTP."""

import json

import pytest

from integration.http.problem import places

ZONED = {"localDateTime": "2026-12-01T09:00:00", "timeZone": "Europe/Berlin"}
FLOATING = {"localDateTime": "2026-12-01T08:00:00"}
ALL_DAY = {"date": "2026-12-01"}
EVERYTHING = {
    "description": "The cactus too",
    "progress": "in-process",
    "percent_complete": 40,
    "priority": 1,
    "start": FLOATING,
    "due": ZONED,
    "estimated_duration": "P1DT2H",
    "tags": ["Garden", "home"],
    "links": ["https://example.org/plants?a=1#b", "mailto:gardener@example.org"],
    "reminders": [{"when": "2026-12-01T09:00:00Z"}, {"offset": "-PT15M", "relativeTo": "due"}],
}


async def _create(client, **fields):
    return await client.post("/tasks/", json={"title": "Water the plants"} | fields)


async def test_all_that_is_given_to_a_new_task_is_answered_and_kept(client):
    answer = await _create(client, **EVERYTHING)

    assert answer.status_code == 201
    assert answer.json().items() >= EVERYTHING.items()
    assert (await client.get("/tasks/1")).json() == (await client.get("/tasks/")).json()[0] == answer.json()


async def test_all_of_it_can_be_changed_in_one_patch(client, task):
    answer = await client.patch("/tasks/1", json=EVERYTHING)

    assert answer.status_code == 200
    assert answer.json().items() >= EVERYTHING.items()
    assert answer.json()["revision"] == 2


async def test_a_task_without_any_of_it_says_so(client, task):
    absent = {"start": None, "due": None, "estimated_duration": None, "tags": [], "links": [], "reminders": []}

    assert task.items() >= (absent | {"percent_complete": 0, "priority": 0}).items()


@pytest.mark.parametrize("field", ["start", "due"])
@pytest.mark.parametrize("value", [ALL_DAY, FLOATING, ZONED])
async def test_a_calendar_time_stays_of_its_kind(client, field, value):
    assert (await _create(client, **{field: value})).json()[field] == value


@pytest.mark.parametrize("field", ["start", "due", "estimated_duration", "description"])
async def test_null_takes_away_what_can_be_absent(client, field):
    await _create(client, **EVERYTHING)

    changed = (await client.patch("/tasks/1", json={field: None})).json()

    assert changed[field] is None
    assert {key: changed[key] for key in EVERYTHING if key != field} == {
        key: value for key, value in EVERYTHING.items() if key != field
    }


@pytest.mark.parametrize("field", ["tags", "links", "reminders", "priority", "percent_complete"])
async def test_null_is_refused_for_what_is_always_there(client, task, field):
    assert places(await client.patch("/tasks/1", json={field: None})) == {f"body.{field}": "invalid_value"}
    assert places(await _create(client, **{field: None})) == {f"body.{field}": "invalid_value"}


@pytest.mark.parametrize("field", ["tags", "links", "reminders"])
async def test_an_empty_list_takes_all_of_them_away(client, field):
    await _create(client, **EVERYTHING)

    assert (await client.patch("/tasks/1", json={field: []})).json()[field] == []


async def test_a_new_task_may_be_done_already(client):
    for fields in ({"progress": "completed"}, {"percent_complete": 100}, {"is_completed": True}):
        task = (await _create(client, **fields)).json()
        assert (task["progress"], task["is_completed"], task["percent_complete"]) == ("completed", True, 100)
        assert task["completed"] == task["created"]


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"due": ZONED | {"timeZone": "Mars/Olympus"}}, "due.timeZone"),
        ({"due": ZONED | {"timeZone": "../../etc/passwd"}}, "due.timeZone"),
        ({"due": ZONED | {"timeZone": "Europe/berlin"}}, "due.timeZone"),
        ({"due": ZONED | {"timeZone": None}}, "due.timeZone"),
        ({"start": {"date": "2026-02-30"}}, "start.date"),
        ({"start": {"date": "2026-12-01T00:00:00"}}, "start.date"),
        ({"start": {"date": 20261201}}, "start.date"),
        ({"due": {"localDateTime": "2026-12-01T09:00:00Z"}}, "due.localDateTime"),
        ({"due": {"localDateTime": "2026-12-01T24:00:00"}}, "due.localDateTime"),
        ({"due": {"timeZone": "UTC"}}, "due"),
        ({"due": ALL_DAY | {"timeZone": "UTC"}}, "due.timeZone"),
        ({"due": ALL_DAY | {"\ud800": 1}}, "due.?"),
        ({"due": {}}, "due"),
        ({"due": "2026-12-01"}, "due"),
        ({"due": [ALL_DAY]}, "due"),
        ({"start": {"date": "2026-12-02"}, "due": ZONED}, "due"),
        ({"estimated_duration": "1h"}, "estimated_duration"),
        ({"estimated_duration": "-PT1H"}, "estimated_duration"),
        ({"estimated_duration": "P9999999999D"}, "estimated_duration"),
        ({"estimated_duration": 60}, "estimated_duration"),
        ({"priority": 10}, "priority"),
        ({"priority": 5.0}, "priority"),
        ({"priority": True}, "priority"),
        ({"priority": 10**4000}, "priority"),
        ({"percent_complete": 101}, "percent_complete"),
        ({"percent_complete": "50"}, "percent_complete"),
        ({"percent_complete": 50, "progress": "completed"}, "percent_complete"),
        ({"tags": "home"}, "tags"),
        ({"tags": {"home": True}}, "tags"),
        ({"tags": ["a", "b", "c", 4]}, "tags[3]"),
        ({"tags": ["a", " "]}, "tags[1]"),
        ({"tags": ["\ud800"]}, "tags[0]"),
        ({"tags": ["x" * 1_000_000]}, "tags[0]"),
        ({"tags": [str(number) for number in range(10_000)]}, "tags"),
        ({"links": ["javascript:alert(1)"]}, "links[0]"),
        ({"links": ["https://example.org", "/home"]}, "links[1]"),
        ({"reminders": [{"offset": "-PT15M"}]}, "reminders[0].relativeTo"),
        ({"reminders": [{"when": "2026-12-01T09:00:00"}]}, "reminders[0].when"),
        ({"reminders": [{"when": "2026-12-01T09:00:00Z"}, {}]}, "reminders[1]"),
        ({"reminders": [{"when": "2026-12-01T09:00:00Z"}] * 51}, "reminders"),
    ],
    ids=lambda value: str(value)[:60].encode("ascii", "replace").decode(),
)
async def test_what_makes_no_sense_is_refused_with_its_place(client, task, fields, place):
    for method, path in (("POST", "/tasks/"), ("PATCH", "/tasks/1")):
        body = json.dumps({"title": "Water the plants"} | fields)  # lone surrogates are escaped
        answer = await client.request(method, path, content=body, headers={"content-type": "application/json"})

        assert places(answer) == {f"body.{place}": "invalid_value"}
        assert len(answer.content) < 1000
    assert (await client.get("/tasks/")).json() == [task]


async def test_due_must_not_come_before_a_start_that_is_there_already(client):
    await _create(client, start=ALL_DAY)

    assert places(await client.patch("/tasks/1", json={"due": {"date": "2026-11-30"}})) == {"body.due": "invalid_value"}


async def test_the_greatest_task_goes_through_whole(client):
    fields = {
        "description": "x" * 65_536,
        "tags": [f"{number:064}" for number in range(100)],
        "links": [f"https://example.org/{number}".ljust(2000, "x") for number in range(50)],
        "reminders": [{"offset": f"-PT{number}M", "relativeTo": "due"} for number in range(1, 51)],
    }

    answer = await _create(client, **fields)

    assert answer.json().items() >= fields.items()


async def test_an_object_with_a_million_keys_is_refused_without_a_word_on_each(client):
    answer = await client.post("/tasks/", json={"title": "x"} | {str(number): 0 for number in range(50_000)})

    assert places(answer) == {"body": "invalid_value"}
