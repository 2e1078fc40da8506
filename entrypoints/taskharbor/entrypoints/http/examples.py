"""What requests and answers look like, for OpenAPI. Made of the real types, so that they cannot be wrong.

FastAPI leaves every null out of the description that it makes, out of examples too.
"""

from datetime import UTC, datetime
from typing import Final

import msgspec

from taskharbor.application.task_view import TaskView
from taskharbor.domain.progress import Progress
from taskharbor.domain.uid import uid_from
from taskharbor.entrypoints.http.bodies import ChangeTaskBody, CreateTaskBody

_MADE: Final = datetime(2026, 3, 14, 9, 26, 53, 589793, tzinfo=UTC)
_DONE: Final = datetime(2026, 3, 15, 18, 0, tzinfo=UTC)

OPEN_TASK: Final = TaskView(
    id=42,
    uid=uid_from("019ceb9c-1bd5-7abc-8def-0123456789ab"),
    title="Water the plants",
    description="The *cactus* too",
    progress=Progress.NEEDS_ACTION,
    is_completed=False,
    created=_MADE,
    updated=_MADE,
    completed=None,
    revision=7,
)

_CHANGES: Final[dict[Progress, tuple[datetime | None, int]]] = {
    Progress.NEEDS_ACTION: (None, 10),
    Progress.IN_PROCESS: (None, 8),
    Progress.COMPLETED: (_DONE, 9),
    Progress.CANCELLED: (None, 9),
}

NEW_TASK: Final[CreateTaskBody] = {"title": "Water the plants", "description": "The *cactus* too"}
CHANGES: Final[dict[str, ChangeTaskBody]] = {
    "change the title": {"title": "Water the garden"},
    "complete": {"is_completed": True},
    "change several things": {"description": "The garden too", "progress": Progress.IN_PROCESS},
}


def task_example(progress: Progress | None = None) -> dict[str, object]:
    """Return a task as it is answered: as it was made, or after it moved to `progress`."""
    example: dict[str, object] = msgspec.to_builtins(OPEN_TASK)
    if progress is None:
        return example
    completed, revision = _CHANGES[progress]
    changed: dict[str, object] = msgspec.to_builtins(
        {
            "progress": progress,
            "is_completed": progress is Progress.COMPLETED,
            "updated": _DONE,
            "completed": completed,
            "revision": revision,
        }
    )
    return example | changed
