"""Subtasks, dependencies, order, comments and urgency, over HTTP."""

import pytest

from integration.http.problem import assert_problem, places


async def _create(client, **fields):
    answer = await client.post("/tasks/", json={"title": "a task", **fields})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_task_is_made_in_its_place(client):
    parent = await _create(client)
    needed = await _create(client)
    task = await _create(client, parent=parent["id"], depends_on=[needed["id"]])
    assert (task["list"], task["parent"], task["depends_on"]) == (1, parent["id"], [needed["id"]])
    assert task["blocked"] is True
    parent = (await client.get(f"/tasks/{parent['id']}")).json()
    assert (parent["subtask_count"], parent["open_subtask_count"]) == (1, 1)


@pytest.mark.parametrize(
    ("fields", "location"),
    [
        ({"parent": 99}, "body.parent"),
        ({"parent": "1"}, "body.parent"),
        ({"list": 99}, "body.list"),
        ({"list": None}, "body.list"),
        ({"depends_on": [1, 99]}, "body.depends_on[1]"),
        ({"depends_on": [1, True]}, "body.depends_on[1]"),
        ({"depends_on": 1}, "body.depends_on"),
    ],
)
async def test_a_place_that_does_not_exist_is_named(client, task, fields, location):
    assert places(await client.post("/tasks/", json={"title": "x", **fields})) == {location: "invalid_value"}
    other = await _create(client)
    patched = await client.patch(f"/tasks/{other['id']}", json={"title": "x", **fields})
    assert places(patched) == {location: "invalid_value"}
    assert (await client.get(f"/tasks/{other['id']}")).json() == other


async def test_a_circle_is_named(client, task):
    child = await _create(client, parent=1, depends_on=[])
    waiting = await _create(client, depends_on=[child["id"]])
    assert places(await client.patch("/tasks/1", json={"parent": child["id"]})) == {"body.parent": "invalid_value"}
    circle = await client.patch(f"/tasks/{child['id']}", json={"depends_on": [waiting["id"]]})
    assert places(circle) == {"body.depends_on[0]": "invalid_value"}


@pytest.mark.parametrize("field", ["rank", "subtask_count", "open_subtask_count", "comment_count", "blocked"])
async def test_what_the_service_keeps_cannot_be_set(client, task, field):
    assert places(await client.post("/tasks/", json={"title": "x", field: 1})) == {f"body.{field}": "read_only"}
    assert places(await client.patch("/tasks/1", json={field: 1})) == {f"body.{field}": "read_only"}


async def test_open_subtasks_and_dependencies_keep_a_task_from_being_completed(client, task):
    needed = await _create(client)
    child = await _create(client, parent=1)
    assert_problem(await client.post("/tasks/1/complete"), 409, "open_subtasks")
    assert_problem(await client.patch("/tasks/1?completed=true"), 409, "open_subtasks")
    await client.patch("/tasks/1", json={"depends_on": [needed["id"]]})
    assert_problem(await client.post("/tasks/1/complete?subtasks=leave"), 409, "open_dependencies")
    done = await client.post("/tasks/1/complete?subtasks=complete&dependencies=ignore")
    assert done.json()["is_completed"] is True
    assert (await client.get(f"/tasks/{child['id']}")).json()["is_completed"] is True
    refused = await client.post("/tasks/", json={"title": "x", "is_completed": True, "depends_on": [needed["id"]]})
    assert_problem(refused, 409, "open_dependencies")
    made = await client.post(
        "/tasks/?dependencies=ignore", json={"title": "x", "is_completed": True, "depends_on": [needed["id"]]}
    )
    assert made.status_code == 201


