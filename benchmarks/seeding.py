"""The tasks that a contestant holds before the load, made through its own API."""

import json
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from benchmarks.client import Client
from benchmarks.failure import BenchmarkFailed
from benchmarks.lineup import OURS, Contestant
from generated_tasks import creation_of, generated_tasks

FIELDS_OF_ALL: Final = ("title", "description")


def seed(client: Client, contestant: Contestant, count: int) -> list[int]:
    """Create `count` open tasks one after the other; return their ids. Only ours gets more than the fields of all.

    Raises:
        BenchmarkFailed: if one is refused.
    """
    return [_create(client, _body(creation_of(task), contestant)) for task in generated_tasks(count)]


def write_ids(ids: list[int], path: Path) -> None:
    """Write one id per line in an order that is random and always the same."""
    shuffled = list(ids)
    random.Random(0).shuffle(shuffled)
    path.write_text("".join(f"{id_}\n" for id_ in shuffled))


def _body(creation: Mapping[str, Any], contestant: Contestant) -> str:
    if contestant is not OURS:
        creation = {name: creation[name] for name in FIELDS_OF_ALL if name in creation}
    return json.dumps(creation)


def _create(client: Client, body: str) -> int:
    status, answer = client.exchange("POST", "/tasks/", body)
    if not 200 <= status < 300:  # noqa: PLR2004
        raise BenchmarkFailed(f"a task was answered {status}: {answer.decode()}")
    id_: int = json.loads(answer)["id"]
    return id_
