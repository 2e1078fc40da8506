import pytest

from integration.http.problem import assert_problem, places

UID = "0190b1f4-1234-7abc-8def-0123456789ab"


async def test_a_new_task_is_answered_with_where_it_is_and_its_etag(client):
    answer = await client.post("/tasks/", json={"title": "Buy milk"})

    assert answer.status_code == 201
    assert answer.headers["etag"] == '"1"'
    found = await client.get(f"http://test{answer.headers['location']}")
    assert found.json() == answer.json()


async def test_location_has_one_slash_whichever_path_was_posted_to(client):
    first = await client.post("/tasks/", json={"title": "Buy milk"})
    second = await client.post("/tasks", json={"title": "Buy milk"})

    assert first.headers["location"].endswith("/tasks/1")
    assert second.headers["location"].endswith("/tasks/2")


async def test_a_task_has_these_fields(client, task):
    assert list(task) == [
        "id", "uid", "title", "description", "progress", "is_completed", "percent_complete", "priority", "start", "due",
        "estimated_duration", "tags", "links", "reminders", "recurrence", "occurrence_of", "list", "parent",
        "depends_on", "rank", "subtask_count", "open_subtask_count", "comment_count", "created", "updated", "completed",
        "blocked", "revision",
    ]  # fmt: skip
    assert task["progress"] == "needs-action"
    assert task["created"] == task["updated"]
    assert task["created"].endswith("Z")


async def test_a_uid_of_ones_own_makes_a_create_safe_to_repeat(client):
    first = await client.post("/tasks/", json={"title": "Buy milk", "uid": UID})
    second = await client.post("/tasks/", json={"title": "Buy milk", "uid": UID})

    other = await client.post("/tasks/", json={"title": "Buy bread", "uid": UID})

    assert first.json()["uid"] == UID
    assert (second.status_code, second.json()) == (201, first.json())
    assert second.headers["location"] == first.headers["location"]
    assert second.headers["etag"] == first.headers["etag"]
    assert_problem(other, 409, "uid_taken")
    assert (await client.get("/tasks/")).json() == [first.json()]


@pytest.mark.parametrize("uid", ["", "milk", "0190b1f412347abc8def0123456789ab", f"{{{UID}}}"])
async def test_a_uid_that_is_no_uuid_is_refused(client, uid):
    assert places(await client.post("/tasks/", json={"title": "Buy milk", "uid": uid})) == {"body.uid": "invalid_value"}


async def test_hostile_text_goes_in_and_comes_out_unchanged(client):
    title = "Ω≈ç√ 🏳️‍🌈 \u202e right to left \U0001f468\u200d\U0001f469 'quotes\" \\ <script>"
    description = "line\nbreak\ttab\r\n\ufeff\ufffe\u2028"

    task = (await client.post("/tasks/", json={"title": title, "description": description})).json()

    assert (task["title"], task["description"]) == (title, description)


async def test_the_longest_description_fits_however_it_is_escaped(client):
    description = '"\\ud83c\\udff4"'.replace('"', "") * 65_536
    body = f'{{"title": "Flags", "description": "{description}"}}'

    answer = await client.post("/tasks/", content=body, headers={"content-type": "application/json"})

    assert len(answer.json()["description"]) == 65_536
