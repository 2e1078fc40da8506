"""The tasks that a contestant holds before the load, made through its own API."""

import json
from collections.abc import Mapping
from typing import Any, Final

from benchmarks.client import Client
from benchmarks.failure import BenchmarkFailed
from benchmarks.lineup import Contestant
from generated_tasks import creation_of, generated_tasks

FIELDS_OF_ALL: Final = ("title", "description")


def seed(client: Client, contestant: Contestant, count: int) -> list[int]:
    """Create `count` open tasks one after the other; return their ids."""
    return [task["id"] for task in seeded_tasks(client, contestant, count)]


def seeded_tasks(client: Client, contestant: Contestant, count: int) -> list[Mapping[str, Any]]:
    """Create `count` open tasks one after the other; return them. Narrow ones have the fields of all only.

    Raises:
        BenchmarkFailed: if one is refused.
    """
    return [_create(client, _body(creation_of(task), contestant)) for task in generated_tasks(count)]


def _body(creation: Mapping[str, Any], contestant: Contestant) -> str:
    if contestant.is_narrow:
        creation = {name: creation[name] for name in FIELDS_OF_ALL if name in creation}
    return json.dumps(creation)


def _create(client: Client, body: str) -> Mapping[str, Any]:
    status, answer = client.exchange("POST", "/tasks/", body)
    if not 200 <= status < 300:  # noqa: PLR2004
        raise BenchmarkFailed(f"a task was answered {status}: {answer.decode()}")
    task: Mapping[str, Any] = json.loads(answer)
    return task
