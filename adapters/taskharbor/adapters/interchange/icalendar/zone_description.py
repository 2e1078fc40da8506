"""The VTIMEZONE of an IANA zone (RFC 5545 section 3.6.5): all onsets from 1970 on, and rules for those that go on.

What a zone does for ever is seen from what it does up to the year 2089. The few that change on the day after the last
Thursday or Friday of a month, which no rule can say, have their onsets of these years only.
"""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from taskharbor.adapters.interchange.icalendar.content_lines import folded

_FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST: Final = datetime(2090, 1, 1, tzinfo=UTC)
_STEP: Final = timedelta(days=5)
_SECOND: Final = timedelta(seconds=1)
_RULED: Final = range(2050, 2090)
"""The years in which all that still goes on follows a rule, but for zones that the moon rules till 2087."""

_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEK: Final = 7


class _Kind(NamedTuple):
    """What begins with an onset, and what was before."""

    offset_from: timedelta
    offset_to: timedelta
    name: str
    is_daylight: bool


@cache
def described_zone(time_zone: str) -> bytes:
    """Return the VTIMEZONE of a zone: there are some hundreds of them, and working one out takes milliseconds."""
    return folded(_lines(time_zone))


def _lines(time_zone: str) -> Iterator[str]:
    zone = ZoneInfo(time_zone)
    yield from ("BEGIN:VTIMEZONE", f"TZID:{time_zone}")
    first = _kind(zone, _FIRST, _FIRST)
    yield from _observance(first._replace(offset_from=first.offset_to), [_wall(_FIRST, first.offset_to)], None)
    onsets: dict[_Kind, list[datetime]] = {}
    for before, after in _changes(zone):
        kind = _kind(zone, before, after)
        onsets.setdefault(kind, []).append(_wall(after, kind.offset_from))
    for kind, walls in onsets.items():
        rule, begin = _rule_of(walls)
        if walls[:begin]:
            yield from _observance(kind, walls[:begin], None)
        if rule is not None:
            yield from _observance(kind, walls[begin:][:1], rule)
    yield "END:VTIMEZONE"


def _changes(zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """Yield the last second before and the first one after each change of the zone."""
    before = _FIRST
    while before < _LAST:
        after = before + _STEP
        if _state(zone, before) != _state(zone, after):
            low, high = before, after
            while high - low > _SECOND:
                middle = low + (high - low) // 2
                middle = middle.replace(microsecond=0)
                low, high = (middle, high) if _state(zone, middle) == _state(zone, low) else (low, middle)
            yield low, high
            after = high
        before = after


def _state(zone: ZoneInfo, instant: datetime) -> timedelta | None:
    return instant.astimezone(zone).utcoffset()


def _kind(zone: ZoneInfo, before: datetime, after: datetime) -> _Kind:
    there, earlier = after.astimezone(zone), before.astimezone(zone).utcoffset()
    offset = there.utcoffset() or timedelta(0)
    return _Kind(earlier or timedelta(0), offset, there.tzname() or "", bool(there.dst()))


def _wall(instant: datetime, offset: timedelta) -> datetime:
    return instant.replace(tzinfo=None) + offset


def _rule_of(walls: Sequence[datetime]) -> tuple[str | None, int]:
    """Return the rule by which the last of some onsets come every year for ever, and the place of the first of them."""
    ruled = [wall for wall in walls if wall.year in _RULED]
    if [wall.year for wall in ruled] != [*_RULED] or len({_shape(wall) for wall in ruled}) > 1:
        return None, len(walls)
    days = range(min(wall.day for wall in ruled), max(wall.day for wall in ruled) + 1)
    if len(days) > _WEEK:
        is_right, day = _is_last, f"-1{_DAYS[ruled[0].weekday()]}"
        if not all(map(is_right, ruled)):
            return None, len(walls)
        text = f"BYDAY={day}"
    elif all(map(_is_last, ruled)):
        is_right, text = _is_last, f"BYDAY=-1{_DAYS[ruled[0].weekday()]}"
    else:

        def is_right(wall: datetime) -> bool:
            return wall.day in days

        numbers = ",".join(map(str, days))
        nth = (days[0] - 1) // _WEEK + 1
        weekday = _DAYS[ruled[0].weekday()]
        is_nth = days[0] % _WEEK == 1 and len(days) == _WEEK
        text = f"BYDAY={nth}{weekday}" if is_nth else f"BYMONTHDAY={numbers};BYDAY={weekday}"
    begin = len(walls)
    while begin and is_right(walls[begin - 1]) and _shape(walls[begin - 1]) == _shape(ruled[0]):
        if begin < len(walls) and walls[begin].year != walls[begin - 1].year + 1:
            break
        begin -= 1
    return f"FREQ=YEARLY;BYMONTH={ruled[0].month};{text}", begin


def _shape(wall: datetime) -> tuple[object, ...]:
    return wall.month, wall.weekday(), wall.time()


def _is_last(wall: datetime) -> bool:
    return wall.day + _WEEK > monthrange(wall.year, wall.month)[1]


def _observance(kind: _Kind, walls: Sequence[datetime], rule: str | None) -> Iterator[str]:
    component = "DAYLIGHT" if kind.is_daylight else "STANDARD"
    yield from (f"BEGIN:{component}", f"DTSTART:{walls[0]:%Y%m%dT%H%M%S}")
    yield from (f"TZOFFSETFROM:{_offset(kind.offset_from)}", f"TZOFFSETTO:{_offset(kind.offset_to)}")
    yield f"TZNAME:{kind.name}"
    if rule is not None:
        yield f"RRULE:{rule}"
    yield from (f"RDATE:{wall:%Y%m%dT%H%M%S}" for wall in walls[1:])
    yield f"END:{component}"


def _offset(offset: timedelta) -> str:
    seconds = abs(int(offset.total_seconds()))
    text = f"{'-' if offset < timedelta(0) else '+'}{seconds // 3600:02}{seconds // 60 % 60:02}"
    return text + (f"{seconds % 60:02}" if seconds % 60 else "")
