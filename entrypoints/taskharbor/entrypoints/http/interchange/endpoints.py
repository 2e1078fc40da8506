"""Files of tasks, in and out as streams."""

from collections.abc import AsyncIterable, AsyncIterator
from typing import Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from taskharbor.adapters.interchange.formats import format_named
from taskharbor.application.interchange.import_tasks import ImportTasks
from taskharbor.application.ports.interchange import Format
from taskharbor.application.use_cases.application import UseCases
from taskharbor.entrypoints.http.interchange.documents import import_document, losses_document
from taskharbor.entrypoints.http.requests.callers import Callers
from taskharbor.entrypoints.http.requests.errors import BodyTooLarge, InvalidRequest, UnsupportedMediaType
from taskharbor.entrypoints.http.requests.headers import headers_of
from taskharbor.entrypoints.http.requests.parameters import parameters_of
from taskharbor.entrypoints.http.responses.responses import json_answer

_TRUTH: Final = {"true": True, "false": False}


class InterchangeEndpoints:
    """These operations as functions from request to response."""

    def __init__(self, use_cases: UseCases, *, callers: Callers, max_import_bytes: int) -> None:
        self._use_cases = use_cases
        self._workspace = callers.workspace
        self._context = callers.context
        self._max_import_bytes = max_import_bytes

    async def take(self, request: Request) -> Response:
        """Take the tasks of the body."""
        context = await self._context(request)
        found = parameters_of(request.scope, ("format", "atomic"))
        atomic = _TRUTH.get(found.get("atomic", "false"))
        if atomic is None:
            raise InvalidRequest.at("query.atomic", "must be true or false", code="wrong_type")
        command = ImportTasks(format=_format_of(found), atomic=atomic)
        if (headers_of(request.scope).get(b"content-encoding") or b"identity").lower() != b"identity":
            raise UnsupportedMediaType((command.format.media_type,))
        report = await self._use_cases.import_tasks(command, self._pieces(request), **context)
        return json_answer(import_document(report))

    async def give(self, request: Request) -> Response:
        """Return all tasks as a file."""
        workspace = await self._workspace(request)
        chosen = _format_of(parameters_of(request.scope, ("format",)))
        headers = {
            "content-disposition": f'attachment; filename="tasks{chosen.suffixes[0]}"',
            "cache-control": "private, no-store",
        }
        if request.method == "HEAD":
            return Response(headers=headers, media_type=chosen.media_type)
        pieces = aiter(self._use_cases.export_tasks(chosen, workspace=workspace))
        # Before the answer begins, while a store that is away can still be answered with a problem.
        first = await anext(pieces) + await anext(pieces, b"")
        return StreamingResponse(_after(first, pieces), headers=headers, media_type=chosen.media_type)

    async def losses(self, request: Request) -> Response:
        """Say what a format cannot hold of the tasks that there are."""
        workspace = await self._workspace(request)
        chosen = _format_of(parameters_of(request.scope, ("format",)))
        export = self._use_cases.export_tasks(chosen, workspace=workspace)
        async for _ in export:
            pass
        return json_answer(losses_document(export))

    async def _pieces(self, request: Request) -> AsyncIterator[bytes]:
        size = 0
        async for piece in request.stream():
            size += len(piece)
            if size > self._max_import_bytes:
                raise BodyTooLarge(self._max_import_bytes)
            yield piece


def _format_of(found: dict[str, str]) -> Format:
    if "format" not in found:
        raise InvalidRequest.at("query.format", "is required", code="missing")
    return format_named(found["format"])


async def _after(first: bytes, pieces: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in pieces:
        yield piece
