"""Who deletes something can have it as the answer (RFC 7240 section 4.2)."""

import pytest

REPRESENTATION = {"Prefer": "return=representation"}


@pytest.fixture
async def made(client):
    await client.post("/tasks/", json={"title": "Water the plants"})
    await client.post("/tasks/1/comments", json={"text": "Twice"})
    await client.post("/lists/", json={"name": "Home"})
    await client.post("/filters/", json={"name": "mine", "q": "water"})


@pytest.mark.parametrize(
    ("path", "member", "value"),
    [
        ("/tasks/1", "title", "Water the plants"),
        ("/tasks/1/comments/1", "comment_count", 0),
        ("/lists/2?tasks=delete", "name", "Home"),
        ("/filters/mine", "q", "water"),
    ],
)
async def test_what_was_deleted_is_answered_if_that_is_preferred(client, made, path, member, value):
    answer = await client.delete(path, headers=REPRESENTATION)
    assert (answer.status_code, answer.headers["preference-applied"]) == (200, "return=representation")
    assert answer.json()[member] == value
    assert answer.headers["etag"] == f'"{answer.json()["revision"]}"'


@pytest.mark.parametrize("prefer", ["return=minimal", "respond-async", "", "return=representation-of-it"])
async def test_nothing_is_answered_if_something_else_is_preferred(client, made, prefer):
    answer = await client.delete("/tasks/1", headers={"Prefer": prefer})
    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize("prefer", ["wait=5, Return=Representation", "return=representation; x=1"])
async def test_a_preference_among_others_is_found(client, made, prefer):
    assert (await client.delete("/tasks/1", headers={"Prefer": prefer})).status_code == 200


async def test_a_batch_answers_with_what_it_has_deleted_if_that_is_preferred(client, made):
    body = {"commands": [{"command": "delete", "id": 1}, {"command": "delete-filter", "name": "mine"}], "dry_run": True}
    plain = (await client.post("/batch", json=body)).json()["results"]
    assert [sorted(each) for each in plain] == [["id", "revision", "status"], ["name", "revision", "status"]]
    whole = (await client.post("/batch", json=body, headers=REPRESENTATION)).json()["results"]
    assert (whole[0]["task"]["title"], whole[1]["filter"]["q"]) == ("Water the plants", "water")


async def test_a_page_of_the_past_says_where_it_is_found_for_good(client, made):
    answer = await client.get("/tasks/?as_of=2&limit=1")
    assert answer.headers["content-location"].endswith("/tasks/?as_of=2&after=0&limit=1")


async def test_a_problem_has_the_values_of_its_sentence(client, made):
    await client.post("/tasks/", json={"title": "Part", "parent": 1})
    assert (await client.delete("/tasks/1")).json()["values"] == {"task_id": 1, "subtasks": 1}
    assert "values" not in (await client.get("/tasks/99")).json()
