"""What a phrase says of when a task recurs."""

# ruff: noqa: D102  # each method is named after the rule of the grammar whose meaning it returns

from collections.abc import Sequence
from datetime import date
from typing import Final

from lark import Token

from taskharbor.adapters.quick_add.phrase_transformer import PhraseTransformer
from taskharbor.adapters.quick_add.values import WEEKDAYS, Cycle, Unit
from taskharbor.domain.errors import InvalidValue

_WEEKDAYS_OF_WORK: Final = WEEKDAYS[:5]
_LONGEST_MONTH: Final = 31
_WEEKS_OF_MONTH: Final = 5


class CycleMeaning(PhraseTransformer):
    """Turns phrases into cycles."""

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

    def until(self, _until: Token, day: date) -> tuple[str, date]:
        return "until", day

    def count(self, _for: Token, number: Token, _times: Token) -> tuple[str, int]:
        if not number.value:
            raise InvalidValue("text", "says for 0 times: the number must be at least 1")
        return "count", int(number.value)


def _monthly(
    interval: int | None, unit: Token | None, *, days: tuple[str, ...] = (), month_days: tuple[int, ...] = ()
) -> Cycle:
    if unit is not None and unit.value is not Unit.MONTH:
        raise InvalidValue("text", "names days of a month of a unit other than months")
    return Cycle(unit=Unit.MONTH, interval=interval or 1, days=days, month_days=month_days)
