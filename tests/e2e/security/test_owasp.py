"""One server, one or more tests for each item of the OWASP API Security Top 10 (2023)."""

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import httpx
import pytest

from e2e.test_schemathesis import run_schemathesis
from integration.http.problem import assert_problem

FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def theirs(shared) -> dict:
    """A task of the other tenant, with all by which it could be named."""
    with shared.client("theirs") as client:
        # So many that the other tenant has no task with this number.
        client.post(
            "/batch", json={"commands": [{"command": "create", "title": "One of many"}] * 50}
        ).raise_for_status()
        task = client.post("/tasks/", json={"title": "Their secret", "tags": ["hidden"]}).json()
        task["list_id"] = client.post("/lists/", json={"name": "Their list"}).json()["id"]
        since = client.get("/changes?since=*&limit=1").json()["next"]
        cursor = httpx.URL(client.get("/tasks/?sort=title&limit=1").links["next"]["url"]).params["cursor"]
        task["changes"] = {"url": "/changes", "params": {"since": since}}
        task["page"] = {"url": "/tasks/", "params": {"sort": "title", "limit": 100, "cursor": cursor}}
        for name in ("changes", "page"):
            assert "Their secret" in client.get(**task[name]).raise_for_status().text
    return task


def test_api1_the_tasks_of_others_are_not_there_by_whatever_name(shared, theirs):
    """Broken object level authorization."""
    with shared.client("manage") as client:
        nobody = client.get("/tasks/999999")
        here = f"/tasks/{theirs['id']}"
        for path in (here, f"/workspaces/ours{here}"):
            assert (client.get(path).status_code, client.get(path).json()) == (404, nobody.json())
        for method, path, body in (
            ("PATCH", here, {"title": "Mine now"}),
            ("DELETE", here, None),
            ("POST", f"{here}/complete", None),
            ("POST", f"{here}/comments", {"text": "Hello"}),
            ("GET", f"{here}/history", None),
        ):
            answer = client.request(method, path, json=body)
            assert answer.status_code == 404, (path, answer.text)
        for method in ("GET", "POST", "DELETE", "PATCH"):
            hidden = client.request(method, "/workspaces/theirs/tasks/1")
            unknown = client.request(method, "/workspaces/nowhere/tasks/1")
            assert (hidden.status_code, hidden.json()) == (unknown.status_code, unknown.json())
        for query in ({"filter": 'title = "Their secret"'}, {"q": "secret"}, {"filter": 'tags:"hidden"'}):
            assert client.get("/tasks/", params=query).json() == []
        batch = {"commands": [{"command": "change", "id": theirs["id"], "title": "Mine now"}]}
        assert client.post("/batch", json=batch).json()["code"] == "task_not_found"
        assert theirs["list_id"] not in {one["id"] for one in client.get("/lists/").json()}
        planted = [
            client.post("/tasks/", json={"title": "Planted", "list": number}) for number in (theirs["list_id"], 999_999)
        ]
        assert [(answer.status_code, answer.json()) for answer in planted] == [(422, planted[1].json())] * 2
        there = f"/lists/{theirs['list_id']}"
        for method, path, body in (
            ("GET", there, None),
            ("PATCH", there, {"name": "Mine now"}),
            ("DELETE", f"{there}?tasks=delete", None),
        ):
            assert_problem(client.request(method, path, json=body), 404, "list_not_found")
        for _ in range(4):  # as many commits as there are before their token
            client.post("/tasks/", json={"title": "Mine"}).raise_for_status()
        assert_problem(client.get(**theirs["changes"]), 410, "token_expired")
        assert_problem(client.get(**theirs["page"]), 422, "invalid_value")
        assert client.post("/tasks/", json={"title": "Same uid", "uid": theirs["uid"]}).status_code == 201
    with shared.client("theirs") as client:
        assert client.get(f"/tasks/{theirs['id']}").json()["title"] == "Their secret"
        assert client.get(f"/lists/{theirs['list_id']}").json()["name"] == "Their list"
        assert client.get("/tasks/", params={"filter": f"list={theirs['list_id']}"}).json() == []


