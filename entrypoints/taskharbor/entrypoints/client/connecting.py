"""Taskharbor on a server, with the calls that embed it.

async with connect("http://127.0.0.1:8000") as harbor:
    task = await harbor.create_task(title="Water the plants")
    await harbor.complete_task(task.id)
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Final
from urllib.parse import urlsplit

import httpx

from taskharbor.application.principal import system_in
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE, workspace_from
from taskharbor.entrypoints.client.connection import Connection
from taskharbor.entrypoints.client.use_cases import RemoteUseCases
from taskharbor.entrypoints.embedded.harbor import Harbor

DEFAULT_RETRIES: Final = 4


@asynccontextmanager
async def connect(
    url: str,
    *,
    token: str | None = None,
    workspace: str = DEFAULT_WORKSPACE,
    timeout: float = 10.0,  # noqa: ASYNC109  # of a request, not of this call
    retries: int = DEFAULT_RETRIES,
    transport: httpx.AsyncBaseTransport | None = None,
) -> AsyncIterator[Harbor]:
    """Ask a server for the length of an `async with` block. Nothing is sent before the first call.

    Every call of `Harbor` takes, returns and raises what it does on a store of one's own, but for what the guide to
    the client lists. A change is sent with an idempotency key, the caller's or a new one, so that it is made once even
    if it is sent again: when the connection breaks, or the server says when to come back.

    Args:
        url: where the API is, such as `https://tasks.example.org`, with a path if it is mounted at one.
        token: the API token, sent as `Authorization: Bearer`.
        workspace: the workspace; `default` is that of the token.
        timeout: seconds to wait for a connection, or for the next bytes of an answer.
        retries: how often a request is sent again at most, with growing pauses.
        transport: how requests are sent, for tests: `httpx.ASGITransport(app)` needs no network.

    Raises:
        InvalidValue: if the URL or the name of the workspace is malformed.
    """
    headers = {"Accept": "application/json", "User-Agent": f"taskharbor/{version('taskharbor')}"}
    if token is not None:
        headers["Authorization"] = f"Bearer {_checked_token(token)}"
    async with httpx.AsyncClient(
        base_url=_checked_url(url), headers=headers, timeout=timeout, transport=transport
    ) as client:
        yield Harbor(RemoteUseCases(Connection(client, retries=retries)), system_in(workspace_from(workspace)))


def _checked_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        valid = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid:
        raise InvalidValue("url", "must be that of a server, such as http://127.0.0.1:8000")
    return url.rstrip("/")


def _checked_token(token: str) -> str:
    if not (token.isascii() and token.isprintable()) or not token or " " in token:
        raise InvalidValue("token", "must be printable ASCII without spaces")
    return token
