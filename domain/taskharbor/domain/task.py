"""The Task aggregate."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self

from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.domain.progress import Progress
from taskharbor.domain.text import description_from, title_from
from taskharbor.domain.uid import Uid


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something that somebody means to do, in the words of RFC 8984 (JSCalendar Task).

    A task never changes: its methods return the task that it becomes, or itself when nothing would change.
    The constructor is for reconstitution from a store and checks nothing; `Task.create` makes a new one.

    Attributes:
        id: its number, unique within the workspace.
        uid: its name in the world outside, unique within the workspace.
        title: one line, 1 to 500 characters.
        description: Markdown, or None.
        progress: how far it has come.
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
    created: datetime
    updated: datetime
    completed: datetime | None = None
    deleted: datetime | None = None
    revision: Revision = 0

    @classmethod
    def create(cls, *, id: TaskId, uid: Uid, title: str, description: str | None = None, at: datetime) -> Self:
        """Make a new task that needs action.

        Raises:
            InvalidValue: if the title or the description breaks its rule.
        """
        at = _utc(at)
        return cls(
            id=id,
            uid=uid,
            title=title_from(title),
            description=description_from(description),
            progress=Progress.NEEDS_ACTION,
            created=at,
            updated=at,
        )

    @property
    def is_completed(self) -> bool:
        """Whether it has been completed."""
        return self.progress is Progress.COMPLETED

    @property
    def is_deleted(self) -> bool:
        """Whether it is a tombstone."""
        return self.deleted is not None

    def retitle(self, title: str, *, at: datetime) -> Self:
        """Give it another title.

        Raises:
            InvalidValue: for `title`.
        """
        title = title_from(title)
        return self if title == self.title else replace(self, title=title, updated=self._tick(at))

    def describe(self, description: str | None, *, at: datetime) -> Self:
        """Give it another description, or none.

        Raises:
            InvalidValue: for `description`.
        """
        description = description_from(description)
        if description == self.description:
            return self
        return replace(self, description=description, updated=self._tick(at))

    def complete(self, *, at: datetime) -> Self:
        """Mark it as done. A task that is done already stays as it is."""
        return self.progress_to(Progress.COMPLETED, at=at)

    def reopen(self, *, at: datetime) -> Self:
        """Make a completed or cancelled task need action again. An open task stays as it is."""
        if self.progress in {Progress.NEEDS_ACTION, Progress.IN_PROCESS}:
            return self
        return self.progress_to(Progress.NEEDS_ACTION, at=at)

    def start(self, *, at: datetime) -> Self:
        """Mark it as being worked on."""
        return self.progress_to(Progress.IN_PROCESS, at=at)

    def cancel(self, *, at: datetime) -> Self:
        """Mark it as not to be done after all."""
        return self.progress_to(Progress.CANCELLED, at=at)

    def progress_to(self, progress: Progress, *, at: datetime) -> Self:
        """Set `progress`; `completed` is the moment at which it became `completed`, else None."""
        if progress is self.progress:
            return self
        at = self._tick(at)
        completed = at if progress is Progress.COMPLETED else None
        return replace(self, progress=progress, completed=completed, updated=at)

    def delete(self, *, at: datetime) -> Self:
        """Turn it into a tombstone."""
        if self.is_deleted:
            return self
        at = self._tick(at)
        return replace(self, deleted=at, updated=at)

    def restore(self, *, at: datetime) -> Self:
        """Make a live task of a tombstone, as it was when it was deleted."""
        return replace(self, deleted=None, updated=self._tick(at)) if self.is_deleted else self

    def committed(self, revision: Revision) -> Self:
        """Return it as the unit of work with this revision has left it in the store."""
        return replace(self, revision=revision)

    def _tick(self, at: datetime) -> datetime:
        return max(_utc(at), self.updated)


def _utc(at: datetime) -> datetime:
    if at.utcoffset() != timedelta(0):
        raise ValueError(f"an instant must be aware and in UTC, got {at!r}")
    return at
