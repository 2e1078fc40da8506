"""Change all tasks that match, or none."""

import pytest

from integration.http.problem import assert_problem, places


@pytest.fixture
async def five(client):
    for number in range(1, 6):
        due = {"due": {"date": "2026-12-01"}} if number == 5 else {}
        await client.post("/tasks/", json={"title": f"Task {number}", "priority": number, **due})


async def _bulk(client, **body):
    return await client.post("/tasks/bulk", json=body)


async def _revisions(client):
    return [task["revision"] for task in (await client.get("/tasks/")).json()]


async def test_all_that_match_are_changed_in_one_commit(client, five):
    answer = await _bulk(
        client, filter="priority >= 4", changes={"tags": ["late"], "is_completed": True}, max_affected=2
    )
    assert answer.status_code == 200
    assert (answer.json()["revision"], answer.json()["matched"]) == (6, 2)
    assert [(task["id"], task["tags"], task["progress"]) for task in answer.json()["tasks"]] == [
        (4, ["late"], "completed"),
        (5, ["late"], "completed"),
    ]
    assert await _revisions(client) == [1, 2, 3, 6, 6]


async def test_more_than_allowed_are_not_changed_and_are_counted(client, five):
    answer = await _bulk(client, filter="priority >= 2", changes={"priority": 9}, max_affected=3)
    problem = assert_problem(answer, 409, "too_many_matches")
    assert problem["detail"].startswith("4 tasks match")
    assert [error["location"] for error in problem["errors"]] == ["body.max_affected"]
    assert await _revisions(client) == [1, 2, 3, 4, 5]


async def test_a_dry_run_only_tells(client, five):
    answer = await _bulk(client, q="task", changes={"priority": 9}, max_affected=9, dry_run=True)
    assert answer.json()["revision"] is None
    assert [task["priority"] for task in answer.json()["tasks"]] == [9] * 5
    assert await _revisions(client) == [1, 2, 3, 4, 5]


async def test_what_has_the_values_already_stays_as_it_is(client, five):
    answer = await _bulk(client, filter="id > 0", changes={"priority": 3}, max_affected=5)
    assert answer.json()["matched"] == 5
    assert await _revisions(client) == [6, 6, 3, 6, 6]
    again = await _bulk(client, filter="id > 0", changes={"priority": 3}, max_affected=5)
    assert again.json()["revision"] is None


async def test_nothing_that_matches_is_no_error(client, five):
    answer = await _bulk(client, filter="priority = 8", changes={"priority": 9}, max_affected=1)
    assert answer.json() == {"revision": None, "matched": 0, "tasks": []}


async def test_one_that_cannot_have_the_values_refuses_all(client, five):
    answer = await _bulk(client, filter="id > 0", changes={"start": {"date": "2026-12-02"}}, max_affected=5)
    problem = assert_problem(answer, 422, "invalid_value")
    assert "Task 5" in problem["detail"]
    assert [error["location"] for error in problem["errors"]] == ["body.changes.due"]
    assert await _revisions(client) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"changes": {"priority": 1}, "max_affected": 1}, {"body.filter": "invalid_value"}),
        ({"filter": "", "changes": {"priority": 1}, "max_affected": 1}, {"body.filter": "invalid_value"}),
        ({"filter": " ", "changes": {"priority": 1}, "max_affected": 1}, {"body.filter": "invalid_value"}),
        ({"q": "", "changes": {"priority": 1}, "max_affected": 1}, {"body.q": "invalid_value"}),
        ({"filter": "id > 0", "changes": {}, "max_affected": 1}, {"body.changes": "invalid_value"}),
        ({"filter": "id > 0", "changes": {"priority": 1}}, {"body.max_affected": "missing"}),
        ({"filter": "id > 0", "max_affected": 1}, {"body.changes": "missing"}),
        ({"filter": "id > 0", "changes": {"priority": 1}, "max_affected": 0}, {"body.max_affected": "invalid_value"}),
        (
            {"q": "task", "changes": {"priority": 1}, "max_affected": 1001},
            {"body.max_affected": "invalid_value"},
        ),
        ({"filter": "id > 0", "changes": {"priority": 1}, "max_affected": "9"}, {"body.max_affected": "wrong_type"}),
        ({"filter": "id > 0", "changes": {"id": 1}, "max_affected": 1}, {"body.changes.id": "read_only"}),
        ({"filter": "id > 0", "changes": {"colour": 1}, "max_affected": 1}, {"body.changes.colour": "unknown"}),
        ({"filter": "id > 0", "changes": 5, "max_affected": 1}, {"body.changes": "wrong_type"}),
        ({"filter": "colour = 1", "changes": {"priority": 1}, "max_affected": 1}, {"body.filter": "invalid_value"}),
        (
            {"filter": "id > 0", "changes": {"priority": 10}, "max_affected": 9},
            {"body.changes.priority": "invalid_value"},
        ),
    ],
)
async def test_what_is_wrong_is_said_at_its_place_and_nothing_is_changed(client, five, body, wrong):
    assert places(await _bulk(client, **body)) == wrong
    assert await _revisions(client) == [1, 2, 3, 4, 5]
