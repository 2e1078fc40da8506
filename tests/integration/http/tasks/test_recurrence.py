"""Recurring tasks, over HTTP."""

import pytest

from integration.http.problem import places

DAILY = {"due": {"date": "2026-01-01"}, "recurrence": {"rrule": "FREQ=DAILY", "overdue": "catch-up"}}


async def _create(client, **fields):
    answer = await client.post("/tasks/", json={"title": "Water the plants"} | DAILY | fields)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_recurrence_is_answered_with_all_that_it_means(client):
    task = await _create(client)

    assert task["recurrence"] == {
        "rrule": "FREQ=DAILY",
        "rdate": [],
        "exdate": [],
        "anchor": "schedule",
        "overdue": "catch-up",
        "first": {"date": "2026-01-01"},
        "current": {"date": "2026-01-01"},
    }
    assert task["occurrence_of"] is None


async def test_completing_moves_the_task_on_and_leaves_a_finished_copy(client):
    await _create(client)

    moved = (await client.post("/tasks/1/complete")).json()

    assert (moved["id"], moved["due"], moved["is_completed"]) == (1, {"date": "2026-01-02"}, False)
    copy = (await client.get("/tasks/2")).json()
    assert (copy["due"], copy["is_completed"], copy["recurrence"]) == ({"date": "2026-01-01"}, True, None)
    assert copy["occurrence_of"] == {"task": 1, "recurrenceId": {"date": "2026-01-01"}}


@pytest.mark.parametrize("way", ["?completed=true", {"is_completed": True}, {"percent_complete": 100}])
async def test_every_way_to_complete_is_the_same(client, way):
    await _create(client)

    answer = await client.patch(f"/tasks/1{way}") if isinstance(way, str) else await client.patch("/tasks/1", json=way)

    assert answer.json()["due"] == {"date": "2026-01-02"}
    assert (await client.get("/tasks/2")).json()["is_completed"]


async def test_completing_without_the_recurrence_ends_the_series(client):
    await _create(client)

    answer = await client.patch("/tasks/1", json={"is_completed": True, "recurrence": None})

    assert (answer.json()["is_completed"], answer.json()["due"]) == (True, DAILY["due"])
    assert len((await client.get("/tasks/")).json()) == 1


async def test_naming_the_occurrence_makes_completing_safe_to_repeat(client):
    await _create(client)

    for _ in range(3):
        answer = await client.post("/tasks/1/complete?occurrence=2026-01-01")
        assert answer.json()["due"] == {"date": "2026-01-02"}
    assert len((await client.get("/tasks/")).json()) == 2


@pytest.mark.parametrize("verb", ["complete", "skip"])
@pytest.mark.parametrize(
    ("query", "location"),
    [
        ("occurrence=2026-01-02", "query.occurrence"),
        ("occurrence=2026-01-01T09:00:00", "query.occurrence"),
        ("occurrence=yesterday", "query.occurrence"),
        ("occurrence=2026-02-30", "query.occurrence"),
        ("time_zone=Mars/Olympus", "query.time_zone"),
    ],
)
async def test_an_occurrence_to_come_is_not_done_yet(client, verb, query, location):
    await _create(client)

    answer = await client.post(f"/tasks/1/{verb}?{query}")

    assert answer.status_code == 422
    assert places(answer) == {location: "invalid_value"}
    assert (await client.get("/tasks/1")).json()["revision"] == 1


async def test_skipping_leaves_no_copy(client):
    await _create(client)

    answer = await client.post("/tasks/1/skip", headers={"If-Match": '"1"'})

    assert answer.json()["due"] == {"date": "2026-01-02"}
    assert answer.headers["etag"] == '"2"'
    assert len((await client.get("/tasks/")).json()) == 1
    assert (await client.post("/tasks/1/skip", headers={"If-Match": '"1"'})).status_code == 412


async def test_what_does_not_come_again_cannot_be_skipped(client, task):
    answer = await client.post("/tasks/1/skip")

    assert (answer.status_code, answer.json()["code"]) == (409, "not_recurring")


async def test_the_time_zone_of_the_caller_determines_the_current_day(client):
    for _ in range(2):
        await _create(client, due={"date": "2020-01-01"}, recurrence={"rrule": "FREQ=DAILY", "anchor": "completion"})

    early = (await client.post("/tasks/1/complete?time_zone=Etc/GMT%2B12")).json()["due"]["date"]
    late = (await client.post("/tasks/2/complete?time_zone=Pacific/Kiritimati")).json()["due"]["date"]

    assert early < late


async def _completed_by(client, number, how, time_zone):
    """Complete a task in this zone; return the day on which it is due then."""
    query = {"time_zone": time_zone}
    done = {"is_completed": True}
    if how == "patch":
        answer = await client.patch(f"/tasks/{number}", params=query, json=done)
    elif how == "completed=true":
        answer = await client.patch(f"/tasks/{number}", params=query | {"completed": "true"})
    elif how == "batch":
        answer = await client.post("/batch", json={"commands": [{"command": "change", "id": number} | done | query]})
    else:
        bulk = {"filter": f"id = {number}", "changes": done, "max_affected": 1}
        answer = await client.post("/tasks/bulk", json=bulk | query)
    assert answer.status_code == 200, answer.text
    return (await client.get(f"/tasks/{number}")).json()["due"]["date"]


@pytest.mark.parametrize("how", ["patch", "completed=true", "batch", "bulk"])
async def test_the_time_zone_counts_whatever_completes_it(client, how):
    for _ in range(2):
        await _create(client, due={"date": "2020-01-01"}, recurrence={"rrule": "FREQ=DAILY", "anchor": "completion"})

    early = await _completed_by(client, 1, how, "Etc/GMT+12")
    late = await _completed_by(client, 2, how, "Pacific/Kiritimati")

    assert early < late


