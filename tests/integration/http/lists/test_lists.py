import pytest

from integration.http.problem import places


async def _walk(client, first):
    """Follow the next links from `first` and return all ids."""
    answer = await client.get(first)
    ids = [task["id"] for task in answer.json()]
    while "next" in answer.links:
        answer = await client.get(f"http://test{answer.links['next']['url']}")
        assert answer.status_code == 200
        ids += [task["id"] for task in answer.json()]
    return ids


@pytest.fixture
async def twelve(client):
    for number in range(1, 13):
        await client.post("/tasks/", json={"title": f"Task {number}"})


@pytest.mark.parametrize("limit", [1, 5, 12, 1000])
@pytest.mark.parametrize("path", ["/tasks/", "/tasks"])
async def test_the_next_links_lead_to_every_task_once(client, twelve, path, limit):
    assert await _walk(client, f"{path}?limit={limit}") == list(range(1, 13))


async def test_a_walk_that_starts_with_skip_goes_on_by_key(client, twelve):
    first = await client.get("/tasks/?skip=2&limit=4")

    assert first.links["next"]["url"].endswith("/tasks/?after=6&limit=4")
    assert await _walk(client, "/tasks/?skip=2&limit=4") == list(range(3, 13))


async def test_nothing_is_missed_or_repeated_while_others_write(client, twelve):
    first = await client.get("/tasks/?limit=5")
    await client.delete("/tasks/2")
    await client.delete("/tasks/8")
    await client.post("/tasks/", json={"title": "Task 13"})

    rest = await _walk(client, f"http://test{first.links['next']['url']}")

    assert rest == [6, 7, 9, 10, 11, 12, 13]


async def test_the_last_page_has_no_next_link(client, twelve):
    assert "link" not in (await client.get("/tasks/?limit=12")).headers
    assert "link" not in (await client.get("/tasks/?after=12")).headers


async def test_an_empty_list_is_an_empty_array(client):
    assert (await client.get("/tasks/")).text == "[]"


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("limit=0", {"query.limit": "invalid_value"}),
        ("limit=1001", {"query.limit": "invalid_value"}),
        ("limit=-1", {"query.limit": "invalid_value"}),
        ("skip=-1", {"query.skip": "invalid_value"}),
        ("after=-1", {"query.after": "invalid_value"}),
        ("after=9007199254740992", {"query.after": "invalid_value"}),
        (f"limit={'9' * 5000}", {"query.limit": "wrong_type"}),
        ("limit=ten&skip=1.5", {"query.limit": "wrong_type", "query.skip": "wrong_type"}),
        ("limit=", {"query.limit": "wrong_type"}),
        ("limit=%D9%A1", {"query.limit": "wrong_type"}),
        ("limit=+5", {"query.limit": "wrong_type"}),
        ("limit=05", {"query.limit": "wrong_type"}),
        ("limit=1_0", {"query.limit": "wrong_type"}),
        ("limit=5&limit=5", {"query.limit": "duplicate"}),
        ("skip=1&after=1", {"query.skip": "invalid_value"}),
        ("limt=5", {"query.limt": "unknown"}),
        ("%ff%00=5", {"query.?\x00": "unknown"}),
        (f"{'x' * 500}=1", {f"query.{'x' * 64}...": "unknown"}),
    ],
)
async def test_a_parameter_that_makes_no_sense_is_refused(client, query, wrong):
    assert places(await client.get(f"/tasks/?{query}")) == wrong


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/tasks/1"),
        ("DELETE", "/tasks/1"),
        ("POST", "/tasks/"),
        ("POST", "/tasks/1/complete"),
        ("GET", "/changes"),
        ("POST", "/batch"),
    ],
)
async def test_no_operation_ignores_a_parameter(client, task, method, path):
    body = {"title": "Water"} if path == "/tasks/" else None
    answer = await client.request(method, f"{path}?force=1", json=body)

    assert places(answer) == {"query.force": "unknown"}
    assert (await client.get("/tasks/")).json() == [task]