def test_api2_whatever_is_no_credential_is_answered_the_same(shared):
    """Broken authentication."""
    good = shared.tokens["write"]
    wrong = [
        "Bearer", f"Bearer {good[:-1]}", f"Bearer {good}x", f"Bearer {good.swapcase()}", "Basic YWRhOg==",
        f"Basic {good}", f"Token {good}", "Bearer th_" + "0" * 33, f"Bearer {shared.tokens['link']}",
        f"Bearer {shared.tokens['invitation']}", "Bearer a.b.c", "Bearer " + "x" * 8000,
    ]  # fmt: skip
    with shared.server.client() as client:
        answers = [client.get("/tasks/", headers={"authorization": each}) for each in wrong]
        nothing = client.get("/tasks/")
        for answer in [*answers, nothing]:
            assert_problem(answer, 401, "unauthenticated")
            assert answer.json() == nothing.json()
        assert client.get(f"/tasks/?access_token={good}").status_code == 401
        assert client.get("/tasks/", headers={"cookie": f"taskharbor-session={good}"}).status_code == 401


def test_api2_guessing_is_slowed(start_server):
    """Broken authentication."""
    server = start_server(
        TASKHARBOR_DATABASE_URL="memory://", TASKHARBOR_AUTH="required", TASKHARBOR_FAILED_SIGN_INS="5/day"
    )
    with server.client() as client:
        wrong = {"authorization": f"Bearer th_{'0' * 33}"}
        statuses = [client.get("/tasks/", headers=wrong).status_code for _ in range(7)]
        assert statuses == [401] * 5 + [429] * 2
        assert client.post("/sign-in/link", content="secret=x", headers=FORM).status_code == 429
        assert client.get("/health/live").status_code == 200


def test_api3_what_the_service_sets_cannot_be_set_and_secrets_are_not_shown(shared):
    """Broken object property level authorization."""
    with shared.client("manage") as client:
        task = client.post("/tasks/", json={"title": "Mine"}).json()
        for name in ("id", "revision", "created", "updated", "blocked", "comment_count", "workspace", "is_admin"):
            refused = client.patch(f"/tasks/{task['id']}", json={name: task.get(name, 1)})
            assert_problem(refused, 422, "invalid_value")
        shown = client.get("/tokens/").text + client.get("/members/").text + client.get("/audit").text
    for name, secret in shared.tokens.items():
        assert secret not in shown, name
    assert not re.search(r"\b[0-9a-f]{64}\b", shown), "a digest"


def test_api4_one_caller_gets_no_more_than_its_share(shared, start_server):
    """Unrestricted resource consumption."""
    with shared.client("write") as client:
        assert client.get("/tasks/?limit=1001").status_code == 422
        assert client.get("/tasks/?filter=" + "a" * 10_000).status_code == 414
        assert client.get("/tasks/", headers={f"x-{number}": "1" for number in range(200)}).status_code == 431
        deep = client.post("/tasks/", content=b"[" * 2_000_000, headers={"content-type": "application/json"})
        assert deep.status_code == 413
        commands = [{"command": "create", "title": "x"}] * 1001
        assert client.post("/batch", json={"commands": commands}).status_code == 422
    limited = start_server(TASKHARBOR_DATABASE_URL="memory://", TASKHARBOR_RATE_LIMIT="3/day")
    with limited.client() as client:
        answers = [client.get("/tasks/") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200] * 3 + [429] * 2
    assert answers[0].headers["ratelimit"].startswith('"caller";r=2;t=')
    assert int(answers[4].headers["retry-after"]) > 0


