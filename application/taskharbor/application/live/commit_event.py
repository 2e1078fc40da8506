"""What a watcher is told of a commit."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

from taskharbor.application.ports.change_feed import Change
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import ListId, Revision, TaskId
from taskharbor.domain.lists.task_list import TaskList
from taskharbor.domain.values.uid import Uid


@frozen
class NoLongerMatching:
    """A task that matched the filter until this commit, and still exists.

    Attributes:
        id: its number.
        uid: its uid.
        revision: that of the commit.
    """

    id: TaskId
    uid: Uid
    revision: Revision


@frozen
class RemovedList:
    """A list that was deleted.

    Attributes:
        id: the number that it had.
        revision: that of the commit.
        deleted: when; aware, in UTC.
    """

    id: ListId
    revision: Revision
    deleted: datetime


EventItem: TypeAlias = Change | NoLongerMatching
ListItem: TypeAlias = TaskList | RemovedList


@frozen(kw_only=True)
class CommitEvent:
    """What a commit has done, and what it replaces: a task that was changed again later is only in the later one.

    Attributes:
        revision: that of the commit.
        items: the tasks, each as it is now, by id.
        lists: the lists, if they were asked for.
        next: the token to go on with after it.
        more: whether more has been committed already.
    """

    revision: Revision
    items: Sequence[EventItem]
    lists: Sequence[ListItem] = ()
    next: str
    more: bool


@frozen(kw_only=True)
class CommitBatch:
    """The commits that were found at once.

    Attributes:
        events: one for each that has something to tell, in order.
        revision: all up to this one have been looked at.
        next: the token to go on with, which may be later than that of the last event.
        more: whether there are more already.
    """

    events: Sequence[CommitEvent]
    revision: Revision
    next: str
    more: bool
