"""A client that was written for the article works unchanged."""

import pytest


@pytest.fixture
def client(running_server):
    with running_server.client() as client:
        yield client


@pytest.mark.parametrize("path", ["/tasks/", "/tasks"])
def test_create_then_list_with_or_without_a_trailing_slash(client, path):
    created = client.post(path, json={"title": "Buy milk", "description": "Two litres"})
    assert created.is_success
    task = created.json()
    assert isinstance(task["id"], int)
    assert (task["title"], task["description"], task["is_completed"]) == ("Buy milk", "Two litres", False)

    listed = client.get(path, params={"skip": 0, "limit": 1000})
    assert listed.is_success
    assert isinstance(listed.json(), list)
    assert task in listed.json()


def test_a_description_may_be_left_out(client):
    assert client.post("/tasks/", json={"title": "Buy milk"}).json()["description"] is None


@pytest.mark.parametrize("slash", ["", "/"])
def test_complete_and_reopen_by_query(client, slash):
    task = client.post("/tasks/", json={"title": "Buy milk"}).json()
    path = f"/tasks/{task['id']}{slash}"

    for completed in (True, False):
        changed = client.patch(path, params={"completed": completed})
        assert changed.is_success
        assert changed.json()["is_completed"] is completed
        assert changed.json()["title"] == "Buy milk"


def test_a_task_that_does_not_exist_is_a_404_with_its_detail(client):
    missing = client.patch("/tasks/999999999", params={"completed": True})
    assert missing.status_code == 404
    assert missing.json()["detail"] == "Task not found"


def test_skip_and_limit_cut_a_list_in_a_stable_order(client):
    for number in range(3):
        assert client.post("/tasks/", json={"title": f"Task {number}"}).is_success
    everything = client.get("/tasks/", params={"limit": 1000}).json()
    assert [task["id"] for task in everything] == sorted(task["id"] for task in everything)
    assert client.get("/tasks/", params={"skip": 1, "limit": 2}).json() == everything[1:3]
