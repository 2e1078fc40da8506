"""Whatever one tenant sends, it neither sees nor changes anything of another; and a token that is narrowed to a list
neither sees nor changes anything of the others. Each request goes to any operation, with all by which what is not the
caller's could be named: ids, uids, names, cursors, sync tokens, idempotency keys, revisions, entity tags.

What is not the caller's has `s3cret` in it, which no request says.
"""

import random
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import httpx
import pytest
import pytest_asyncio

from integration.http.serving import client_of, container
from taskharbor.application.access.manage_tokens import CreateToken
from taskharbor.application.access.manage_workspaces import CreateWorkspace
from taskharbor.application.principal import system_in
from taskharbor.domain.access.permission import Permission
from taskharbor.entrypoints.container import Container
from taskharbor.entrypoints.http import create_app

SECRET: Final = "s3cret"
FEW, MANY = 1_500, 100_000
READS_OF_ALL: Final = (
    "/tasks/?limit=1000",
    "/changes?since=*&limit=1000",
    "/lists/",
    "/filters/",
    "/trash",
    "/webhooks/",
)
OF_THE_WORKSPACE: Final = ("/members/", "/tokens/", "/invitations/")


@dataclass
class Tenants:
    """A server, and who calls it."""

    client: httpx.AsyncClient
    operations: Sequence[tuple[str, str, Mapping[str, Any]]]
    names: Mapping[str, Sequence[Any]]
    ours: Mapping[str, str]
    theirs: Mapping[str, str]
    narrowed: Mapping[str, str]

    async def snapshot(self, paths: Sequence[str], **asked: str) -> list[Any]:
        """What the other tenant has."""
        answers = [await self.client.get(path, headers=self.theirs, params=asked or None) for path in paths]
        assert all(answer.is_success for answer in answers), [answer.text for answer in answers]
        return [_without_use(answer.json()) for answer in answers]


def _without_use(answer: Any) -> Any:
    """Return an answer but for when its tokens were last used, which is noted some seconds later."""
    if not isinstance(answer, list):
        return answer
    return [{k: v for k, v in one.items() if k != "last_used"} if isinstance(one, dict) else one for one in answer]


async def token(parts: Container, workspace: str, **said: object) -> dict[str, str]:
    command = CreateToken(**{"name": "t", "scope": Permission.MANAGE, "expires_in": None, "member": workspace} | said)
    made = await parts.use_cases().access.execute(command, system_in(workspace))
    return {"Authorization": f"Bearer {made.secret}"}


async def fill(client: httpx.AsyncClient, theirs: Mapping[str, str]) -> dict[str, Sequence[Any]]:
    """Make what the other tenant has; return by what it can be named."""

    async def post(path: str, body: Any, key: str | None = None) -> Any:
        headers = dict(theirs) | ({} if key is None else {"Idempotency-Key": key})
        answer = await client.post(path, json=body, headers=headers)
        assert answer.is_success, (path, answer.text)
        return answer.json()

    shared = await post("/lists/", {"name": "Shared"})
    closed = await post("/lists/", {"name": f"{SECRET} plans"})
    hidden = {"description": SECRET, "tags": [SECRET], "list": closed["id"], "due": {"date": "2026-12-01"}}
    tasks = [await post("/tasks/", {"title": f"{SECRET} {n}", **hidden}, key=f"theirs-{n}") for n in range(12)]
    visible = [await post("/tasks/", {"title": f"plain {n}", "list": shared["id"]}) for n in range(3)]
    moved = await post("/tasks/", {"title": f"{SECRET} then", "list": closed["id"]})
    await client.patch(f"/tasks/{moved['id']}", json={"title": "plain now", "list": shared["id"]}, headers=theirs)
    for task in tasks[:3]:
        await post(f"/tasks/{task['id']}/comments", {"text": SECRET})
    await client.delete(f"/tasks/{tasks[-1]['id']}", headers=theirs)
    await post("/filters/", {"name": "plans", "filter": f"title:{SECRET}"})
    pages = await client.get("/tasks/?filter=is_open&sort=title&limit=2", headers=theirs)
    cursor = pages.links["next"]["url"].partition("cursor=")[2].partition("&")[0]
    changes = (await client.get("/changes?since=*&limit=3", headers=theirs)).json()
    ids = [one["id"] for one in (*tasks, *visible, moved)]
    return {
        "task_id": [*ids, ids[-1] + 1000],
        "uid": [one["uid"] for one in tasks],
        "list_id": [1, shared["id"], closed["id"]],
        "comment_id": [1, 2],
        "name": ["plans"],
        "saved": ["plans"],
        "revision": [*range(1, 24)],
        "cursor": [cursor],
        "since": ["*", changes["next"]],
        "workspace": ["theirs"],
        "member": ["theirs"],
        "key": [f"theirs-{n}" for n in range(12)] + ["mine-1", "mine-2"],
        "shared": [shared["id"]],
    }


