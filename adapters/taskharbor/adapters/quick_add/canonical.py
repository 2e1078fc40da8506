"""A task in the shortest words that read back to it."""

from collections.abc import Iterator, Mapping, Sequence

from taskharbor.adapters.quick_add.language import Language
from taskharbor.adapters.quick_add.meaning import Said
from taskharbor.adapters.quick_add.values import WEEKDAYS, Cycle, When, said_span


def phrases_for(said: Sequence[Said], language: Language) -> Iterator[str]:
    """Yield a phrase for each thing that is said of a task."""
    for field, value in said:
        match field:
            case "tags":
                yield f"#{value}"
            case "list":
                yield f'@"{value}"' if any(letter.isspace() for letter in value) else f"@{value}"
            case "priority":
                yield f"!{value}"
            case "estimated_duration":
                yield f"~{said_span(value)}"
            case "due" | "start":
                yield f"{language.said[field]} {_moment(value)}"
            case "recurrence":
                yield " ".join(_cycle(value, language))
            case _:
                yield _reminder(value, language)


def _moment(when: When) -> str:
    day = "" if when.day is None else when.day.isoformat()
    at = "" if when.time is None else when.time.strftime("%H:%M")
    return f"{day} {at}".strip()


def _cycle(cycle: Cycle, language: Language) -> Iterator[str]:
    said = language.said
    if cycle.interval == 1:
        yield language.said_each[cycle.unit]
    else:
        yield f"{said['every']} {cycle.interval} {language.said_units[cycle.unit]}"
    if cycle.month is not None:
        yield f"{said['on']} {cycle.month_days[0]} {language.said_months[cycle.month - 1]}"
    elif cycle.month_days == (-1,):
        yield f"{said['on the']} {said['last day']}"
    elif cycle.month_days:
        yield f"{said['on the']} {', '.join(language.said_ordinal(day) for day in cycle.month_days)}"
    elif cycle.days:
        yield _days(cycle.days, language)
    if cycle.time is not None:
        yield cycle.time.strftime("%H:%M")
    if cycle.until is not None:
        yield f"{said['until']} {cycle.until.isoformat()}"
    if cycle.count is not None:
        yield said["for times"].format(cycle.count)


def _days(days: Sequence[str], language: Language) -> str:
    said = language.said
    if days[0][:-2]:
        place, weekday = int(days[0][:-2]), language.said_weekdays[WEEKDAYS.index(days[0][-2:])]
        return f"{said['on the']} {said['last'] if place < 0 else language.said_ordinal(place)} {weekday}"
    return f"{said['on']} {', '.join(language.said_weekdays[WEEKDAYS.index(day)] for day in days)}"


def _reminder(reminder: When | Mapping[str, str], language: Language) -> str:
    said = language.said
    if isinstance(reminder, When):
        return f"{said['remind']} {_moment(reminder)}"
    before = "before" if reminder["relativeTo"] == "due" else "before the start"
    return f"{said['remind']} {said_span(reminder['offset'])} {said[before]}"
