"""The format `icalendar`."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from taskharbor.adapters.interchange.icalendar.components import CalendarBegins, Line, Part, Piece, Splitter
from taskharbor.adapters.interchange.icalendar.properties import Property, properties_of
from taskharbor.adapters.interchange.icalendar.reading import VtodoReader
from taskharbor.adapters.interchange.icalendar.writing import vtodo_of
from taskharbor.adapters.interchange.icalendar.zone_description import described_zone
from taskharbor.adapters.interchange.icalendar.zones import CalendarZones
from taskharbor.application.interchange.fitting import fitted_line
from taskharbor.application.interchange.numbered_names import NumberedNames
from taskharbor.application.ports.interchange import (
    EncodedTask,
    Format,
    ReadItem,
    ReferenceNames,
    Skipped,
    TaskDraft,
    TaskReader,
    TaskWriter,
    Unreadable,
)
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.calendar_time import Zoned

PRODUCT: Final = "-//Taskharbor//Taskharbor//EN"

MAX_WAITING: Final = 1_000
"""How many tasks may wait for the VTIMEZONE that explains their TZID, at most."""

_LIST_NAMES: Final = ("NAME", "X-WR-CALNAME")


class ICalendarReader(TaskReader):
    """Reads calendars. A VTIMEZONE may come after the tasks that need it: these wait for it."""

    def __init__(self) -> None:
        self._splitter = Splitter()
        self._zones = CalendarZones()
        self._waiting: list[Part] = []
        self._not_to_come: set[str] = set()
        self._list: str | None = None
        self._remarks: tuple[str, ...] = ()
        self._names = NumberedNames()

    def feed(self, data: bytes) -> Iterator[ReadItem]:
        """Go on with the next bytes."""
        for found in self._splitter.feed(data):
            yield from self._read(found)

    def end(self) -> Iterator[ReadItem]:
        """Yield what is left."""
        for found in self._splitter.end():
            yield from self._read(found)
        yield from self._no_longer_waiting()

    def _read(self, found: Piece) -> Iterator[ReadItem]:
        if isinstance(found, Line):
            self._name_list(found)
        elif isinstance(found, CalendarBegins):
            yield from self._no_longer_waiting()
            self._list = None
        elif isinstance(found, Unreadable | Skipped):
            yield from self._no_longer_waiting() if isinstance(found, Unreadable) and found.is_last else ()
            yield found
        elif found.name == "VTIMEZONE":
            self._zones.learn(found)
        elif self._waiting or self._zones.undefined(found) - self._not_to_come:
            self._waiting.append(found)
            if len(self._waiting) == MAX_WAITING:
                yield from self._no_longer_waiting()
        else:
            yield self._draft(found)

    def _no_longer_waiting(self) -> Iterator[ReadItem]:
        waiting, self._waiting = self._waiting, []
        for part in waiting:
            if len(self._not_to_come) < MAX_WAITING:
                self._not_to_come |= self._zones.undefined(part)
            yield self._draft(part)

    def _draft(self, part: Part) -> ReadItem:
        found = VtodoReader(part, self._zones.zone_of(part), self._list).draft()
        if self._remarks and isinstance(found, TaskDraft):  # on the calendar: said with its first task
            found, self._remarks = replace(found, remarks=(*self._remarks, *found.remarks)), ()
        return self._names.with_uid(found)

    def _name_list(self, line: Line) -> None:
        for found in properties_of([line]):
            if isinstance(found, Property) and found.name in _LIST_NAMES and self._list is None:
                self._list = fitted_line(found.text) or None
                if (self._list or "") != found.text.strip():
                    self._remarks = (f"{found.place}: it is cut to what the name of a list can be, and not kept",)


class ICalendarWriter(TaskWriter):
    """Writes one calendar. Each zone is described before the first task that needs it."""

    def __init__(self) -> None:
        self._zones: set[str] = {"UTC"}

    def head(self) -> bytes:
        """Return the beginning of the calendar."""
        return b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:%s\r\n" % PRODUCT.encode()

    def write(self, task: Task, names: ReferenceNames) -> EncodedTask:
        """Return the VTODO of a task, and the zones that are new."""
        written = vtodo_of(task, names)
        zones = [moment.time_zone for moment in (task.start, task.due) if isinstance(moment, Zoned)]
        new = [name for name in dict.fromkeys(zones) if name not in self._zones]
        self._zones.update(new)
        described = b"".join(map(described_zone, new))
        return EncodedTask(described + written.data, written.losses)

    def tail(self) -> bytes:
        """Return the end of the calendar."""
        return b"END:VCALENDAR\r\n"


class ICalendarFormat(Format):
    """Calendars with VTODO components."""

    name = "icalendar"
    media_type = "text/calendar"
    suffixes = (".ics", ".ical", ".ifb", ".icalendar")

    def reader(self) -> ICalendarReader:
        """Return a reader for one file."""
        return ICalendarReader()

    def writer(self) -> ICalendarWriter:
        """Return a writer for one file."""
        return ICalendarWriter()
