"""The port for reading a task off one line."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import field
from datetime import time
from typing import Any, Protocol

from taskharbor.application.errors import MissingDependency
from taskharbor.domain.frozen import frozen
from taskharbor.domain.search.date_expressions import Viewpoint


@frozen
class Taken:
    """A part of the line that was taken out of the title.

    Attributes:
        start: where it begins, in code points.
        end: where it ends.
        field: what it was taken for: a field of the task.
    """

    start: int
    end: int
    field: str


@frozen(kw_only=True)
class QuickLine:
    """What a line says.

    Attributes:
        title: what was not taken for anything else.
        values: of the fields that it names, in their wire form; `list` is the name of one.
        time_of_day: when a recurring task is due that names no day; None for a whole day.
        taken: what was taken out of the title, in the order of the line.
        canonical: the same task in the shortest words, which read back to it.
    """

    title: str
    values: Mapping[str, Any]
    time_of_day: time | None = None
    taken: tuple[Taken, ...] = field(default=())
    canonical: str


class QuickLineReader(Protocol):
    """Knows the marks, and the words of some languages for times and recurrence."""

    @abstractmethod
    async def read(self, text: str, *, language: str, here: Viewpoint, time_zone: str | None) -> QuickLine:
        """Return what the line says. The effort is proportional to its length.

        Args:
            text: the line.
            language: that of its words, as in RFC 5646: `en`.
            here: when and where it was written: what `tomorrow` means.
            time_zone: the zone of its times; without one they are floating.

        Raises:
            InvalidValue: for `language`, if there is none of this name; for `text`, if it is too long, names a date
                that does not exist, or leaves no title.
            MissingDependency: if what reads it is not installed.
        """
        ...


class NoQuickLineReader(QuickLineReader):
    """Refuses every line, for an application that was given nothing better."""

    async def read(self, text: str, *, language: str, here: Viewpoint, time_zone: str | None) -> QuickLine:  # noqa: ARG002
        """Raise the error.

        Raises:
            MissingDependency: always.
        """
        raise MissingDependency("lark", purpose="to read tasks off one line", extra="filter")
