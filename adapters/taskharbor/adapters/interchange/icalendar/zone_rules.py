"""What a VTIMEZONE defines: the offsets from UTC of the local times of a zone. RFC 5545 section 3.6.5."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Final

from dateutil.rrule import rrulestr

from taskharbor.adapters.interchange.icalendar.components import Part
from taskharbor.adapters.interchange.icalendar.properties import Property, properties_of
from taskharbor.adapters.interchange.icalendar.times import wall_in
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.frozen import frozen

_MAX_LINES: Final = 2_000
_MAX_ONSETS: Final = 2_000
_MAX_KNOWN: Final = 10_000
_RULE: Final = re.compile(
    r"(?:(?:\A|;)(?:FREQ=YEARLY|(?:BYMONTH|BYDAY|BYMONTHDAY|INTERVAL|UNTIL|COUNT|WKST)=[A-Z0-9,+-]{1,100})){1,10}"
)
"""Others are made to be expensive, perhaps."""

_NO_RULE: Final = (ValueError, IndexError, OverflowError)
"""What dateutil raises for rules that only look like some, at once or at their first onset."""

_OFFSET: Final = re.compile(r"([+-])([01][0-9]|2[0-3])([0-5][0-9])([0-5][0-9])?")
_UNTIL: Final = re.compile(r";?UNTIL=([0-9TZ]+)")


@frozen(kw_only=True)
class Observance:
    """A STANDARD or DAYLIGHT of a VTIMEZONE. Onsets are local times with the offset from before them."""

    begin: datetime
    offset_from: timedelta
    offset_to: timedelta
    dates: tuple[datetime, ...] = ()
    rule: str | None = None
    until: datetime | None = None
    _by_year: dict[int, list[datetime]] = field(default_factory=dict[int, list[datetime]], compare=False)

    def last_onset(self, wall: datetime) -> datetime | None:
        """Return the last onset that is not after a local time, or None."""
        if self.begin > wall:
            return None
        place = bisect_right(self.dates, wall)
        found = [self.begin, *self.dates[max(place - 1, 0) : place]]
        if self.rule is not None:
            year = min(wall.year, wall.year if self.until is None else self.until.year)
            if year not in self._by_year:
                self._by_year[year] = self._onsets(year)
            onsets = self._by_year[year]
            place = bisect_right(onsets, wall)
            found += onsets[max(place - 1, 0) : place]
        return max(found)

    def _onsets(self, year: int) -> list[datetime]:
        """Return the onsets by the rule up to the end of a year, of one that goes on for ever the last ones."""
        rule, begin = self.rule or "", self.begin
        if "COUNT" not in rule and "INTERVAL" not in rule and year - 2 > begin.year:
            begin = begin.replace(year=year - 2, day=min(begin.day, 28))
        last = datetime(year, 12, 31, 23, 59, 59)  # noqa: DTZ001  # it is local
        last = last if self.until is None else min(last, self.until)
        found: list[datetime] = []
        try:
            for onset in islice(rrulestr(rule, dtstart=begin), _MAX_ONSETS):
                if onset > last:
                    break
                found.append(onset)
        except _NO_RULE:
            pass  # there are no more
        return found if begin == self.begin else [onset for onset in found if onset > begin]


@dataclass(slots=True)
class ZoneRules:
    """The rules of a zone.

    Attributes:
        tzid: what it is called in the file.
        location: the zone that it is said to be, or None.
        observances: empty if they cannot be read.
        names: IANA zones that agreed with it before.
    """

    tzid: str
    location: str | None = None
    observances: tuple[Observance, ...] = ()
    names: list[str] = field(default_factory=list[str])
    _known: dict[datetime, timedelta | None] = field(default_factory=dict[datetime, "timedelta | None"])

    def offset_at(self, wall: datetime) -> timedelta | None:
        """Return the offset from UTC of a local time, or None if it is before all onsets.

        A local time that a gap skips has the offset from before the gap, one that comes twice the first of its two.
        """
        if wall not in self._known:
            if len(self._known) == _MAX_KNOWN:
                self._known.clear()
            self._known[wall] = self._offset_at(wall)
        return self._known[wall]

    def utc_of(self, wall: datetime) -> datetime:
        """Return the instant of a local time, in UTC; before all onsets it has the offset from before the first."""
        offset = self.offset_at(wall)
        if offset is None:
            offset = min(self.observances, key=lambda each: each.begin).offset_from
        return wall - offset

    def _offset_at(self, wall: datetime) -> timedelta | None:
        onsets = [(onset - each.offset_from, each) for each in self.observances if (onset := each.last_onset(wall))]
        if not onsets:
            return None
        instant, last = max(onsets, key=lambda found: found[0])
        is_skipped = wall < instant + last.offset_to
        return last.offset_from if is_skipped and last.offset_to > last.offset_from else last.offset_to


def zone_rules_of(part: Part) -> ZoneRules:
    """Return what a VTIMEZONE says; without observances if they cannot be read."""
    named = {found.name: found for found in properties_of(part.lines) if isinstance(found, Property)}
    location = named["X-LIC-LOCATION"].text if "X-LIC-LOCATION" in named else None
    rules = ZoneRules(named["TZID"].text.strip() if "TZID" in named else "", location)
    if sum(len(sub.lines) for sub in part.parts) > _MAX_LINES:
        return rules
    try:
        rules.observances = tuple(_observance_of(sub) for sub in part.parts if sub.name in {"STANDARD", "DAYLIGHT"})
    except (InvalidValue, KeyError, *_NO_RULE):
        rules.observances = ()
    return rules


def _observance_of(part: Part) -> Observance:
    found = [each for each in properties_of(part.lines) if isinstance(each, Property)]
    named = {each.name: each for each in found}
    offset_from = _offset_of(named["TZOFFSETFROM"].value)
    rule = "".join(named["RRULE"].value.upper().split()).rstrip(";") if "RRULE" in named else None
    if rule is not None and not _RULE.fullmatch(rule):
        raise InvalidValue("RRULE", "is not one that a zone has")
    until = _UNTIL.search(rule) if rule is not None else None
    begin = wall_in("DTSTART", named["DTSTART"].value)
    if rule is not None:
        next(iter(rrulestr(_UNTIL.sub("", rule).strip(";"), dtstart=begin)), None)  # raises if it is none
    return Observance(
        begin=begin,
        offset_from=offset_from,
        offset_to=_offset_of(named["TZOFFSETTO"].value),
        dates=tuple(sorted(_dates(found))),
        rule=None if rule is None else _UNTIL.sub("", rule).strip(";"),
        until=None if until is None else _local(until[1], offset_from),
    )


def _dates(found: list[Property]) -> Iterator[datetime]:
    for each in found:
        if each.name == "RDATE":
            yield from (wall_in("RDATE", value.partition("/")[0]) for value in each.values)


def _local(until: str, offset: timedelta) -> datetime:
    wall = wall_in("UNTIL", until)
    if "T" not in until:
        return wall + timedelta(days=1, seconds=-1)
    return (wall.replace(tzinfo=UTC) + offset).replace(tzinfo=None) if until.endswith("Z") else wall


def _offset_of(value: str) -> timedelta:
    found = _OFFSET.fullmatch(value.strip())
    if found is None:
        raise InvalidValue("TZOFFSET", "must be an offset such as +0100")
    length = timedelta(hours=int(found[2]), minutes=int(found[3]), seconds=int(found[4] or 0))
    return -length if found[1] == "-" else length
