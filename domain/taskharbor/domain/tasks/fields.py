"""The fields of a task, one a line: what can be derived from them is derived from this table.

What each type of value is in JSON, in a filter, in an order or in a column says one table a layer, by `FieldType`. The
lists that type checkers need (`Task`, `TaskChanges`, `TaskView`, ...) are written out; a test holds them to this one.
CONTRIBUTING.md has the recipe for another field.
"""

from collections.abc import Callable, Mapping
from enum import Enum
from functools import partial
from typing import Any, Final, TypeAlias

from taskharbor.domain.frozen import frozen
from taskharbor.domain.tasks.assignees import assignees_from
from taskharbor.domain.tasks.links import links_from
from taskharbor.domain.tasks.priority import UNDEFINED, priority_from
from taskharbor.domain.tasks.relations import depends_on_from, list_id_from, parent_from
from taskharbor.domain.tasks.reminder import reminders_from
from taskharbor.domain.tasks.tags import tags_from
from taskharbor.domain.unset import UNSET
from taskharbor.domain.values.calendar_time import calendar_time_from
from taskharbor.domain.values.duration import duration_from
from taskharbor.domain.values.text import description_from, title_from

Rule: TypeAlias = Callable[[Any], object]
"""Makes the value of a field of whatever a caller says, or raises `InvalidValue`."""


class FieldType(Enum):
    """What the values of a field are."""

    NUMBER = "a whole number"
    FLAG = "true or false"
    UID = "a UUID"
    PROGRESS = "a progress"
    TEXT = "text"
    DURATION = "a duration such as PT1H30M or P1D"
    CALENDAR = "a date or time such as 2026-12-01, today+7d or eow"
    INSTANT = "a date or time, such as 2026-12-01T09:00:00Z or today"
    TAGS = "a tag"
    IDS = "the id of a task"
    MEMBERS = "the id of a member"
    RANK = "a rank"
    LINKS = "URLs"
    REMINDERS = "reminders"
    RECURRENCE = "a recurrence"
    OCCURRENCE = "an occurrence of a task"
    COMMENTS = "comments"
    FOREIGN = "data of other programs"
    CLAIM = "a claim"
    ALERTS = "alerts"


class Part(Enum):
    """Where a field stands."""

    DOCUMENT = "in the document of the task, which readers are answered with"
    OPTIONAL = "the same, at its end, but only of a task that has it"
    DETAILS = "in the details of the task, which pages leave out"
    STORE = "in a column of its own, whatever the store"
    OTHERS = "nowhere: it is what filters can ask of several fields, or of other tasks"


@frozen
class TaskField:
    """One field of a task.

    Attributes:
        name: that of the attribute, and of the JSON.
        type: what its values are.
        rule: checks what callers say, but for None where that says that it is absent; None if they cannot set it, or if
            other fields have a say in its value.
        part: where it stands.
        absent: the value of a task that lacks it: None, or one that says as much; `UNSET` if no task does.
        is_computed: whether it follows from other fields, so that no task has it of its own.
        is_recorded: whether the history records it.
        is_filterable: whether filters can name it (`taskharbor.domain.search.fields.Field`).
        is_sortable: whether orders can name it (`taskharbor.domain.search.order.OrderField`).
    """

    name: str
    type: FieldType
    rule: Rule | None = None
    part: Part = Part.DOCUMENT
    absent: object = UNSET
    is_computed: bool = False
    is_recorded: bool = True
    is_filterable: bool = False
    is_sortable: bool = False

    @property
    def can_be_absent(self) -> bool:
        """Whether a task may lack it."""
        return self.absent is not UNSET


_START: Final = partial(calendar_time_from, "start")
_DUE: Final = partial(calendar_time_from, "due")
_DURATION: Final = partial(duration_from, "estimated_duration")

_FOUND: Final[Any] = {"is_filterable": True}
_SORTED: Final[Any] = {"is_filterable": True, "is_sortable": True}
_FOLLOWS: Final[Any] = {"is_computed": True, "is_recorded": False}
_ASKED: Final[Any] = {"part": Part.OTHERS, **_FOLLOWS, **_FOUND}

TASK_FIELDS: Final = (
    TaskField("id", FieldType.NUMBER, **_SORTED),
    TaskField("uid", FieldType.UID, **_FOUND),
    TaskField("title", FieldType.TEXT, title_from, **_SORTED),
    TaskField("description", FieldType.TEXT, description_from, absent=None, **_FOUND),
    TaskField("progress", FieldType.PROGRESS, **_SORTED),
    TaskField("is_completed", FieldType.FLAG, **_FOLLOWS, **_FOUND),
    TaskField("percent_complete", FieldType.NUMBER, **_SORTED),
    TaskField("priority", FieldType.NUMBER, priority_from, absent=UNDEFINED, **_SORTED),
    TaskField("start", FieldType.CALENDAR, _START, absent=None, **_SORTED),
    TaskField("due", FieldType.CALENDAR, _DUE, absent=None, **_SORTED),
    TaskField("estimated_duration", FieldType.DURATION, _DURATION, absent=None, **_SORTED),
    TaskField("tags", FieldType.TAGS, tags_from, absent=(), **_FOUND),
    TaskField("links", FieldType.LINKS, links_from, absent=()),
    TaskField("reminders", FieldType.REMINDERS, reminders_from, absent=()),
    TaskField("recurrence", FieldType.RECURRENCE, absent=None),
    TaskField("occurrence_of", FieldType.OCCURRENCE, absent=None),
    TaskField("list", FieldType.NUMBER, list_id_from, **_SORTED),
    TaskField("parent", FieldType.NUMBER, parent_from, absent=None, **_FOUND),
    TaskField("depends_on", FieldType.IDS, depends_on_from, absent=(), **_FOUND),
    TaskField("rank", FieldType.RANK, is_sortable=True),
    TaskField("subtask_count", FieldType.NUMBER),
    TaskField("open_subtask_count", FieldType.NUMBER),
    TaskField("comment_count", FieldType.NUMBER, **_FOLLOWS, **_SORTED),
    TaskField("created", FieldType.INSTANT, **_SORTED),
    TaskField("updated", FieldType.INSTANT, **_SORTED),
    TaskField("completed", FieldType.INSTANT, absent=None, **_SORTED),
    TaskField("assignees", FieldType.MEMBERS, assignees_from, part=Part.OPTIONAL, absent=(), **_FOUND),
    TaskField("claim", FieldType.CLAIM, part=Part.OPTIONAL, absent=None),
    TaskField("alerts", FieldType.ALERTS, part=Part.OPTIONAL, absent=()),
    TaskField("comments", FieldType.COMMENTS, part=Part.DETAILS, absent=()),
    TaskField("last_comment_id", FieldType.NUMBER, part=Part.DETAILS, is_recorded=False),
    TaskField("foreign", FieldType.FOREIGN, part=Part.DETAILS, absent=()),
    TaskField("deleted", FieldType.INSTANT, part=Part.STORE, absent=None),
    TaskField("revision", FieldType.NUMBER, part=Part.STORE, is_recorded=False, **_SORTED),
    TaskField("is_open", FieldType.FLAG, **_ASKED),
    TaskField("recurring", FieldType.FLAG, **_ASKED),
    TaskField("blocked", FieldType.FLAG, **_ASKED),
    TaskField("claimed_until", FieldType.INSTANT, absent=None, **_ASKED),
)
"""In the order of the document."""

FIELDS_BY_NAME: Final[Mapping[str, TaskField]] = {field.name: field for field in TASK_FIELDS}
