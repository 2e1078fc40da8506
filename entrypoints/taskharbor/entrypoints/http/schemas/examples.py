"""What requests and answers look like, for OpenAPI. Made of the real types, so that they cannot be wrong.

FastAPI leaves every null out of the description that it makes, out of examples too.
"""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import msgspec

from taskharbor.application.documents.task_view import TaskView
from taskharbor.domain.lists.colour import Colour
from taskharbor.domain.lists.task_list import TaskList
from taskharbor.domain.recurrence.recurrence import recurrence_from
from taskharbor.domain.tasks.alert import Alert
from taskharbor.domain.tasks.claim import Claim
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.tasks.rank import natural_rank
from taskharbor.domain.tasks.reminder import RelativeReminder, RelativeTo
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.calendar_time import AllDay, Zoned
from taskharbor.domain.values.duration import Duration, SignedDuration
from taskharbor.domain.values.uid import uid_from
from taskharbor.entrypoints.http.schemas.bodies import ChangeTaskBody, CreateTaskBody
from taskharbor.entrypoints.http.schemas.documents import CommentDocument, UrgencyDocument, list_document

_MADE: Final = datetime(2026, 3, 14, 9, 26, 53, 589793, tzinfo=UTC)
_DONE: Final = datetime(2026, 3, 15, 18, 0, tzinfo=UTC)

_TASK: Final = Task(
    id=42,
    uid=uid_from("019ceb9c-1bd5-7abc-8def-0123456789ab"),
    title="Water the plants",
    description="The *cactus* too",
    progress=Progress.NEEDS_ACTION,
    priority=5,
    start=AllDay(date(2026, 3, 15)),
    due=Zoned(datetime(2026, 3, 15, 18), "Europe/Berlin"),  # noqa: DTZ001 - it is local
    estimated_duration=Duration(minutes=15),
    tags=("Balcony", "home"),
    links=("https://example.org/plants",),
    reminders=(RelativeReminder(SignedDuration(Duration(hours=1), is_negative=True), RelativeTo.DUE),),
    rank=natural_rank(42),
    created=_MADE,
    updated=_MADE,
    revision=7,
)
OPEN_TASK: Final = TaskView.of(_TASK)

_CHANGES: Final[dict[Progress, tuple[datetime | None, int]]] = {
    Progress.NEEDS_ACTION: (None, 10),
    Progress.IN_PROCESS: (None, 8),
    Progress.COMPLETED: (_DONE, 9),
    Progress.CANCELLED: (None, 9),
}

_OPEN: Final[dict[str, Any]] = json.loads(OPEN_TASK.as_json())

NEW_TASK: Final[CreateTaskBody] = {"title": "Water the plants", "description": "The *cactus* too"}
PLANNED_TASK: Final[CreateTaskBody] = {
    "title": OPEN_TASK.title,
    "priority": OPEN_TASK.priority,
    "start": _OPEN["start"],
    "due": _OPEN["due"],
    "estimated_duration": _OPEN["estimated_duration"],
    "tags": _OPEN["tags"],
    "links": _OPEN["links"],
    "reminders": _OPEN["reminders"],
}
RECURRING_TASK: Final[CreateTaskBody] = {
    "title": "Pay the rent",
    "due": AllDay(date(2026, 3, 31)).as_json(),
    "recurrence": {"rrule": "FREQ=MONTHLY;BYMONTHDAY=-1", "overdue": "catch-up"},
}
CHANGES: Final[dict[str, ChangeTaskBody]] = {
    "change the title": {"title": "Water the garden"},
    "complete": {"is_completed": True},
    "change several things": {"description": "The garden too", "progress": Progress.IN_PROCESS},
    "do it each day from now on": {"due": AllDay(date(2026, 3, 16)).as_json(), "recurrence": {"rrule": "FREQ=DAILY"}},
    "give it a place": {"list": 7, "parent": None, "depends_on": [12, 40]},
    "put it off": {"due": AllDay(date(2026, 3, 16)).as_json(), "priority": 9},
}


def task_example(progress: Progress | None = None) -> dict[str, object]:
    """Return a task as it is answered: as it was made, or after it moved to `progress`."""
    if progress is None:
        return _OPEN
    completed, revision = _CHANGES[progress]
    changed: dict[str, object] = msgspec.to_builtins(
        {
            "progress": progress,
            "is_completed": progress is Progress.COMPLETED,
            "percent_complete": 100 if progress is Progress.COMPLETED else 0,
            "updated": _DONE,
            "completed": completed,
            "revision": revision,
        }
    )
    return _OPEN | changed


CLAIM_OF_BOT: Final = Claim("bot-1", _DONE, 8)


def claimed_example() -> dict[str, object]:
    """Return a task as it is answered when it was claimed."""
    return task_example() | {"revision": 8, "claim": CLAIM_OF_BOT.as_json()}


def alerted_example() -> dict[str, object]:
    """Return a task as it is answered when its reminder was snoozed."""
    alert = Alert("due-PT1H", _DONE - timedelta(hours=2), _DONE - timedelta(hours=2), snoozed=_DONE)
    return task_example() | {"revision": 9, "alerts": [alert.as_json()]}


_APRIL: Final = AllDay(date(2026, 4, 30)).as_json()
_MAY: Final = AllDay(date(2026, 5, 31)).as_json()

NEXT_OCCURRENCE: Final[dict[str, object]] = task_example(Progress.NEEDS_ACTION) | {
    "start": None,
    "due": _APRIL,
    "recurrence": recurrence_from(
        "recurrence", RECURRING_TASK["recurrence"] | {"current": _APRIL}, moment=AllDay(date(2026, 3, 31))
    ).as_json(),
}
OCCURRENCES: Final[list[dict[str, object]]] = [
    {"recurrenceId": day, "start": None, "due": day} for day in (_APRIL, _MAY)
]

LIST: Final = TaskList(
    id=7, name="Balcony", colour=Colour("#1e90ff"), description=None, created=_MADE, updated=_MADE, revision=5
)
LIST_EXAMPLE: Final[dict[str, Any]] = msgspec.to_builtins(list_document(LIST))
COMMENT_EXAMPLE: Final[dict[str, Any]] = msgspec.to_builtins(
    CommentDocument(3, "The *blue* can leaks", "Zoë", _MADE, _MADE)
)
URGENCY_EXAMPLE: Final[dict[str, Any]] = msgspec.to_builtins(
    UrgencyDocument(OPEN_TASK.id, 14.6, blocked=False, blocking=True, at=_DONE)
)
