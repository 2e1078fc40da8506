"""The view of a task that callers get."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Self

from taskharbor.application.documents.claim_fence import MAY_BE_CLAIMED, fenced
from taskharbor.application.documents.task_document import OPTIONAL_FIELDS, document_of, id_in, typed
from taskharbor.application.documents.unreadable import UNREADABLE, unreadable
from taskharbor.domain.identifiers import ListId, Revision, TaskId
from taskharbor.domain.recurrence.occurrence import OccurrenceOf
from taskharbor.domain.recurrence.recurrence import Recurrence
from taskharbor.domain.search.urgency_weights import ONE, Millionths
from taskharbor.domain.tasks.alert import Alerts
from taskharbor.domain.tasks.assignees import Assignees
from taskharbor.domain.tasks.claim import Claim
from taskharbor.domain.tasks.links import Links
from taskharbor.domain.tasks.priority import Priority
from taskharbor.domain.tasks.progress import PercentComplete, Progress
from taskharbor.domain.tasks.rank import Rank
from taskharbor.domain.tasks.reminder import Reminders
from taskharbor.domain.tasks.tags import Tags
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.calendar_time import CalendarTime
from taskharbor.domain.values.duration import Duration
from taskharbor.domain.values.uid import Uid


@dataclass(frozen=True, slots=True, init=False)
class TaskView:
    """A live task as readers see it: the answer of every use case, and the JSON of the HTTP API.

    It wraps the document of the task, which is decoded when the first attribute is used: a page of a thousand tasks
    that is only passed on is never decoded. It is immutable.

    Attributes:
        id: its number, unique within the workspace.
        uid: its name in the world outside: a UUID.
        title: one line, 1 to 500 characters.
        description: Markdown, or None.
        progress: how far it has come (RFC 8984 section 5.2.5).
        is_completed: whether `progress` is `completed`.
        percent_complete: how much of it is done, 0 to 100.
        priority: 0 (undefined), 1 (highest) to 9 (lowest).
        start: when it is to be begun, or None.
        due: when it is to be done, or None.
        estimated_duration: how long it takes, or None.
        tags: its tags, ordered by their casefolded form.
        links: URLs of what it is about.
        reminders: when to remind the user of it.
        recurrence: how it recurs, or None; the task is the current occurrence.
        occurrence_of: of which task it is a finished occurrence, or None.
        list: the list that it is in.
        parent: the task of which it is a part, or None.
        depends_on: the tasks that must be done before it.
        rank: where it stands among its neighbours; ranks sort like the bytes of their text.
        subtask_count: how many live tasks are a part of it.
        open_subtask_count: how many of these are neither completed nor cancelled.
        comment_count: how many comments it has.
        created: when it was made. All instants are aware and in UTC.
        updated: when it last changed.
        completed: when it was completed, or None.
        assignees: the members who are to do it, by their ids.
        claim: who works on it alone, and until when; None if nobody has claimed it. It may have ended: compare `until`
            with the clock.
        alerts: its reminders that have fired and were not dismissed.
        blocked: whether a task that it depends on is live and open; None where that is not told, as in the feed of
            changes: it changes when other tasks do.
        revision: the revision of the workspace that last changed it; quoted, it is the ETag.
        urgency: how urgent it is, where that was asked for; else None. It moves with time, so the JSON is without it.
    """

    id: TaskId
    uid: Uid
    title: str
    description: str | None
    progress: Progress
    is_completed: bool
    percent_complete: PercentComplete
    priority: Priority
    start: CalendarTime | None
    due: CalendarTime | None
    estimated_duration: Duration | None
    tags: Tags
    links: Links
    reminders: Reminders
    recurrence: Recurrence | None
    occurrence_of: OccurrenceOf | None
    list: ListId
    parent: TaskId | None
    depends_on: tuple[TaskId, ...]
    rank: Rank
    subtask_count: int
    open_subtask_count: int
    comment_count: int
    created: datetime
    updated: datetime
    completed: datetime | None
    assignees: Assignees
    claim: Claim | None
    alerts: Alerts
    blocked: bool | None
    revision: Revision
    urgency: float | None
    _document: str = field(repr=False, compare=False)

    def __init__(
        self,
        document: str,
        revision: Revision,
        *,
        blocked: bool | None,
        urgency: Millionths | None = None,
        id: TaskId | None = None,
    ) -> None:
        _set(self, "_document", document)
        _set(self, "revision", revision)
        _set(self, "blocked", blocked)
        if id is not None:  # else it is read from the document on first use
            _set(self, "id", id)
        if urgency is not None:
            _set(self, "urgency", urgency / ONE)

    @classmethod
    def of(cls, task: Task, *, blocked: bool | None = False) -> Self:
        """Return what readers see of `task`."""
        return cls(document_of(task), task.revision, blocked=blocked)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the view whose `as_json` is `text`."""
        rest, _, revision = text[:-1].rpartition(_BEFORE_REVISION)
        document, comma, blocked = rest.rpartition(_BEFORE_BLOCKED)
        if not comma:
            return cls(rest + "}", int(revision), blocked=None)
        return cls(document + "}", int(revision), blocked=blocked == "true")

    def with_urgency(self, urgency: Millionths | None) -> "TaskView":
        """Return it with how urgent it is."""
        return (
            self if urgency is None else TaskView(self._document, self.revision, blocked=self.blocked, urgency=urgency)
        )

    def without_blocked(self) -> "TaskView":
        """Return it as the feed tells it."""
        return self if self.blocked is None else TaskView(self._document, self.revision, blocked=None)

    @property
    def document(self) -> str:
        """The text that it is made of; `blocked`, `revision` and the fence of a new claim do not stand in it."""
        return self._document

    def as_json(self) -> str:
        """Return the JSON text of the whole view, as it was made."""
        if self.blocked is None:
            return self.content_as_json()
        document = self._document
        if document.endswith(MAY_BE_CLAIMED):
            document = fenced(document, self.revision)
        blocked = "true" if self.blocked else "false"
        return f"{document[:-1]}{_BEFORE_BLOCKED}{blocked}{_BEFORE_REVISION}{self.revision}}}"

    def content_as_json(self) -> str:
        """Return the JSON text of what its revision covers: all but `blocked`, which other tasks change."""
        return f"{fenced(self._document, self.revision)[:-1]}{_BEFORE_REVISION}{self.revision}}}"

    @property
    def can_be_blocked(self) -> bool:
        """Whether it depends on anything."""
        return _DEPENDS_ON_NOTHING not in self._document

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # called only for a slot that is not filled yet
        if name == "urgency":  # which few ask for, so that no page spends time on it
            return None
        if name not in _IN_DOCUMENT:
            raise AttributeError(name)
        if name == "id":  # which every page and answer wants to know, and nothing else
            _set(self, "id", id_in(self._document))
            return self.id
        try:
            members = _ABSENT | typed(json.loads(fenced(self._document, self.revision)))
        except UNREADABLE as error:
            raise unreadable(f"A task of revision {self.revision}", error) from error
        for member, value in members.items():
            _set(self, member, value)
        return object.__getattribute__(self, name)


_set: Final = object.__setattr__
_BEFORE_BLOCKED: Final = ',"blocked":'
_DEPENDS_ON_NOTHING: Final = '"depends_on":[]'
_BEFORE_REVISION: Final = ',"revision":'
_ABSENT: Final[dict[str, Any]] = {field.name: field.absent for field in OPTIONAL_FIELDS}
_IN_DOCUMENT: Final = frozenset(TaskView.__annotations__) - {"blocked", "revision", "urgency", "_document"}
