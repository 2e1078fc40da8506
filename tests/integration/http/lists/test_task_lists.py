"""Lists of tasks, over HTTP."""

import pytest

from integration.http.problem import assert_problem, places


@pytest.fixture
async def work(client):
    answer = await client.post("/lists/", json={"name": "Work", "colour": "#1E90FF"})
    assert answer.status_code == 201
    return answer.json()


async def test_a_list_has_these_fields(client, work):
    assert list(work) == ["id", "name", "colour", "description", "archived", "created", "updated", "revision"]
    assert (work["name"], work["colour"], work["archived"]) == ("Work", "#1e90ff", False)
    answer = await client.get(f"/lists/{work['id']}")
    assert answer.json() == work
    assert answer.headers["etag"] == f'"{work["revision"]}"'
    known = await client.get(f"/lists/{work['id']}", headers={"If-None-Match": answer.headers["etag"]})
    assert known.status_code == 304


async def test_location_says_where_the_list_is(client):
    made = await client.post("/lists/", json={"name": "Work"})
    assert made.headers["location"].endswith(f"/lists/{made.json()['id']}")


async def test_the_inbox_is_always_there(client):
    (inbox,) = (await client.get("/lists/")).json()
    assert (inbox["id"], inbox["name"], inbox["created"], inbox["revision"]) == (1, "Inbox", None, 0)
    renamed = await client.patch("/lists/1", json={"name": "Eingang"}, headers={"If-Match": '"0"'})
    assert (renamed.json()["name"], renamed.json()["revision"]) == ("Eingang", 1)
    assert places(await client.patch("/lists/1", json={"archived": True})) == {"body.archived": "invalid_value"}
    assert_problem(await client.delete("/lists/1?tasks=delete"), 409, "inbox_stays")


async def test_lists_come_a_page_at_a_time(client, work):
    await client.post("/lists/", json={"name": "Home"})
    first = await client.get("/lists/?limit=2")
    assert [one["name"] for one in first.json()] == ["Inbox", "Work"]
    assert first.links["next"]["url"].endswith(f"/lists/?after={work['id']}&limit=2")
    rest = await client.get(f"/lists/?after={work['id']}&limit=2")
    assert [one["name"] for one in rest.json()] == ["Home"]
    assert "link" not in rest.headers
    assert places(await client.get("/lists/?limit=0")) == {"query.limit": "invalid_value"}


async def test_a_list_is_changed_under_a_condition(client, work):
    at = f"/lists/{work['id']}"
    weak = await client.patch(at, json={"name": "x"}, headers={"If-Match": f'W/"{work["revision"]}"'})
    assert_problem(weak, 412, "precondition_failed")
    assert weak.headers["etag"] == f'"{work["revision"]}"'
    changed = await client.patch(at, json={"colour": None}, headers={"If-Match": f'"{work["revision"]}"'})
    assert changed.json()["colour"] is None
    assert_problem(
        await client.delete(f"{at}?move_to=1", headers={"If-Match": '"1", "999"'}), 412, "precondition_failed"
    )


@pytest.mark.parametrize(
    ("body", "location", "code"),
    [
        ({}, "body.name", "missing"),
        ({"name": " "}, "body.name", "invalid_value"),
        ({"name": "x", "colour": "red"}, "body.colour", "invalid_value"),
        ({"name": "x", "archived": 1}, "body.archived", "wrong_type"),
        ({"name": "x", "id": 5}, "body.id", "read_only"),
        ({"name": "x", "owner": 5}, "body.owner", "unknown"),
    ],
)
async def test_what_cannot_be_is_named(client, body, location, code):
    assert places(await client.post("/lists/", json=body)) == {location: code}


async def test_an_archived_list_takes_no_tasks(client, work):
    task = (await client.post("/tasks/", json={"title": "x", "list": work["id"]})).json()
    assert task["list"] == work["id"]
    await client.patch(f"/lists/{work['id']}", json={"archived": True})
    assert places(await client.post("/tasks/", json={"title": "x", "list": work["id"]})) == {
        "body.list": "invalid_value"
    }


async def test_a_list_is_deleted_when_it_is_said_what_becomes_of_its_tasks(client, work):
    task = (await client.post("/tasks/", json={"title": "x", "list": work["id"]})).json()
    at = f"/lists/{work['id']}"
    assert places(await client.delete(at)) == {"query": "missing"}
    assert places(await client.delete(f"{at}?tasks=delete&move_to=1")) == {"query": "missing"}
    assert places(await client.delete(f"{at}?tasks=keep")) == {"query.tasks": "invalid_value"}
    assert places(await client.delete(f"{at}?move_to={work['id']}")) == {"query.move_to": "invalid_value"}
    assert places(await client.delete(f"{at}?move_to=x")) == {"query.move_to": "invalid_value"}
    assert (await client.delete(f"{at}?move_to=1")).status_code == 204
    assert (await client.get(f"/tasks/{task['id']}")).json()["list"] == 1
    assert_problem(await client.get(at), 404, "list_not_found")
    assert_problem(await client.delete(f"{at}?move_to=1"), 404, "list_not_found")
    assert places(await client.get("/lists/0")) == {"path.list_id": "invalid_value"}


async def test_the_deletion_of_a_list_says_which_commit_is_to_be_undone(client, work):
    task = (await client.post("/tasks/", json={"title": "x", "list": work["id"]})).json()
    gone = await client.delete(f"/lists/{work['id']}?tasks=delete")
    revision = gone.headers["etag"].strip('"')
    assert (await client.get("/trash")).json()[0]["revision"] == int(revision)
    assert (await client.post(f"/commits/{revision}/undo")).is_success
    assert (await client.get(f"/lists/{work['id']}")).json()["name"] == work["name"]
    assert (await client.get(f"/tasks/{task['id']}")).json()["list"] == work["id"]


async def test_a_deletion_is_carried_out_once_however_often_it_is_sent(client, work):
    headers = {"Idempotency-Key": '"one"'}
    for _ in range(2):
        answer = await client.delete(f"/lists/{work['id']}?tasks=delete", headers=headers)
        assert answer.status_code == 204