def test_api5_a_scope_does_what_it_says_and_no_more(shared):
    """Broken function level authorization."""
    with shared.client("read") as client:
        assert client.get("/tasks/").status_code == 200
        for method, path in (("POST", "/tasks/"), ("POST", "/batch"), ("POST", "/import"), ("PATCH", "/tasks/1")):
            assert_problem(client.request(method, path, json={}), 403, "permission_denied")
    with shared.client("write") as client:
        for method, path in (
            ("GET", "/tokens/"), ("POST", "/tokens/"), ("GET", "/audit"), ("PUT", "/members/mallory"),
            ("POST", "/invitations/"), ("DELETE", "/workspaces/ours"),
        ):  # fmt: skip
            assert_problem(client.request(method, path, json={}), 403, "permission_denied")
        # No header makes it another method, or another caller.
        task = client.post("/tasks/", json={"title": "It remains"}).json()
        for name in ("x-http-method-override", "x-http-method", "x-method-override"):
            for method, status in (("GET", 200), ("POST", 405)):
                assert client.request(method, f"/tasks/{task['id']}", headers={name: "DELETE"}).status_code == status
        assert client.get(f"/tasks/{task['id']}").json() == task
        for name in ("x-forwarded-user", "x-remote-user", "x-original-url", "x-rewrite-url"):
            assert client.get("/tokens/", headers={name: "ada"}).status_code == 403


def test_api6_what_is_meant_for_once_works_once_and_no_more_is_made_than_there_may_be(shared):
    """Unrestricted access to sensitive business flows."""
    with shared.server.client() as client:
        link = f"secret={shared.tokens['link']}"
        assert client.post("/sign-in/link", content=link, headers=FORM).status_code == 303
        client.cookies.clear()
        assert client.post("/sign-in/link", content=link, headers=FORM).status_code == 401
        accept = {"secret": shared.tokens["invitation"], "id": "bob"}
        first = client.post("/invitations/accept", json=accept)
        assert first.is_success, first.text
        assert_problem(client.post("/invitations/accept", json=accept | {"id": "bill"}), 404, "invitation_not_found")
    with shared.client("write") as client:
        answers = [client.post("/lists/", json={"name": f"List {number}"}) for number in range(5)]
    assert [answer.status_code for answer in answers] == [201] * 3 + [409] * 2
    assert_problem(answers[4], 409, "quota_exceeded")


