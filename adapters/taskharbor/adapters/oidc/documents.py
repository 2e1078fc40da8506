"""JSON documents of an issuer over HTTP, bounded in size and time."""

import json
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeAlias

import httpx

MAX_BYTES: Final = 1_048_576
TIMEOUT_SECONDS: Final = 5.0


DocumentAt: TypeAlias = Callable[[str], Awaitable[dict[str, Any]]]
"""Returns the JSON object at a URL, or raises `NoDocument`."""


class NoDocument(Exception):
    """There is none; the message says why."""


def client() -> httpx.AsyncClient:
    """Return a client that follows no redirects: an issuer's documents are where it says."""
    return httpx.AsyncClient(timeout=TIMEOUT_SECONDS, follow_redirects=False, headers={"accept": "application/json"})


async def document_at(url: str, http: httpx.AsyncClient) -> dict[str, Any]:
    """Return the JSON object at `url`.

    Raises:
        NoDocument: if it cannot be had, is too long, or is none.
    """
    try:
        async with http.stream("GET", url) as answer:
            if answer.status_code != httpx.codes.OK:
                raise NoDocument(f"status {answer.status_code}")
            body = b""
            async for chunk in answer.aiter_bytes():
                body += chunk
                if len(body) > MAX_BYTES:
                    raise NoDocument(f"more than {MAX_BYTES} bytes")
        found = json.loads(body)
    except (httpx.HTTPError, httpx.InvalidURL) as failure:
        raise NoDocument(type(failure).__name__) from None
    except (ValueError, RecursionError):
        raise NoDocument("no JSON") from None
    if not isinstance(found, dict):
        raise NoDocument("no JSON object")
    return found
