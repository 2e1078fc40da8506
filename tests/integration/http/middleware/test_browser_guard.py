"""What a page in the user's browser may do: nothing, unless it is ours or named."""

import pytest

from integration.http.problem import assert_problem

HOSTS = ["test", "localhost", "LOCALHOST", "localhost.", "127.0.0.1", "127.3.2.1", "[::1]", "[0:0:0:0:0:0:0:1]"]
STRANGERS = [
    "evil.example", "localhost.evil.example", "test.evil.example", "2130706433", "127.1", "10.0.0.1", "[::2]",
    "0.0.0.0", "[::]", "127.0.0.1.nip.io", "notlocalhost",
]  # fmt: skip
MALFORMED = ["", "user@localhost", "localhost:80:80", "localhost:x", "[::1", "::1", "localhost/evil", "local host"]


@pytest.mark.parametrize("host", HOSTS)
async def test_the_own_name_and_loopback_are_served(serve, host):
    async with serve() as client:
        assert (await client.get("/tasks/", headers={"host": host})).status_code == 200


@pytest.mark.parametrize("host", STRANGERS)
@pytest.mark.parametrize("path", ["/tasks/", "/health/live", "/docs", "/openapi.json", "/nowhere"])
async def test_a_name_that_was_bent_to_this_address_is_misdirected(serve, host, path):
    async with serve() as client:
        assert_problem(await client.get(path, headers={"host": host}), 421, "host_not_served")


@pytest.mark.parametrize("host", MALFORMED)
async def test_what_is_no_host_is_no_request(serve, host):
    async with serve() as client:
        assert_problem(await client.get("/tasks/", headers={"host": host}), 400, "malformed_request")


async def test_two_hosts_are_no_request(serve):
    async with serve() as client:
        for hosts in (["test", "test"], ["test", "evil.example"]):
            answer = await client.get("/tasks/", headers=[("host", host) for host in hosts])
            assert_problem(answer, 400, "malformed_request")


async def test_a_name_that_the_operator_gives_is_served_on_any_port(serve):
    async with serve(allowed_hosts="tasks.example.org, [fd00::1],10.0.0.1") as client:
        for host, status in {
            "tasks.example.org": 200, "Tasks.Example.org.:443": 200, "[fd00:0::1]:8443": 200, "10.0.0.1:80": 200,
            "[fd00::2]": 421, "10.0.0.2": 421, "x.tasks.example.org": 421, "example.org": 421,
        }.items():  # fmt: skip
            assert (await client.get("/tasks/", headers={"host": host})).status_code == status, host


