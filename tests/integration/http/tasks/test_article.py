"""A client that was written for the article works unchanged."""

import pytest


async def test_a_task_is_created_with_title_and_description(client):
    answer = await client.post("/tasks/", json={"title": "Buy milk", "description": "2 litres"})

    assert answer.is_success
    assert (
        answer.json().items()
        >= {
            "id": 1,
            "title": "Buy milk",
            "description": "2 litres",
            "is_completed": False,
        }.items()
    )


async def test_a_description_may_be_left_out_or_null(client):
    for body in ({"title": "Buy milk"}, {"title": "Buy milk", "description": None}):
        assert (await client.post("/tasks/", json=body)).json()["description"] is None


async def test_a_list_is_a_bare_array_cut_by_skip_and_limit(client):
    for number in range(1, 6):
        await client.post("/tasks/", json={"title": f"Task {number}"})

    answer = await client.get("/tasks/", params={"skip": 1, "limit": 3})

    assert [task["title"] for task in answer.json()] == ["Task 2", "Task 3", "Task 4"]


async def test_a_list_has_ten_tasks_if_nobody_says_otherwise(client):
    for number in range(12):
        await client.post("/tasks/", json={"title": f"Task {number}"})

    assert len((await client.get("/tasks/")).json()) == 10


# `requests` and httpx spell Python's True in different ways, and the article's app reads them all.
@pytest.mark.parametrize("yes", ["true", "True", "1", "yes", "on"])
async def test_completed_true_completes_a_task(client, task, yes):
    answer = await client.patch(f"/tasks/{task['id']}?completed={yes}")

    assert answer.status_code == 200
    assert answer.json()["is_completed"] is True


async def test_completed_false_reopens_a_task(client, task):
    await client.patch(f"/tasks/{task['id']}", params={"completed": True})

    answer = await client.patch(f"/tasks/{task['id']}", params={"completed": False})

    assert answer.json()["is_completed"] is False


async def test_a_task_that_is_not_there_is_not_found_in_the_articles_words(client):
    answer = await client.patch("/tasks/4711", params={"completed": True})

    assert answer.status_code == 404
    assert answer.json()["detail"] == "Task not found"
