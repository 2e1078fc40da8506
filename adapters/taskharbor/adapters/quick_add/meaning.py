"""What a phrase means, for somebody who is at some place in time."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final, NamedTuple

from lark import Token, Transformer, Tree, v_args
from lark.exceptions import VisitError

from taskharbor.adapters.quick_add.values import WEEKDAYS, Cycle, Unit, When, half_day, time_at
from taskharbor.domain.errors import InvalidValue

_DAYS_OF: Final = {Unit.DAY: 1, Unit.WEEK: 7}
_WEEK: Final = 7
_YEAR: Final = 12
_WEEKDAYS_OF_WORK: Final = WEEKDAYS[:5]


class Said(NamedTuple):
    """One thing that is said of the task.

    Attributes:
        field: the field.
        value: its value, or one of several for those of which there can be some.
    """

    field: str
    value: Any


def meaning_of(phrase: Tree[Token], now: datetime) -> Said:
    """Return what a phrase says.

    Args:
        phrase: as the parser found it.
        now: what the clock on the wall shows.

    Raises:
        InvalidValue: for `text`, if it names a day or a number that does not exist.
    """
    try:
        said: Said = _Meaning(now).transform(phrase)
    except VisitError as error:
        if isinstance(error.orig_exc, InvalidValue):
            raise error.orig_exc from None
        if isinstance(error.orig_exc, OverflowError):
            raise InvalidValue("text", "names a day after the year 9999") from None
        raise
    return said


@v_args(inline=True)
class _Meaning(Transformer[Token, Any]):
    def __init__(self, now: datetime) -> None:
        super().__init__()
        self._now = now
        self._today = now.date()

    def due(self, *parts: Token | When) -> Said:
        return Said("due", parts[-1])

    def begins(self, _start: Token, when: When) -> Said:
        return Said("start", when)

    def every(self, _every: Token, cycle: Cycle, at: time | None, limit: tuple[str, Any] | None) -> Said:
        cycle = replace(cycle, time=at)
        return Said("recurrence", cycle if limit is None else replace(cycle, **{limit[0]: limit[1]}))

    def remind(self, _remind: Token, _me: Token | None, ahead: tuple[str, str]) -> Said:
        offset, relative_to = ahead
        return Said("reminders", {"offset": f"-{offset}", "relativeTo": relative_to})

    def remind_at(self, _remind: Token, _me: Token | None, when: When) -> Said:
        if when.time is None:
            raise InvalidValue("text", "says to remind on a day: say at what time, as in remind tomorrow 9am")
        return Said("reminders", when)

    def tag(self, word: Token) -> Said:
        return Said("tags", word.value)

    def in_list(self, word: Token) -> Said:
        return Said("list", word.value)

    def priority(self, word: Token) -> Said:
        return Said("priority", word.value)

    def estimate(self, word: Token) -> Said:
        return Said("estimated_duration", word.value)

    def shortcut(self, word: Token) -> Said:
        return Said("recurrence", Cycle(unit=word.value))

    def when(self, *parts: date | time) -> When:
        day = next((part for part in parts if isinstance(part, date)), None)
        at = next((part for part in parts if isinstance(part, time)), None)
        if day is None and at is not None:
            # The next time that the clock shows this.
            day = self._today if at > self._now.time() else self._today + timedelta(days=1)
        return When(day, at)

    def in_days(self, day: Token) -> date:
        return self._today + timedelta(days=day.value)

    def coming(self, _on: Token | None, weekday: int) -> date:
        return self._today + timedelta(days=(weekday - self._today.weekday() - 1) % _WEEK + 1)

    def coming_or_today(self, _this: Token, weekday: int) -> date:
        return self._today + timedelta(days=(weekday - self._today.weekday()) % _WEEK)

    def of_next_week(self, _next: Token, weekday: int) -> date:
        return self._today + timedelta(days=_WEEK - self._today.weekday() + weekday)

    def dated(self, _on: Token | None, day: Token) -> date:
        return _date(*day.value)

    def in_year(self, _on: Token | None, _the: Token | None, month_day: tuple[int, int, int | None]) -> date:
        month, day, year = month_day
        if year is not None:
            return _date(year, month, day)
        this_year = self._today.year
        for candidate in range(this_year, this_year + 9):  # 29 February is at most 8 years away
            if day <= _days_of(candidate, month) and date(candidate, month, day) >= self._today:
                return date(candidate, month, day)
        return _date(this_year, month, day)

    def of_month(self, _on: Token, _the: Token | None, ordinal: Token) -> date:
        day: int = ordinal.value
        year, month = self._today.year, self._today.month
        for _ in range(_YEAR):
            if 1 <= day <= _days_of(year, month) and date(year, month, day) >= self._today:
                return date(year, month, day)
            year, month = (year, month + 1) if month < _YEAR else (year + 1, 1)
        raise InvalidValue("text", f"names day {day} of a month, which does not exist")

    def next_unit(self, _next: Token, unit: Token) -> date:
        if unit.value is Unit.WEEK:
            return self.of_next_week(_next, 0)
        if unit.value is Unit.DAY:
            return self._today + timedelta(days=1)
        months = 1 if unit.value is Unit.MONTH else _YEAR - self._today.month + 1
        return _months_after(self._today.replace(day=1), months)

    def in_units(self, _in: Token, number: Token, unit: Token) -> date:
        if unit.value in _DAYS_OF:
            return self._today + timedelta(days=number.value * _DAYS_OF[unit.value])
        return _months_after(self._today, number.value * (1 if unit.value is Unit.MONTH else _YEAR))

    def day_first(self, day: Token, month: Token, year: Token | None) -> tuple[int, int, int | None]:
        return _month_day(month.value, day.value, None if year is None else year.value)

    def ordinal_first(
        self, day: Token, _of: Token | None, month: Token, year: Token | None
    ) -> tuple[int, int, int | None]:
        return self.day_first(day, month, year)

    def month_first(self, month: Token, day: Token, year: Token | None) -> tuple[int, int, int | None]:
        return self.day_first(day, month, year)

    def both(self, word: Token) -> tuple[int, int, int | None]:
        day, month, year = word.value
        return _month_day(month, day, year)

    def exactly(self, _at: Token | None, clock: Token, _oclock: Token | None) -> time:
        at: time = clock.value
        return at

    def half_day(self, _at: Token | None, hour: Token, meridiem: Token) -> time:
        return _time(half_day(hour.value, meridiem.value), hour)

    def whole_hour(self, _at: Token | None, hour: Token, _oclock: Token) -> time:
        return _time(time_at(hour.value), hour)

    def interval(self, number: Token) -> int:
        if not number.value:
            raise InvalidValue("text", "says every 0: the number must be at least 1")
        return int(number.value)

    def each(self, interval: int | None, unit: Token) -> Cycle:
        return Cycle(unit=unit.value, interval=interval or 1)

    def on_weekdays(self, interval: int | None, unit: Token, _on: Token, days: Sequence[str]) -> Cycle:
        if unit.value is not Unit.WEEK:
            raise InvalidValue("text", "names weekdays of a unit other than weeks")
        return Cycle(unit=Unit.WEEK, interval=interval or 1, days=tuple(days))

    def on_month_days(
        self, interval: int | None, unit: Token, _on: Token, _the: Token | None, days: Sequence[int]
    ) -> Cycle:
        return _monthly(interval, unit, month_days=tuple(days))

    def on_nth(self, interval: int | None, unit: Token, _on: Token, _the: Token | None, nth: str) -> Cycle:
        return _monthly(interval, unit, days=(nth,))

    def on_last_day(
        self, interval: int | None, unit: Token, _on: Token, _the: Token | None, _last: Token, day: Token
    ) -> Cycle:
        if day.value is not Unit.DAY:
            raise InvalidValue("text", "names a last unit other than the last day")
        return _monthly(interval, unit, month_days=(-1,))

    def on_date(
        self,
        interval: int | None,
        unit: Token,
        _on: Token,
        _the: Token | None,
        month_day: tuple[int, int, int | None],
    ) -> Cycle:
        month, day, _ = month_day
        if unit.value is not Unit.YEAR:
            raise InvalidValue("text", "names a month of a unit other than years")
        return Cycle(unit=Unit.YEAR, interval=interval or 1, month=month, month_days=(day,))

    def weekdays_alone(self, days: Sequence[str]) -> Cycle:
        return Cycle(unit=Unit.WEEK, days=tuple(days))

    def workdays(self, _workday: Token) -> Cycle:
        return Cycle(unit=Unit.WEEK, days=_WEEKDAYS_OF_WORK)

    def month_days_alone(self, days: Sequence[int]) -> Cycle:
        return Cycle(unit=Unit.MONTH, month_days=tuple(days))

    def month_day_alone(self, day: Token, _of: Token, _the: Token, unit: Token) -> Cycle:
        return _monthly(None, unit, month_days=tuple(self.ordinals(day)))

    def nth_alone(self, nth: str, *of_the_unit: Token | None) -> Cycle:
        return _monthly(None, of_the_unit[-1], days=(nth,))

    def date_alone(self, month_day: tuple[int, int, int | None]) -> Cycle:
        month, day, _ = month_day
        return Cycle(unit=Unit.YEAR, month=month, month_days=(day,))

    def weekdays(self, *days: int | Token) -> list[str]:
        numbers = sorted({day for day in days if not isinstance(day, Token)})
        return [WEEKDAYS[number] for number in numbers]

    def ordinals(self, *days: Token) -> list[int]:
        found = sorted({day.value for day in days if day.type == "ORDINAL"})
        if not 1 <= found[0] <= found[-1] <= _LONGEST_MONTH:
            raise InvalidValue("text", "names a day of a month that does not exist")
        return found

    def nth(self, ordinal: Token, weekday: int) -> str:
        if not -1 <= ordinal.value <= _WEEKS_OF_MONTH or not ordinal.value:
            raise InvalidValue("text", f"names weekday {ordinal.value} of a month, which has at most 5")
        return f"{ordinal.value}{WEEKDAYS[weekday]}"

    def weekday(self, day: Token) -> int:
        number: int = day.value
        return number

    def until(self, _until: Token, day: date) -> tuple[str, date]:
        return "until", day

    def count(self, _for: Token, number: Token, _times: Token) -> tuple[str, int]:
        if not number.value:
            raise InvalidValue("text", "says for 0 times: the number must be at least 1")
        return "count", int(number.value)

    def before_due(self, amount: str, _before: Token | None) -> tuple[str, str]:
        return amount, "due"

    def before_start(self, amount: str, *_words: Token) -> tuple[str, str]:
        return amount, "start"

    def span(self, span: Token) -> str:
        text: str = span.value
        return text

    def hours(self, number: Token, unit: Token) -> str:
        return f"PT{number.value}{unit.value}"

    def days(self, number: Token, unit: Token) -> str:
        if unit.value not in _DAYS_OF:
            raise InvalidValue("text", "says months or years ahead: say it in days or weeks")
        return f"P{number.value * _DAYS_OF[unit.value]}D"


_LONGEST_MONTH: Final = 31
_WEEKS_OF_MONTH: Final = 5
_LEAP_YEAR: Final = 2000


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise InvalidValue("text", f"names {year:04}-{month:02}-{day:02}, which does not exist") from None


def _time(at: time | None, hour: Token) -> time:
    if at is None:
        raise InvalidValue("text", f"names {hour.value} o'clock, which does not exist")
    return at


def _month_day(month: int, day: int, year: int | None) -> tuple[int, int, int | None]:
    _date(_LEAP_YEAR if year is None else year, month, day)
    return month, day, year


def _days_of(year: int, month: int) -> int:
    return monthrange(year, month)[1]


def _months_after(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, _YEAR)
    year = day.year + years
    if year > date.max.year:
        raise OverflowError
    return date(year, month + 1, min(day.day, _days_of(year, month + 1)))


def _monthly(
    interval: int | None, unit: Token | None, *, days: tuple[str, ...] = (), month_days: tuple[int, ...] = ()
) -> Cycle:
    if unit is not None and unit.value is not Unit.MONTH:
        raise InvalidValue("text", "names days of a month of a unit other than months")
    return Cycle(unit=Unit.MONTH, interval=interval or 1, days=days, month_days=month_days)
