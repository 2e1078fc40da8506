"""History, past states, undo and the trash over HTTP."""

import asyncio
from datetime import datetime, timedelta

import pytest

from integration.http.problem import assert_problem, places
from integration.http.serving import container, served
from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.ports.housekeeping import Purged


@pytest.fixture
async def changed(client, task):
    return (await client.patch("/tasks/1", json={"title": "Water the garden", "priority": 5})).json()


async def test_the_history_tells_each_field_before_and_after_the_latest_first(client, task, changed):
    answer = await client.get("/tasks/1/history")
    latest, first = answer.json()
    assert list(latest) == ["revision", "at", "command", "actor", "changes"]
    assert (latest["revision"], latest["command"], latest["actor"]) == (2, "change_task", None)
    assert latest["at"] == changed["updated"]
    assert latest["changes"]["title"] == ["Water the plants", "Water the garden"]
    assert latest["changes"]["priority"] == [0, 5]
    assert first["command"] == "create_task"
    assert first["changes"]["title"] == [None, "Water the plants"]
    assert "link" not in answer.headers


async def test_the_history_comes_in_pages(client, task, changed):
    await client.delete("/tasks/1")
    found, url = [], "/tasks/1/history?limit=1"
    for _ in range(3):
        answer = await client.get(url)
        found += [entry["revision"] for entry in answer.json()]
        url = answer.links["next"]["url"] if "next" in answer.links else ""
        url = url.removeprefix("/todo")
    assert found == [3, 2, 1]
    assert url == ""


async def test_there_is_no_history_of_a_task_that_never_was(client):
    assert_problem(await client.get("/tasks/7/history"), 404, "task_not_found")


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("limit=0", "limit"),
        ("before=0", "before"),
        ("before=x", "before"),
        ("since=1", "since"),
        ("limit=1001", "limit"),
    ],
)
async def test_bad_parameters_of_the_history_are_named(client, task, query, place):
    assert set(places(await client.get(f"/tasks/1/history?{query}"))) == {f"query.{place}"}


async def test_as_of_a_revision_a_task_is_what_it_was(client, task, changed):
    answer = await client.get("/tasks/1", params={"as_of": 1})
    assert answer.json() == task
    assert answer.headers["etag"] == '"1"'
    assert (await client.get("/tasks/1", params={"as_of": "2"})).json() == changed


async def test_as_of_an_instant_a_task_is_what_it_was(client, task):
    assert (await client.get("/tasks/1", params={"as_of": task["created"]})).json() == task
    local = datetime.fromisoformat(task["created"]).astimezone().isoformat()
    assert (await client.get("/tasks/1", params={"as_of": local})).json() == task
    assert_problem(await client.get("/tasks/1", params={"as_of": "2000-01-01T00:00:00Z"}), 404, "task_not_found")


async def test_as_of_a_revision_the_list_is_what_it_was(client, task, changed):
    two = (await client.post("/tasks/", json={"title": "Two"})).json()
    await client.delete("/tasks/1")
    assert (await client.get("/tasks/", params={"as_of": 0})).json() == []
    assert (await client.get("/tasks/", params={"as_of": 1})).json() == [task]
    assert (await client.get("/tasks/", params={"as_of": 3})).json() == [changed, two]
    page = await client.get("/tasks/", params={"as_of": two["updated"], "limit": 1})
    assert page.json() == [changed]
    assert page.links["next"]["url"].endswith("/tasks/?as_of=3&after=1&limit=1")
    assert (await client.get("/tasks/?as_of=4")).json() == [two]


@pytest.mark.parametrize(
    "as_of",
    [
        *("2", "yesterday", "", "-1", "1.5", "2026-12-01", "2026-13-01T00:00:00Z", "2999-01-01T00:00:00Z", "9" * 17),
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
    ],
)
async def test_what_is_no_past_is_refused(client, task, as_of):
    for path in ("/tasks/1", "/tasks/"):
        assert set(places(await client.get(path, params={"as_of": as_of}))) == {"query.as_of"}


async def test_an_undo_lists_what_it_undid_and_what_has_changed_since(client, task, changed):
    await client.patch("/tasks/1", json={"title": "Something else"})
    answer = await client.post("/commits/2/undo")
    assert answer.status_code == 200
    assert answer.json() == {
        "revision": 4,
        "undone": [{"task": 1, "fields": ["priority"]}],
        "conflicts": [{"task": 1, "fields": ["title"], "code": "changed_since", "why": "It has been changed since"}],
        "records": [],
        "record_conflicts": [],
    }
    assert (await client.get("/tasks/1")).json()["priority"] == 0


