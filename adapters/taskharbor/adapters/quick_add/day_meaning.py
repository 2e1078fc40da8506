"""What a phrase says of a day or a time, seen from a day."""

# ruff: noqa: D102  # each method is named after the rule of the grammar whose meaning it returns

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from typing import Final

from lark import Token

from taskharbor.adapters.quick_add.phrase_transformer import PhraseTransformer
from taskharbor.adapters.quick_add.values import DAYS_OF, Unit, When, half_day, time_at
from taskharbor.domain.errors import InvalidValue

_WEEK: Final = 7
_YEAR: Final = 12
_LEAP_YEAR: Final = 2000


class DayMeaning(PhraseTransformer):
    """Turns phrases into days and times."""

    def __init__(self, now: datetime) -> None:
        """Let it be `now`, as the clock on the wall shows."""
        super().__init__()
        self._now = now
        self._today = now.date()

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
        if unit.value in DAYS_OF:
            return self._today + timedelta(days=number.value * DAYS_OF[unit.value])
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

    def weekday(self, day: Token) -> int:
        number: int = day.value
        return number


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
