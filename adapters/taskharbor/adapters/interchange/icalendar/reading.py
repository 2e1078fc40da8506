"""A VTODO as the draft of a task. RFC 5545 section 3.6.2."""

import re
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from taskharbor.adapters.interchange.icalendar.alarms import Alarm, alarm_of, reminders_within_limit
from taskharbor.adapters.interchange.icalendar.components import Part
from taskharbor.adapters.interchange.icalendar.progress import progress_told
from taskharbor.adapters.interchange.icalendar.properties import Flaw, Property, properties_of
from taskharbor.adapters.interchange.icalendar.recurrence import SERIES, recurrence_told
from taskharbor.adapters.interchange.icalendar.times import ZoneOf, instant_of, time_of
from taskharbor.application.ports.interchange import CommentDraft, TaskDraft, Unreadable
from taskharbor.domain.calendar_time import CalendarTime
from taskharbor.domain.comment import MAX_COMMENTS, comment_text_from
from taskharbor.domain.duration import Duration, duration_from
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.link import link_from
from taskharbor.domain.occurrence import occurrence_uid
from taskharbor.domain.reminder import Reminder
from taskharbor.domain.tags import tag_from
from taskharbor.domain.task_changes import TaskChanges
from taskharbor.domain.text import MAX_TITLE_LENGTH
from taskharbor.domain.uid import Uid, uid_named
from taskharbor.domain.unset import UNSET

FILED_UNDER: Final = "icalendar"

LIST_PROPERTY: Final = "X-TASKHARBOR-LIST"
AUTHOR: Final = "X-TASKHARBOR-AUTHOR"
CREATED: Final = "X-TASKHARBOR-CREATED"

UNTITLED: Final = "Untitled"

MAX_KEPT_LENGTH: Final = 16_384
"""Of one line that is kept for other programs; of all together three times as much."""

_RECURRENCE_ID: Final = "RECURRENCE-ID"
_NOT_IN_TITLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_NOT_IN_TEXT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_DEPENDENCIES: Final = frozenset({"DEPENDS-ON", "FINISHTOSTART"})
_ONCE: Final = frozenset(
    {
        "UID",
        "SUMMARY",
        "DESCRIPTION",
        "STATUS",
        "PERCENT-COMPLETE",
        "COMPLETED",
        "PRIORITY",
        "DTSTART",
        "DUE",
        "DURATION",
    }
    | {"ESTIMATED-DURATION", "CREATED", "LAST-MODIFIED", "DTSTAMP", LIST_PROPERTY, _RECURRENCE_ID}
)


