"""The format `icalendar`."""

from collections.abc import Iterator
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from icalendar import Timezone

from taskharbor.adapters.interchange.icalendar.components import CalendarBegins, Line, Part, Piece, Splitter
from taskharbor.adapters.interchange.icalendar.properties import Property, properties_of
from taskharbor.adapters.interchange.icalendar.reading import VtodoReader
from taskharbor.adapters.interchange.icalendar.writing import vtodo_of
from taskharbor.adapters.interchange.icalendar.zone_names import iana_name_of
from taskharbor.adapters.interchange.icalendar.zone_rules import described_zone
from taskharbor.application.ports.interchange import (
    EncodedTask,
    Format,
    ReadItem,
    ReferenceNames,
    Skipped,
    TaskReader,
    TaskWriter,
    Unreadable,
)
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.calendar_time import Zoned

PRODUCT: Final = "-//Taskharbor//Taskharbor//EN"

MAX_WAITING: Final = 1_000
"""How many tasks may wait for the VTIMEZONE that explains their TZID, at most."""

MAX_ZONES: Final = 500
"""How many VTIMEZONEs that describe zones of their own are looked at."""

_LIST_NAMES: Final = ("NAME", "X-WR-CALNAME")


class ICalendarReader(TaskReader):
    """Reads calendars. A VTIMEZONE may come after the tasks that need it: these wait for it."""

    def __init__(self) -> None:
        self._splitter = Splitter()
        self._zones: dict[str, str | None] = {}
        self._waiting: list[Part] = []
        self._list: str | None = None

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
            self._learn(found)
        elif self._waiting or self._needs_explanation(found):
            self._waiting.append(found)
            if len(self._waiting) == MAX_WAITING:
                yield from self._no_longer_waiting()
        else:
            yield self._draft(found)

    def _no_longer_waiting(self) -> Iterator[ReadItem]:
        waiting, self._waiting = self._waiting, []
        for part in waiting:
            yield self._draft(part)

    def _draft(self, part: Part) -> ReadItem:
        return VtodoReader(part, self._known, self._list).draft()

    def _needs_explanation(self, part: Part) -> bool:
        named = (line.text for line in part.lines if "TZID" in line.text)
        found = (each for line in named for each in properties_of([Line(0, line)]) if isinstance(each, Property))
        return any((tzid := each.parameters.get("TZID")) and self._known(tzid) is None for each in found)

    def _known(self, tzid: str) -> str | None:
        return iana_name_of(tzid) or self._zones.get(tzid)

    def _learn(self, part: Part) -> None:
        if len(self._zones) < MAX_ZONES:
            tzid, name = described_zone(part)
            self._zones.setdefault(tzid, name)

    def _name_list(self, line: Line) -> None:
        for found in properties_of([line]):
            if isinstance(found, Property) and found.name in _LIST_NAMES and self._list is None:
                self._list = found.text.strip() or None


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
        described = b"".join(map(_description_of, new))
        return EncodedTask(described + written.data, written.losses)

    def tail(self) -> bytes:
        """Return the end of the calendar."""
        return b"END:VCALENDAR\r\n"


@cache
def _description_of(time_zone: str) -> bytes:
    """Return the VTIMEZONE of a zone: there are some hundreds of them, and working one out takes milliseconds."""
    return bytes(Timezone.from_tzinfo(ZoneInfo(time_zone), time_zone).to_ical())


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
