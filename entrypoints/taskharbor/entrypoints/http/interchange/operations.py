"""The operations on files of tasks."""

from typing import Any, Final

import msgspec

from taskharbor.adapters.interchange.formats import FORMAT_NAMES, READ_FORMAT_NAMES
from taskharbor.application.interchange.import_report import Finding, ImportRefused, ImportReport
from taskharbor.entrypoints.http.interchange.documents import (
    ImportDocument,
    LossesDocument,
    import_document,
)
from taskharbor.entrypoints.http.interchange.endpoints import InterchangeEndpoints
from taskharbor.entrypoints.http.openapi.descriptions import Json, answer
from taskharbor.entrypoints.http.openapi.operation import UNAVAILABLE, Operation
from taskharbor.entrypoints.http.openapi.parameters import in_query
from taskharbor.entrypoints.http.openapi.tags import INTERCHANGE
from taskharbor.entrypoints.http.requests.errors import BodyTooLarge, InvalidRequest, UnsupportedMediaType

_MEDIA_TYPES: Final = ("text/calendar", "application/json", "text/plain", "application/jsonl")
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
_TABLE: Final[Json] = {"schema": {"type": "string"}, "example": "id,uid,title\r\n"}
_REPORT: Final = ImportReport(
    created=41, unchanged=1, refused=1, problems=[Finding("line 7 (DUE)", "does not exist: month must be in 1..12")]
)
_UNKNOWN: Final = InvalidRequest.at("query.format", f"must be one of {', '.join(FORMAT_NAMES)}", code="invalid_value")
_IMPORT_EXAMPLE: Final[dict[str, Any]] = msgspec.to_builtins(import_document(_REPORT))


def interchange_operations(endpoints: InterchangeEndpoints) -> list[Operation]:
    """Return these operations."""
    return [
        Operation(
            name="import_tasks",
            topic=INTERCHANGE,
            method="POST",
            path="/import",
            endpoint=endpoints.take,
            summary="Import tasks from a file",
            description="Imports the tasks of a file as a stream, in commits of up to 1,000 tasks. A task whose uid "
            "already exists is changed where the file differs, so importing a file twice changes nothing. Whatever "
            "cannot be imported is reported with its place, and the rest is imported; with `atomic`, for up to 10,000 "
            "tasks, nothing is imported in that case.",
            model=ImportDocument,
            parameters=[_format(READ_FORMAT_NAMES), _ATOMIC],
            body={"required": True, "content": _FILES},
            success=answer("The report", example=_IMPORT_EXAMPLE),
            errors=[
                BodyTooLarge(268_435_456),
                UnsupportedMediaType(_MEDIA_TYPES),
                _UNKNOWN,
                ImportRefused(_REPORT),
                UNAVAILABLE,
            ],
        ),
        Operation(
            name="export_tasks",
            topic=INTERCHANGE,
            method="GET",
            path="/export",
            endpoint=endpoints.give,
            summary="Export all tasks as a file",
            description="Streams all live tasks as a file. `/export/losses` reports what the format cannot represent.",
            model=None,
            parameters=[_format(FORMAT_NAMES)],
            success={"description": "The file", "content": {**_FILES, "text/csv": _TABLE}},
            errors=[_UNKNOWN, UNAVAILABLE],
        ),
        Operation(
            name="export_losses",
            topic=INTERCHANGE,
            method="GET",
            path="/export/losses",
            endpoint=endpoints.losses,
            summary="Report what an export would lose",
            description="Returns what the format cannot represent, and for how many tasks.",
            model=LossesDocument,
            parameters=[_format(FORMAT_NAMES)],
            success=answer("The losses", example={"count": 42, "losses": {"reminders": 3}}),
            errors=[_UNKNOWN, UNAVAILABLE],
        ),
    ]


def _format(names: tuple[str, ...]) -> Json:
    schema = {"type": "string", "enum": list(names)}
    return {**in_query("format", "The format of the file.", schema, example="icalendar"), "required": True}


_ATOMIC: Final[Json] = in_query(
    "atomic", "Whether to import nothing if something cannot be imported.", {"type": "boolean", "default": False}
)
