"""What a phrase means, for somebody who is at some place in time."""

from dataclasses import replace
from datetime import datetime, time
from typing import Any, NamedTuple

from lark import Token, Tree
from lark.exceptions import VisitError

from taskharbor.adapters.quick_add.cycle_meaning import CycleMeaning
from taskharbor.adapters.quick_add.day_meaning import DayMeaning
from taskharbor.adapters.quick_add.values import DAYS_OF, Cycle, When
from taskharbor.domain.errors import InvalidValue


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


class _Meaning(DayMeaning, CycleMeaning):
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
        if unit.value not in DAYS_OF:
            raise InvalidValue("text", "says months or years ahead: say it in days or weeks")
        return f"P{number.value * DAYS_OF[unit.value]}D"
