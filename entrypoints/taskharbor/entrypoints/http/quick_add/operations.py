"""The operation on lines."""

import json
from typing import Final

from taskharbor.domain.access.permission import Permission
from taskharbor.domain.errors import InvalidValue
from taskharbor.entrypoints.http.openapi.descriptions import RequestBody, answer
from taskharbor.entrypoints.http.openapi.operation import BODY_ERRORS, UNAVAILABLE, Operation
from taskharbor.entrypoints.http.openapi.tags import TASKS
from taskharbor.entrypoints.http.quick_add.bodies import QUICK_ADD
from taskharbor.entrypoints.http.quick_add.documents import QuickAddedDocument
from taskharbor.entrypoints.http.quick_add.endpoints import QuickAddEndpoints
from taskharbor.entrypoints.http.requests.errors import InvalidRequest, UnsupportedMediaType
from taskharbor.entrypoints.http.requests.headers import JSON
from taskharbor.entrypoints.http.schemas.examples import OPEN_TASK

_LINE: Final = "Water the plants tomorrow #home !1"


def quick_add_operations(endpoints: QuickAddEndpoints) -> list[Operation]:
    """Return it."""
    return [
        Operation(
            name="quick_add",
            topic=TASKS,
            needs=Permission.WRITE,
            method="POST",
            path="/tasks/quick",
            endpoint=endpoints.quick_add,
            summary="Create a task off one line",
            description="Reads the end of the line: dates, times, recurrence and reminders in words, `#tags`, `@list`, "
            "`!priority`, `~duration`, `//description`. The answer says what each part was taken for. A backslash "
            "before a word leaves it in the title.",
            model=QuickAddedDocument,
            body=RequestBody(
                QUICK_ADD,
                JSON,
                {
                    "a line": {"text": _LINE, "time_zone": "Europe/Berlin"},
                    "only look": {"text": "Miete zahlen jeden Monat am 1.", "language": "de", "dry_run": True},
                },
                required=True,
            ),
            success=answer(
                "How the line was understood",
                example={
                    "task": json.loads(OPEN_TASK.as_json()),
                    "taken": [
                        {"start": 17, "end": 25, "field": "due"},
                        {"start": 26, "end": 31, "field": "tags"},
                        {"start": 32, "end": 34, "field": "priority"},
                    ],
                    "line": "Water the plants due 2026-12-01 #home !1",
                },
            ),
            errors=[
                *BODY_ERRORS,
                UnsupportedMediaType(JSON),
                InvalidRequest.at("body.text", "is required", code="missing"),
                InvalidValue("text", "names 2026-02-30, which does not exist"),
                UNAVAILABLE,
            ],
        )
    ]
