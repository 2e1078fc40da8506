"""Whatever is asked of a store that fails is answered 503, for each operation that the document describes."""

import inspect
import re
from collections.abc import Iterator
from typing import Any

import pytest

from integration.http.problem import assert_problem
from integration.http.serving import served
from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.errors import StoreNotReady, StoreUnavailable

METHODS = {"get", "post", "put", "patch", "delete"}
ANY_VALUE = {"format": "jsonl", "filter": "id = 1", "q": "x"}
UUID_FOR = {"import_id": "01a22666-5600-7944-98e1-b0113aac2ac6", "uid": "01a22666-5600-7944-98e1-b0113aac2ac6"}


class Failing(InMemoryStorage):
    """Raises what it is set to raise, whatever is called."""

    error: Exception | None = None

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        error = super().__getattribute__("error")
        if error is None or name in {"open", "aclose"} or not inspect.iscoroutinefunction(found):
            return found

        async def fail(*_: object, **__: object) -> None:
            raise error

        return fail

    async def commit(self, changes: Any) -> Any:  # so that the commit is none that is begun at once
        return await super().commit(changes)


def requests_in(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield a request for each example of each operation."""
    for path, operations in document["paths"].items():
        for method in METHODS & operations.keys():
            if "/events" in path:
                continue
            operation = operations[method]
            url = re.sub(r"\{(\w+)\}", lambda found: UUID_FOR.get(found[1], "1"), path)
            required = [
                each for each in operation.get("parameters", ()) if each["in"] == "query" and each.get("required")
            ]
            query = {each["name"]: ANY_VALUE.get(each["name"], "1") for each in required}
            asked: dict[str, Any] = {"method": method.upper(), "url": url, "params": query}
            body = operation.get("requestBody")
            if body is None:
                yield f"{method} {path}", asked
                continue
            media, described = next(iter(body["content"].items()))
            examples = [each["value"] for each in described.get("examples", {}).values()] or [
                described.get("example", {})
            ]
            for example in examples:
                content = {"content": example} if isinstance(example, str) else {"json": example}
                yield f"{method} {path}", {**asked, **content, "headers": {"Content-Type": media}}


@pytest.mark.long
@pytest.mark.parametrize(
    ("error", "code"),
    [
        (StoreUnavailable("it is away"), "store_unavailable"),
        (StoreNotReady("it is odd", remedy="mend it"), "store_not_ready"),
    ],
)
async def test_every_operation_on_a_store_that_fails_is_answered_503(error: Exception, code: str) -> None:
    storage = Failing()
    async with served(storage) as client:
        await client.post("/tasks/", json={"title": "Buy milk"})
        document = (await client.get("/openapi.json")).json()
        storage.error = error
        answers = [(name, await client.request(**asked)) for name, asked in requests_in(document)]
        storage.error = None

        assert (await client.get("/tasks/1")).status_code == 200
    failed = [(name, answer) for name, answer in answers if answer.status_code >= 500]
    assert len(failed) > 80  # the others are refused, or answered, without asking it
    for name, answer in failed:
        assert answer.status_code == 503, name
        assert_problem(answer, 503, code)