async def test_a_time_zone_that_is_none_is_refused_with_its_place_by_every_change(client):
    await _create(client)

    answer = await client.patch("/tasks/1?time_zone=Mars/Olympus", json={"title": "other"})
    assert (answer.status_code, places(answer)) == (422, {"query.time_zone": "invalid_value"})
    change = {"command": "change", "id": 1, "title": "other", "time_zone": "Mars/Olympus"}
    answer = await client.post("/batch", json={"commands": [change]})
    assert (answer.status_code, places(answer)) == (422, {"body.commands[0].time_zone": "invalid_value"})
    alone = {"command": "change", "id": 1, "time_zone": "Europe/Berlin"}
    assert (await client.post("/batch", json={"commands": [alone]})).status_code == 422
    assert (await client.get("/tasks/1")).json()["revision"] == 1


async def test_occurrences_come_in_pages(client):
    await _create(
        client,
        due={"localDateTime": "2026-01-31T09:00:00", "timeZone": "Europe/Berlin"},
        start={"localDateTime": "2026-01-31T08:00:00", "timeZone": "Europe/Berlin"},
        recurrence={"rrule": "FREQ=MONTHLY"},
    )

    answer = await client.get("/tasks/1/occurrences?limit=2")

    assert answer.json() == [
        {
            "recurrenceId": {"localDateTime": f"2026-{month}-31T08:00:00", "timeZone": "Europe/Berlin"},
            "start": {"localDateTime": f"2026-{month}-31T08:00:00", "timeZone": "Europe/Berlin"},
            "due": {"localDateTime": f"2026-{month}-31T09:00:00", "timeZone": "Europe/Berlin"},
        }
        for month in ("01", "03")
    ]
    assert answer.headers["link"].endswith('/tasks/1/occurrences?from=2026-05-31T08:00:00&limit=2>; rel="next"')
    rest = await client.get("/tasks/1/occurrences?from=2026-05-31T08:00:00&to=2026-08-01&limit=2")
    assert [item["start"]["localDateTime"][5:7] for item in rest.json()] == ["05", "07"]
    assert "link" not in rest.headers


async def test_to_begin_before_the_current_occurrence_is_to_begin_with_it(client):
    await _create(client)

    assert (await client.get("/tasks/1/occurrences?from=0001-01-01&limit=1")).json() == [
        {"recurrenceId": DAILY["due"], "start": None, "due": DAILY["due"]}
    ]


async def test_what_does_not_come_again_has_no_occurrences(client, task):
    assert (await client.get("/tasks/1/occurrences")).json() == []
    assert (await client.get("/tasks/2/occurrences")).status_code == 404


@pytest.mark.parametrize(
    ("query", "location"),
    [
        ("limit=1001", "query.limit"),
        ("limit=0", "query.limit"),
        ("from=9999-01-01", "query.from"),
        ("to=2026-13-01", "query.to"),
        ("from=2026-01-01T00:00:00Z", "query.from"),
    ],
)
async def test_a_bad_window_is_refused_with_its_place(client, query, location):
    await _create(client)

    answer = await client.get(f"/tasks/1/occurrences?{query}")

    assert answer.status_code == 422
    assert places(answer) == {location: "invalid_value"}


@pytest.mark.parametrize(
    ("recurrence", "location"),
    [
        ({"rrule": "FREQ=SECONDLY"}, "body.recurrence.rrule"),
        ({"rrule": "FREQ=DAILY;COUNT=1000000"}, "body.recurrence.rrule"),
        ({"rrule": "FREQ=HOURLY"}, "body.recurrence.rrule"),
        ({"rrule": "x" * 100_000}, "body.recurrence.rrule"),
        ({"rrule": "FREQ=DAILY", "exdate": [{"localDateTime": "2026-01-01T09:00:00"}]}, "body.recurrence.exdate[0]"),
        ({"rrule": "FREQ=DAILY", "every": 2}, "body.recurrence.every"),
        ("FREQ=DAILY", "body.recurrence"),
    ],
)
async def test_a_bad_recurrence_is_refused_with_its_place(client, recurrence, location):
    answer = await client.post("/tasks/", json={"title": "t"} | DAILY | {"recurrence": recurrence})

    assert answer.status_code == 422
    assert places(answer) == {location: "invalid_value"}
    assert (await client.get("/tasks/")).json() == []


async def test_what_comes_again_needs_a_time(client, task):
    answer = await client.patch("/tasks/1", json={"recurrence": {"rrule": "FREQ=DAILY"}})
    assert places(answer) == {"body.recurrence": "invalid_value"}

    await _create(client)
    assert places(await client.patch("/tasks/2", json={"due": None})) == {"body.recurrence": "invalid_value"}
    both = await client.patch("/tasks/2", json={"due": None, "recurrence": None})
    assert (both.json()["due"], both.json()["recurrence"]) == (None, None)


async def test_a_batch_can_complete_and_skip(client):
    await _create(client)
    commands = [
        {"command": "complete", "id": 1, "occurrence": "2026-01-01"},
        {"command": "complete", "id": 1, "occurrence": "2026-01-01"},
        {"command": "skip", "id": 1, "time_zone": "Europe/Berlin"},
    ]

    answer = await client.post("/batch", json={"commands": commands})

    assert answer.status_code == 200
    assert (await client.get("/tasks/1")).json()["due"] == {"date": "2026-01-03"}
    assert len((await client.get("/tasks/")).json()) == 2
    refused = await client.post("/batch", json={"commands": [{"command": "skip", "id": 1, "occurrence": "2027-01-01"}]})
    assert places(refused) == {"body.commands[0].occurrence": "invalid_value"}
