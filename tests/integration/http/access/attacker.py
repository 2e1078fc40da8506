"""Draws requests to any operation, with all by which what is not the caller's could be named."""

from collections.abc import Sequence
from random import Random
from typing import Any

from integration.http.access.tenants import Tenants


class Attacker:
    """Sends what it draws."""

    def __init__(self, tenants: Tenants, draw: Random) -> None:
        self._tenants = tenants
        self._draw = draw

    def request(self) -> tuple[str, str, dict[str, Any]]:
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
        return method, path, sent

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
            {"actor": self._tenants.name, "since": 1},
            {"revision": revision},
            {"role": "owner"},
            {"name": "t", "scope": "manage"},
            {"id": self._tenants.name, "name": "mine"},
            {"secret": "th_" + "0" * 40},
            {"secret": "thi_" + "0" * 40, "id": self._tenants.name},
            {},
        ]
        return self._draw.choice(choices)