UNSAFE = [
    ("POST", "/tasks/"), ("PATCH", "/tasks/1"), ("DELETE", "/tasks/1"), ("PUT", "/tasks/1"), ("POST", "/import"),
    ("POST", "/batch"), ("POST", "/tasks/1/complete"), ("PURGE", "/tasks/"),
]  # fmt: skip
FOREIGN = [
    {"origin": "null"}, {"origin": "https://evil.example"}, {"origin": "http://test:3000"}, {"origin": "https://test:80"},
    {"origin": "http://test.evil.example"}, {"origin": "http://test@evil.example"}, {"origin": "http://test, http://x"},
    {"origin": "file://"}, {"origin": ""}, {"origin": "chrome-extension://test"}, {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"}, {"origin": "http://test", "sec-fetch-site": "cross-site"},
]  # fmt: skip


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
async def test_a_page_of_another_origin_changes_nothing(serve, headers):
    async with serve() as client:
        for method, path in UNSAFE:
            assert_problem(await client.request(method, path, headers=headers), 403, "cross_origin")


@pytest.mark.parametrize(
    "headers",
    [{}, {"origin": "http://test"}, {"origin": "http://TEST:80"}, {"origin": "https://test"},
     {"origin": "http://test", "sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"},
     {"origin": "https://tasks.example.org", "sec-fetch-site": "same-origin"}],
    ids=str,
)  # fmt: skip
async def test_programs_and_pages_of_ours_change_what_they_like(serve, headers):
    async with serve() as client:
        assert (await client.post("/tasks/", json={"title": "Mine"}, headers=headers)).status_code == 201


async def test_a_page_of_another_origin_reads_nothing(serve):
    async with serve() as client:
        answer = await client.get("/tasks/", headers={"origin": "https://evil.example"})
        asked = await client.options("/tasks/", headers=PREFLIGHT | {"origin": "https://evil.example"})
    for each in (answer, asked):
        assert not [name for name in each.headers if name.startswith("access-control-")]
    assert asked.status_code == 204


APP = "https://app.example.org"
PREFLIGHT = {"access-control-request-method": "PATCH", "access-control-request-headers": "if-match, content-type"}


async def test_a_page_of_a_named_origin_is_let_in(serve):
    async with serve(cors_origins=f"https://other.example, {APP}") as client:
        asked = await client.options("/tasks/1", headers=PREFLIGHT | {"origin": APP})
        made = await client.post(
            "/tasks/", json={"title": "Mine"}, headers={"origin": APP, "sec-fetch-site": "cross-site"}
        )
        failed = await client.get("/tasks/99", headers={"origin": APP})
    assert asked.status_code == 204
    assert "PATCH" in asked.headers["access-control-allow-methods"]
    assert asked.headers["access-control-allow-headers"] == "*, Authorization"
    assert (made.status_code, failed.status_code) == (201, 404)
    for answer in (asked, made, failed):
        assert answer.headers["access-control-allow-origin"] == APP
        assert "access-control-allow-credentials" not in answer.headers
        assert answer.headers["access-control-expose-headers"] == "*"


@pytest.mark.parametrize(
    "origin", ["null", "https://evil.example", f"{APP}.evil.example", "http://app.example.org", "", None]
)
async def test_others_are_not_when_some_are_and_caches_know_it(serve, origin):
    headers = {} if origin is None else {"origin": origin}
    async with serve(cors_origins=APP) as client:
        read = await client.get("/tasks/", headers=headers)
        asked = await client.options("/tasks/", headers=PREFLIGHT | headers)
    assert asked.status_code == 403
    for answer in (read, asked):
        assert "access-control-allow-origin" not in answer.headers
        assert "Origin" in answer.headers["vary"]


@pytest.mark.parametrize(
    "path", ["/tasks/", "/tasks/99", "/nowhere", "/docs", "/docs/assets/swagger-ui.css", "/openapi.json"]
)
async def test_every_answer_holds_browsers_back(serve, path):
    async with serve() as client:
        answer = await client.get(path)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


async def test_nothing_in_the_documentation_is_a_script_or_a_style_of_its_own(serve):
    async with serve() as client:
        page = await client.get("/docs")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "unsafe" not in policy
    assert page.text.count("<script") == page.text.count("<script src=") == 2
    assert "style=" not in page.text


FORM_TYPES = ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "Text/Plain;charset=utf-8"]


@pytest.mark.parametrize("media_type", FORM_TYPES)
@pytest.mark.parametrize(
    "path", ["/tasks/", "/batch", "/tasks/1/complete", "/tasks/1/reopen", "/tasks/1/restore", "/commits/1/undo"]
)
async def test_what_a_form_can_send_is_no_body_not_even_an_optional_one(client, task, media_type, path):
    answer = await client.post(path, content="{}", headers={"content-type": media_type})
    assert_problem(answer, 415, "unsupported_media_type")


@pytest.mark.parametrize("media_type", FORM_TYPES)
async def test_nor_beside_a_change_in_the_query(client, task, media_type):
    answer = await client.patch("/tasks/1?completed=true", content="{}", headers={"content-type": media_type})
    assert_problem(answer, 415, "unsupported_media_type")


@pytest.mark.parametrize("media_type", FORM_TYPES[:2])
async def test_no_form_is_imported(client, media_type):
    answer = await client.post("/import?format=todotxt", content="Buy milk", headers={"content-type": media_type})
    assert_problem(answer, 415, "unsupported_media_type")
