"""A VTODO as the draft of a task. RFC 5545 section 3.6.2."""

from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Final

from taskharbor.adapters.interchange.icalendar.alarms import Alarm, alarm_of, reminders_within_limit
from taskharbor.adapters.interchange.icalendar.components import Part
from taskharbor.adapters.interchange.icalendar.content_lines import raw_line
from taskharbor.adapters.interchange.icalendar.names import FILED_UNDER, LIST_PROPERTY
from taskharbor.adapters.interchange.icalendar.preserving import MAX_PRESERVED_LENGTH
from taskharbor.adapters.interchange.icalendar.progress import STATUS_OF, progress_from
from taskharbor.adapters.interchange.icalendar.recurrence import SERIES, is_due_only, recurrence_from
from taskharbor.adapters.interchange.icalendar.texts import description_from, integer_from, list_name_from, title_from
from taskharbor.adapters.interchange.icalendar.times import ZoneOf, instant_of, time_of, time_parts
from taskharbor.adapters.interchange.icalendar.vtodo import RECURRENCE_ID, VTodo
from taskharbor.application.interchange.fitting import fitted
from taskharbor.application.ports.interchange import TaskDraft, Unreadable
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.recurrence.occurrence import occurrence_uid
from taskharbor.domain.recurrence.recurrence import in_form_of
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.tasks.reminder import Reminder
from taskharbor.domain.unset import UNSET
from taskharbor.domain.values.calendar_time import CalendarTime, Zoned
from taskharbor.domain.values.duration import Duration, duration_from
from taskharbor.domain.values.uid import Uid, uid_named

_PROPERTY_OF: Final = {"start": "DTSTART", "due": "DUE", "recurrence": "RRULE"}
"""Of fields of a task that are checked only once it is made."""


