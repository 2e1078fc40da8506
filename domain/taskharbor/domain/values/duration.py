"""How long something takes, or lies before or after something else: RFC 8984 section 1.4.6 and 1.4.7.

Weeks and days are nominal: they are counted on the calendar, and a day can have 23 or 25 hours. Hours, minutes and
seconds are exact. So `P1D` is not `PT24H`. What was written is kept: `PT90M` does not become `PT1H30M`.

There are no years or months, as their length varies, and no fractions of a second, as RFC 5545 section 3.3.6 has none.
"""

import re
from datetime import datetime, timedelta
from typing import Final

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.frozen import frozen
from taskharbor.domain.values.calendar_time import AllDay, CalendarTime, Floating, Zoned
from taskharbor.domain.values.primitives import string_from
from taskharbor.domain.values.time_zone import zone

MAX_DAYS: Final = 36_525
"""The longest duration: a hundred years."""

# More liberal than RFC 8984 in one point: ISO 8601 allows PT1H30S, which is written back as PT1H0M30S.
_DURATION: Final = re.compile(
    r"(?P<sign>[+-]?)P(?=[0-9T])(?:(?P<weeks>[0-9]{1,10})W)?(?:(?P<days>[0-9]{1,10})D)?"
    r"(?:T(?=[0-9])(?:(?P<hours>[0-9]{1,10})H)?(?:(?P<minutes>[0-9]{1,10})M)?(?:(?P<seconds>[0-9]{1,10})S)?)?"
)
_ZERO: Final = timedelta(0)
_SECONDS_A_DAY: Final = 86_400


@frozen(kw_only=True)
class Duration:
    """A span of time, zero or more, as it was written. None of its parts is negative."""

    weeks: int = 0
    days: int = 0
    hours: int = 0
    minutes: int = 0
    seconds: int = 0

    @property
    def nominal(self) -> timedelta:
        """The part that is counted on the calendar."""
        return timedelta(weeks=self.weeks, days=self.days)

    @property
    def exact(self) -> timedelta:
        """The part that is counted on a stop watch."""
        return timedelta(hours=self.hours, minutes=self.minutes, seconds=self.seconds)

    @property
    def in_seconds(self) -> int:
        """How long it is, in seconds, if each day has 24 hours: durations are compared by this."""
        length = self.nominal + self.exact
        return length.days * _SECONDS_A_DAY + length.seconds

    def after(self, moment: CalendarTime) -> CalendarTime:
        """Return the calendar time, of the same kind, that is this much later. See `SignedDuration.from_`.

        Raises:
            InvalidValue: for `duration`.
        """
        return SignedDuration(self).from_(moment)

    def as_json(self) -> str:
        """Return the wire form: zero parts are left out, except where the grammar of RFC 8984 wants them."""
        minutes = self.minutes or (self.hours and self.seconds)
        calendar = _parts((self.weeks, "W"), (self.days, "D"))
        clock = _parts((self.hours, "H"), (self.minutes, "M"), (self.seconds, "S"), even_zero="M" if minutes else "")
        return f"P{calendar}T{clock}" if clock else f"P{calendar}" if calendar else "PT0S"


@frozen
class SignedDuration:
    """A duration with a direction.

    Attributes:
        length: how far.
        is_negative: whether it points backwards; False if the length is zero.
    """

    length: Duration
    is_negative: bool = False

    @property
    def nominal(self) -> timedelta:
        """The part that is counted on the calendar, with its sign."""
        return -self.length.nominal if self.is_negative else self.length.nominal

    @property
    def exact(self) -> timedelta:
        """The part that is counted on a stop watch, with its sign."""
        return -self.length.exact if self.is_negative else self.length.exact

    def from_(self, moment: CalendarTime) -> CalendarTime:
        """Return the calendar time, of the same kind, that is this far from `moment`.

        Weeks and days move the local time, then the rest moves the instant (RFC 5545 section 3.3.6). A floating time
        has no instant, so the rest moves its local time too.

        Raises:
            InvalidValue: for `duration`, if `moment` is all-day and this has hours, minutes or seconds, or if the
                years 1 to 9999 do not hold the result.
        """
        try:
            return self._exactly_from(self._nominally_from(moment))
        except OverflowError:
            raise InvalidValue("duration", "must not lead beyond the years 1 to 9999") from None

    def instant_from(self, moment: CalendarTime, viewer: str) -> datetime:
        """Return the UTC instant that is this far from `moment`, as seen in the zone of the viewer.

        From an all-day date it is counted from midnight (RFC 5545 section 3.8.6.3), whether it is start or due.

        Raises:
            InvalidValue: for `duration`, if the years 1 to 9999 do not hold the result.
        """
        try:
            return self._nominally_from(moment).starts(viewer) + self.exact
        except OverflowError:
            raise InvalidValue("duration", "must not lead beyond the years 1 to 9999") from None

    def as_json(self) -> str:
        """Return the wire form; there is no plus sign."""
        return f"-{self.length.as_json()}" if self.is_negative else self.length.as_json()

    def _nominally_from(self, moment: CalendarTime) -> CalendarTime:
        if isinstance(moment, AllDay):
            return AllDay(moment.day + self.nominal)
        if isinstance(moment, Floating):
            return Floating(moment.wall + self.nominal)
        return Zoned(moment.wall + self.nominal, moment.time_zone)

    def _exactly_from(self, moment: CalendarTime) -> CalendarTime:
        if self.exact == _ZERO:
            return moment
        if isinstance(moment, AllDay):
            raise InvalidValue("duration", "must have only weeks and days, as it counts from an all-day date")
        if isinstance(moment, Floating):
            return Floating(moment.wall + self.exact)
        there = (moment.utc + self.exact).astimezone(zone(moment.time_zone))
        return Zoned(there.replace(tzinfo=None, fold=0), moment.time_zone)


def duration_from(field: str, value: object) -> Duration:
    """Return `value`, a duration or text such as `P1DT2H`, as a duration.

    Raises:
        InvalidValue: for `field`.
    """
    if isinstance(value, Duration):
        value = value.as_json()  # its constructor has checked nothing
    found = signed_duration_from(field, value)
    if found.is_negative or str(value)[0] != "P":
        raise InvalidValue(field, "must not have a sign")
    return found.length


def signed_duration_from(field: str, value: object) -> SignedDuration:
    """Return `value`, such as `-PT15M`, as a signed duration.

    Raises:
        InvalidValue: for `field`.
    """
    found = _DURATION.fullmatch(string_from(field, value))
    if not found:
        raise InvalidValue(field, "must be an ISO 8601 duration of weeks, days, hours, minutes, seconds: P1W2DT3H4M5S")
    length = Duration(**{name: int(digits or 0) for name, digits in found.groupdict().items() if name != "sign"})
    if _days(length) > MAX_DAYS:
        raise InvalidValue(field, f"must not be longer than {MAX_DAYS} days")
    return SignedDuration(length, is_negative=found["sign"] == "-" and length != Duration())


def _days(length: Duration) -> float:
    seconds = (length.hours * 60 + length.minutes) * 60 + length.seconds
    return length.weeks * 7 + length.days + seconds / 86_400


def _parts(*parts: tuple[int, str], even_zero: str = "") -> str:
    return "".join(f"{number}{unit}" for number, unit in parts if number or unit == even_zero)
