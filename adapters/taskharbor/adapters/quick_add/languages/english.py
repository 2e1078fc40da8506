"""English."""

import re
from typing import Final

from taskharbor.adapters.quick_add.language import Language, Pattern, words
from taskharbor.adapters.quick_add.values import MIDNIGHT, NOON, SPAN, Unit, clock, span, twelve_hours

_ENDINGS: Final = {1: "st", 2: "nd", 3: "rd"}
_TEENS: Final = range(11, 14)

ENGLISH: Final = Language(
    words={
        **words("DAY", {"today": 0, "tomorrow": 1}),
        **words("WEEKDAY", {"monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4}),
        **words("WEEKDAY", {"saturday": 5, "sunday": 6}),
        **words(
            "SHORT_WEEKDAY", {"mon": 0, "tue tues": 1, "wed": 2, "thu thur thurs": 3, "fri": 4, "sat": 5, "sun": 6}
        ),
        **words("MONTH", {"jan january": 1, "feb february": 2, "mar march": 3, "apr april": 4, "may": 5}),
        **words("MONTH", {"jun june": 6, "jul july": 7, "aug august": 8, "sep sept september": 9}),
        **words("MONTH", {"oct october": 10, "nov november": 11, "dec december": 12}),
        **words("UNIT", {"day days": Unit.DAY, "week weeks": Unit.WEEK, "month months": Unit.MONTH}),
        **words("UNIT", {"year years": Unit.YEAR}),
        **words("TIME_UNIT", {"hour hours": "H", "minute minutes min mins": "M"}),
        **words("WORKDAY", {"weekday weekdays workday workdays": None}),
        **words("NUMBER", {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}),
        **words("ORDINAL", {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5}),
        **words("MERIDIEM", {"am": "a", "pm": "p"}),
        **words("CLOCK", {"noon": NOON, "midnight": MIDNIGHT}),
        **words("EVERY", {"every": None}),
        **words("OTHER", {"other": 2}),
        **words("LAST", {"last": -1}),
        **words("NEXT", {"next": None}),
        **words("THIS", {"this": None}),
        **words("DUE", {"due by": None}),
        **words("START", {"start starts starting from": None}),
        **words("ON", {"on": None}),
        **words("AT", {"at": None}),
        **words("IN", {"in": None}),
        **words("THE", {"the": None}),
        **words("OF", {"of": None}),
        **words("AND", {"and": None}),
        **words("UNTIL", {"until till": None}),
        **words("FOR", {"for": None}),
        **words("TIMES", {"times": None}),
        **words("REMIND", {"remind": None}),
        **words("ME", {"me": None}),
        **words("BEFORE", {"before": None}),
    },
    patterns=(
        Pattern("CLOCK", re.compile(r"(\d{1,2}):(\d\d)", re.ASCII), clock),
        Pattern("CLOCK", re.compile(r"(\d{1,2})(?::(\d\d))?([ap])m", re.ASCII), twelve_hours),
        Pattern("ORDINAL", re.compile(r"(\d{1,2})(?:st|nd|rd|th)", re.ASCII), lambda found: int(found[1])),
        Pattern("SPAN", SPAN, span),
    ),
    shortcuts={"daily": Unit.DAY, "weekly": Unit.WEEK, "monthly": Unit.MONTH, "yearly": Unit.YEAR},
    said={
        "due": "due",
        "start": "start",
        "every": "every",
        "on": "on",
        "on the": "on the",
        "last day": "last day",
        "last": "last",
        "until": "until",
        "for times": "for {} times",
        "remind": "remind",
        "before": "before",
        "before the start": "before the start",
    },
    said_ordinal=lambda number: f"{number}{_ENDINGS.get(number % 10 if number not in _TEENS else 0, 'th')}",
    said_weekdays=("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
    said_months=("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
    said_each={Unit.DAY: "every day", Unit.WEEK: "every week", Unit.MONTH: "every month", Unit.YEAR: "every year"},
    said_units={Unit.DAY: "days", Unit.WEEK: "weeks", Unit.MONTH: "months", Unit.YEAR: "years"},
)
