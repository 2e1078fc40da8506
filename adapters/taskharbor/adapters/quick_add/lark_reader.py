"""Reads a task off one line: its title, and behind it phrases that say something of it."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time
from typing import Any, Final

from taskharbor.adapters.quick_add.canonical import phrases_for
from taskharbor.adapters.quick_add.language import Language
from taskharbor.adapters.quick_add.languages import LANGUAGES
from taskharbor.adapters.quick_add.marked_words import NOTE, Word, escaped, is_note, unescaped, words_of
from taskharbor.adapters.quick_add.meaning import Said, meaning_of
from taskharbor.adapters.quick_add.tail import Phrase, tail_of
from taskharbor.adapters.quick_add.values import Cycle, When
from taskharbor.application.ports.quick_line import QuickLine, QuickLineReader, Taken
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.search.date_expressions import Viewpoint
from taskharbor.domain.values.calendar_time import AllDay, CalendarTime, Floating, Zoned
from taskharbor.domain.values.text import one_line_from
from taskharbor.domain.values.time_zone import zone

LONGEST: Final = 4_096
"""Code points of a line."""

_SEVERAL: Final = frozenset({"tags", "reminders"})
_LAST_SECOND: Final = time(23, 59, 59)


class LarkQuickLineReader(QuickLineReader):
    """Reads the languages of `LANGUAGES`."""

    async def read(self, text: str, *, language: str, here: Viewpoint, time_zone: str | None) -> QuickLine:
        """Return what the line says."""
        spoken = LANGUAGES.get(language)
        if spoken is None:
            raise InvalidValue("language", f"must be one of {', '.join(LANGUAGES)}")
        if len(text) > LONGEST:
            raise InvalidValue("text", f"must have at most {LONGEST} characters, has {len(text)}")
        line = one_line_from("text", text)
        words = words_of(line, spoken)
        note = next((place for place, word in enumerate(words) if is_note(word.text)), len(words))
        phrases = tail_of(words[:note])
        end = phrases[0].first if phrases else note
        if not end:
            raise InvalidValue(
                "text", f"leaves no title; a backslash keeps a word in it, as in \\{line.strip() or '#home'}"
            )
        said = [meaning_of(phrase.tree, here.wall) for phrase in phrases]
        title = _title(line, words[:end], spoken)
        description = line[words[note].start + len(NOTE) :].strip() if note < len(words) else None
        return _line(title, description, said, _taken(phrases, words, note), spoken, time_zone)


def _title(line: str, words: Sequence[Word], language: Language) -> str:
    """Return the title as it stands in the line, but for the backslashes that escape a word."""
    parts: list[str] = []
    place = words[0].start
    for word in words:
        parts += (line[place : word.start], unescaped(word.text, language))
        place = word.end
    return "".join(parts)


def _taken(phrases: Iterable[Phrase], words: Sequence[Word], note: int) -> tuple[Taken, ...]:
    taken = [Taken(words[phrase.first].start, words[phrase.end - 1].end, phrase.field) for phrase in phrases]
    if note < len(words):
        taken.append(Taken(words[note].start, words[-1].end, "description"))
    return tuple(taken)


def _line(
    title: str,
    description: str | None,
    said: Sequence[Said],
    taken: tuple[Taken, ...],
    language: Language,
    time_zone: str | None,
) -> QuickLine:
    said = _with_time_of_cycle(said)
    values: dict[str, Any] = {} if description is None else {"description": description}
    cycle = next((one.value for one in said if one.field == "recurrence"), None)
    for field, value in said:
        found = _wire(field, value, time_zone)
        if field in _SEVERAL:
            values.setdefault(field, []).append(found)
        else:
            values[field] = found
    names_day = "due" in values or "start" in values
    return QuickLine(
        title=title,
        values=values,
        time_of_day=None if cycle is None or names_day else cycle.time,
        taken=taken,
        canonical=_canonical(title, description, said, language),
    )


def _with_time_of_cycle(said: Sequence[Said]) -> list[Said]:
    """Return the same, where `every day 9am due friday` says that it is due at 9 on Friday."""
    cycle = next((one.value for one in said if one.field == "recurrence"), None)
    if cycle is None or cycle.time is None:
        return list(said)
    days = [one.value for one in said if one.field in {"due", "start"}]
    if not days or any(day.time is not None for day in days):
        return list(said)
    return [
        one._replace(value=When(one.value.day, cycle.time)) if one.field in {"due", "start"} else one for one in said
    ]


def _wire(field: str, value: object, time_zone: str | None) -> object:
    match value:
        case When() if field == "reminders":
            wall = datetime.combine(value.day, value.time)  # type: ignore[arg-type]  # `remind_at` wants a time
            utc = Zoned(wall, time_zone or "UTC").utc
            return {"when": f"{utc.replace(tzinfo=None).isoformat()}Z"}
        case When():
            return _moment(value, time_zone).as_json()
        case Cycle():
            return {"rrule": value.rule(_until(value, time_zone))}
        case _:
            return value


def _moment(when: When, time_zone: str | None) -> CalendarTime:
    if when.day is None:
        raise InvalidValue("text", "names a time of no day")
    if when.time is None:
        return AllDay(when.day)
    wall = datetime.combine(when.day, when.time)
    return Floating(wall) if time_zone is None else Zoned(wall, time_zone)


def _until(cycle: Cycle, time_zone: str | None) -> str | None:
    """Return the end of the last day as an UNTIL: in UTC for times with a zone (RFC 5545 section 3.3.10)."""
    if cycle.until is None:
        return None
    if cycle.time is None:
        return cycle.until.strftime("%Y%m%d")
    wall = datetime.combine(cycle.until, _LAST_SECOND)
    if time_zone is None:
        return wall.strftime("%Y%m%dT%H%M%S")
    return wall.replace(tzinfo=zone(time_zone)).astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _canonical(title: str, description: str | None, said: Sequence[Said], language: Language) -> str:
    behind = [*phrases_for(said, language)]
    if description is not None:
        behind.append(f"{NOTE}{description}")
    plain = " ".join([title, *behind])
    words = words_of(plain, language)
    kept = words_of(title, language)
    phrases = tail_of(words[: next((place for place, word in enumerate(words) if is_note(word.text)), len(words))])
    is_plain = all(unescaped(word.text, language) == word.text and not is_note(word.text) for word in kept)
    if is_plain and len(words) >= len(kept) and (phrases[0].first if phrases else len(kept)) == len(kept):
        return plain
    return " ".join([_escaped_title(title, language), *behind])


def _escaped_title(title: str, language: Language) -> str:
    parts: list[str] = []
    place = 0
    for word in words_of(title, language):
        parts += (title[place : word.start], escaped(word.text, language))
        place = word.end
    return "".join(parts) + title[place:]
