"""Lists that are filtered, searched and sorted."""

import pytest

from integration.http.problem import assert_problem, places
from taskharbor.entrypoints.http.requests.parameter import texts_of

TASKS = [
    {"title": "Buy milk", "due": {"date": "2026-12-01"}, "tags": ["Shop"], "priority": 1},
    {"title": "Café with Ann", "due": {"localDateTime": "2026-12-03T15:00:00"}, "tags": ["friends"]},
    {"title": "Call the bank", "priority": 3, "progress": "completed"},
    {"title": "milk the cow", "due": {"localDateTime": "2026-12-01T06:00:00", "timeZone": "Europe/Berlin"}},
    {"title": "Read", "description": "a book about MILK", "priority": 9},
]


@pytest.fixture
async def five(client):
    for task in TASKS:
        assert (await client.post("/tasks/", json=task)).status_code == 201


async def _ids(client, **query):
    answer = await client.get("/tasks/", params=query)
    assert answer.status_code == 200, answer.text
    return [task["id"] for task in answer.json()]


async def _walk(client, **query):
    answer = await client.get("/tasks/", params=query)
    pages = [[task["id"] for task in answer.json()]]
    while "next" in answer.links:
        answer = await client.get(f"http://test{answer.links['next']['url']}")
        assert answer.status_code == 200, answer.text
        pages.append([task["id"] for task in answer.json()])
    return pages


@pytest.mark.parametrize(
    ("filter", "ids"),
    [
        ("is_open", [1, 2, 4, 5]),
        ("tags:shop OR priority >= 9", [1, 5]),
        ('due < "2026-12-02"', [1, 4]),
        ("due = 2026-12-01T05:00:00Z", [4]),
        ("due:* -tags:friends", [1, 4]),
        ("priority <= 3", [1, 3]),
        ("NOT priority <= 3", [2, 4, 5]),
        ("title:MILK", [1, 4]),
        ('"cafe"', [2]),
        ("description:*", [5]),
        ("progress != completed AND NOT due:*", [5]),
    ],
)
async def test_a_filter_finds(client, five, filter, ids):
    assert await _ids(client, filter=filter) == ids


@pytest.mark.parametrize(
    ("q", "ids"), [("milk", [1, 4, 5]), ("MIL buy", [1]), ("shop", [1]), ("cafe", [2]), ("ilk", [])]
)
async def test_a_search_finds(client, five, q, ids):
    assert await _ids(client, q=q) == ids


@pytest.mark.parametrize(
    ("sort", "ids"),
    [
        ("title", [1, 2, 3, 4, 5]),
        ("-title", [5, 4, 3, 2, 1]),
        ("due", [1, 4, 2, 3, 5]),
        ("due nulls first,-priority", [5, 3, 1, 4, 2]),
        ("-due", [2, 4, 1, 5, 3]),
        ("priority", [1, 3, 5, 2, 4]),
    ],
)
async def test_a_list_is_sorted_and_its_pages_together_are_the_list(client, five, sort, ids):
    assert await _ids(client, sort=sort) == ids
    assert await _walk(client, sort=sort, limit=2) == [ids[:2], ids[2:4], ids[4:]]


async def test_filter_search_sort_and_page_go_together(client, five):
    query = {"filter": "is_open", "q": "milk", "sort": "-id", "limit": 1}
    assert await _walk(client, **query) == [[5], [4], [1]]


async def test_days_begin_where_the_time_zone_says(client, five):
    assert await _ids(client, filter="due = 2026-12-01") == [1, 4]
    assert await _ids(client, filter="due < 2026-12-01", time_zone="Asia/Tokyo") == []
    assert await _ids(client, filter="due = 2026-11-30", time_zone="Pacific/Honolulu") == [4]


async def test_fields_are_chosen_in_the_order_that_was_asked_for(client, five):
    answer = await client.get("/tasks/?fields=title,id&limit=1")
    assert answer.text == '[{"title":"Buy milk","id":1}]'
    following = answer.links["next"]["url"].partition("?")[2]
    assert following == "after=1&limit=1&fields=title%2Cid"
    assert (await client.get(f"/tasks/?{following}")).text == '[{"title":"Café with Ann","id":2}]'


async def test_the_number_of_all_tasks_comes_on_demand(client, five):
    answer = await client.get("/tasks/?filter=is_open&count=true&limit=1")
    assert (len(answer.json()), answer.headers["x-total-count"]) == (1, "4")
    assert "x-total-count" not in (await client.get("/tasks/?filter=is_open")).headers


