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


class FieldType(Enum):
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


FIELD_TYPES: Final[Mapping[Field, FieldType]] = {
    Field.ID: FieldType.NUMBER,
    Field.UID: FieldType.NAME,
    Field.TITLE: FieldType.TEXT,
    Field.DESCRIPTION: FieldType.TEXT,
    Field.PROGRESS: FieldType.NAME,
    Field.IS_COMPLETED: FieldType.FLAG,
    Field.IS_OPEN: FieldType.FLAG,
    Field.PERCENT_COMPLETE: FieldType.NUMBER,
    Field.PRIORITY: FieldType.NUMBER,
    Field.START: FieldType.CALENDAR,
    Field.DUE: FieldType.CALENDAR,
    Field.ESTIMATED_DURATION: FieldType.DURATION,
    Field.TAGS: FieldType.TAGS,
    Field.LIST: FieldType.NUMBER,
    Field.PARENT: FieldType.NUMBER,
    Field.DEPENDS_ON: FieldType.IDS,
    Field.BLOCKED: FieldType.FLAG,
    Field.RECURRING: FieldType.FLAG,
    Field.COMMENT_COUNT: FieldType.NUMBER,
    Field.CREATED: FieldType.INSTANT,
    Field.UPDATED: FieldType.INSTANT,
    Field.COMPLETED: FieldType.INSTANT,
    Field.REVISION: FieldType.NUMBER,
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

OPERATORS: Final[Mapping[FieldType, frozenset[Operator]]] = {
    FieldType.NUMBER: _ALL,
    FieldType.FLAG: _SAME_OR_NOT,
    FieldType.NAME: _SAME_OR_NOT,
    FieldType.TEXT: _ALL,
    FieldType.DURATION: _ALL,
    FieldType.CALENDAR: _ALL,
    FieldType.INSTANT: _ALL,
    FieldType.TAGS: frozenset({Operator.HAS}),
    FieldType.IDS: frozenset({Operator.HAS}),
}
"""What can be asked of each kind. On text `:` means that it contains something, on all others but sets it means `=`."""
