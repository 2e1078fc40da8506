"""How the values of each type of field are written in JSON, and read. The fields are in the table of the domain."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any, Final, Protocol

from taskharbor.application.documents.json_encoding import json_text
from taskharbor.domain.frozen import frozen
from taskharbor.domain.recurrence.occurrence import OccurrenceOf
from taskharbor.domain.recurrence.recurrence import Anchor, Overdue, Recurrence
from taskharbor.domain.recurrence.rule_parser import recurrence_rule_from
from taskharbor.domain.tasks.alert import Alert, Alerts
from taskharbor.domain.tasks.claim import Claim
from taskharbor.domain.tasks.comment import Comment, Comments
from taskharbor.domain.tasks.fields import FieldType, TaskField
from taskharbor.domain.tasks.foreign_data import ForeignData, foreign_as_json, foreign_from
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.tasks.reminder import Reminders, reminders_as_json, reminders_from
from taskharbor.domain.values.calendar_time import AllDay, CalendarTime, Floating, Zoned
from taskharbor.domain.values.duration import Duration, duration_from
from taskharbor.domain.values.instant import instant_as_json, instant_of


@frozen
class Codec:
    """Writes and reads the values of one type, but for those that mean that a field is absent.

    Attributes:
        text: returns the JSON text of a value.
        inline: the part of an f-string that writes `VALUE` without a call, where there is one.
        value: returns the value that a JSON value stands for; None if it is the same.
    """

    text: Callable[[Any], str]
    inline: str | None = None
    value: Callable[[Any], object] | None = None


def text_of(field: TaskField) -> Callable[[Any], str]:
    """Return what makes JSON text of any value of a field."""
    text = CODECS[field.type].text
    if field.absent is not None:
        return text
    return lambda value: "null" if value is None else text(value)


def _quoted(text: str) -> str:
    return f'"{text}"'


def _flag_text(flag: bool) -> str:
    return "true" if flag else "false"


@lru_cache(maxsize=16)  # of all that a commit writes, the instant is the same
def _instant_text(instant: datetime) -> str:
    return f'"{instant_as_json(instant)}"'


class _HasWireForm(Protocol):
    def as_json(self) -> object: ...


def _value_text(value: _HasWireForm) -> str:
    return json_text(value.as_json())


def _strings_text(strings: tuple[str, ...]) -> str:
    return f"[{','.join(map(encode_basestring, strings))}]"


def _numbers_text(numbers: tuple[int, ...]) -> str:
    return f"[{','.join(map(str, numbers))}]"


def _reminders_text(reminders: Reminders) -> str:
    return json_text(reminders_as_json(reminders)) if reminders else "[]"


def _comments_text(comments: Comments) -> str:
    return json_text([comment.as_json() for comment in comments])


def _foreign_text(foreign: ForeignData) -> str:
    return json_text(foreign_as_json(foreign))


def _calendar_time_text(moment: CalendarTime) -> str:
    if isinstance(moment, AllDay):
        return f'{{"date":"{moment.day}"}}'
    zone = f',"timeZone":{encode_basestring(moment.time_zone)}' if isinstance(moment, Zoned) else ""
    return f'{{"localDateTime":"{moment.local}"{zone}}}'


def _calendar_time_of(members: Mapping[str, str]) -> CalendarTime:
    if "date" in members:
        return AllDay(date.fromisoformat(members["date"]))
    wall = datetime.fromisoformat(members["localDateTime"])
    return Zoned(wall, members["timeZone"]) if "timeZone" in members else Floating(wall)


def _duration_of(text: str) -> Duration:
    return duration_from("estimated_duration", text)


def _reminders_of(items: list[Any]) -> Reminders:
    return reminders_from(items) if items else ()


def _recurrence_of(members: Mapping[str, Any]) -> Recurrence:
    return Recurrence(
        rule=None if members["rrule"] is None else recurrence_rule_from("rrule", members["rrule"]),
        rdate=tuple(map(_calendar_time_of, members["rdate"])),
        exdate=tuple(map(_calendar_time_of, members["exdate"])),
        anchor=Anchor(members["anchor"]),
        overdue=Overdue(members["overdue"]),
        first=_calendar_time_of(members["first"]),
        current=_calendar_time_of(members["current"]),
    )


def _occurrence_of(members: Mapping[str, Any]) -> OccurrenceOf:
    return OccurrenceOf(members["task"], _calendar_time_of(members["recurrenceId"]))


def _comments_of(items: list[Mapping[str, Any]]) -> Comments:
    return tuple(
        Comment(
            id=item["id"],
            text=item["text"],
            author=item["author"],
            created=instant_of(item["created"]),
            updated=instant_of(item["updated"]),
        )
        for item in items
    )


def _alerts_text(alerts: Alerts) -> str:
    return json_text([alert.as_json() for alert in alerts])


def _alerts_of(items: list[Mapping[str, Any]]) -> Alerts:
    return tuple(
        Alert(
            item["reminder"],
            instant_of(item["at"]),
            instant_of(item["fired"]),
            item["late"],
            None if item["snoozed"] is None else instant_of(item["snoozed"]),
        )
        for item in items
    )


def _claim_of(members: Mapping[str, Any]) -> Claim:
    return Claim(members["holder"], instant_of(members["until"]), members["fence"])


def _foreign_of(members: Mapping[str, Any]) -> ForeignData:
    return foreign_from(members) if members else ()


_PROGRESS: Final = {progress.value: progress for progress in Progress}

CODECS: Final[Mapping[FieldType, Codec]] = {
    FieldType.NUMBER: Codec(str, "{VALUE}"),
    FieldType.FLAG: Codec(_flag_text, "{TRUE if VALUE else FALSE}"),
    FieldType.UID: Codec(_quoted, '"{VALUE}"'),
    FieldType.PROGRESS: Codec(_quoted, '"{VALUE}"', _PROGRESS.__getitem__),
    FieldType.RANK: Codec(_quoted, '"{VALUE}"'),
    FieldType.TEXT: Codec(encode_basestring),
    FieldType.DURATION: Codec(_value_text, value=_duration_of),
    FieldType.CALENDAR: Codec(_calendar_time_text, value=_calendar_time_of),
    FieldType.INSTANT: Codec(_instant_text, value=instant_of),
    FieldType.TAGS: Codec(_strings_text, value=tuple),
    FieldType.LINKS: Codec(_strings_text, value=tuple),
    FieldType.IDS: Codec(_numbers_text, value=tuple),
    FieldType.MEMBERS: Codec(_strings_text, value=tuple),
    FieldType.REMINDERS: Codec(_reminders_text, value=_reminders_of),
    FieldType.RECURRENCE: Codec(_value_text, value=_recurrence_of),
    FieldType.OCCURRENCE: Codec(_value_text, value=_occurrence_of),
    FieldType.COMMENTS: Codec(_comments_text, value=_comments_of),
    FieldType.FOREIGN: Codec(_foreign_text, value=_foreign_of),
    FieldType.ALERTS: Codec(_alerts_text, value=_alerts_of),
    FieldType.CLAIM: Codec(_value_text, value=_claim_of),
}
