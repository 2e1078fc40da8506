"""At which times of a day, or of an hour, a rule is."""

from datetime import datetime, time

from taskharbor.domain.recurrence.rule import RecurrenceRule


def times_of_day(rule: RecurrenceRule, first: datetime) -> list[time]:
    """Return the times of each day, ascending; what the rule does not say is as in the first occurrence."""
    return [at.replace(hour=hour) for hour in rule.by_hour or (first.hour,) for at in times_of_hour(rule, first)]


def times_of_hour(rule: RecurrenceRule, first: datetime) -> list[time]:
    """Return the times of each hour, ascending, as those of the hour after midnight."""
    minutes, seconds = rule.by_minute or (first.minute,), rule.by_second or (first.second,)
    return [time(0, minute, second) for minute in minutes for second in seconds]
