"""The Task aggregate."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Self

from taskharbor.domain.fast_replace import replace
from taskharbor.domain.identifiers import INBOX, ListId, Revision, TaskId
from taskharbor.domain.recurrence.occurrence import OccurrenceOf
from taskharbor.domain.recurrence.recurrence import Recurrence
from taskharbor.domain.tasks.alert import Alerts
from taskharbor.domain.tasks.assignees import Assignees
from taskharbor.domain.tasks.change_rules import reached, values_after
from taskharbor.domain.tasks.changes import NO_CHANGES, TaskChanges
from taskharbor.domain.tasks.claim import Claim
from taskharbor.domain.tasks.comment import (
    CommentId,
    Comments,
    comment_from,
    comments_with,
    comments_with_text,
    comments_without,
)
from taskharbor.domain.tasks.foreign_data import ForeignData
from taskharbor.domain.tasks.links import Links
from taskharbor.domain.tasks.priority import UNDEFINED, Priority
from taskharbor.domain.tasks.progress import NOTHING, PercentComplete, Progress, percent_at
from taskharbor.domain.tasks.rank import Rank, natural_rank
from taskharbor.domain.tasks.relations import Dependencies
from taskharbor.domain.tasks.reminder import Reminders
from taskharbor.domain.tasks.tags import Tags
from taskharbor.domain.unset import UNSET
from taskharbor.domain.values.calendar_time import CalendarTime
from taskharbor.domain.values.duration import Duration
from taskharbor.domain.values.text import title_from
from taskharbor.domain.values.uid import Uid


@dataclass(frozen=True, slots=True, kw_only=True)  # not `frozen`: tasks are compared often
class Task:
    """A task in the terms of RFC 8984 (JSCalendar Task).

    A task never changes: its methods return the task that it becomes, or itself when nothing would change.
    The constructor is for reconstitution from a store and checks nothing; `Task.create` makes a new one.

    Attributes:
        id: its number, unique within the workspace.
        uid: its identity outside this service, unique within the workspace.
        title: one line, 1 to 500 characters.
        description: Markdown, or None.
        progress: how far it has come.
        percent_complete: how much of it is done, 0 to 100; coherent with `progress`.
        priority: 0 (undefined), 1 (highest) to 9 (lowest).
        start: when to start it, or None.
        due: when it is due, or None; not before `start`.
        estimated_duration: how long it takes, or None.
        tags: a set of tags, ordered by their keys.
        links: URLs of what it is about.
        reminders: when to remind the user of it.
        recurrence: how it recurs, or None; the task is the current occurrence.
        occurrence_of: the recurring task of which it is a completed occurrence, or None.
        list: the list that it is in.
        parent: the task that it is a subtask of, or None.
        depends_on: the tasks that must be completed before it, in ascending order.
        rank: its position among its neighbours.
        subtask_count: how many live subtasks it has; kept here so that rules about them need no other task.
        open_subtask_count: how many of them are open.
        comments: its comments.
        last_comment_id: the highest comment id used so far; 0 before the first.
        alerts: the reminders that have fired and were not dismissed.
        foreign: data of other programs, preserved for export.
        assignees: the members who are to do it, by their ids.
        claim: who works on it alone, and until when; None if nobody has claimed it since its progress last ended. It
            may have ended by itself: see `claim_at`.
        created: when it was made. All instants are aware, in UTC, with microseconds.
        updated: when it last changed; never earlier than before, even if the clock was set back.
        completed: when it was completed; None unless `progress` is `completed`.
        deleted: when it was deleted; None for a live task. A deleted task is a tombstone: it can be restored.
        revision: the revision that last changed it; 0 before its first commit.
    """

    id: TaskId
    uid: Uid
    title: str
    description: str | None
    progress: Progress
    percent_complete: PercentComplete = NOTHING
    priority: Priority = UNDEFINED
    start: CalendarTime | None = None
    due: CalendarTime | None = None
    estimated_duration: Duration | None = None
    tags: Tags = ()
    links: Links = ()
    reminders: Reminders = ()
    recurrence: Recurrence | None = None
    occurrence_of: OccurrenceOf | None = None
    list: ListId = INBOX
    parent: TaskId | None = None
    depends_on: Dependencies = ()
    rank: Rank
    subtask_count: int = 0
    open_subtask_count: int = 0
    comments: Comments = ()
    last_comment_id: CommentId = 0
    foreign: ForeignData = ()
    assignees: Assignees = ()
    claim: Claim | None = None
    alerts: Alerts = ()
    created: datetime
    updated: datetime
    completed: datetime | None = None
    deleted: datetime | None = None
    revision: Revision = 0

    @staticmethod
    def create(*, id: TaskId, uid: Uid, title: str, at: datetime, changes: TaskChanges = NO_CHANGES) -> "Task":
        """Make a new task with the values that `changes` names; the progress is `needs-action` by default.

        Raises:
            InvalidValue: if a value breaks its rule, or two contradict each other.
        """
        at = _utc(at)
        born: dict[str, Any] = {"id": id, "uid": uid, "rank": natural_rank(id)}
        if changes.title is UNSET:
            born["title"] = title_from(title)
        return replace(BLANK, **born | values_after(changes, BLANK, id=id, at=at), created=at, updated=at)

    @property
    def is_completed(self) -> bool:
        """Whether it has been completed."""
        return self.progress is Progress.COMPLETED

    @property
    def is_open(self) -> bool:
        """Whether it is neither completed nor cancelled."""
        return self.progress.is_open

    @property
    def comment_count(self) -> int:
        """How many comments it has."""
        return len(self.comments)

    @property
    def claimed_until(self) -> datetime | None:
        """When its claim ends, or has ended; None if it has none."""
        return None if self.claim is None else self.claim.until

    @property
    def is_deleted(self) -> bool:
        """Whether it is a tombstone."""
        return self.deleted is not None

    def change(self, changes: TaskChanges, *, at: datetime) -> Self:
        """Change the values that `changes` names.

        Raises:
            InvalidValue: if a value breaks its rule, or two contradict each other.
        """
        at = self._tick(at)
        return self._with(values_after(changes, self, id=self.id, at=at), at=at)

    def complete(self, *, at: datetime) -> Self:
        """Complete it. A completed task is returned unchanged."""
        return self.progress_to(Progress.COMPLETED, at=at)

    def reopen(self, *, at: datetime) -> Self:
        """Set a completed or cancelled task back to `needs-action`. An open task is returned unchanged."""
        return self if self.is_open else self.progress_to(Progress.NEEDS_ACTION, at=at)

    def begin(self, *, at: datetime) -> Self:
        """Set it to `in-process`."""
        return self.progress_to(Progress.IN_PROCESS, at=at)

    def cancel(self, *, at: datetime) -> Self:
        """Cancel it."""
        return self.progress_to(Progress.CANCELLED, at=at)

    def progress_to(self, progress: Progress, *, at: datetime) -> Self:
        """Set `progress`, and `percent_complete` by it; `completed` is the moment at which it became so, else None."""
        if progress is self.progress:
            return self
        at = self._tick(at)
        return replace(self, **reached(progress, percent_at(progress, self.percent_complete), at=at), updated=at)

    def delete(self, *, at: datetime) -> Self:
        """Turn it into a tombstone."""
        if self.is_deleted:
            return self
        at = self._tick(at)
        return replace(self, deleted=at, updated=at)

    def restore(self, *, at: datetime) -> Self:
        """Restore a tombstone as it was when it was deleted."""
        return replace(self, deleted=None, updated=self._tick(at)) if self.is_deleted else self

    def place(self, *, list: ListId, parent: TaskId | None, rank: Rank | None = None, at: datetime) -> Self:
        """Move it to a list, a parent or none, and a rank."""
        return self._with({"list": list, "parent": parent, "rank": rank or self.rank}, at=at)

    def claim_at(self, at: datetime) -> Claim | None:
        """Return the claim that holds at this instant, or None."""
        return self.claim if self.claim is not None and self.claim.holds(at) else None

    def claimed(self, claim: Claim | None) -> Self:
        """Give it a claim, or none. `updated` stays, as this is no change of what is to be done."""
        return self if claim == self.claim else replace(self, claim=claim)

    def count_subtasks(self, *, by: int, open_by: int) -> Self:
        """Add to the subtask counts, or subtract if negative. `updated` stays, as this is no change of its own."""
        return replace(
            self, subtask_count=self.subtask_count + by, open_subtask_count=self.open_subtask_count + open_by
        )

    def add_comment(self, text: object, *, author: object = None, at: datetime) -> Self:
        """Add a comment, which becomes the last of `comments`.

        Raises:
            InvalidValue: for `text`, `author` or `comments`.
        """
        at = self._tick(at)
        new = comment_from(self.last_comment_id + 1, text, author, at=at)
        return replace(self, comments=comments_with(self.comments, new), last_comment_id=new.id, updated=at)

    def edit_comment(self, comment_id: CommentId, text: object, *, at: datetime) -> Self:
        """Edit a comment.

        Raises:
            CommentNotFound: if it is not there.
            InvalidValue: for `text`.
        """
        comments = comments_with_text(self.comments, comment_id, text, task_id=self.id, at=self._tick(at))
        return self._with({"comments": comments}, at=at)

    def delete_comment(self, comment_id: CommentId, *, at: datetime) -> Self:
        """Delete a comment; its id is not used again.

        Raises:
            CommentNotFound: if it is not there.
        """
        return self._with({"comments": comments_without(self.comments, comment_id, task_id=self.id)}, at=at)

    def committed(self, revision: Revision) -> Self:
        """Return it as the unit of work with this revision has left it in the store."""
        if self.claim is None:
            return replace(self, revision=revision)
        return replace(self, revision=revision, claim=self.claim.fenced(revision))

    def _with(self, values: Mapping[str, Any], *, at: datetime) -> Self:
        for name, value in values.items():
            if value != getattr(self, name):
                return replace(self, **values, updated=self._tick(at))
        return self

    def _tick(self, at: datetime) -> datetime:
        return max(_utc(at), self.updated)


def _utc(at: datetime) -> datetime:
    if at.tzinfo is not UTC and at.utcoffset() != timedelta(0):
        raise ValueError(f"an instant must be aware and in UTC, got {at!r}")
    return at


BLANK: Final = Task(
    id=0,
    uid=Uid(""),
    title="",
    description=None,
    progress=Progress.NEEDS_ACTION,
    rank=Rank(""),
    created=datetime.min.replace(tzinfo=UTC),
    updated=datetime.min.replace(tzinfo=UTC),
)
"""What a task that is new or read is a copy of: to make one anew takes longer, with its many fields."""
