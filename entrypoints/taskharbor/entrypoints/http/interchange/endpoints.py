"""Files of tasks, in and out as streams."""

from collections.abc import AsyncIterable, AsyncIterator
from typing import Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from taskharbor.adapters.interchange.formats import FORMAT_NAMES, READ_FORMAT_NAMES, format_named
from taskharbor.adapters.interchange.recognition import recognised
from taskharbor.application.interchange.import_tasks import ImportTasks
from taskharbor.application.ports.interchange import Format
from taskharbor.application.undo.undo_import import UndoImport
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.values.uid import uid_from
from taskharbor.entrypoints.http.interchange.documents import import_document, losses_document, undone_document
from taskharbor.entrypoints.http.requests.callers import Callers
from taskharbor.entrypoints.http.requests.errors import BodyTooLarge, InvalidRequest, UnsupportedMediaType
from taskharbor.entrypoints.http.requests.headers import headers_of
from taskharbor.entrypoints.http.requests.json_body import read_body, refuse_body
from taskharbor.entrypoints.http.requests.parameters import parameters_of, refuse_query
from taskharbor.entrypoints.http.responses.responses import json_answer

MEDIA_TYPES: Final = (
    "text/calendar",
    "application/json",
    "text/plain",
    "application/jsonl",
    "text/csv",
    "application/zip",
)
_TRUTH: Final = {"true": True, "false": False}
_UNCLEAR: Final = f"is not clear from the file: must be one of {', '.join(READ_FORMAT_NAMES)}"
_MAX_EMPTY_BODY: Final = 1_048_576


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
        found = parameters_of(request.scope, ("format", "atomic", "dry_run", "file_name"))
        atomic, dry_run = _truth(found, "atomic"), _truth(found, "dry_run")
        name, file_name = found.get("format"), found.get("file_name")
        if name is not None:
            ImportTasks(format=format_named(name))  # refused before anything is read
        if (headers_of(request.scope).get(b"content-encoding") or b"identity").lower() != b"identity":
            raise UnsupportedMediaType(MEDIA_TYPES)
        pieces = self._pieces(request)
        if name is None:
            name, pieces = await recognised(pieces, file_name)
        if name is None:
            raise InvalidRequest.at("query.format", _UNCLEAR, code="missing")
        command = ImportTasks(format=format_named(name, file_name=file_name), atomic=atomic, dry_run=dry_run)
        report = await self._use_cases.import_tasks(command, pieces, **context)
        return json_answer(import_document(report))

    async def undo(self, request: Request) -> Response:
        """Take back what an import did."""
        context = await self._context(request)
        try:
            command = UndoImport(id=uid_from(request.path_params["import_id"]))
        except InvalidValue as invalid:
            raise InvalidRequest.at("path.import_id", invalid.reason, code="invalid_value") from None
        refuse_query(request.scope)
        refuse_body(await read_body(request, _MAX_EMPTY_BODY))
        return json_answer(undone_document(await self._use_cases.undo_import(command, **context)))

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


def _truth(found: dict[str, str], name: str) -> bool:
    said = _TRUTH.get(found.get(name, "false"))
    if said is None:
        raise InvalidRequest.at(f"query.{name}", "must be true or false", code="wrong_type")
    return said


def _format_of(found: dict[str, str]) -> Format:
    if "format" not in found:
        raise InvalidRequest.at("query.format", "is required", code="missing")
    if found["format"] in READ_FORMAT_NAMES and found["format"] not in FORMAT_NAMES:
        raise InvalidRequest.at("query.format", f"must be one of {', '.join(FORMAT_NAMES)}", code="invalid_value")
    return format_named(found["format"])


async def _after(first: bytes, pieces: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in pieces:
        yield piece
