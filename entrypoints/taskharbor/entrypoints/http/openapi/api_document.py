"""The OpenAPI document of an app."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from taskharbor.entrypoints.http.openapi.descriptions import Json

OPENAPI_URL: Final = "/openapi.json"


class ApiDocument:
    """Made with FastAPI when it is first asked for: to load that would take each server 6 MB and a part of its start.

    Args:
        routes: all of the app.
        described: returns them as FastAPI knows them.
        about: title, version and the like, as arguments of FastAPI's `get_openapi`.
        ways_in: how callers say who they are.
    """

    def __init__(
        self,
        routes: Sequence[BaseRoute],
        described: Callable[[Iterable[BaseRoute]], list[BaseRoute]],
        *,
        about: Json,
        ways_in: dict[str, Json],
    ) -> None:
        self._routes = routes
        self._described = described
        self._about = about
        self._ways_in = ways_in
        self._made: Json | None = None
        self._turn = asyncio.Lock()

    def as_json(self) -> Json:
        """Return it."""
        if self._made is None:
            from taskharbor.entrypoints.http.openapi.shared_schemas import document_of  # noqa: PLC0415  # see above

            self._made = document_of(self._described(self._routes), self._about, self._ways_in)
        return self._made

    async def answer(self, request: Request) -> Response:
        """Answer with it; where a proxy has a prefix, it says so. To make it takes longer than the loop may compute."""
        async with self._turn:
            document = await asyncio.to_thread(self.as_json)
        root_path = request.scope.get("root_path", "").rstrip("/")
        return JSONResponse(document | {"servers": [{"url": root_path}]} if root_path else document)
