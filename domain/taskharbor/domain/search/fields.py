"""The fields that a filter can name, and what can be asked of each."""

from collections.abc import Mapping
from enum import Enum, StrEnum
from typing import Final


class Field(StrEnum):
    """What a filter can look at; the names are those of the JSON."""

    ID = "id"
    UID = "uid"
    TITLE = "title"
    DESCRIPTION = "description"
    PROGRESS = "progress"
    IS_COMPLETED = "is_completed"
    IS_OPEN = "is_open"
    PERCENT_COMPLETE = "percent_complete"
    PRIORITY = "priority"
    START = "start"
    DUE = "due"
    ESTIMATED_DURATION = "estimated_duration"
    TAGS = "tags"
    LIST = "list"
    PARENT = "parent"
    DEPENDS_ON = "depends_on"
    BLOCKED = "blocked"
    RECURRING = "recurring"
    COMMENT_COUNT = "comment_count"
    CREATED = "created"
    UPDATED = "updated"
    COMPLETED = "completed"
    REVISION = "revision"


class Operator(StrEnum):
    """How a field is compared."""

    EQUAL = "="
    NOT_EQUAL = "!="
    LESS = "<"
    AT_MOST = "<="
    GREATER = ">"
    AT_LEAST = ">="
    HAS = ":"


class Kind(Enum):
    """What the values of a field are, and thereby what they are compared with and how."""

    NUMBER = "a whole number"
    FLAG = "true or false"
    NAME = "a name"
    TEXT = "text"
    DURATION = "a duration such as PT1H30M or P1D"
    CALENDAR = "a date or time such as 2026-12-01, today+7d or eow"
    INSTANT = "a date or time, such as 2026-12-01T09:00:00Z or today"
    TAGS = "a tag"
    IDS = "the id of a task"


KINDS: Final[Mapping[Field, Kind]] = {
    Field.ID: Kind.NUMBER,
    Field.UID: Kind.NAME,
    Field.TITLE: Kind.TEXT,
    Field.DESCRIPTION: Kind.TEXT,
    Field.PROGRESS: Kind.NAME,
    Field.IS_COMPLETED: Kind.FLAG,
    Field.IS_OPEN: Kind.FLAG,
    Field.PERCENT_COMPLETE: Kind.NUMBER,
    Field.PRIORITY: Kind.NUMBER,
    Field.START: Kind.CALENDAR,
    Field.DUE: Kind.CALENDAR,
    Field.ESTIMATED_DURATION: Kind.DURATION,
    Field.TAGS: Kind.TAGS,
    Field.LIST: Kind.NUMBER,
    Field.PARENT: Kind.NUMBER,
    Field.DEPENDS_ON: Kind.IDS,
    Field.BLOCKED: Kind.FLAG,
    Field.RECURRING: Kind.FLAG,
    Field.COMMENT_COUNT: Kind.NUMBER,
    Field.CREATED: Kind.INSTANT,
    Field.UPDATED: Kind.INSTANT,
    Field.COMPLETED: Kind.INSTANT,
    Field.REVISION: Kind.NUMBER,
}

CAN_BE_ABSENT: Final = frozenset(
    {
        Field.DESCRIPTION,
        Field.PRIORITY,
        Field.START,
        Field.DUE,
        Field.ESTIMATED_DURATION,
        Field.TAGS,
        Field.PARENT,
        Field.DEPENDS_ON,
        Field.COMPLETED,
    }
)
"""Fields that a task may lack. `priority` is there because 0 means undefined (RFC 5545 section 3.8.1.9)."""

_ALL: Final = frozenset(Operator)
_SAME_OR_NOT: Final = frozenset({Operator.EQUAL, Operator.NOT_EQUAL, Operator.HAS})

OPERATORS: Final[Mapping[Kind, frozenset[Operator]]] = {
    Kind.NUMBER: _ALL,
    Kind.FLAG: _SAME_OR_NOT,
    Kind.NAME: _SAME_OR_NOT,
    Kind.TEXT: _ALL,
    Kind.DURATION: _ALL,
    Kind.CALENDAR: _ALL,
    Kind.INSTANT: _ALL,
    Kind.TAGS: frozenset({Operator.HAS}),
    Kind.IDS: frozenset({Operator.HAS}),
}
"""What can be asked of each kind. On text `:` means that it contains something, on all others but sets it means `=`."""
