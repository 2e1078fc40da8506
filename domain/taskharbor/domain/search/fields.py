"""The fields that a filter can name, and what can be asked of each."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from taskharbor.domain.tasks.fields import FIELDS_BY_NAME, FieldType


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
    ASSIGNEES = "assignees"
    CLAIMED_UNTIL = "claimed_until"


class Operator(StrEnum):
    """How a field is compared."""

    EQUAL = "="
    NOT_EQUAL = "!="
    LESS = "<"
    AT_MOST = "<="
    GREATER = ">"
    AT_LEAST = ">="
    HAS = ":"


FIELD_TYPES: Final[Mapping[Field, FieldType]] = {field: FIELDS_BY_NAME[field].type for field in Field}

CAN_BE_ABSENT: Final = frozenset(field for field in Field if FIELDS_BY_NAME[field].can_be_absent)
"""Fields that a task may lack. `priority` is there because 0 means undefined (RFC 5545 section 3.8.1.9)."""

_ALL: Final = frozenset(Operator)
EQUALITY: Final = frozenset({Operator.EQUAL, Operator.NOT_EQUAL})
EQUALITY_OR_HAS: Final = EQUALITY | {Operator.HAS}

OPERATORS: Final[Mapping[FieldType, frozenset[Operator]]] = {
    FieldType.NUMBER: _ALL,
    FieldType.FLAG: EQUALITY_OR_HAS,
    FieldType.UID: _ALL,
    FieldType.PROGRESS: EQUALITY_OR_HAS,
    FieldType.TEXT: _ALL,
    FieldType.DURATION: _ALL,
    FieldType.CALENDAR: _ALL,
    FieldType.INSTANT: _ALL,
    FieldType.TAGS: frozenset({Operator.HAS}),
    FieldType.IDS: frozenset({Operator.HAS}),
    FieldType.MEMBERS: frozenset({Operator.HAS}),
}
"""What can be asked of each type. On text `:` means that it contains something, on all others but sets it means `=`."""
