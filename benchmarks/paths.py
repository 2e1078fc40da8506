"""Paths that must be asked for: how far into a list or a feed a call goes is known only to the server."""

import json
import re
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from benchmarks.calls import Call
from benchmarks.client import Client
from benchmarks.failure import BenchmarkFailed

LARGEST_PAGE: Final = 1000

_LIMIT: Final = re.compile(r"\blimit=\d+")
_NEXT: Final = re.compile(r'<([^>]*)>; rel="next"')


def prepared(call: Call, client: Client, *, task_id: int) -> Call:
    """Return `call` with the position in its path that it asks for filled in; most calls have none.

    Raises:
        NotAnswered: if the server does not know the call.
    """
    path = call.path
    if "$token" in path:
        # The change feed continues after a task, given its revision and id.
        task = json.loads(client.send(Call(name="get", path="/tasks/$id"), {"id": str(task_id)}))
        path = path.replace("$token", f"{task['revision']}.{task['id']}")
    if call.pages_in:
        path = _walked(path, client, call.pages_in)
    return replace(call, path=path)


def _walked(path: str, client: Client, pages: int) -> str:
    """Follow the links to the next page, as a client would; return the last one with the limit of `path`."""
    limit = _LIMIT.search(path)
    if limit is None:
        raise BenchmarkFailed(f"{path} has no limit")
    here = _LIMIT.sub(f"limit={LARGEST_PAGE}", path)
    for _ in range(pages):
        found = _NEXT.search(client.headers_of(here).get("link", ""))
        if found is None:
            break
        parts = urlsplit(found[1])
        here = f"{parts.path}?{parts.query}"
    return _LIMIT.sub(limit[0], here)