async def test_a_filtered_list_has_an_etag(client, five):
    first = await client.get("/tasks/?filter=is_open")
    again = await client.get("/tasks/?filter=is_open", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304


async def test_a_plain_list_is_what_it_always_was(client, five):
    plain = await client.get("/tasks/?limit=2")
    assert plain.links["next"]["url"].endswith("?after=2&limit=2")
    assert plain.text == (await client.get("/tasks/?limit=2&filter=id > 0")).text


@pytest.mark.parametrize(
    ("query", "location", "column"),
    [
        ({"filter": "due < today AND colour = red"}, "query.filter", 17),
        ({"filter": "priority < high"}, "query.filter", 12),
        ({"filter": "(blocked"}, "query.filter", 9),
        ({"filter": "(" * 10_000}, "query.filter", 8001),
        ({"filter": ""}, "query.filter", 1),
        ({"q": "!"}, "query.q", None),
        ({"sort": "colour"}, "query.sort", None),
        ({"sort": "due", "cursor": "forged"}, "query.cursor", None),
        ({"filter": "is_open", "time_zone": "Mars/Olympus"}, "query.time_zone", None),
        ({"fields": "id,colour"}, "query.fields", None),
        ({"count": "perhaps"}, "query.count", None),
        ({"filter": "is_open", "limit": "1001"}, "query.limit", None),
        ({"filter": "is_open", "limit": "many"}, "query.limit", None),
        ({"filter": "is_open", "after": "3"}, "query.after", None),
        ({"fields": "id,urgency", "after": "3"}, "query.after", None),
        ({"fields": "id", "skip": "1", "after": "3"}, "query.skip", None),
        ({"fields": "id", "limit": "1001"}, "query.limit", None),
        ({"filter": "is_open", "colour": "red"}, "query.colour", None),
        ({"sort": "due", "skip": "1", "cursor": "x"}, "query.skip", None),
    ],
)
async def test_what_cannot_be_understood_is_refused_at_its_place(client, five, query, location, column):
    answer = await client.get("/tasks/", params=query)
    assert list(places(answer)) == [location]
    assert answer.json()["errors"][0].get("column") == column


@pytest.mark.parametrize("name", ["filter", "q", "sort", "saved", "time_zone", "fields", "cursor"])
@pytest.mark.parametrize("bytes_", ["milk%ff", "milk%ed%a0%80", "%c3milk"])
async def test_what_is_not_utf_8_is_refused_never_replaced(client, five, name, bytes_):
    assert places(await client.get(f"/tasks/?{name}={bytes_}")) == {f"query.{name}": "invalid_value"}
    answer = await client.get(f"/tasks/?filter=NOT title:{bytes_}")
    assert [error["message"] for error in answer.json()["errors"]] == ["must be UTF-8"]


def test_letters_are_understood_without_percent_signs_too():
    assert texts_of({"query_string": "q=äpfel+%C3%A4".encode()}, ("q",)) == {"q": "äpfel ä"}


@pytest.mark.parametrize(
    "other",
    [
        {"filter": "is_open AND id > 1", "sort": "title"},
        {"filter": "is_open", "sort": "-title"},
        {"filter": "is_open", "sort": "title", "q": "milk"},
        {"filter": "is_open", "sort": "title", "time_zone": "Asia/Tokyo"},
        {"sort": "title"},
    ],
)
async def test_a_cursor_is_good_for_the_question_that_it_came_with(client, five, other):
    first = await client.get("/tasks/", params={"filter": "is_open", "sort": "title", "limit": 1})
    cursor = first.links["next"]["url"].partition("cursor=")[2]
    assert (await client.get("/tasks/", params={"filter": "is_open", "sort": "title", "cursor": cursor})).is_success
    assert places(await client.get("/tasks/", params=other | {"cursor": cursor})) == {"query.cursor": "invalid_value"}


async def test_facets_count_by_everything_in_one_call(client, five):
    await client.post("/tasks/", json={"title": "Again", "tags": ["SHOP", "friends"], "due": {"date": "2001-01-01"}})
    answer = await client.get("/tasks/facets", params={"filter": "is_open"})
    assert answer.json() == {
        "total": 5,
        "progress": {"needs-action": 5, "in-process": 0, "completed": 0, "cancelled": 0},
        "lists": {"1": 5},
        "tags": {"friends": 2, "SHOP": 2},
        "due": answer.json()["due"],
    }
    assert list(answer.json()["tags"]) == ["friends", "SHOP"]
    assert answer.json()["due"] | {"past": 1, "none": 1} == answer.json()["due"]
    assert sum(answer.json()["due"].values()) == 5


async def test_facets_refuse_what_is_about_pages(client):
    assert places(await client.get("/tasks/facets?limit=3&filter=is_open")) == {"query.limit": "unknown"}
    assert places(await client.get("/tasks/facets?filter=is_opn")) == {"query.filter": "invalid_value"}


async def test_an_unknown_saved_filter_is_not_found(client):
    assert_problem(await client.get("/tasks/?saved=nothing"), 404, "filter_not_found")