async def test_a_series_ends_with_what_it_is_a_part_of_only_if_that_is_said(client, task):
    series = await _create(client, parent=1, due={"date": "2026-12-01"}, recurrence={"rrule": "FREQ=DAILY"})
    assert_problem(await client.post("/tasks/1/complete?subtasks=complete"), 409, "series_would_end")
    assert_problem(await client.patch("/tasks/1?completed=true&subtasks=complete"), 409, "series_would_end")
    done = await client.post("/tasks/1/complete?subtasks=end")
    assert done.json()["is_completed"] is True
    ended = (await client.get(f"/tasks/{series['id']}")).json()
    assert (ended["is_completed"], ended["recurrence"]["rrule"]) == (True, "FREQ=DAILY")


async def test_subtasks_are_spoken_of_when_a_task_is_deleted(client, task):
    child = await _create(client, parent=1)
    assert_problem(await client.delete("/tasks/1"), 409, "has_subtasks")
    assert places(await client.delete("/tasks/1?subtasks=complete")) == {"query.subtasks": "invalid_value"}
    assert (await client.delete("/tasks/1?subtasks=delete")).status_code == 204
    assert (await client.get(f"/tasks/{child['id']}")).status_code == 404


async def test_a_rule_that_is_not_known_is_named(client, task):
    assert places(await client.post("/tasks/1/complete?subtasks=delete")) == {"query.subtasks": "invalid_value"}
    assert places(await client.post("/tasks/1/start?subtasks=leave")) == {"query.subtasks": "unknown"}
    assert places(await client.patch("/tasks/1?dependencies=no", json={"title": "x"})) == {
        "query.dependencies": "invalid_value"
    }


async def test_a_task_is_moved(client, task):
    second, third = await _create(client), await _create(client)
    moved = await client.post(f"/tasks/{third['id']}/move", json={"after": 1})
    assert moved.status_code == 200
    assert task["rank"] < moved.json()["rank"] < second["rank"]
    moved = await client.post("/tasks/1/move", json={"last": True}, headers={"If-Match": f'"{task["revision"]}"'})
    assert moved.json()["rank"] > second["rank"]
    stale = await client.post("/tasks/1/move", json={"first": True}, headers={"If-Match": f'"{task["revision"]}"'})
    assert_problem(stale, 412, "precondition_failed")


@pytest.mark.parametrize(
    ("body", "location", "code"),
    [
        ({}, "body.before", "invalid_value"),
        ({"after": 99}, "body.after", "invalid_value"),
        ({"before": 1, "after": 1}, "body.after", "invalid_value"),
        ({"first": 1}, "body.first", "wrong_type"),
        ({"list": 99}, "body.list", "invalid_value"),
        ({"between": 1}, "body.between", "unknown"),
        ([], "body", "wrong_type"),
    ],
)
async def test_a_place_that_makes_no_sense_is_named(client, task, body, location, code):
    other = await _create(client)
    assert places(await client.post(f"/tasks/{other['id']}/move", json=body)) == {location: code}
    if isinstance(body, dict):
        batch = await client.post("/batch", json={"commands": [{"command": "move", "id": other["id"], **body}]})
        assert places(batch) == {location.replace("body", "body.commands[0]"): code}


async def test_comments_are_made_read_edited_and_deleted(client, task):
    made = await client.post("/tasks/1/comments", json={"text": " The *blue* can leaks ", "author": "Zoë"})
    assert made.status_code == 201
    comment = made.json()
    assert list(comment) == ["id", "text", "author", "created", "updated"]
    assert (comment["id"], comment["text"], comment["author"]) == (1, "The *blue* can leaks", "Zoë")
    assert made.headers["location"].endswith("/tasks/1/comments/1")
    listed = await client.get("/tasks/1/comments")
    assert listed.json() == [comment]
    assert listed.headers["etag"] == made.headers["etag"] == (await client.get("/tasks/1")).headers["etag"]
    known = await client.get("/tasks/1/comments", headers={"If-None-Match": listed.headers["etag"]})
    assert known.status_code == 304
    edited = await client.patch(
        "/tasks/1/comments/1", json={"text": "It does not"}, headers={"If-Match": listed.headers["etag"]}
    )
    assert edited.json()["text"] == "It does not"
    stale = await client.delete("/tasks/1/comments/1", headers={"If-Match": listed.headers["etag"]})
    assert_problem(stale, 412, "precondition_failed")
    assert (await client.get("/tasks/1")).json()["comment_count"] == 1
    gone = await client.delete("/tasks/1/comments/1")
    assert gone.status_code == 204
    assert (await client.get("/tasks/1/comments")).json() == []
    assert_problem(await client.delete("/tasks/1/comments/1"), 404, "comment_not_found")
    assert (await client.post("/tasks/1/comments", json={"text": "x"})).json()["id"] == 2


