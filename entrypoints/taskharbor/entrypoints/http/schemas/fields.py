"""The fields of a task as OpenAPI describes them: the same in requests and in answers."""

from datetime import UTC, date, datetime
from typing import Any, Final

from pydantic import WithJsonSchema

from taskharbor.application.claims.claim_task import DEFAULT_LEASE
from taskharbor.domain.identifiers import MAX_ID
from taskharbor.domain.recurrence.recurrence import MAX_DATES, Anchor, Overdue
from taskharbor.domain.recurrence.rule_parser import MAX_RULE_LENGTH
from taskharbor.domain.tasks.assignees import MAX_ASSIGNEES
from taskharbor.domain.tasks.claim import MAX_HOLDER_LENGTH
from taskharbor.domain.tasks.comment import MAX_AUTHOR_LENGTH, MAX_COMMENT_LENGTH
from taskharbor.domain.tasks.links import MAX_LINK_LENGTH, MAX_LINKS
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.tasks.relations import MAX_DEPENDENCIES
from taskharbor.domain.tasks.reminder import MAX_REMINDERS, AbsoluteReminder, RelativeReminder, RelativeTo
from taskharbor.domain.tasks.tags import MAX_TAG_LENGTH, MAX_TAGS
from taskharbor.domain.values.calendar_time import AllDay, Floating, Zoned
from taskharbor.domain.values.duration import Duration, SignedDuration
from taskharbor.domain.values.text import MAX_DESCRIPTION_LENGTH, MAX_TITLE_LENGTH

_TEXT: Final = {"type": "string"}
_NULL: Final = {"type": "null"}
_ID: Final = {"type": "integer", "format": "int64", "minimum": 1, "maximum": MAX_ID}


def _kind(title: str, description: str, example: object, **members: object) -> dict[str, Any]:
    return {
        "title": title,
        "description": description,
        "type": "object",
        "properties": members,
        "required": list(members),
        "additionalProperties": False,
        "examples": [example],
    }


_LOCAL: Final = _TEXT | {"pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$"}
_NINE: Final = datetime(2026, 12, 1, 9)  # noqa: DTZ001 - it is local
_CALENDAR_TIME: Final = [
    _kind(
        "AllDay",
        "An all-day date, in any time zone.",
        AllDay(date(2026, 12, 1)).as_json(),
        date=_TEXT | {"format": "date"},
    ),
    # Before what has a part of its members: generated clients take the first that fits.
    _kind(
        "Zoned",
        "A local time in a time zone, given by its IANA name.",
        Zoned(_NINE, "Europe/Berlin").as_json(),
        localDateTime=_LOCAL,
        timeZone=_TEXT,
    ),
    _kind(
        "Floating",
        "A local time in any time zone, without `Z` or offset.",
        Floating(_NINE).as_json(),
        localDateTime=_LOCAL,
    ),
]
_DURATION: Final = _TEXT | {"format": "duration"}
_REMINDER: Final = [
    _kind(
        "AbsoluteReminder",
        "At an instant, in UTC and whole seconds.",
        AbsoluteReminder(datetime(2026, 12, 1, 8, tzinfo=UTC)).as_json(),
        when=_TEXT | {"format": "date-time"},
    ),
    _kind(
        "RelativeReminder",
        "How long after start or due; before if negative.",
        RelativeReminder(SignedDuration(Duration(minutes=15), is_negative=True), RelativeTo.DUE).as_json(),
        offset=_DURATION,
        relativeTo=_TEXT | {"enum": [*RelativeTo]},
    ),
]


def _described(description: str, schema: dict[str, Any]) -> WithJsonSchema:
    return WithJsonSchema({**schema, "description": description})


def _list_of(items: dict[str, Any], *, most: int) -> dict[str, Any]:
    return {"type": "array", "items": items, "maxItems": most}


