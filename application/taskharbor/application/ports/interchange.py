"""The port for a format in which other programs hand tasks over and take them."""

from abc import abstractmethod
from collections.abc import AsyncIterable, Iterator, Mapping
from dataclasses import field
from datetime import datetime
from typing import Protocol, TypeAlias

from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import ListId, TaskId
from taskharbor.domain.lists.task_list import TaskList, TaskListChanges
from taskharbor.domain.tasks.changes import NO_CHANGES, TaskChanges
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.unset import UNSET, Unset
from taskharbor.domain.values.calendar_time import CalendarTime
from taskharbor.domain.values.uid import Uid


@frozen(kw_only=True)
class CommentDraft:
    """A comment as a file has it. `id` is None unless the file numbers them."""

    text: str
    author: str | None = None
    created: datetime | None = None
    updated: datetime | None = None
    id: int | None = None


@frozen(kw_only=True)
class TaskDraft:
    """A task as a file describes it. Values are checked when a task takes them; UNSET is what the format cannot say.

    Attributes:
        place: where it stands, such as `line 12`.
        uid: its name; made from what the file has, always in the same way, if that is no UUID or has none.
        name: of a format without uids, that by which the task is known again; others can have the same. The uid is
            that of this name, or of this name, a space and a number from 2 on; which one is found out by what they say.
        changes: its fields.
        initial: fields whose values depend on when the file is read, such as the next date of a rule in words. Only a
            new task gets them, and one of which the file says something else than the last time.
        created: when it was made, or None if the file does not say. Instants are aware, in UTC.
        updated: when it last changed, or None.
        completed: when it was completed, or None.
        list_name: the name of its list; None for the inbox.
        parent: of which task it is a part.
        depends_on: what must be done before it.
        occurrence_of: of which task it is an occurrence, and of which of its occurrences, in whatever form.
        and_following: whether it stands for all occurrences from that one on (RANGE=THISANDFUTURE).
        rank: where it stands among its neighbours.
        comments: what people say of it.
        last_comment_id: the highest id that a comment of it has had, if the file numbers them.
        foreign: what the format says and Taskharbor does not understand, by the names under which it is filed; None
            takes away what was filed under one.
        remarks: what could not be taken as it is, and what was made of it.
    """

    place: str
    uid: Uid
    name: str | None = None
    changes: TaskChanges = NO_CHANGES
    initial: TaskChanges = NO_CHANGES
    created: datetime | None = None
    updated: datetime | None = None
    completed: datetime | None = None
    list_name: str | Unset | None = UNSET
    parent: Uid | Unset | None = UNSET
    depends_on: tuple[Uid, ...] | Unset = UNSET
    occurrence_of: tuple[Uid, CalendarTime] | None = None
    and_following: bool = False
    rank: str | Unset = UNSET
    comments: tuple[CommentDraft, ...] | Unset = UNSET
    last_comment_id: int = 0
    foreign: Mapping[str, object | None] = field(default_factory=dict[str, "object | None"])
    remarks: tuple[str, ...] = ()


@frozen(kw_only=True)
class ListDraft:
    """A list as a file describes it. Values are checked when a list takes them.

    Attributes:
        place: where it stands, such as `line 12`.
        changes: its fields; by its name it is known.
        is_inbox: whether it is the list that every workspace has, whatever its name.
        created: when it was made, or None if the file does not say. Instants are aware, in UTC.
        updated: when it last changed, or None.
        remarks: what could not be taken as it is, each with its place.
    """

    place: str
    changes: TaskListChanges
    is_inbox: bool = False
    created: datetime | None = None
    updated: datetime | None = None
    remarks: tuple[str, ...] = ()


@frozen(kw_only=True)
class Unreadable:
    """A part of a file that is no task, or not one that can be taken.

    Attributes:
        place: where, such as `line 12`.
        reason: why, in plain words.
        is_last: whether nothing after it can be read either.
    """

    place: str
    reason: str
    is_last: bool = False


@frozen(kw_only=True)
class Skipped:
    """A part of a file that was never meant to be a task, such as an event of a calendar."""

    place: str
    reason: str


ReadItem: TypeAlias = TaskDraft | ListDraft | Unreadable | Skipped


class TaskReader(Protocol):
    """Reads one file, which it is fed in pieces of any size. It holds no more of it than the task at hand."""

    @abstractmethod
    def feed(self, data: bytes) -> Iterator[ReadItem]:
        """Go on with the next bytes; yield what they make complete. To be followed to its end."""
        ...

    @abstractmethod
    def end(self) -> Iterator[ReadItem]:
        """Yield what is left when there are no more bytes."""
        ...


@frozen(kw_only=True)
class ReferenceNames:
    """What a task only has the number of.

    Attributes:
        lists: the names of lists.
        tasks: the tasks that others name.
    """

    lists: Mapping[ListId, str] = field(default_factory=dict[ListId, str])
    tasks: Mapping[TaskId, Task] = field(default_factory=dict[TaskId, Task])


def named_by(task: Task) -> list[TaskId]:
    """Return the tasks that a task has the numbers of."""
    parent = [] if task.parent is None else [task.parent]
    return [*task.depends_on, *parent, *([] if task.occurrence_of is None else [task.occurrence_of.task])]


@frozen
class EncodedTask:
    """A task in a format.

    Attributes:
        data: its part of the file.
        losses: what of this task the format cannot hold, such as `reminders`.
    """

    data: bytes
    losses: tuple[str, ...] = ()


class TaskWriter(Protocol):
    """Writes one file, a task at a time."""

    @abstractmethod
    def head(self) -> bytes:
        """Return what comes before the first task."""
        ...

    def write_list(self, task_list: TaskList) -> bytes:  # noqa: ARG002
        """Return the part of the file that describes a list, if the format has one. Lists come before tasks."""
        return b""

    @abstractmethod
    def write(self, task: Task, names: ReferenceNames) -> EncodedTask:
        """Return the part of the file that describes `task`."""
        ...

    @abstractmethod
    def tail(self) -> bytes:
        """Return what comes after the last task."""
        ...


class Format(Protocol):
    """A format.

    Attributes:
        name: what users call it.
        media_type: what HTTP calls it.
        suffixes: how names of such files end.
    """

    name: str
    media_type: str
    suffixes: tuple[str, ...]

    @abstractmethod
    def reader(self) -> TaskReader | None:
        """Return a reader for one file, or None if the format is only written."""
        ...

    @abstractmethod
    def writer(self) -> TaskWriter | None:
        """Return a writer for one file, or None if the format is only read."""
        ...


@frozen(kw_only=True)
class ImportFile:
    """One of the files of an import.

    Attributes:
        format: what it is written in.
        data: its pieces; gone through once.
        name: what reports call it; None if it is the only one.
    """

    format: Format
    data: AsyncIterable[bytes]
    name: str | None = None
