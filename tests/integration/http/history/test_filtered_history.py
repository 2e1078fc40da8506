"""Filtered lists of past states over HTTP."""

import pytest

from integration.http.problem import assert_problem, places


@pytest.fixture
async def garden(client):
    """Three tasks; since revision 3 one was renamed, one finished and one deleted."""
    for title, priority in (("Water the plants", 1), ("Buy seeds", 5), ("Sow", 1)):
        await client.post("/tasks/", json={"title": title, "priority": priority})
    await client.patch("/tasks/1", json={"title": "Rest", "priority": 9})
    await client.post("/tasks/2/complete")
    await client.delete("/tasks/3")


async def _ids(client, **query):
    answer = await client.get("/tasks/", params=query)
    assert answer.status_code == 200, answer.text
    return [task["id"] for task in answer.json()]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ({"filter": "priority = 1"}, [1, 3]),
        ({"filter": "is_open"}, [1, 2, 3]),
        ({"q": "plant"}, [1]),
        ({"q": "rest"}, []),
        ({"filter": "priority = 1", "q": "sow"}, [3]),
        ({"sort": "id"}, [1, 2, 3]),
        ({"count": "false"}, [1, 2, 3]),
        ({"filter": "created <= now AND created > now-1h"}, [1, 2, 3]),
        ({"filter": "created > now"}, []),
    ],
)
async def test_the_past_is_filtered(client, garden, query, ids):
    assert await _ids(client, as_of=3, **query) == ids


async def test_each_task_is_listed_as_it_was_with_the_requested_fields(client, garden):
    answer = await client.get("/tasks/", params={"as_of": 3, "q": "water", "fields": "title,priority,revision"})
    assert answer.json() == [{"title": "Water the plants", "priority": 1, "revision": 1}]
    again = await client.get(str(answer.url), headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


async def test_a_saved_filter_is_taken_as_it_is_now(client, garden):
    await client.post("/filters/", json={"name": "top", "filter": "priority = 1"})
    assert await _ids(client, as_of=3, saved="top") == [1, 3]
    await client.patch("/filters/top", json={"filter": "priority = 5"})
    assert await _ids(client, as_of=3, saved="top") == [2]
    assert_problem(await client.get("/tasks/?as_of=3&saved=other"), 404, "filter_not_found")


async def test_a_saved_filter_that_sorts_is_refused_for_past_states_which_come_by_id(client, garden):
    await client.post("/filters/", json={"name": "top", "filter": "priority = 1", "sort": "-due"})
    answer = await client.get("/tasks/?as_of=3&saved=top")
    assert places(answer) == {"query.sort": "invalid_value"}
    assert "-due" in answer.text
    assert await _ids(client, as_of=3, saved="top", sort="id") == [1, 3]


async def test_the_pages_of_a_past_are_all_of_one_revision(client, garden):
    task = (await client.get("/tasks/1", params={"as_of": 3})).json()
    query = {"as_of": (await client.get("/tasks/3", params={"as_of": 3})).json()["created"], "filter": "priority = 1"}
    first = await client.get("/tasks/", params=query | {"limit": 1})
    assert first.json() == [task]
    await client.patch("/tasks/1", json={"priority": 2})
    second = await client.get(f"http://test{first.links['next']['url']}")
    assert [one["id"] for one in second.json()] == [3]
    assert "next" not in second.links
    cursor = second.url.params["cursor"]
    for other in ({"as_of": 3}, {"filter": "priority = 5"}, {"q": "sow"}, {"time_zone": "Asia/Tokyo"}):
        answer = await client.get("/tasks/", params=query | {"cursor": cursor} | other)
        assert places(answer) == {"query.cursor": "invalid_value"}


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("sort=due", "sort"),
        ("sort=-id", "sort"),
        ("sort=nothing", "sort"),
        ("count=true", "count"),
        ("skip=1&q=a", "skip"),
        ("skip=1", "skip"),
        ("after=1&q=a", "after"),
        ("fields=id,urgency", "fields"),
        ("limit=0&q=a", "limit"),
        ("limit=1001&q=a", "limit"),
        ("filter=priority%3D", "filter"),
        ("filter=nothing:1", "filter"),
        ("q=%20", "q"),
        ("cursor=x", "cursor"),
        ("time_zone=Nowhere", "time_zone"),
    ],
)
async def test_what_can_not_be_asked_of_the_past_is_refused_where_it_stands(client, garden, query, place):
    assert set(places(await client.get(f"/tasks/?as_of=3&{query}"))) == {f"query.{place}"}


@pytest.mark.parametrize("as_of", ["99", "yesterday", "2999-01-01T00:00:00Z"])
async def test_what_is_no_past_is_not_filtered(client, garden, as_of):
    assert set(places(await client.get("/tasks/", params={"as_of": as_of, "q": "a"}))) == {"query.as_of"}


async def test_the_past_is_not_counted(client, garden):
    assert set(places(await client.get("/tasks/facets?as_of=3"))) == {"query.as_of"}