TITLE: Final = _described(
    "One line without control characters; surrounding white space is removed.",
    _TEXT | {"minLength": 1, "maxLength": MAX_TITLE_LENGTH},
)
DESCRIPTION: Final = _described(
    "Markdown, or null for none.", {"type": ["string", "null"], "maxLength": MAX_DESCRIPTION_LENGTH}
)
PROGRESS: Final = _described("The progress of the task (RFC 8984 section 5.2.5).", _TEXT | {"enum": [*Progress]})
IS_COMPLETED: Final = _described(
    "A shorthand for `progress`: true completes the task, false reopens it.", {"type": "boolean"}
)
PERCENT_COMPLETE: Final = _described(
    "How much of it is done. 100 completes it, and completing it means 100 (RFC 8984 section 5.2.4).",
    {"type": "integer", "minimum": 0, "maximum": 100},
)
PRIORITY: Final = _described(
    "0 is undefined, 1 highest, 9 lowest (RFC 5545 section 3.8.1.9).",
    {"type": "integer", "minimum": 0, "maximum": 9},
)
START: Final = _described("When to start it, or null.", {"oneOf": [*_CALENDAR_TIME, _NULL]})
DUE: Final = _described("When it is due, not before `start`, or null.", {"oneOf": [*_CALENDAR_TIME, _NULL]})
ESTIMATED_DURATION: Final = _described(
    "How long it takes, as an ISO 8601 duration in weeks, days, hours, minutes and seconds, or null.",
    {"oneOf": [_DURATION | {"examples": ["PT1H30M"]}, _NULL]},
)
HOLDER: Final = _described(
    "Who works on the task. Defaults to the actor, where that is known.",
    _TEXT | {"minLength": 1, "maxLength": MAX_HOLDER_LENGTH, "examples": ["bot-1"]},
)
LEASE: Final = _described(
    "For how long, as an ISO 8601 duration from `PT1S` to `P1D`.",
    _DURATION | {"default": DEFAULT_LEASE, "examples": ["PT10M"]},
)
SNOOZE: Final = _described(
    "After how long it fires again, as an ISO 8601 duration from `PT1S` to `P366D`.",
    _DURATION | {"examples": ["PT10M"]},
)
FENCE: Final = _described(
    "The revision of the claim. Send it as `If-Claim`: work under a claim that has ended is refused.", _ID
)
TAGS: Final = _described(
    "A set, ignoring case; the first spelling is kept.",
    _list_of(_TEXT | {"minLength": 1, "maxLength": MAX_TAG_LENGTH}, most=MAX_TAGS),
)
LINKS: Final = _described(
    "Absolute URLs related to it.",
    _list_of(_TEXT | {"format": "uri", "maxLength": MAX_LINK_LENGTH}, most=MAX_LINKS),
)
REMINDERS: Final = _described("When to send a reminder.", _list_of({"oneOf": _REMINDER}, most=MAX_REMINDERS))
_MOMENT: Final = {"oneOf": _CALENDAR_TIME}
_DATES: Final = _list_of(_MOMENT, most=MAX_DATES) | {"default": []}
_RECURRENCE: Final[dict[str, Any]] = {
    "title": "Recurrence",
    "description": "Replaced as a whole. All dates are of the kind, and in the time zone, of `start`, or without it of "
    "`due`.",
    "type": "object",
    "properties": {
        "rrule": {
            "type": ["string", "null"],
            "maxLength": MAX_RULE_LENGTH,
            "description": "A rule as in RFC 5545 section 3.3.10, hourly at the most. COUNT is what is left of it, the "
            "current occurrence included.",
        },
        "rdate": _DATES | {"description": "Additional occurrences."},
        "exdate": _DATES | {"description": "Occurrences to leave out."},
        "anchor": _TEXT
        | {"enum": [*Anchor], "default": Anchor.SCHEDULE, "description": "What the next occurrence is counted from."},
        "overdue": _TEXT
        | {"enum": [*Overdue], "default": Overdue.SKIP, "description": "What happens to missed occurrences."},
        "first": _MOMENT | {"description": "Where the rule starts, by default at the task's own time."},
        "current": _MOMENT | {"description": "The current occurrence according to the rule."},
    },
    "additionalProperties": False,
    "examples": [{"rrule": "FREQ=MONTHLY;BYMONTHDAY=31", "anchor": "schedule", "overdue": "skip"}],
}
RECURRENCE: Final = _described("How it recurs, or null.", {"oneOf": [_RECURRENCE, _NULL]})
RECURRENCE_ID: Final = _described("This occurrence according to the rule.", _MOMENT)
OCCURRENCE_OF: Final = _described(
    "The recurring task of which this is a completed occurrence, or null.",
    {
        "oneOf": [
            {
                "title": "OccurrenceOf",
                "type": "object",
                "properties": {"task": _ID, "recurrenceId": _MOMENT},
                "required": ["task", "recurrenceId"],
                "additionalProperties": False,
            },
            _NULL,
        ]
    },
)
LIST: Final = _described("The id of its list; 1 is the inbox.", _ID)
PARENT: Final = _described("The task that it is a subtask of, or null.", {"oneOf": [_ID, _NULL]})
DEPENDS_ON: Final = _described(
    "The tasks that must be completed before it; a set.", {"type": "array", "items": _ID, "maxItems": MAX_DEPENDENCIES}
)
ASSIGNEES: Final = _described(
    "The ids of the members who are to do it, a set; absent if nobody is.",
    _list_of(_TEXT | {"minLength": 1, "maxLength": 128}, most=MAX_ASSIGNEES),
)
BEFORE: Final = _described("Place it right before this task.", _ID)
AFTER: Final = _described("Place it right after this task.", _ID)
FIRST: Final = _described("Whether to place it first in its list.", {"type": "boolean"})
LAST: Final = _described("Whether to place it last in its list.", {"type": "boolean"})
COMMENT_TEXT: Final = _described(
    "Markdown; surrounding white space is removed.", _TEXT | {"minLength": 1, "maxLength": MAX_COMMENT_LENGTH}
)
AUTHOR: Final = _described("The author, or null.", {"type": ["string", "null"], "maxLength": MAX_AUTHOR_LENGTH})
LIST_NAME: Final = _described(
    "One line without control characters; surrounding white space is removed.",
    _TEXT | {"minLength": 1, "maxLength": MAX_TITLE_LENGTH},
)
COLOUR: Final = _described(
    "Its colour, or null.", {"type": ["string", "null"], "pattern": "^#[0-9A-Fa-f]{6}$", "examples": ["#1e90ff"]}
)
ARCHIVED: Final = _described("Whether it is archived: it keeps its tasks but accepts no new ones.", {"type": "boolean"})
