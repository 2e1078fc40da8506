"""Two tenants on one server, and what the first one would have to name to reach what is the other's.

What nobody but the other tenant may see has `s3cret` in it, which no request of the first one says.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

import httpx

from taskharbor.application.access.manage_tokens import CreateToken
from taskharbor.application.access.manage_workspaces import CreateWorkspace
from taskharbor.application.principal import system_in
from taskharbor.domain.access.permission import Permission
from taskharbor.entrypoints.container import Container

SECRET: Final = "s3cret"
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
class Server:
    """A server that any number of tenants share."""

    parts: Container
    client: httpx.AsyncClient
    operations: Sequence[tuple[str, str, Mapping[str, Any]]]
    numbers: Iterator[int] = field(default_factory=count)
    asked: int = 0

    async def tenants(self) -> "Tenants":
        """Take in two new ones."""
        number = next(self.numbers)
        ours, theirs = f"ours{number}", f"theirs{number}"
        for name in (ours, theirs):
            await self.parts.use_cases().access.execute(CreateWorkspace(id=name, owner=name), system_in("default"))
        owner = await _token(self.parts, theirs)
        names = await _fill(self.client, owner)
        return Tenants(
            server=self,
            client=self.client,
            operations=self.operations,
            name=theirs,
            names=names | {"workspace": [theirs], "member": [theirs]},
            ours=await _token(self.parts, ours),
            theirs=owner,
            narrowed=await _token(self.parts, theirs, scope=Permission.WRITE, lists=names["shared"]),
        )


@dataclass
class Tenants:
    """Two tenants, of whom the other one is called `name`, and by what can be named what it has."""

    server: Server
    client: httpx.AsyncClient
    operations: Sequence[tuple[str, str, Mapping[str, Any]]]
    name: str
    names: Mapping[str, list[Any]]
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


async def _token(parts: Container, workspace: str, **said: object) -> dict[str, str]:
    command = CreateToken(**{"name": "t", "scope": Permission.MANAGE, "expires_in": None, "member": workspace} | said)
    made = await parts.use_cases().access.execute(command, system_in(workspace))
    return {"Authorization": f"Bearer {made.secret}"}


async def _fill(client: httpx.AsyncClient, theirs: Mapping[str, str]) -> dict[str, list[Any]]:
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
    visible = [await post("/tasks/", {"title": f"plain {n}"}, key=f"plain-{n}") for n in range(3)]
    for task in visible:
        await client.patch(f"/tasks/{task['id']}", json={"list": shared["id"]}, headers=theirs)
    moved = await post("/tasks/", {"title": f"{SECRET} then", "list": closed["id"]})
    await client.patch(f"/tasks/{moved['id']}", json={"title": "plain now", "list": shared["id"]}, headers=theirs)
    for task in tasks[:3]:
        await post(f"/tasks/{task['id']}/comments", {"text": SECRET})
    await client.delete(f"/tasks/{tasks[-1]['id']}", headers=theirs)
    await post("/filters/", {"name": "plans", "filter": f"title:{SECRET}"})
    webhook = await post("/webhooks/", {"url": f"https://{SECRET}.example.org/"})
    invitation = await post("/invitations/", {"role": "owner"})
    made = await post("/tokens/", {"name": SECRET, "scope": "read"})
    lines = {
        "content": f'{{"title": "{SECRET} of a file"}}\n',
        "headers": {**theirs, "content-type": "application/jsonl"},
    }
    imported = (await client.post("/import?format=jsonl", **lines)).json()
    pages = await client.get("/tasks/?filter=is_open&sort=title&limit=2", headers=theirs)
    cursor = pages.links["next"]["url"].partition("cursor=")[2].partition("&")[0]
    changes = (await client.get("/changes?since=*&limit=3", headers=theirs)).json()
    ids = [one["id"] for one in (*tasks, *visible, moved)]
    return {
        "task_id": [*ids, ids[-1] + 1000],
        "silent": [one["id"] for one in (*tasks[3:], *visible, moved)],
        "uid": [one["uid"] for one in tasks],
        "list_id": [1, shared["id"], closed["id"]],
        "comment_id": [1, 2],
        "name": ["plans"],
        "saved": ["plans"],
        "revision": [*range(1, 24)],
        "cursor": [cursor],
        "since": ["*", changes["next"]],
        "webhook_id": [webhook["id"]],
        "import_id": [imported["id"]],
        "invitation": [invitation["id"]],
        "secret": [invitation["secret"]],
        "token": [made["id"]],
        "key": [f"theirs-{n}" for n in range(12)] + ["mine-1", "mine-2"],
        "shared": [shared["id"]],
    }
