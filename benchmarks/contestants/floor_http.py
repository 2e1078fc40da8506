"""What both floors share: bare Starlette routes that do the least that answers each call.

No validation beyond JSON's own, no history, no ETag. msgspec encodes, as it does for Taskharbor.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.contestants.floor_shape import SHAPE, NewTask, Task


class FloorStore(Protocol):
    """What the calls need, each one statement."""

    async def create(self, new: NewTask) -> Task: ...
    async def get(self, task_id: int) -> Task | None: ...
    async def change(self, task_id: int, *, completed: bool) -> Task | None: ...
    async def list(self, limit: int, skip: int) -> Sequence[Task]: ...
    async def list_by_completed(self, limit: int, skip: int, *, completed: bool) -> Sequence[Task]: ...
    async def list_by_title(self, limit: int, *, containing: str) -> Sequence[Task]: ...


encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(SHAPE.new).decode


def floor_app(open_store: Callable[[], AbstractAsyncContextManager[FloorStore]]) -> Starlette:
    """Return the application, which opens its store when it starts and closes it when it stops."""

    async def create(request: Request) -> Response:
        return answer(await store(request).create(decode(await request.body())), status=201)

    async def get(request: Request) -> Response:
        return answer(await store(request).get(int(request.path_params["id"])))

    async def change(request: Request) -> Response:
        completed = request.query_params["completed"] == "true"
        return answer(await store(request).change(int(request.path_params["id"]), completed=completed))

    async def list_(request: Request) -> Response:
        asked = request.query_params
        limit, skip = int(asked["limit"]), int(asked.get("skip", 0))
        if "completed" in asked:
            return answer(await store(request).list_by_completed(limit, skip, completed=asked["completed"] == "true"))
        if "q" in asked:
            return answer(await store(request).list_by_title(limit, containing=asked["q"]))
        return answer(await store(request).list(limit, skip))

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with open_store() as opened:
            app.state.store = opened
            yield

    return Starlette(
        routes=[
            Route("/tasks/", create, methods=["POST"]),
            Route("/tasks/", list_, methods=["GET"]),
            Route("/tasks/{id}", get, methods=["GET"]),
            Route("/tasks/{id}", change, methods=["PATCH"]),
        ],
        lifespan=lifespan,
    )


def store(request: Request) -> FloorStore:
    opened: FloorStore = request.app.state.store
    return opened


def answer(content: Task | Sequence[Task] | None, *, status: int = 200) -> Response:
    if content is None:
        return Response(status_code=404)
    return Response(encode(content), status_code=status, media_type="application/json")