@pytest_asyncio.fixture
async def tenants() -> AsyncIterator[Tenants]:
    parts = container(auth="required", rate_limit=None)
    app = create_app(container=parts)
    async with client_of(app) as client:
        for name in ("ours", "theirs"):
            await parts.use_cases().access.execute(CreateWorkspace(id=name, owner=name), system_in("default"))
        theirs = await token(parts, "theirs")
        names = await fill(client, theirs)
        operations = [
            (method.upper(), path, described)
            for path, methods in app.openapi()["paths"].items()
            for method, described in methods.items()
            # A stream does not end; leaving ends the test, for the caller only.
            if path not in {"/events", "/members/leave", "/health/live", "/health/ready"}
        ]
        yield Tenants(
            client=client,
            operations=operations,
            names=names,
            ours=await token(parts, "ours"),
            theirs=theirs,
            narrowed=await token(parts, "theirs", scope=Permission.WRITE, lists=names["shared"]),
        )


class Attacker:
    """Draws requests."""

    def __init__(self, tenants: Tenants, seed: int) -> None:
        self._tenants = tenants
        self._draw = random.Random(seed)

    def request(self, prefix: str = "") -> tuple[str, str, dict[str, Any]]:
        method, path, described = self._draw.choice(self._tenants.operations)
        query: dict[str, Any] = {}
        for parameter in described.get("parameters", ()):
            name, where = parameter["name"], parameter["in"]
            if where == "path":
                path = path.replace(f"{{{name}}}", str(self._value(name)))
            elif where == "query" and (parameter.get("required") or self._draw.random() < 0.25):
                query[name] = self._value(name)
        headers = {}
        if method != "GET" and self._draw.random() < 0.3:
            headers["Idempotency-Key"] = self._draw.choice(self._tenants.names["key"])
        if self._draw.random() < 0.2:
            headers["If-Match"] = f'"{self._draw.choice(self._tenants.names["revision"])}"'
        sent: dict[str, Any] = {"params": query, "headers": headers}
        content = described.get("requestBody", {}).get("content", {})
        if "text/csv" in content:
            sent["content"], sent["params"] = b'{"title":"mine"}\n', {"format": "jsonl"}
        elif content:
            kind = next(iter(content))
            sent["json"] = self._body(path)
            headers["Content-Type"] = kind
        return method, prefix + path, sent

    def _value(self, name: str) -> Any:
        names = self._tenants.names
        task, uid = self._draw.choice(names["task_id"]), self._draw.choice(names["uid"])
        drawn: dict[str, Sequence[Any]] = {
            "filter": ['title:"s3c"', f'uid="{uid}"', f"id={task}", "is_open", "tags:s3c OR due:*"],
            "q": ["s3c", "plain", "3cret"],
            "sort": ["title", "due", "id"],
            "fields": ["title", "due", "id"],
            "format": ["jsonl", "csv", "icalendar", "todotxt", "taskwarrior"],
            "from": ["2026-12-01"],
            "to": ["2027-01-01"],
            "before": ["2026-12-01", 1, 7, 20],
            "time_zone": ["Europe/Berlin"],
            "subtasks": ["delete"],
            "dependencies": ["ignore"],
            "tasks": ["delete"],
            "lists": names["list_id"],
            "move_to": names["list_id"],
            "wait": [0],
        }
        numbers = dict.fromkeys(("as_of", "after", "skip", "limit"), (1, 2, 7, 20))
        return self._draw.choice((drawn | numbers | dict(names)).get(name, ["1", "true", uid]))

    def _body(self, path: str) -> Any:
        names = self._tenants.names
        task, other, uid = (
            self._draw.choice(names["task_id"]),
            self._draw.choice(names["task_id"]),
            self._draw.choice(names["uid"]),
        )
        revision, list_id = self._draw.choice(names["revision"]), self._draw.choice(names["list_id"])
        matching = {"filter": "title:s3c", "changes": {"title": "mine"}, "max_affected": 99}
        if path == "/batch":
            return {
                "commands": self._draw.sample(
                    [
                        {"command": "change", "id": task, "title": "mine"},
                        {"command": "change", "uid": uid, "title": "mine"},
                        {"command": "create", "title": "mine", "uid": uid},
                        {"command": "create", "title": "mine", "parent": task},
                        {"command": "create", "title": "mine", "list": list_id},
                        {"command": "move", "id": task, "after": other},
                        {"command": "undo", "revision": revision},
                        {"command": "delete-list", "id": list_id, "tasks": "delete"},
                        {
                            "command": "change-matching",
                            "filter": "title:s3c",
                            "changes": {"title": "mine"},
                            "max_affected": 99,
                        },
                        {"command": "complete", "id": task},
                    ],
                    2,
                ),
                "atomic": self._draw.random() < 0.5,
            }
        choices: list[Any] = [
            {"title": "mine", "list": list_id},
            {"title": "mine", "depends_on": [task]},
            {"title": "mine", "parent": task},
            {"title": "mine", "uid": uid},
            {"text": "mine"},
            {"text": f"mine @Shared due 2026-12-0{revision % 9 + 1}"},
            {"name": "mine", "filter": "title:s3c"},
            {"name": "plans", "filter": "is_open"},
            matching,
            {"after": task},
            {"list": list_id},
            {"filter": "is_open", "lease": "PT5M", "holder": "mine"},
            {"lease": "PT5M", "holder": "mine", "fence": revision},
            {"actor": "theirs", "dry_run": False},
            {"revision": revision},
            {"role": "owner"},
            {"name": "t", "scope": "manage"},
            {"id": "theirs", "name": "mine"},
            {"secret": "th_" + "0" * 40},
            {},
        ]
        return self._draw.choice(choices)


