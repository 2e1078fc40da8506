"""Which rules are taken, and what is said of those that are not."""

import pytest

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.recurrence.rule_parser import recurrence_rule_from


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=MONTHLY;BYMONTHDAY=31",
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
        "INTERVAL=1000;FREQ=HOURLY;BYMINUTE=0,15,30,45",
        "FREQ=WEEKLY;UNTIL=20200731T160000Z;BYDAY=MO,TU,WE,TH,FR",
        "FREQ=DAILY;COUNT=4000",
    ],
)
def test_a_rule_keeps_its_text(text):
    assert recurrence_rule_from("r", text).text == text
    assert recurrence_rule_from("r", text.lower()).text == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "'' must be a part such as INTERVAL=2"),
        ("every day", "'EVERY DAY' must be a part"),
        ("RRULE:FREQ=DAILY", "RRULE:FREQ is not recognized"),
        ("FREQ=DAILY;", "'' must be a part"),
        ("FREQ=DAILY;COUNT=", "'COUNT=' must be a part"),
        ("FREQ=DAILY;FREQ=DAILY", "FREQ must be given once only"),
        ("COUNT=3", "FREQ must be given"),
        ("FREQ=FORTNIGHTLY", "FREQ must be given, and be one of YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY"),
        ("FREQ=SECONDLY", "FREQ must be given, and be one of"),
        ("FREQ=MINUTELY;INTERVAL=30", "FREQ must be given, and be one of"),
        ("FREQ=DAILY;COUNT=1000000", "COUNT must be from 1 to 4000"),
        ("FREQ=DAILY;COUNT=0", "COUNT must be from 1 to 4000"),
        ("FREQ=DAILY;COUNT=+5", "COUNT must be from 1 to 4000"),
        ("FREQ=DAILY;COUNT=\u0665", "COUNT must be from 1 to 4000"),
        ("FREQ=DAILY;COUNT=5;UNTIL=20261231", "COUNT must not be used with UNTIL"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL must be from 1 to 1000"),
        ("FREQ=DAILY;INTERVAL=99999999999999999999", "INTERVAL must be from 1 to 1000"),
        ("FREQ=DAILY;UNTIL=20260230", "UNTIL does not exist"),
        ("FREQ=DAILY;UNTIL=tomorrow", "UNTIL must be a date such as 20261231"),
        ("FREQ=DAILY;BYMONTH=13", "BYMONTH must be from 1 to 12"),
        ("FREQ=DAILY;BYMONTH=-1", "BYMONTH must be from 1 to 12"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY must be from 1 to 31, or from -31 to -1"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,,2", "BYMONTHDAY must be from 1 to 31"),
        ("FREQ=MONTHLY;BYDAY=XX", "BYDAY must be days of the week"),
        ("FREQ=MONTHLY;BYDAY=0MO", "BYDAY must be from 1 to 53"),
        ("FREQ=WEEKLY;BYDAY=1MO", "BYDAY must not have numbers with FREQ=WEEKLY"),
        ("FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO", "BYDAY must not have numbers with BYWEEKNO"),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "BYMONTHDAY must not be used with FREQ=WEEKLY"),
        ("FREQ=MONTHLY;BYWEEKNO=1", "BYWEEKNO must not be used with FREQ=MONTHLY"),
        ("FREQ=DAILY;BYYEARDAY=1", "BYYEARDAY must not be used with FREQ=DAILY"),
        ("FREQ=DAILY;BYSETPOS=1", "BYSETPOS must be used with another BY part"),
        ("FREQ=WEEKLY;WKST=1", "WKST must be one of MO, TU"),
        ("FREQ=DAILY;BYEASTER=0", "BYEASTER is not recognized"),
        ("FREQ=HOURLY;BYMINUTE=0,10,20,30,40,50", "BYHOUR, BYMINUTE and BYSECOND must not ask for more than 96"),
        ("FREQ=YEARLY;BYSECOND=" + ",".join(map(str, range(60))) + ";BYMINUTE=1,2", "BYHOUR, BYMINUTE and BYSECOND"),
        ("FREQ=DAILY;" + "X" * 500, "must have at most 500 characters, has 511"),
    ],
)
def test_a_bad_rule_is_refused_with_the_part_that_is_wrong(text, reason):
    with pytest.raises(InvalidValue) as refused:
        recurrence_rule_from("recurrence.rrule", text)

    assert refused.value.field == "recurrence.rrule"
    assert refused.value.reason.startswith(reason)


def test_what_is_no_text_is_no_rule():
    with pytest.raises(InvalidValue, match="must be a string"):
        recurrence_rule_from("recurrence.rrule", 7)


def test_another_count_changes_nothing_else():
    rule = recurrence_rule_from("r", "FREQ=DAILY;COUNT=10;INTERVAL=2").with_count(9)

    assert rule == recurrence_rule_from("r", "FREQ=DAILY;COUNT=9;INTERVAL=2")