async def test_a_comment_that_cannot_be_is_refused(client, task):
    assert places(await client.post("/tasks/1/comments", json={"text": " "})) == {"body.text": "invalid_value"}
    assert places(await client.post("/tasks/1/comments", json={"author": "x"})) == {"body.text": "missing"}
    assert places(await client.post("/tasks/1/comments", json={"text": "x" * 10_001})) == {"body.text": "invalid_value"}
    assert places(await client.patch("/tasks/1/comments/0", json={"text": "x"})) == {"path.comment_id": "invalid_value"}
    assert_problem(await client.post("/tasks/9/comments", json={"text": "x"}), 404, "task_not_found")
    assert_problem(await client.get("/tasks/9/comments"), 404, "task_not_found")


async def test_urgency_is_returned(client, task):
    found = (await client.get("/tasks/1/urgency")).json()
    assert list(found) == ["id", "urgency", "blocked", "blocking", "at"]
    assert found["urgency"] == 0
    await client.patch("/tasks/1", json={"priority": 1, "tags": ["next"]})
    await _create(client, depends_on=[1])
    found = (await client.get("/tasks/1/urgency?time_zone=Europe/Berlin")).json()
    assert (found["urgency"], found["blocking"]) == (6.0 + 15.0 + 0.8 + 8.0, True)
    assert places(await client.get("/tasks/1/urgency?time_zone=Mars")) == {"query.time_zone": "invalid_value"}
    assert_problem(await client.get("/tasks/9/urgency"), 404, "task_not_found")


async def test_tasks_are_sorted_by_urgency_and_tell_it_when_asked(client, task):
    for priority in (5, 1, 9):
        await _create(client, priority=priority)
    pages = await client.get("/tasks/?sort=-urgency&fields=id,urgency&limit=3")
    assert pages.json() == [{"id": 3, "urgency": 6.0}, {"id": 2, "urgency": 3.9}, {"id": 4, "urgency": 1.8}]
    cursor = pages.links["next"]["url"].partition("cursor=")[2]
    rest = await client.get(f"/tasks/?sort=-urgency&fields=id,urgency&cursor={cursor}")
    assert rest.json() == [{"id": 1, "urgency": 0.0}]
    assert (await client.get("/tasks/?sort=urgency")).json()[0] == (await client.get("/tasks/1")).json()


async def test_all_of_it_can_be_in_a_batch(client, task):
    other = await _create(client)
    done = await client.post(
        "/batch",
        json={
            "commands": [
                {"command": "change", "id": other["id"], "parent": 1},
                {"command": "move", "id": other["id"], "first": True},
                {"command": "comment", "id": 1, "text": "first", "author": "Zoë"},
                {"command": "edit-comment", "id": 1, "comment_id": 1, "text": "second"},
                {"command": "comment", "id": 1, "text": "third"},
                {"command": "delete-comment", "id": 1, "comment_id": 1},
                {"command": "complete", "id": 1, "subtasks": "complete", "dependencies": "refuse"},
                {"command": "delete", "id": 1, "subtasks": "keep"},
            ]
        },
    )
    assert [result["status"] for result in done.json()["results"]] == [200] * 7 + [204]
    found = (await client.get(f"/tasks/{other['id']}")).json()
    assert (found["parent"], found["is_completed"]) == (None, True)
    assert (await client.post("/tasks/1/restore")).json()["comment_count"] == 1
