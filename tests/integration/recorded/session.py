"""Make the requests of `steps` to an app in this process, and write down what it answers."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx

from taskharbor.domain.identifiers import MAX_ID
from taskharbor.entrypoints.container import container_from
from taskharbor.entrypoints.http import create_app
from taskharbor.entrypoints.settings.settings import Settings
from taskharbor.testing import FakeClock, FakeUids

BEGIN: Final = datetime(2026, 3, 1, 12, tzinfo=UTC)
STEP: Final = timedelta(seconds=1)

HEADERS: Final = (
    "content-type",
    "location",
    "etag",
    "allow",
    "link",
    "retry-after",
    "x-total-count",
    "cache-control",
    "content-disposition",
)


_CURSOR: Final = re.compile(r"cursor=[\w-]{16,}")
_SECRET: Final = re.compile(r"\b(thi?_)[0-9A-Za-z]{33}\b")
_SECRET_ID: Final = re.compile(rf"\b(?!{MAX_ID})[0-9a-f]{{16}}\b")
_SIGNING: Final = re.compile(r"whsec_[A-Za-z0-9+/=]+")
_PAGE_ETAG: Final = re.compile(r'"[0-9a-f]{32}"')


@dataclass(frozen=True)
class Exchange:
    number: int
    method: str
    path: str
    body: Any
    headers: dict[str, str]
    status: int
    answer: dict[str, str]
    text: str


@asynccontextmanager
async def client_of(url: str, clock: FakeClock) -> AsyncIterator[httpx.AsyncClient]:
    """Serve the database at `url`, with uids and a clock that are the same in every run."""
    settings = Settings(database_url=url, cursor_key="recorded-session-0123456789abcdef")
    container = container_from(settings, clock=clock, uids=FakeUids())
    app = create_app(container=container)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with container.storage(), httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        del client.headers["accept-encoding"]  # so that ETags are those of plain answers
        yield client


async def ask(client: httpx.AsyncClient, method: str, path: str, body: Any, headers: dict[str, str]) -> httpx.Response:
    headers = {"Content-Type": "application/json"} | headers if body is not None else headers
    content = json.dumps(body) if not isinstance(body, str | None) else body
    return await client.request(method, path, content=content, headers=headers)


async def play(client: httpx.AsyncClient, clock: FakeClock, steps: list[Any]) -> list[Exchange]:
    """Make each request a second after the one before; a change has the idempotency key `step-` and its number."""
    exchanges: list[Exchange] = []
    known = Known()
    for number, step in enumerate(steps, 1):
        method, path, *rest = known.filled(list(step))
        body, more = (None, {}) if not rest else (*rest, {}) if len(rest) == 1 else rest
        headers = {"Idempotency-Key": f"step-{number}"} if _takes_key(method, path) else {}
        headers |= more or {}
        clock.advance(STEP)
        answer = await ask(client, method, path, body, headers)
        known.take(answer)
        said = {name: answer.headers[name] for name in HEADERS if name in answer.headers}
        exchanges.append(Exchange(number, method, path, body, headers, answer.status_code, said, answer.text))
    return exchanges


_KEPT_NOWHERE: Final = re.compile(r"(/workspaces/\w+)?/(tokens|invitations|members|webhooks)/|/workspaces/(\w+)?$")


def _takes_key(method: str, path: str) -> bool:
    """Return whether its answer is kept: not that of what may answer with a secret."""
    return method not in ("GET", "HEAD", "PUT") and not _KEPT_NOWHERE.match(path.partition("?")[0])


async def undo_all(client: httpx.AsyncClient) -> list[str]:
    """Undo all commits, the latest first; return what each time was answered, and at last what is left."""
    latest = (await client.patch("/tasks/1", json={"title": "The latest commit"})).json()["revision"]
    answers = [await client.post(f"/commits/{revision}/undo") for revision in range(latest, 0, -1)]
    answers += [await client.get(path) for path in ("/tasks/?limit=1000", "/lists/", "/filters/")]
    return [f"{answer.status_code} {answer.text}" for answer in answers]


class Known:
    """What later requests can refer to."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}

    def take(self, answer: httpx.Response) -> None:
        """Take note of what was answered."""
        if link := answer.links.get("next"):
            self._values["@next"] = link["url"].removeprefix("http://test")
        if answer.content and answer.status_code < 300 and answer.headers.get("content-type") == "application/json":
            self._look(answer.json())

    def _look(self, value: Any) -> None:
        if isinstance(value, list):
            for each in reversed(value):
                self._look(each)
        elif isinstance(value, dict):
            for each in value.values():
                self._look(each)
            if "id" in value and (name := value.get("title", value.get("name"))):
                self._values[f"{{{name}}}"] = value["id"]
            self._take_secrets(value)
            if "url" in value and "id" in value:
                self._values["{webhook}"] = value["id"]
            if isinstance(value.get("revision"), int):
                self._values["{^}"] = value["revision"]
            if isinstance(value.get("fence"), int):
                self._values["{fence}"] = str(value["fence"])
            if "more" in value:
                self._values["{next}"] = value["next"]

    def _take_secrets(self, value: dict[str, Any]) -> None:
        for name in {"secret", "token"} & value.keys():
            self._values[f"{{{name}}}"] = value[name]
            self._values["{of the secret}"] = value.get("id", "")

    def filled(self, value: Any) -> Any:
        """Return `value` with what stands for something replaced."""
        if isinstance(value, list):
            return [self.filled(each) for each in value]
        if isinstance(value, dict):
            return {name: self.filled(each) for name, each in value.items()}
        if not isinstance(value, str):
            return value
        if value in self._values:
            return self._values[value]
        for name, each in self._values.items():
            value = value.replace(name, str(each))
        return value


def text_of(exchange: Exchange) -> str:
    """Return an exchange as a person reads it: JSON with sorted keys, and names for what only its store understands."""
    text = _SECRET_ID.sub("{id}", _SECRET.sub(r"\1{secret}", _SIGNING.sub("{secret}", _whole_text_of(exchange))))
    return _CURSOR.sub("cursor={cursor}", _PAGE_ETAG.sub('"{page}"', text))


def _whole_text_of(exchange: Exchange) -> str:
    lines = [f"### {exchange.number} {exchange.method} {exchange.path}"]
    lines += [f"> {name}: {value}" for name, value in exchange.headers.items()]
    if exchange.body is not None:
        lines.append(exchange.body if isinstance(exchange.body, str) else _pretty(exchange.body))
    lines += [f"< {exchange.status}", *(f"< {name}: {value}" for name, value in exchange.answer.items())]
    is_json = "json" in exchange.answer.get("content-type", "") and "jsonl" not in exchange.answer["content-type"]
    text = _pretty(json.loads(exchange.text)) if is_json and exchange.text else exchange.text
    return "\n".join([*lines, *([text] if text else []), ""])


def _pretty(value: Any) -> str:
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False)