class Trap(BaseHTTPRequestHandler):
    """Counts who comes, and sends each somewhere else."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(302)
        self.send_header("Location", "/caught")
        self.end_headers()

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def trap() -> Iterator[str]:
    Trap.asked.clear()
    with HTTPServer(("127.0.0.1", 0), Trap) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_api7_no_address_that_a_caller_gives_is_fetched(shared, trap):
    """Server side request forgery."""
    with shared.client("write") as client:
        made = client.post("/tasks/", json={"title": f"See {trap}", "links": [trap], "description": trap})
        assert made.status_code == 201, made.text
        calendar = (
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VTODO\r\nUID:1\r\nSUMMARY:x\r\n"
            f"ATTACH:{trap}/attach\r\nURL:{trap}/url\r\nEND:VTODO\r\nEND:VCALENDAR\r\n"
        )
        imported = client.post("/import?format=icalendar", content=calendar, headers={"content-type": "text/calendar"})
        assert imported.status_code == 200, imported.text
    port = httpx.URL(trap).port
    with shared.client("manage") as client:
        # It would be told of nothing, as no task is called that.
        good = {"url": "https://8.8.8.8/", "filter": 'title="nothing is called that"'}
        webhook = client.post("/webhooks/", json=good).raise_for_status().json()["id"]
        for host in ("127.0.0.1", "localhost", "127.1", "2130706433", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]"):
            for method, path in (("POST", "/webhooks/"), ("PATCH", f"/webhooks/{webhook}")):
                refused = client.request(method, path, json={"url": f"http://{host}:{port}/hook"})
                assert_problem(refused, 422, "invalid_value")
                assert refused.json()["errors"][0]["location"] == "body.url"
        assert [(one["id"], one["url"]) for one in client.get("/webhooks/").json()] == [(webhook, good["url"])]
        client.delete(f"/webhooks/{webhook}").raise_for_status()
    with shared.server.client() as client:
        header = "eyJhbGciOiJSUzI1NiIsImprdSI6Imh0dHA6Ly8xMjcuMC4wLjEvIn0"
        assert client.get("/tasks/", headers={"authorization": f"Bearer {header}.e30.x"}).status_code == 401
    assert Trap.asked == []


def test_api8_every_answer_holds_browsers_back_and_tells_nothing_of_the_machine(shared):
    """Security misconfiguration."""
    with shared.server.client() as client:
        for path in ("/", "/tasks/", "/nowhere", "/docs", "/openapi.json", "/sign-in", "/health/ready", "/tasks/%00"):
            answer = client.get(path)
            assert answer.headers["x-content-type-options"] == "nosniff", path
            assert "frame-ancestors 'none'" in answer.headers["content-security-policy"], path
            assert not {"server", "x-powered-by", "access-control-allow-origin"} & set(answer.headers), path
            assert not re.search(r"Traceback|/site-packages/|File \"|sqlite3?\.|sqlalchemy", answer.text), path
        assert client.get("/tasks/", headers={"host": "evil.example"}).status_code == 421
        assert client.request("TRACE", "/tasks/").status_code in (400, 405)
        page = client.get("/sign-in")
        assert "script" not in page.headers["content-security-policy"]


PUBLIC = {
    ("get", "/health/live"), ("get", "/health/ready"), ("post", "/invitations/accept"),
}  # fmt: skip
"""What is answered before it is clear who asks."""


def test_api9_what_is_served_is_documented_and_closed_to_strangers(shared):
    """Improper inventory management."""
    with shared.server.client() as client:
        paths = client.get("/openapi.json").json()["paths"]
        operations = [(method, path) for path, each in paths.items() for method in each]
        assert len(operations) > 50
        for method, path in operations:
            answer = client.request(method, re.sub(r"\{\w+\}", "1", path))
            if (method, path) in PUBLIC:
                assert answer.status_code != 401, path
            else:
                assert answer.status_code == 401, (method, path)
        for path in ("/admin", "/debug", "/.git/config", "/.env", "/v1/tasks/", "/redoc", "/docs/oauth2-redirect"):
            assert client.get(path).status_code == 404, path


@pytest.mark.long
def test_api9_no_operation_answers_who_does_not_say_who_calls(shared, tmp_path):
    """Schemathesis sends whatever is answered once more, without credentials and with wrong ones."""
    few = ("--max-examples", "1", "--phases", "examples", "--checks", "ignored_auth", "--exclude-path", "/events")
    said = run_schemathesis(
        shared.server.url, tmp_path, *few, "-H", f"Authorization: Bearer {shared.tokens['default']}"
    )
    assert " passed" in said


def test_api10_an_issuer_that_misbehaves_brings_nothing_down(start_server, trap):
    """Unsafe consumption of APIs."""
    issuers = f'[{{"issuer": "{trap}", "audience": "tasks", "client_id": "x"}}]'
    server = start_server(
        TASKHARBOR_DATABASE_URL="memory://",
        TASKHARBOR_AUTH="required",
        TASKHARBOR_PUBLIC_URL="https://tasks.example.org",
        TASKHARBOR_OIDC_ISSUERS=issuers,
    )
    assert Trap.asked == ["/.well-known/openid-configuration"], "no redirect is followed"
    with server.client() as client:
        assert client.get("/health/ready").status_code == 200
        assert client.get("/sign-in/with/sso").status_code == 503
        assert client.get("/.well-known/oauth-protected-resource").json()["authorization_servers"] == [trap]


def test_no_secret_is_in_the_log(shared):
    """All that the others have sent, whether it was accepted or not."""
    assert shared.server.stop() == 0
    for name, secret in shared.tokens.items():
        assert secret not in shared.server.output, name
    like_a_secret = re.compile(r"\bth[a-z]?_[0-9A-Za-z]{33}\b")
    assert [line for line in shared.server.output.splitlines() if like_a_secret.search(line)] == []
    assert "Their secret" not in shared.server.output
