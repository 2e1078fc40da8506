"""The feed of changes over HTTP."""

import pytest

from integration.http.problem import places


def listed(task):
    """Return what the feed says of a task."""
    return {name: value for name, value in task.items() if name != "blocked"}


async def _follow(client, since="*", limit=100):
    """Return all changes since a token, and the last token."""
    items, more = [], True
    while more:
        page = (await client.get("/changes", params={"since": since, "limit": limit})).json()
        assert list(page) == ["items", "next", "more"]
        items += page["items"]
        since, more = page["next"], page["more"]
    return items, since


@pytest.fixture
async def five(client):
    return [(await client.post("/tasks/", json={"title": f"Task {number}"})).json() for number in range(1, 6)]


async def test_nothing_has_changed_where_nothing_is(client):
    assert (await client.get("/changes")).json() == {"items": [], "next": "0", "more": False}


@pytest.mark.parametrize("limit", [1, 2, 5, 1000])
async def test_following_the_tokens_leads_to_every_task_once(client, five, limit):
    items, token = await _follow(client, limit=limit)

    assert items == [listed(task) for task in five]
    assert await _follow(client, since=token) == ([], token)


async def test_from_a_token_on_only_what_has_changed_since_is_listed(client, five):
    _, token = await _follow(client)
    changed = (await client.patch("/tasks/2", json={"due": {"date": "2026-12-01"}})).json()
    await client.delete("/tasks/4")

    items, _ = await _follow(client, since=token)

    assert items[0] == listed(changed)
    tombstone = items[1]
    assert list(tombstone) == ["id", "uid", "revision", "deleted"]
    assert (tombstone["id"], tombstone["uid"], tombstone["revision"]) == (4, five[3]["uid"], 7)
    assert tombstone["deleted"].endswith("Z")


async def test_a_change_between_two_pages_is_not_missed(client, five):
    first = (await client.get("/changes?limit=2")).json()
    await client.patch("/tasks/1", json={"title": "Changed"})

    rest, _ = await _follow(client, since=first["next"])

    assert first["more"]
    assert [task["id"] for task in rest] == [3, 4, 5, 1]


@pytest.mark.parametrize("token", ["", "x", "-1", "01", "1.", "1.0", "**", "1e3", "9" * 5000, "\u0661", "1.5.2", "6"])
async def test_a_token_that_was_never_given_is_refused(client, five, token):
    assert places(await client.get("/changes", params={"since": token})) == {"query.since": "invalid_value"}


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("limit=0", {"query.limit": "invalid_value"}),
        ("limit=1001", {"query.limit": "invalid_value"}),
        ("limit=many", {"query.limit": "wrong_type"}),
        ("since=0&since=0", {"query.since": "duplicate"}),
        ("after=1", {"query.after": "unknown"}),
    ],
)
async def test_a_parameter_that_makes_no_sense_is_refused(client, query, wrong):
    assert places(await client.get(f"/changes?{query}")) == wrong


async def test_a_token_holds_across_batches(client, five):
    _, token = await _follow(client)
    commands = [{"command": "complete", "id": 3}, {"command": "create", "title": "New"}, {"command": "delete", "id": 1}]
    done = (await client.post("/batch", json={"commands": commands})).json()

    items, after = await _follow(client, since=token, limit=1)

    assert {item["revision"] for item in items} == {done["revision"]}
    assert [item["id"] for item in items] == [1, 3, 6]
    assert after.partition("-")[0] == str(done["revision"])
