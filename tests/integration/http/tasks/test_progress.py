import pytest

from integration.http.problem import assert_problem, places


@pytest.mark.parametrize(
    ("verb", "progress"),
    [("complete", "completed"), ("start", "in-process"), ("cancel", "cancelled"), ("reopen", "needs-action")],
)
async def test_each_verb_moves_a_task_along(client, task, verb, progress):
    answer = await client.post(f"/tasks/1/{verb}")

    assert answer.status_code == 200
    assert answer.json()["progress"] == progress
    assert answer.headers["etag"] == f'"{answer.json()["revision"]}"'


async def test_a_verb_said_twice_changes_nothing_the_second_time(client, task):
    first = await client.post("/tasks/1/complete")
    second = await client.post("/tasks/1/complete")

    assert second.json() == first.json()
    assert second.headers["etag"] == first.headers["etag"]


async def test_a_deleted_task_is_gone_and_leaves_the_etag_of_its_tombstone(client, task):
    answer = await client.delete("/tasks/1")

    assert answer.status_code == 204
    assert answer.content == b""
    assert answer.headers["etag"] == '"2"'
    assert_problem(await client.get("/tasks/1"), 404, "task_not_found")
    assert_problem(await client.delete("/tasks/1"), 404, "task_not_found")
    assert (await client.get("/tasks/")).json() == []


async def test_a_deleted_task_can_be_restored_as_it_was(client, task):
    tombstone = await client.delete("/tasks/1")

    answer = await client.post("/tasks/1/restore", headers={"if-match": tombstone.headers["etag"]})

    assert answer.headers["etag"] == '"3"'
    assert answer.json()["title"] == task["title"]
    assert (await client.get("/tasks/1")).json() == answer.json()


@pytest.mark.parametrize("verb", ["complete", "reopen", "start", "cancel", "restore"])
async def test_no_verb_works_on_a_task_that_never_was(client, verb):
    assert_problem(await client.post(f"/tasks/7/{verb}"), 404, "task_not_found")


async def test_a_verb_takes_no_body(client, task):
    answer = await client.post("/tasks/1/complete", json={"completed": False})

    assert places(answer) == {"body": "unexpected_body"}
    assert (await client.get("/tasks/1")).json() == task


async def test_an_empty_object_is_no_body_worth_refusing(client, task):
    assert (await client.post("/tasks/1/complete", json={})).status_code == 200