class _Refused(Exception):
    """This VTODO is no task. Says where, and why."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(reason)
        self.place = place
        self.reason = reason


class VtodoReader:
    """Reads one VTODO."""

    def __init__(self, part: Part, zone_of: ZoneOf, calendar_list: str | None) -> None:
        self._part = part
        self._zone_of = zone_of
        self._list = calendar_list
        self._once: dict[str, Property] = {}
        self._tags: list[str] = []
        self._links: list[str] = []
        self._comments: list[CommentDraft] = []
        self._series: list[Property] = []
        self._parent: Uid | None = None
        self._depends_on: list[Uid] = []
        self._kept: list[str] = []
        self._kept_length = 0
        self._remarks: list[str] = []

    def draft(self) -> TaskDraft | Unreadable:
        """Return the draft, or why there is none."""
        try:
            for found in properties_of(self._part.lines):
                self._take(found)
            return self._draft()
        except _Refused as refused:
            return Unreadable(place=refused.place, reason=refused.reason)
        except InvalidValue as invalid:
            found_at = self._once.get(invalid.field)
            place = found_at.place if found_at else f"line {self._part.number} ({invalid.field})"
            return Unreadable(place=place, reason=invalid.reason)

    def _take(self, found: Property | Flaw) -> None:
        if isinstance(found, Flaw):
            place = f"line {found.number} ({found.name})"
            if found.name in _ONCE:
                raise _Refused(place, found.reason)
            self._remarks.append(f"{place}: {found.reason}: left out")
        elif found.name in _ONCE:
            if found.name in self._once:
                self._remarks.append(f"{found.place}: comes twice: the first counts")
            self._once.setdefault(found.name, found)
            if found.name == _RECURRENCE_ID:
                self._keep(found)
        elif found.name in SERIES:
            self._series.append(found)
        elif taker := _TAKERS.get(found.name):
            taker(self, found)
        else:
            self._keep(found)

    def _keep(self, found: Property) -> None:
        self._kept_length += len(found.raw)
        if len(found.raw) > MAX_KEPT_LENGTH or self._kept_length > 3 * MAX_KEPT_LENGTH:
            self._kept_length -= len(found.raw)
            self._remarks.append(f"{found.place}: {len(found.raw)} characters are too many to keep: left out")
        else:
            self._kept.append(found.raw)

    def _categories(self, found: Property) -> None:
        for text in found.texts:
            if text.strip():
                try:
                    self._tags.append(tag_from(found.name, text))
                except InvalidValue as invalid:
                    raise _Refused(found.place, f"a category {invalid.reason}") from None

    def _url(self, found: Property) -> None:
        try:
            self._links.append(link_from(found.name, found.value.strip()))
        except InvalidValue as invalid:
            self._remarks.append(f"{found.place}: {invalid.reason}: kept, and not among the links")
            self._keep(found)

    def _link(self, found: Property) -> None:
        relation = found.parameters.get("LINKREL", "related").lower()
        if relation == "related" and set(found.parameters) <= {"LINKREL", "VALUE"}:
            self._url(found)
        else:
            self._keep(found)

    def _related(self, found: Property) -> None:
        kind = found.parameters.get("RELTYPE", "PARENT").upper()
        name = found.text.strip()
        if kind == "PARENT" and self._parent is None and name:
            self._parent = uid_named(name)
        elif kind in _DEPENDENCIES and name:
            self._depends_on.append(uid_named(name))
        else:
            self._keep(found)

    def _comment(self, found: Property) -> None:
        text = _NOT_IN_TEXT.sub(" ", found.text).strip()
        if not text:
            return
        if len(self._comments) == MAX_COMMENTS:
            raise _Refused(found.place, f"there are more than {MAX_COMMENTS} comments")
        created = found.parameters.get(CREATED)
        self._comments.append(
            CommentDraft(
                text=comment_text_from(found.name, text),
                author=found.parameters.get(AUTHOR),
                created=instant_of(found._replace(value=created), self._zone_of) if created else None,
            )
        )

    def _draft(self) -> TaskDraft:
        status = self._value("STATUS")
        percent = self._integer("PERCENT-COMPLETE", 100)
        progress, percent_complete, remark = progress_told(
            status.strip() if status else None, percent, has_completed="COMPLETED" in self._once
        )
        start, due, estimated = self._times()
        reminders, alarms = self._alarms()
        updated = self._instant("LAST-MODIFIED") or self._instant("DTSTAMP")
        uid = self._uid()
        changes = TaskChanges(
            title=self._title(),
            description=self._description(),
            progress=progress,
            percent_complete=percent_complete,
            priority=self._priority(),
            start=start,
            due=due,
            estimated_duration=estimated,
            tags=self._tags,
            links=self._links,
            reminders=reminders,
            recurrence=recurrence_told(self._series, start or due, self._zone_of),
        )
        list_name = self._once.get(LIST_PROPERTY)
        return TaskDraft(
            place=f"line {self._part.number}",
            uid=uid,
            changes=changes,
            created=self._instant("CREATED"),
            updated=updated,
            completed=self._instant("COMPLETED") if progress.value == "completed" else None,
            list_name=list_name.text.strip() if list_name else self._list or UNSET,
            parent=self._parent,
            occurrence_of=self._occurrence_of(),
            depends_on=tuple(sorted(set(self._depends_on))),
            comments=tuple(self._comments),
            foreign={FILED_UNDER: self._foreign(uid, alarms)},
            remarks=(*self._remarks, *([f"line {self._part.number}: {remark}"] if remark else [])),
        )

    def _uid(self) -> Uid:
        name = (self._value("UID") or "").strip()
        if not name:
            # Not the time at which it was sent: the same file must always give the same.
            said = "\n".join(line.text for line in self._part.lines if not line.text.upper().startswith("DTSTAMP"))
            name = f"no uid {sha256(said.encode()).hexdigest()}" if said else ""
            self._remarks.append(f"line {self._part.number}: it has no UID: one was made of what it says")
        if not name:
            raise _Refused(f"line {self._part.number}", "the VTODO is empty")
        occurrence = self._once.get(_RECURRENCE_ID)
        return occurrence_uid(uid_named(name), time_of(occurrence, self._zone_of)) if occurrence else uid_named(name)

    def _occurrence_of(self) -> tuple[Uid, CalendarTime] | None:
        occurrence, name = self._once.get(_RECURRENCE_ID), (self._value("UID") or "").strip()
        return (uid_named(name), time_of(occurrence, self._zone_of)) if occurrence and name else None

    def _title(self) -> str:
        found = self._once.get("SUMMARY")
        text = _NOT_IN_TITLE.sub(" ", found.text).strip() if found else ""
        if not text:
            self._remarks.append(f"line {self._part.number}: it has no SUMMARY: called {UNTITLED}")
            return UNTITLED
        if len(text) > MAX_TITLE_LENGTH:
            raise InvalidValue("SUMMARY", f"must have at most {MAX_TITLE_LENGTH} characters, has {len(text)}")
        if found and text != found.text:
            self._remarks.append(f"{found.place}: its line breaks were made spaces")
        return text

    def _description(self) -> str | None:
        found = self._once.get("DESCRIPTION")
        if found is None or not found.value:
            return None
        text = found.text
        cleaned = _NOT_IN_TEXT.sub("", text)
        if cleaned != text:
            self._remarks.append(f"{found.place}: control characters were left out")
        return cleaned

    def _priority(self) -> int:
        return self._integer("PRIORITY", 9) or 0

    def _integer(self, name: str, most: int) -> int | None:
        text = self._value(name)
        if text is None or not text.strip():
            return None
        digits = text.strip().removeprefix("+")
        if not digits.isascii() or not digits.isdigit() or len(digits) > 3 or int(digits) > most:  # noqa: PLR2004
            raise InvalidValue(name, f"must be an integer from 0 to {most}")
        return int(digits)

    def _times(self) -> tuple[CalendarTime | None, CalendarTime | None, Duration | None]:
        start, due = self._time("DTSTART"), self._time("DUE")
        own, length = self._length("ESTIMATED-DURATION"), self._length("DURATION")
        if length is None or due is not None:
            return start, due, own or length
        try:
            if start is not None:
                return start, length.after(start), own
        except InvalidValue:  # hours after a date that has no time of day
            pass
        return start, due, own or length

    def _time(self, name: str) -> CalendarTime | None:
        found = self._once.get(name)
        return time_of(found, self._zone_of) if found and found.value.strip() else None

    def _length(self, name: str) -> Duration | None:
        text = self._value(name)
        return duration_from(name, text.strip().removeprefix("+")) if text and text.strip() else None

    def _instant(self, name: str) -> datetime | None:
        found = self._once.get(name)
        if found is None:
            return None
        try:
            return instant_of(found, self._zone_of)
        except InvalidValue as invalid:
            self._remarks.append(f"{found.place}: {invalid.reason}: left out")
            return None

    def _alarms(self) -> tuple[tuple[Reminder, ...], list[Alarm]]:
        reminders: list[Reminder] = []
        alarms: list[Alarm] = []
        for part in self._part.parts:
            if part.name != "VALARM":
                self._remarks.append(f"line {part.number}: a {part.name[:40]} in a VTODO: left out")
                continue
            reminder, alarm, remark = alarm_of(part, self._zone_of)
            length = sum(map(len, alarm["lines"]))
            if self._kept_length + length > 3 * MAX_KEPT_LENGTH:
                remark = f"line {part.number} (VALARM): {length} characters are too many to keep: left out"
            else:
                self._kept_length += length
                alarms.append(alarm)
            if reminder is not None:
                reminders.append(reminder)
            if remark:
                self._remarks.append(remark)
        within, were_more = reminders_within_limit(reminders)
        if were_more:
            self._remarks.append(f"line {self._part.number}: only the first {len(within)} reminders were taken")
        return within, alarms

    def _foreign(self, uid: Uid, alarms: list[Alarm]) -> dict[str, object] | None:
        found: dict[str, Any] = {}
        name = (self._value("UID") or "").strip()
        if name and name != uid:
            found["uid"] = name
        if self._kept:
            found["properties"] = self._kept
        if alarms:
            found["alarms"] = alarms
        return found or None

    def _value(self, name: str) -> str | None:
        found = self._once.get(name)
        return None if found is None else found.text


_TAKERS: Final[dict[str, Callable[[VtodoReader, Property], None]]] = {
    "CATEGORIES": VtodoReader._categories,  # noqa: SLF001
    "URL": VtodoReader._url,  # noqa: SLF001
    "LINK": VtodoReader._link,  # noqa: SLF001
    "RELATED-TO": VtodoReader._related,  # noqa: SLF001
    "COMMENT": VtodoReader._comment,  # noqa: SLF001
}
