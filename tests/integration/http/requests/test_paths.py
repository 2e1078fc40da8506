import pytest

from integration.http.problem import assert_problem, places

OPERATIONS = [
    ("GET", "/tasks", None, 200),
    ("POST", "/tasks", {"title": "Buy milk"}, 201),
    ("GET", "/tasks/1", None, 200),
    ("PATCH", "/tasks/1", {"title": "Buy milk"}, 200),
    ("POST", "/tasks/1/complete", None, 200),
    ("POST", "/tasks/1/reopen", None, 200),
    ("POST", "/tasks/1/start", None, 200),
    ("POST", "/tasks/1/cancel", None, 200),
    ("POST", "/tasks/1/restore", None, 200),
    ("DELETE", "/tasks/1", None, 204),
    ("GET", "/changes", None, 200),
    ("HEAD", "/changes", None, 200),
    ("POST", "/batch", {"commands": [{"command": "complete", "id": 1}]}, 200),
]


@pytest.mark.parametrize(("method", "path", "body", "status"), OPERATIONS)
@pytest.mark.parametrize("slash", ["", "/"])
async def test_every_path_works_with_and_without_a_slash_and_without_a_redirect(
    client, task, method, path, body, status, slash
):
    assert (await client.request(method, path + slash, json=body)).status_code == status


@pytest.mark.parametrize("path", ["/tasks/", "/tasks", "/tasks/1", "/tasks/1/"])
async def test_head_answers_like_get(client, task, path):
    head, get = await client.head(path), await client.get(path)

    assert head.status_code == 200
    assert head.headers["etag"] == get.headers["etag"]


@pytest.mark.parametrize(
    "id_", ["0", "-1", "01", "1.0", "abc", "9007199254740992", str(2**63), "9" * 5000, "%20", "%D9%A1", "1%00"]
)
@pytest.mark.parametrize("suffix", ["", "/complete"])
async def test_what_can_name_no_task_is_refused(client, id_, suffix):
    answer = await client.request("POST" if suffix else "GET", f"/tasks/{id_}{suffix}")

    assert places(answer) == {"path.task_id": "invalid_value"}


async def test_the_greatest_id_is_merely_not_found(client):
    assert_problem(await client.get("/tasks/9007199254740991"), 404, "task_not_found")


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/tasks", "GET, HEAD, POST"),
        ("/tasks/", "GET, HEAD, POST"),
        ("/tasks/1", "DELETE, GET, HEAD, PATCH"),
        ("/tasks/1/", "DELETE, GET, HEAD, PATCH"),
        ("/tasks/1/complete", "POST"),
        ("/tasks/1/restore/", "POST"),
        ("/changes", "GET, HEAD"),
        ("/batch/", "POST"),
        ("/tasks/facets", "GET, HEAD"),
        ("/tasks/bulk/", "POST"),
    ],
)
@pytest.mark.parametrize("method", ["PUT", "TRACE", "BREW"])
async def test_an_unknown_method_is_refused_with_those_that_the_path_has(client, path, allowed, method):
    answer = await client.request(method, path)

    assert_problem(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == f"{allowed}, OPTIONS"


@pytest.mark.parametrize("path", ["/tasks/facets", "/tasks/facets/", "/tasks/bulk", "/tasks/bulk/"])
@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
async def test_a_path_that_looks_like_that_of_a_task_is_not_taken_for_one(serve, path, method):
    async with serve() as client:
        assert_problem(await client.request(method, path), 405, "method_not_allowed")


@pytest.mark.parametrize(("path", "allowed"), [("/tasks/1", "DELETE, GET, HEAD, PATCH"), ("/batch", "POST")])
async def test_options_says_which_methods_a_path_has(client, path, allowed):
    answer = await client.options(path)

    assert (answer.status_code, answer.text, answer.headers["allow"]) == (204, "", f"{allowed}, OPTIONS")


async def test_the_root_says_what_is_here_and_where(serve):
    async with serve() as client:
        found = (await client.get("/")).json()
        assert found.pop("name") == "Taskharbor"
        for path in found.values():
            assert (await client.get(path)).status_code == 200
        assert (await client.options("/docs")).status_code == 204


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("text/calendar; charset=utf-8; method=PUBLISH", 200),
        ('text/plain;Charset="UTF-8"', 200),
        ("text/plain; charset=us-ascii", 200),
        ("text/plain; charset=iso-8859-1", 415),
        ("text/plain; charset=utf-16", 415),
    ],
)
async def test_an_import_in_another_charset_is_refused(client, content_type, status):
    answer = await client.post("/import?format=todotxt", content=b"Buy milk", headers={"content-type": content_type})
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize("path", ["/task", "/tasks//", "/tasks/1/explode", "/tasks/1/2/3", "/health", "/redoc"])
async def test_an_unknown_path_is_a_problem_document(serve, path):
    async with serve() as client:
        assert_problem(await client.get(path), 404, "path_not_found")


@pytest.mark.parametrize("path", ["/health/live", "/health/ready/", "/openapi.json", "/docs"])
async def test_a_wrong_method_elsewhere_is_a_problem_document_too(serve, path):
    async with serve() as client:
        answer = await client.post(path)

    assert_problem(answer, 405, "method_not_allowed")
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize("root_path", ["/tasks", "/tasks-api", "/büro/2"])
async def test_behind_a_proxy_that_cuts_the_path_links_lead_back_through_it(serve, root_path):
    async with serve(root_path=root_path) as client:
        first = await client.post("/tasks/", json={"title": "Buy milk"})
        await client.post("/tasks/", json={"title": "Buy bread"})
        page = await client.get("/tasks/?limit=1")

    seen = root_path.replace("ü", "%C3%BC")
    assert first.headers["location"] == f"{seen}/tasks/1"
    assert page.links["next"]["url"] == f"{seen}/tasks/?after=1&limit=1"


async def test_behind_a_proxy_the_documentation_names_the_path(serve):
    async with serve(root_path="/tasks-api") as client:
        assert (await client.get("/openapi.json")).json()["servers"] == [{"url": "/tasks-api"}]
        assert "/tasks-api/openapi.json" in (await client.get("/docs")).text
