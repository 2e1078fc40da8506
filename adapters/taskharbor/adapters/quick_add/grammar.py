"""The grammar of what can be said at the end of a line, over words that a language has classified."""

from functools import cache
from typing import Final

from lark import Lark

GRAMMAR: Final = """
    start: when -> due
        | DUE when -> due
        | START when -> begins
        | EVERY cycle [clock] [limit] -> every
        | REMIND [ME] ahead -> remind
        | REMIND [ME] when -> remind_at
        | TAG -> tag
        | LIST -> in_list
        | PRIORITY -> priority
        | ESTIMATE -> estimate
        | SHORTCUT -> shortcut

    when: day | day clock | clock | clock day

    day: DAY -> in_days
        | [ON] weekday -> coming
        | THIS weekday -> coming_or_today
        | NEXT weekday -> of_next_week
        | [ON] DATE -> dated
        | [ON] [THE] month_day -> in_year
        | ON [THE] ORDINAL -> of_month
        | NEXT UNIT -> next_unit
        | IN NUMBER UNIT -> in_units

    month_day: NUMBER MONTH [YEAR] -> day_first
        | ORDINAL [OF] MONTH [YEAR] -> ordinal_first
        | MONTH NUMBER [YEAR] -> month_first
        | MONTH ORDINAL [YEAR] -> month_first
        | MONTH_DAY -> both

    clock: [AT] CLOCK [OCLOCK] -> exactly
        | [AT] NUMBER MERIDIEM -> half_day
        | [AT] NUMBER OCLOCK -> whole_hour

    cycle: [interval] UNIT -> each
        | [interval] UNIT ON weekdays -> on_weekdays
        | [interval] UNIT ON [THE] ordinals -> on_month_days
        | [interval] UNIT ON [THE] nth -> on_nth
        | [interval] UNIT ON [THE] LAST UNIT -> on_last_day
        | [interval] UNIT ON [THE] month_day -> on_date
        | weekdays -> weekdays_alone
        | WORKDAY -> workdays
        | ordinals -> month_days_alone
        | ORDINAL OF THE UNIT -> month_day_alone
        | nth [OF THE UNIT] -> nth_alone
        | month_day -> date_alone

    interval: NUMBER | OTHER
    weekdays: weekday (_between weekday)*
    ordinals: ORDINAL (_between ORDINAL)*
    nth: (ORDINAL | LAST) weekday
    weekday: WEEKDAY | SHORT_WEEKDAY
    _between: COMMA | AND | COMMA AND

    limit: UNTIL day -> until
        | FOR NUMBER TIMES -> count

    ahead: amount [BEFORE] -> before_due
        | amount BEFORE THE START -> before_start
    amount: SPAN -> span
        | NUMBER TIME_UNIT -> hours
        | NUMBER UNIT -> days

    %declare DUE START EVERY REMIND ME TAG LIST PRIORITY ESTIMATE SHORTCUT DAY ON THIS NEXT DATE THE ORDINAL OF UNIT
    %declare IN NUMBER MONTH YEAR MONTH_DAY AT CLOCK OCLOCK MERIDIEM OTHER LAST WORKDAY WEEKDAY SHORT_WEEKDAY COMMA AND
    %declare UNTIL FOR TIMES BEFORE SPAN TIME_UNIT
"""

LONGEST_PHRASE: Final = 24
"""Words of the longest phrase that is looked for."""


@cache
def parser() -> Lark:
    """Return the parser, made when it is first needed."""
    return Lark(GRAMMAR, parser="lalr", maybe_placeholders=True)
