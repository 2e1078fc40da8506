"""The zones of a file: a VTIMEZONE defines what its TZID means, whatever the name looks like.

RFC 5545 section 3.2.19, 3.6.5. A task has IANA zones. One is taken if it agrees with the VTIMEZONE at all times of the
task, of a series also in the course of its first year, if there is such a one: the one that the name means first, else
the one that agrees most around these times; if none does, a time is taken in UTC.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import MAXYEAR, datetime, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from taskharbor.adapters.interchange.icalendar.components import Line, Part
from taskharbor.adapters.interchange.icalendar.properties import Property, properties_of
from taskharbor.adapters.interchange.icalendar.times import ZoneOf, wall_in
from taskharbor.adapters.interchange.icalendar.zone_names import iana_name_of
from taskharbor.adapters.interchange.icalendar.zone_rules import ZoneRules, zone_rules_of
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.values.calendar_time import Zoned
from taskharbor.domain.values.time_zone import known_time_zones

MAX_ZONES: Final = 500
"""How many VTIMEZONEs are looked at."""

_FIRST: Final = ("UTC", "Europe/Berlin", "Europe/London", "America/New_York", "America/Chicago", "America/Denver")
"""Where many places have the same rules, the ones that most people mean."""

_MAX_PROBED_YEARS: Final = 5

_RULE_PART: Final = re.compile(r"\b(FREQ|INTERVAL|COUNT|UNTIL)=([A-Z]{5,8}|[0-9]{8}|[0-9]{1,4}\b)")
_DAYS: Final = {"WEEKLY": 7, "MONTHLY": 31, "YEARLY": 365}
_YEAR: Final = 365


class CalendarZones:
    """The zones that a file has defined so far."""

    def __init__(self) -> None:
        self._rules: dict[str, ZoneRules] = {}

    def learn(self, part: Part) -> None:
        """Take note of a VTIMEZONE; of two with one TZID the first counts."""
        if len(self._rules) < MAX_ZONES:
            rules = zone_rules_of(part)
            self._rules.setdefault(rules.tzid, rules)

    def undefined(self, part: Part) -> set[str]:
        """Return the TZIDs that a component has and no VTIMEZONE has defined yet."""
        return _walls_of(part).keys() - self._rules.keys()

    def zone_of(self, part: Part) -> ZoneOf:
        """Return what gives the times of a component their zones."""
        walls = _walls_of(part)
        rule = _rule_of(part)
        found: dict[str, Callable[[datetime], Zoned | None]] = {}

        def zone_of(tzid: str, wall: datetime) -> Zoned | None:
            if tzid not in found:
                found[tzid] = self._meaning(tzid, walls.get(tzid, {wall}), rule)
            return found[tzid](wall)

        return zone_of

    def _meaning(
        self, tzid: str, walls: Collection[datetime], rule: Mapping[str, str]
    ) -> Callable[[datetime], Zoned | None]:
        rules = self._rules.get(tzid.strip())
        named = [
            name for name in (iana_name_of(tzid), rules and rules.location and iana_name_of(rules.location)) if name
        ]
        if rules is None or not rules.observances:
            return lambda wall: Zoned(wall, named[0]) if named else None
        later = {*_later(min(walls), rule)}
        name = (_agreeing(rules, named, {*walls, *later}) if later else None) or _agreeing(rules, named, walls)
        return lambda wall: Zoned(wall, name) if name else Zoned(rules.utc_of(wall), "UTC")


def _agreeing(rules: ZoneRules, named: Collection[str], walls: Collection[datetime]) -> str | None:
    """Return the IANA zone that is taken for one with these rules, at these times."""
    for name in (*named, *rules.names):
        if _agrees(name, rules, walls):
            return name
    years = sorted({wall.year for wall in walls})[:_MAX_PROBED_YEARS]
    probes = [datetime(year, month, 15, 12) for year in years for month in range(1, 13)]  # noqa: DTZ001  # local
    best: tuple[int, str | None] = (0, None)
    for name in _all_names():
        if _agrees(name, rules, walls):
            points = sum(_is_same(name, rules, probe) for probe in probes) + 1
            best = max(best, (points, name), key=lambda each: each[0])
    if best[1] is not None:
        rules.names.append(best[1])
    return best[1]


def _agrees(name: str, rules: ZoneRules, walls: Collection[datetime]) -> bool:
    return all(_is_same(name, rules, wall) for wall in walls)


def _is_same(name: str, rules: ZoneRules, wall: datetime) -> bool:
    offset = rules.offset_at(wall)
    return offset is None or wall.replace(tzinfo=ZoneInfo(name)).utcoffset() == offset


@cache
def _all_names() -> tuple[str, ...]:
    usual = [name for name in WINDOWS_TO_OLSON.values() if name in known_time_zones()]
    return tuple(dict.fromkeys((*_FIRST, *usual, *sorted(known_time_zones()))))


def _rule_of(part: Part) -> dict[str, str]:
    rule = next((line.text.upper() for line in part.lines if line.text[:5].upper() == "RRULE"), "")
    return dict(_RULE_PART.findall(rule))


def _later(wall: datetime, rule: Mapping[str, str]) -> Iterator[datetime]:
    """Yield times of the first year of a series, about one a month."""
    if "FREQ" not in rule:
        return
    step = int(rule.get("INTERVAL", "1")) * _DAYS.get(rule["FREQ"], 1)
    last = min(int(rule.get("COUNT", str(_YEAR))) * step, _YEAR) - step
    for days in range(min(step, 31), last + 1, 31):
        if wall.year + 1 > MAXYEAR:
            return
        found = wall + timedelta(days=days)
        if f"{found:%Y%m%d}" <= rule.get("UNTIL", "99991231"):
            yield found


def _walls_of(part: Part) -> Mapping[str, set[datetime]]:
    """Return the local times that a component and those in it have, by their TZIDs."""
    found: dict[str, set[datetime]] = {}
    for line in _lines_of(part):
        for each in properties_of([line]) if "TZID" in line.text.upper() else ():
            tzid = each.parameters.get("TZID") if isinstance(each, Property) else None
            for value in each.values if isinstance(each, Property) and tzid else ():
                try:
                    found.setdefault(str(tzid), set()).add(wall_in(each.name, value.partition("/")[0]))
                except InvalidValue:
                    continue
    return found


def _lines_of(part: Part) -> Iterator[Line]:
    yield from part.lines
    for inner in part.parts:
        yield from _lines_of(inner)