async def attack_from_elsewhere(tenants: Tenants, count: int, seed: int) -> None:
    attacker = Attacker(tenants, seed)
    before = await tenants.snapshot((*READS_OF_ALL, *OF_THE_WORKSPACE))
    for _ in range(count):
        method, path, sent = attacker.request()
        headers = sent.pop("headers") | tenants.ours
        answer = await tenants.client.request(method, path, headers=headers, **sent)
        assert answer.status_code < 500, (method, path, sent, answer.text)
        assert SECRET not in answer.text, (method, path, sent, answer.text)
        if path.startswith("/workspaces/theirs"):
            assert answer.status_code in {404, 405, 422}, (method, path, answer.text)
        if not path.startswith(("/workspaces", "/invitations/accept", "/me")):
            hidden = await tenants.client.request(method, f"/workspaces/theirs{path}", headers=headers, **sent)
            nowhere = await tenants.client.request(method, f"/workspaces/nowhere{path}", headers=headers, **sent)
            assert (hidden.status_code, hidden.text) == (nowhere.status_code, nowhere.text), (method, path)
            assert hidden.status_code == 404, (method, path, hidden.text)
    assert await tenants.snapshot((*READS_OF_ALL, *OF_THE_WORKSPACE)) == before


async def attack_from_a_list(tenants: Tenants, count: int, seed: int) -> None:
    attacker = Attacker(tenants, seed)
    [shared] = tenants.names["shared"]
    others = f"/tasks/?limit=1000&filter=NOT%20list={shared}"
    before = await tenants.snapshot((others, "/lists/", "/filters/", "/webhooks/", *OF_THE_WORKSPACE))
    for _ in range(count):
        method, path, sent = attacker.request()
        headers = sent.pop("headers") | tenants.narrowed
        answer = await tenants.client.request(method, path, headers=headers, **sent)
        assert answer.status_code < 500, (method, path, sent, answer.text)
        assert SECRET not in answer.text, (method, path, sent, answer.text)
    after = await tenants.snapshot((others, "/lists/", "/filters/", "/webhooks/", *OF_THE_WORKSPACE))
    lists = 1
    before[lists] = [one for one in before[lists] if one["id"] != shared]  # its own list a token may rename, or delete
    after[lists] = [one for one in after[lists] if one["id"] != shared]
    assert after == before


async def test_a_tenant_neither_sees_nor_changes_what_another_has(tenants: Tenants) -> None:
    await attack_from_elsewhere(tenants, FEW // 3, seed=1)


async def test_a_token_for_a_list_neither_sees_nor_changes_what_is_in_others(tenants: Tenants) -> None:
    await attack_from_a_list(tenants, FEW, seed=2)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(5))
async def test_a_hundred_thousand_requests_between_tenants_and_within_one(tenants: Tenants, seed: int) -> None:
    await attack_from_elsewhere(tenants, MANY // 30, seed)  # each is three requests
    await attack_from_a_list(tenants, MANY // 10, seed)