class VtodoReader:
    """Reads one VTODO."""

    def __init__(self, part: Part, zone_of: ZoneOf, calendar_list: str | None) -> None:
        self._part = part
        self._place = f"line {part.number}"
        self._zone_of = zone_of
        self._found = VTodo(part, zone_of)
        self._once = self._found.once
        self._preserver = self._found.preserver
        self._odd_id, self._keeps_status = "", False
        self._made_name: str | None = None
        self._title = title_from(self._once.get("SUMMARY"), self._place, self._preserver)
        self._description = description_from(self._once.get("DESCRIPTION"), self._preserver)
        named = self._once.get(LIST_PROPERTY)
        self._list = list_name_from(named, self._preserver) if named else calendar_list or UNSET
        self._reminders, self._alarms = self._read_alarms()
        self._name = self._read_uid()

    def draft(self) -> TaskDraft | Unreadable:
        """Return the draft, or why there is none. Parts that a task cannot hold are kept for export."""
        if not self._part.lines and not self._part.parts:
            return Unreadable(place=self._place, reason="the VTODO is empty")
        while True:
            try:
                return self._checked(self._draft())
            except InvalidValue as invalid:
                self._leave_out(invalid)

    def _checked(self, draft: TaskDraft) -> TaskDraft:
        """Return a draft of which a task can be made.

        Raises:
            InvalidValue: for the property that is to be left out.
        """
        fitting, left_out = fitted(draft)
        for field, reason in left_out:
            name = _PROPERTY_OF.get(field.partition(".")[0], "")
            name = "DURATION" if name == "DUE" and "DUE" not in self._once else name
            if name in self._once or (name == "RRULE" and self._found.series):
                raise InvalidValue(name, reason)
        remarks = [f"{self._place} ({field}): {reason}: left out" for field, reason in left_out]
        return replace(fitting, remarks=(*draft.remarks, *remarks)) if remarks else draft

    def _leave_out(self, invalid: InvalidValue) -> None:
        """Go on without a property that cannot be taken; of a series without all that makes it one."""
        unread = self._found.series if invalid.field in SERIES else [self._once[invalid.field]]
        place = next((each.place for each in unread if each.name == invalid.field), self._place)
        self._found.remarks.append(f"{place}: {invalid.reason}: kept, and not read")
        for each in unread:
            if each.name == RECURRENCE_ID:  # it is kept in any case
                self._odd_id = each.value
            else:
                self._preserver.keep_unread(each)
        if invalid.field in SERIES:
            self._found.series.clear()
        else:
            del self._once[invalid.field]

    def _draft(self) -> TaskDraft:
        found, remarks = self._found, list(self._found.remarks)
        progress, percent, remark = progress_from(
            found.text("STATUS") or None,
            integer_from(self._once.get("PERCENT-COMPLETE"), 100),
            has_completed="COMPLETED" in self._once,
        )
        if remark:
            remarks.append(f"{self._place}: {remark}")
            self._keep_status(STATUS_OF[progress])
        start, due, estimated = self._times()
        if start == due and is_due_only(found.series):
            start = None
        occurrence, series = self._occurrence(start or due), found.text("UID")
        uid = occurrence_uid(self._name, occurrence) if occurrence else self._name
        changes = TaskChanges(
            title=self._title,
            description=self._description,
            progress=progress,
            percent_complete=percent,
            priority=integer_from(self._once.get("PRIORITY"), 9) or 0,
            start=start,
            due=due,
            estimated_duration=estimated,
            tags=found.tags,
            links=found.links,
            reminders=self._reminders,
            recurrence=self._recurrence(start or due),
        )
        return TaskDraft(
            place=self._place,
            uid=uid_named(f"{self._name} {self._odd_id}") if self._odd_id else uid,
            name=self._made_name,
            changes=changes,
            created=self._instant("CREATED", remarks),
            updated=self._instant("LAST-MODIFIED", remarks) or self._instant("DTSTAMP", remarks),
            completed=self._instant("COMPLETED", remarks) if progress.value == "completed" else None,
            list_name=self._list,
            parent=found.parent,
            occurrence_of=(uid_named(series), occurrence) if occurrence and series else None,
            and_following=occurrence is not None and self._is_of_all_that_follow(),
            depends_on=tuple(sorted(set(found.depends_on))),
            comments=tuple(found.comments),
            foreign={FILED_UNDER: self._foreign(uid, occurrence)},
            remarks=(*remarks, *self._preserver.remarks),
        )

    def _keep_status(self, written: str) -> None:
        status = self._once.get("STATUS")
        if status is not None and status.text.strip().upper() != written and not self._keeps_status:
            self._keeps_status = True
            self._preserver.keep_original(status, written)

    def _read_uid(self) -> Uid:
        name = self._found.text("UID")
        if not name:
            # Not the time at which it was sent: the same file must always give the same.
            said = "\n".join(line.text for line in self._part.lines if not line.text.upper().startswith("DTSTAMP"))
            name = f"no uid {sha256(said.encode()).hexdigest()}"
            self._made_name = name
            self._found.remarks.append(f"{self._place}: it has no UID: one was made of what it says")
            if occurrence := self._once.pop(RECURRENCE_ID, None):
                self._preserver.properties.remove(occurrence.raw)
                self._found.remarks.append(
                    f"{occurrence.place}: without a UID it is an occurrence of nothing: left out"
                )
        return uid_named(name)

    def _occurrence(self, moment: CalendarTime | None) -> CalendarTime | None:
        """Return which occurrence of a series it is: programs write UTC where the series has a time in a zone."""
        found = self._once.get(RECURRENCE_ID)
        if found is None:
            return None
        occurrence = time_of(found, self._zone_of)
        is_utc = isinstance(occurrence, Zoned) and occurrence.time_zone == "UTC"
        return in_form_of(moment, occurrence) if is_utc and isinstance(moment, Zoned) else occurrence

    def _is_of_all_that_follow(self) -> bool:
        return self._once[RECURRENCE_ID].parameters.get("RANGE", "").upper() == "THISANDFUTURE"

    def _recurrence(self, moment: CalendarTime | None) -> dict[str, object] | None:
        recurrence = recurrence_from(self._found.series, moment, self._zone_of)
        if recurrence is not None and moment is None:
            raise InvalidValue("RRULE", "it has neither DTSTART nor DUE")
        return recurrence

    def _times(self) -> tuple[CalendarTime | None, CalendarTime | None, Duration | None]:
        start, due = self._time("DTSTART"), self._time("DUE")
        own, length = self._length("ESTIMATED-DURATION"), self._length("DURATION")
        try:
            if length is not None and due is None and start is not None:
                return start, length.after(start), own
        except InvalidValue:  # hours after a date that has no time of day
            pass
        return start, due, own or length

    def _time(self, name: str) -> CalendarTime | None:
        found = self._once.get(name)
        return time_of(found, self._zone_of) if found and found.value.strip() else None

    def _length(self, name: str) -> Duration | None:
        found = self._once.get(name)
        text = found.text.strip() if found else ""
        return duration_from(name, text.upper().removeprefix("+")) if text else None

    def _instant(self, name: str, remarks: list[str]) -> datetime | None:
        found = self._once.get(name)
        if found is None:
            return None
        try:
            return instant_of(found, self._zone_of)
        except InvalidValue as invalid:
            remarks.append(f"{found.place}: {invalid.reason}: kept, and not read")
            self._preserver.keep_stamp(found)
            return None

    def _read_alarms(self) -> tuple[tuple[Reminder, ...], list[Alarm]]:
        reminders: list[Reminder] = []
        alarms: list[Alarm] = []
        for part in self._part.parts:
            if part.name != "VALARM":
                self._preserver.keep_component(part)
                continue
            reminder, alarm, remark = alarm_of(part, self._zone_of)
            alarms += [alarm] if self._preserver.has_room(f"line {part.number} (VALARM)", alarm["lines"]) else []
            reminders += [reminder] if reminder is not None else []
            self._found.remarks += [remark] if remark else []
        within, were_more = reminders_within_limit(reminders)
        if were_more:
            self._found.remarks.append(f"{self._place}: only the first {len(within)} reminders were taken")
        return within, alarms

    def _properties(self, occurrence: CalendarTime | None) -> list[str]:
        """Return the properties to keep; RECURRENCE-ID in the zone that its TZID means, as only that is described."""
        stated, kept = self._once.get(RECURRENCE_ID), self._preserver.properties
        named = None if stated is None else stated.parameters.get("TZID")
        if stated is None or named is None or not isinstance(occurrence, Zoned) or named == occurrence.time_zone:
            return kept
        parameters, value = time_parts(occurrence)
        others = {name: text for name, text in stated.parameters.items() if name != "TZID"}
        line = raw_line(RECURRENCE_ID, value, others | parameters)
        return [line if each == stated.raw else each for each in kept]

    def _foreign(self, uid: Uid, occurrence: CalendarTime | None) -> dict[str, object] | None:
        name, preserver = self._found.text("UID"), self._preserver
        preserved: dict[str, object] = {
            "uid": name if name != uid and len(name) <= MAX_PRESERVED_LENGTH // 4 else "",
            "properties": self._properties(occurrence),
            "components": preserver.components,
            "parameters": preserver.parameters,
            "categories": self._found.categories,
            "alarms": self._alarms,
            "unread": preserver.unread,
            "names": self._found.names,
            "originals": preserver.originals,
            "rest": preserver.rest,
        }
        return {key: value for key, value in preserved.items() if value} or None
