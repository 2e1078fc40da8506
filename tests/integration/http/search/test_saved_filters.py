"""Filters with a name."""

import pytest

from integration.http.problem import assert_problem, places

SHOPPING = {"name": "Shopping", "filter": "is_open AND tags:shop", "sort": "-id"}
PATCH = {"content-type": "application/merge-patch+json"}


@pytest.fixture
async def saved(client):
    for title, tags in (("Milk", ["shop"]), ("Eggs", ["Shop"]), ("Sleep", [])):
        await client.post("/tasks/", json={"title": title, "tags": tags})
    answer = await client.post("/filters/", json=SHOPPING)
    assert answer.status_code == 201
    return answer


async def test_it_is_kept_and_answered(client, saved):
    expected = {**SHOPPING, "q": None, "time_zone": None, "revision": 4}
    assert saved.json() == expected
    assert saved.headers["etag"] == '"4"'
    assert saved.headers["location"].endswith("/filters/Shopping")
    assert (await client.get("/filters/sHOPPING")).json() == expected
    assert (await client.get("/filters/")).json() == [expected]


async def test_it_is_used_by_its_name_and_can_be_narrowed(client, saved):
    titles = [task["title"] for task in (await client.get("/tasks/?saved=shopping")).json()]
    assert titles == ["Eggs", "Milk"]
    assert [task["title"] for task in (await client.get("/tasks/?saved=Shopping&q=mil")).json()] == ["Milk"]
    assert [task["id"] for task in (await client.get("/tasks/?saved=Shopping&sort=id")).json()] == [1, 2]
    assert (await client.get("/tasks/facets?saved=Shopping")).json()["total"] == 2


async def test_a_cursor_is_refused_when_the_saved_filter_has_changed(client, saved):
    link = (await client.get("/tasks/?saved=Shopping&limit=1")).links["next"]["url"]
    await client.patch("/filters/Shopping", json={"filter": "is_open"}, headers=PATCH)
    assert places(await client.get(f"http://test{link}")) == {"query.cursor": "invalid_value"}


@pytest.mark.parametrize("q", ["\\ud800 milk", "milk\\u0000"])
async def test_words_that_no_store_can_be_asked_for_are_not_kept(client, q):
    answer = await client.post(
        "/filters/", content=f'{{"name": "x", "q": "{q}"}}', headers={"content-type": "application/json"}
    )
    assert places(answer) == {"body.q": "invalid_value"}
    assert (await client.get("/filters/")).json() == []


async def test_it_is_changed_as_a_patch_says(client, saved):
    answer = await client.patch("/filters/Shopping", json={"name": "Groceries", "sort": None}, headers=PATCH)
    assert answer.json() == {**SHOPPING, "name": "Groceries", "sort": None, "q": None, "time_zone": None, "revision": 5}
    assert_problem(await client.get("/filters/Shopping"), 404, "filter_not_found")
    assert (await client.get("/filters/Groceries")).headers["etag"] == '"5"'


async def test_it_is_changed_only_if_it_is_still_the_same(client, saved):
    stale = PATCH | {"if-match": '"3"'}
    answer = await client.patch("/filters/Shopping", json={"sort": "id"}, headers=stale)
    assert_problem(answer, 412, "precondition_failed")
    assert answer.headers["etag"] == '"4"'
    fresh = PATCH | {"if-match": '"4"'}
    assert (await client.patch("/filters/Shopping", json={"sort": "id"}, headers=fresh)).status_code == 200
    assert_problem(await client.delete("/filters/Shopping", headers={"if-match": '"4"'}), 412, "precondition_failed")


async def test_it_is_forgotten_and_its_name_is_free_again(client, saved):
    assert (await client.delete("/filters/shopping")).status_code == 204
    assert (await client.get("/filters/")).json() == []
    assert_problem(await client.get("/tasks/?saved=Shopping"), 404, "filter_not_found")
    assert (await client.post("/filters/", json=SHOPPING)).status_code == 201


async def test_a_name_is_taken_in_any_case(client, saved):
    assert_problem(await client.post("/filters/", json=SHOPPING | {"name": "SHOPPING"}), 409, "filter_name_taken")
    await client.post("/filters/", json={"name": "other", "q": "milk"})
    answer = await client.patch("/filters/other", json={"name": "shopping"}, headers=PATCH)
    assert_problem(answer, 409, "filter_name_taken")
    assert len((await client.get("/filters/")).json()) == 2


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"name": "x"}, {"body.filter": "invalid_value"}),
        ({"name": "x", "filter": "colour = red"}, {"body.filter": "invalid_value"}),
        ({"name": "x", "filter": 5}, {"body.filter": "wrong_type"}),
        ({"name": "x", "q": "?!"}, {"body.q": "invalid_value"}),
        ({"name": "x", "q": "milk", "sort": "colour"}, {"body.sort": "invalid_value"}),
        ({"name": "x", "q": "milk", "time_zone": "Mars"}, {"body.time_zone": "invalid_value"}),
        ({"name": "a/b", "q": "milk"}, {"body.name": "invalid_value"}),
        ({"name": " ", "q": "milk"}, {"body.name": "invalid_value"}),
        ({"name": "x" * 65, "q": "milk"}, {"body.name": "invalid_value"}),
        ({"q": "milk"}, {"body.name": "missing"}),
        ({"name": "x", "q": "milk", "colour": 1}, {"body.colour": "unknown"}),
    ],
)
async def test_what_is_wrong_with_a_new_one_is_said_at_its_place(client, body, wrong):
    assert places(await client.post("/filters/", json=body)) == wrong
    assert (await client.get("/filters/")).json() == []


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
async def test_a_name_that_none_can_have_is_wrong_in_the_path(client, method):
    answer = await client.request(method, "/filters/a%00b", json={"q": "milk"}, headers=PATCH)
    assert places(answer) == {"path.name": "invalid_value"}
