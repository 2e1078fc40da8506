"""The operations on files of tasks."""

from typing import Any, Final

import msgspec

from taskharbor.adapters.interchange.formats import FORMAT_NAMES
from taskharbor.application.errors import ConcurrentUpdate, HistoryForgotten, ImportNotFound
from taskharbor.application.interchange.import_report import Finding, ImportRefused, ImportReport
from taskharbor.application.undo.undo_import import ImportUndone
from taskharbor.domain.access.permission import Permission
from taskharbor.entrypoints.http.interchange.documents import (
    ImportDocument,
    ImportUndoneDocument,
    LossesDocument,
    import_document,
    undone_document,
)
from taskharbor.entrypoints.http.interchange.endpoints import MEDIA_TYPES, InterchangeEndpoints
from taskharbor.entrypoints.http.interchange.parameters import (
    ATOMIC,
    DRY_RUN,
    EXAMPLE_ID,
    FILE_NAME,
    IMPORT_ID,
    READ_FORMAT,
    WRITTEN_FORMAT,
)
from taskharbor.entrypoints.http.openapi.descriptions import Json, answer
from taskharbor.entrypoints.http.openapi.operation import UNAVAILABLE, Operation
from taskharbor.entrypoints.http.openapi.tags import INTERCHANGE
from taskharbor.entrypoints.http.requests.errors import BodyTooLarge, InvalidRequest, UnsupportedMediaType

_CALENDAR: Final = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//EN\r\nBEGIN:VTODO\r\nUID:1@example.org\r\n"
    "SUMMARY:Water the plants\r\nEND:VTODO\r\nEND:VCALENDAR\r\n"
)
_FILES: Final[Json] = {
    "text/calendar": {"schema": {"type": "string"}, "example": _CALENDAR},
    "application/json": {"schema": {"type": "array", "items": {"type": "object"}}, "example": []},
    "text/plain": {"schema": {"type": "string"}, "example": "(A) 2026-11-25 Water the plants @home\n"},
    "application/jsonl": {"schema": {"type": "string"}, "example": '{"title": "Water the plants"}\n'},
}
_ARCHIVE: Final[Json] = {
    "schema": {"type": "string", "format": "binary"},
    "example": "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==",
}
_TABLE: Final[Json] = {"schema": {"type": "string"}, "example": "id,uid,title\r\n"}
_REPORT: Final = ImportReport(
    id=EXAMPLE_ID,
    created=41,
    unchanged=1,
    refused=1,
    problems=[Finding("line 7 (DUE)", "does not exist: month must be in 1..12")],
)
_UNKNOWN: Final = InvalidRequest.at("query.format", f"must be one of {', '.join(FORMAT_NAMES)}", code="invalid_value")
_UNDONE_EXAMPLE: Final[dict[str, Any]] = msgspec.to_builtins(
    undone_document(ImportUndone(revisions=[9], tasks=41, records=1))
)
_IMPORT_EXAMPLE: Final[dict[str, Any]] = msgspec.to_builtins(import_document(_REPORT))


def interchange_operations(endpoints: InterchangeEndpoints) -> list[Operation]:
    """Return these operations."""
    return [
        Operation(
            name="import_tasks",
            topic=INTERCHANGE,
            needs=Permission.WRITE,
            method="POST",
            path="/import",
            endpoint=endpoints.take,
            summary="Import tasks from a file",
            description="Imports the tasks of a file as a stream, in commits of up to 1,000 tasks. A task whose uid "
            "already exists is changed where the file differs, so importing a file twice changes nothing. Whatever "
            "cannot be imported is reported with its place, and the rest is imported; with `atomic`, for up to 10,000 "
            "tasks, nothing is imported in that case. With `dry_run`, for up to 50,000 tasks, nothing is written: the "
            "report says what an import would do. `id` names the import, so that it can be undone as one.",
            model=ImportDocument,
            parameters=[READ_FORMAT, FILE_NAME, ATOMIC, DRY_RUN],
            body={"required": True, "content": {**_FILES, "text/csv": _TABLE, "application/zip": _ARCHIVE}},
            success=answer("The report", example=_IMPORT_EXAMPLE),
            errors=[
                BodyTooLarge(268_435_456),
                UnsupportedMediaType(MEDIA_TYPES),
                _UNKNOWN,
                ImportRefused(_REPORT),
                UNAVAILABLE,
            ],
        ),
        Operation(
            name="undo_import",
            topic=INTERCHANGE,
            needs=Permission.WRITE,
            method="POST",
            path="/imports/{import_id}/undo",
            endpoint=endpoints.undo,
            summary="Undo an import",
            description="Undoes all commits of an import, the latest first: what it created is deleted, and every "
            "field that it changed becomes what it was. What has been changed since stays, and `conflicts` says "
            "so. If it is interrupted, repeat it: nothing is undone twice.",
            model=ImportUndoneDocument,
            parameters=[IMPORT_ID],
            success=answer("What was undone, and what was not", example=_UNDONE_EXAMPLE),
            errors=[
                ImportNotFound(EXAMPLE_ID),
                HistoryForgotten(8),
                ConcurrentUpdate(42),
                InvalidRequest.at("path.import_id", "must be a UUID", code="invalid_value"),
                BodyTooLarge(1_048_576),
                UNAVAILABLE,
            ],
        ),
        Operation(
            name="export_tasks",
            topic=INTERCHANGE,
            needs=Permission.READ,
            method="GET",
            path="/export",
            endpoint=endpoints.give,
            summary="Export all tasks as a file",
            description="Streams all live tasks as a file. `/export/losses` reports what the format cannot represent.",
            model=None,
            parameters=[WRITTEN_FORMAT],
            success={"description": "The file", "content": {**_FILES, "text/csv": _TABLE}},
            errors=[_UNKNOWN, UNAVAILABLE],
        ),
        Operation(
            name="export_losses",
            topic=INTERCHANGE,
            needs=Permission.READ,
            method="GET",
            path="/export/losses",
            endpoint=endpoints.losses,
            summary="Report what an export would lose",
            description="Returns what the format cannot represent, and for how many tasks.",
            model=LossesDocument,
            parameters=[WRITTEN_FORMAT],
            success=answer("The losses", example={"count": 42, "losses": {"reminders": 3}}),
            errors=[_UNKNOWN, UNAVAILABLE],
        ),
    ]