async def test_an_undo_of_an_undo_does_it_again(client, task):
    assert (await client.post("/commits/1/undo")).json()["undone"] == [{"task": 1, "fields": ["deleted"]}]
    assert_problem(await client.get("/tasks/1"), 404, "task_not_found")
    assert (await client.post("/commits/2/undo", json={})).json()["revision"] == 3
    assert (await client.get("/tasks/1")).json()["title"] == task["title"]


async def test_an_undo_with_a_key_is_carried_out_once(client, task, changed):
    headers = {"Idempotency-Key": '"undo it"'}
    first = await client.post("/commits/2/undo", headers=headers)
    again = await client.post("/commits/2/undo", headers=headers)
    assert first.json() == again.json()
    assert first.json()["revision"] == 3


async def test_what_was_no_commit_can_not_be_undone(client, task):
    assert_problem(await client.post("/commits/2/undo"), 404, "commit_not_found")
    assert places(await client.post("/commits/0/undo")) == {"path.revision": "invalid_value"}
    assert places(await client.post("/commits/1/undo", json={"a": 1})) == {"body": "unexpected_body"}


async def test_the_trash_has_what_was_deleted_the_last_one_first_and_in_pages(client):
    for number in range(1, 4):
        await client.post("/tasks/", json={"title": f"Task {number}"})
    for number in (2, 1, 3):
        await client.delete(f"/tasks/{number}")
    first = await client.get("/trash?limit=2")
    assert [task["id"] for task in first.json()] == [3, 1]
    assert first.json()[0]["deleted"] == first.json()[0]["updated"]
    second = await client.get(first.links["next"]["url"].removeprefix("/todo"))
    assert [task["id"] for task in second.json()] == [2]
    assert "next" not in second.links
    await client.post("/tasks/2/restore")
    assert len((await client.get("/trash")).json()) == 2


@pytest.mark.parametrize("before", ["7", "2026-03-15.42", "2026-13-15T18:00:00Z.42", "2026-03-15T18:00:00Z.0", ""])
async def test_a_place_in_the_trash_that_nobody_was_given_is_refused(client, before):
    assert set(places(await client.get("/trash", params={"before": before}))) == {"query.before"}


class Purging(InMemoryStorage):
    """Tells when it has been asked to purge."""

    def __init__(self):
        super().__init__()
        self.purged = asyncio.Event()
        self.fails = 0

    async def purge(self, workspace, cutoffs, *, limit):
        if self.fails:
            self.fails -= 1
            raise RuntimeError("a bug")
        gone = await super().purge(workspace, cutoffs, limit=limit)
        if gone != Purged():
            self.purged.set()
        return gone


async def test_a_server_purges_what_has_been_kept_long_enough(start):
    storage = Purging()
    storage.fails = 1
    async with start(storage, trash_retention=0, history_retention=0, purge_interval=1) as client:
        await client.post("/tasks/", json={"title": "Gone"})
        await client.post("/tasks/", json={"title": "Kept"})
        assert (await client.delete("/tasks/1")).status_code == 204
        async with asyncio.timeout(20):
            await storage.purged.wait()
        assert (await client.get("/trash")).json() == []
        assert_problem(await client.post("/tasks/1/restore"), 404, "task_not_found")
        assert_problem(await client.get("/changes?since=1"), 410, "token_expired")
        assert_problem(await client.get("/tasks/?as_of=1"), 410, "history_forgotten")
        assert_problem(await client.post("/commits/1/undo"), 410, "history_forgotten")


async def test_what_a_server_purges_at_its_start_is_what_is_old_enough():
    storage = Purging()
    parts = container(storage)
    use_cases = parts.use_cases()
    async with served(storage) as client:
        await client.post("/tasks/", json={"title": "Kept"})
        await client.delete("/tasks/1")
        gone = await use_cases.history.purge(parts.settings().purge_command())
        assert gone == Purged()
        assert parts.settings().purge_command().trash_retention == timedelta(days=30)
        assert len((await client.get("/trash")).json()) == 1


async def test_a_deleted_list_comes_back_when_that_is_undone(client):
    made = (await client.post("/lists/", json={"name": "one"})).json()
    await client.delete(f"/lists/{made['id']}?tasks=delete")
    undone = (await client.post(f"/commits/{made['revision'] + 2}/undo")).json()
    assert undone["records"] == [{"kind": "list", "key": str(made["id"]), "action": "restored"}]
    assert (await client.get(f"/lists/{made['id']}")).json()["name"] == "one"
