"""Files of tasks, in and out as streams."""

from collections.abc import AsyncIterable, AsyncIterator
from typing import Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from taskharbor.adapters.interchange.formats import READ_FORMAT_NAMES, format_named
from taskharbor.application.interchange.import_command import ImportTasks
from taskharbor.application.ports.interchange import Format
from taskharbor.application.undo.undo_import import UndoImport
from taskharbor.application.use_cases.application import UseCases
from taskharbor.entrypoints.http.interchange.documents import import_document, losses_document, undone_document
from taskharbor.entrypoints.http.interchange.parameters import (
    ATOMIC,
    DRY_RUN,
    FILE_NAME,
    IMPORT_ID,
    READ_FORMAT,
    WRITTEN_FORMAT,
)
from taskharbor.entrypoints.http.requests.body import read_body, refuse_body
from taskharbor.entrypoints.http.requests.callers import Callers
from taskharbor.entrypoints.http.requests.errors import BodyTooLarge, InvalidRequest, UnsupportedMediaType
from taskharbor.entrypoints.http.requests.headers import FORMS, headers_of, refuse_media_types, require_utf_8
from taskharbor.entrypoints.http.requests.parameter import read_query, refuse_query
from taskharbor.entrypoints.http.responses.responses import json_answer

MEDIA_TYPES: Final = (
    "text/calendar",
    "application/json",
    "text/plain",
    "application/jsonl",
    "text/csv",
    "application/zip",
)
_UNCLEAR: Final = f"is not clear from the file: must be one of {', '.join(READ_FORMAT_NAMES)}"
_MAX_EMPTY_BODY: Final = 1_048_576


class InterchangeEndpoints:
    """These operations as functions from request to response."""

    def __init__(self, use_cases: UseCases, *, callers: Callers, max_import_bytes: int) -> None:
        self._use_cases = use_cases
        self._workspace = callers.workspace
        self._context = callers.context
        self._principal = callers.principal
        self._still_allowed = callers.still_allowed
        self._max_import_bytes = max_import_bytes

    async def take(self, request: Request) -> Response:
        """Take the tasks of the body."""
        context = await self._context(request)
        found = read_query(request.scope, READ_FORMAT, FILE_NAME, ATOMIC, DRY_RUN)
        name, file_name = found.pop("format", None), found.pop("file_name", None)
        if name is not None:
            ImportTasks(format=format_named(name))  # refused before anything is read
        refuse_media_types(request.scope, FORMS, accepted=MEDIA_TYPES)
        require_utf_8(request.scope, MEDIA_TYPES)
        if (headers_of(request.scope).get(b"content-encoding") or b"identity").lower() != b"identity":
            raise UnsupportedMediaType(MEDIA_TYPES)
        pieces = self._pieces(request)
        if name is None:
            from taskharbor.adapters.interchange.recognition import recognised  # noqa: PLC0415  # few leave it to us

            name, pieces = await recognised(pieces, file_name)
        if name is None:
            raise InvalidRequest.at("query.format", _UNCLEAR, code="missing")
        command = ImportTasks(format=format_named(name, file_name=file_name), **found)
        report = await self._use_cases.import_tasks(command, pieces, **context)
        return json_answer(import_document(report))

    async def undo(self, request: Request) -> Response:
        """Undo an import."""
        context = await self._context(request)
        command = UndoImport(id=IMPORT_ID.in_path_of(request))
        refuse_query(request.scope)
        refuse_body(await read_body(request, _MAX_EMPTY_BODY))
        return json_answer(undone_document(await self._use_cases.undo_import(command, **context)))

    async def give(self, request: Request) -> Response:
        """Return all tasks as a file."""
        principal = await self._principal(request)
        chosen: Format = read_query(request.scope, WRITTEN_FORMAT)["format"]
        headers = {
            "content-disposition": f'attachment; filename="tasks{chosen.suffixes[0]}"',
            "cache-control": "private, no-store",
        }
        if request.method == "HEAD":
            response = Response(headers=headers, media_type=chosen.media_type)
            del response.headers["content-length"]  # it is known only when the file is made
            return response
        export = self._use_cases.export_tasks(chosen, workspace=principal.workspace)
        pieces = aiter(self._use_cases.access.noted_export(export, principal, self._still_allowed(request, principal)))
        # Before the answer begins, while a store that is away can still be answered with a problem.
        first = await anext(pieces) + await anext(pieces, b"")
        return StreamingResponse(_after(first, pieces), headers=headers, media_type=chosen.media_type)

    async def losses(self, request: Request) -> Response:
        """Say what a format cannot hold of the tasks that there are."""
        workspace = await self._workspace(request)
        chosen: Format = read_query(request.scope, WRITTEN_FORMAT)["format"]
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


async def _after(first: bytes, pieces: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in pieces:
        yield piece
