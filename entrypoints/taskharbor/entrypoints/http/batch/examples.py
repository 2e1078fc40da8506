"""What the feed of changes and a batch look like, for OpenAPI."""

import json
from datetime import UTC, datetime
from typing import Any, Final

from taskharbor.application.errors import BatchRefused, PreconditionFailed, UidTaken
from taskharbor.domain.errors import InvalidValue, TaskNotFound
from taskharbor.domain.values.uid import uid_from
from taskharbor.entrypoints.http.batch.documents import BatchDocument, DeletedDocument, DoneDocument, RefusedDocument
from taskharbor.entrypoints.http.responses.problems import problem_for
from taskharbor.entrypoints.http.responses.responses import json_answer
from taskharbor.entrypoints.http.schemas.change_documents import ChangesDocument, TombstoneDocument, change_document
from taskharbor.entrypoints.http.schemas.documents import task_document
from taskharbor.entrypoints.http.schemas.examples import OPEN_TASK

_REVISION: Final = 8
_TOMBSTONE: Final = TombstoneDocument(
    41, uid_from("019ceb9c-1bd5-7abc-8def-0123456789aa"), _REVISION, datetime(2026, 3, 15, 18, tzinfo=UTC)
)
_MISSING: Final = BatchRefused(1, TaskNotFound(7))


def _as_json(document: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(bytes(json_answer(document).body))
    return found


CHANGES_EXAMPLE: Final[dict[str, Any]] = _as_json(
    ChangesDocument([change_document(OPEN_TASK), _TOMBSTONE], str(_REVISION), more=False)
)

BATCHES: Final[dict[str, object]] = {
    "one commit for all of it, or nothing": {
        "commands": [
            {"command": "create", "uid": OPEN_TASK.uid, "title": OPEN_TASK.title},
            {"command": "start", "uid": OPEN_TASK.uid},
            {"command": "change", "id": 7, "if_match": 3, "due": {"date": "2026-12-01"}},
            {"command": "delete", "id": 41},
        ]
    },
    "what would happen": {
        "atomic": False,
        "dry_run": True,
        "commands": [{"command": "complete", "id": 7}, {"command": "restore", "id": 41}],
    },
}
BATCH_EXAMPLE: Final[dict[str, Any]] = _as_json(
    BatchDocument(
        OPEN_TASK.revision,
        [
            DoneDocument(201, task_document(OPEN_TASK)),
            RefusedDocument(404, problem_for(_MISSING)),
            DeletedDocument(204, 41, OPEN_TASK.revision),
        ],
    )
)
BATCH_REFUSALS: Final = (
    _MISSING,
    BatchRefused(0, UidTaken(OPEN_TASK.uid)),
    BatchRefused(17, PreconditionFailed(OPEN_TASK.id, expected=6, current=OPEN_TASK.revision)),
    BatchRefused(
        17, InvalidValue("due.timeZone", "must be the IANA name of a time zone, such as Europe/Berlin or UTC")
    ),
)
