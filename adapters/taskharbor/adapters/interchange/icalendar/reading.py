"""A VTODO as the draft of a task. RFC 5545 section 3.6.2."""

from datetime import datetime
from hashlib import sha256

from taskharbor.adapters.interchange.icalendar.alarms import Alarm, alarm_of, reminders_within_limit
from taskharbor.adapters.interchange.icalendar.collecting import RECURRENCE_ID, Collected, Refused
from taskharbor.adapters.interchange.icalendar.components import Part
from taskharbor.adapters.interchange.icalendar.names import FILED_UNDER, LIST_PROPERTY
from taskharbor.adapters.interchange.icalendar.progress import progress_told
from taskharbor.adapters.interchange.icalendar.properties import Property
from taskharbor.adapters.interchange.icalendar.recurrence import in_the_form_of, recurrence_told
from taskharbor.adapters.interchange.icalendar.texts import description_told, integer_told, title_told
from taskharbor.adapters.interchange.icalendar.times import ZoneOf, instant_of, time_of
from taskharbor.application.ports.interchange import TaskDraft, Unreadable
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.recurrence.occurrence import occurrence_uid
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.tasks.reminder import Reminder
from taskharbor.domain.unset import UNSET
from taskharbor.domain.values.calendar_time import CalendarTime, Zoned
from taskharbor.domain.values.duration import Duration, duration_from
from taskharbor.domain.values.uid import Uid, uid_named


class VtodoReader:
    """Reads one VTODO."""

    def __init__(self, part: Part, zone_of: ZoneOf, calendar_list: str | None) -> None:
        self._part = part
        self._place = f"line {part.number}"
        self._zone_of = zone_of
        self._list = calendar_list
        self._once: dict[str, Property] = {}

    def draft(self) -> TaskDraft | Unreadable:
        """Return the draft, or why there is none."""
        try:
            found = Collected(self._part, self._zone_of)
            self._once = found.once
            return self._draft(found)
        except Refused as refused:
            return Unreadable(place=refused.place, reason=refused.reason)
        except InvalidValue as invalid:
            found_at = self._once.get(invalid.field)
            return Unreadable(
                place=found_at.place if found_at else f"{self._place} ({invalid.field})", reason=invalid.reason
            )

    def _draft(self, found: Collected) -> TaskDraft:
        remarks = found.remarks
        progress, percent, remark = progress_told(
            found.text("STATUS") or None,
            integer_told(self._once.get("PERCENT-COMPLETE"), 100),
            has_completed="COMPLETED" in self._once,
        )
        remarks += [f"{self._place}: {remark}"] if remark else []
        start, due, estimated = self._times()
        title, remark = title_told(self._once.get("SUMMARY"), self._place)
        remarks += [remark] if remark else []
        description, remark = description_told(self._once.get("DESCRIPTION"))
        remarks += [remark] if remark else []
        reminders, alarms = self._alarms(found)
        occurrence, series = self._occurrence(start or due), found.text("UID")
        uid = self._uid(found, occurrence)
        changes = TaskChanges(
            title=title,
            description=description,
            progress=progress,
            percent_complete=percent,
            priority=integer_told(self._once.get("PRIORITY"), 9) or 0,
            start=start,
            due=due,
            estimated_duration=estimated,
            tags=found.tags,
            links=found.links,
            reminders=reminders,
            recurrence=self._recurrence(found, start or due),
        )
        return TaskDraft(
            place=self._place,
            uid=uid,
            changes=changes,
            created=self._instant("CREATED", remarks),
            updated=self._instant("LAST-MODIFIED", remarks) or self._instant("DTSTAMP", remarks),
            completed=self._instant("COMPLETED", remarks) if progress.value == "completed" else None,
            list_name=found.text(LIST_PROPERTY) if LIST_PROPERTY in self._once else self._list or UNSET,
            parent=found.parent,
            occurrence_of=(uid_named(series), occurrence) if occurrence and series else None,
            depends_on=tuple(sorted(set(found.depends_on))),
            comments=tuple(found.comments),
            foreign={FILED_UNDER: _foreign(found, uid, alarms)},
            remarks=(*remarks, *found.keeper.remarks),
        )

    def _uid(self, found: Collected, occurrence: CalendarTime | None) -> Uid:
        name = found.text("UID")
        if not name:
            # Not the time at which it was sent: the same file must always give the same.
            said = "\n".join(line.text for line in self._part.lines if not line.text.upper().startswith("DTSTAMP"))
            name = f"no uid {sha256(said.encode()).hexdigest()}" if said else ""
            found.remarks.append(f"{self._place}: it has no UID: one was made of what it says")
        if not name:
            raise Refused(self._place, "the VTODO is empty")
        return occurrence_uid(uid_named(name), occurrence) if occurrence else uid_named(name)

    def _occurrence(self, moment: CalendarTime | None) -> CalendarTime | None:
        """Return which occurrence of a series it is: programs write UTC where the series has a time in a zone."""
        found = self._once.get(RECURRENCE_ID)
        if found is None:
            return None
        occurrence = time_of(found, self._zone_of)
        is_utc = isinstance(occurrence, Zoned) and occurrence.time_zone == "UTC"
        return in_the_form_of(moment, occurrence) if is_utc and isinstance(moment, Zoned) else occurrence

    def _recurrence(self, found: Collected, moment: CalendarTime | None) -> dict[str, object] | None:
        told = recurrence_told(found.series, moment, self._zone_of)
        if told is None or moment is not None:
            return told
        found.remarks.append(f"{self._place}: it comes again, but begins at no time: kept, and no recurrence")
        for each in found.series:
            found.keeper.keep(each)
        return None

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
        found = self._once.get(name)
        text = found.text.strip() if found else ""
        return duration_from(name, text.removeprefix("+")) if text else None

    def _instant(self, name: str, remarks: list[str]) -> datetime | None:
        found = self._once.get(name)
        if found is None:
            return None
        try:
            return instant_of(found, self._zone_of)
        except InvalidValue as invalid:
            remarks.append(f"{found.place}: {invalid.reason}: left out")
            return None

    def _alarms(self, found: Collected) -> tuple[tuple[Reminder, ...], list[Alarm]]:
        reminders: list[Reminder] = []
        alarms: list[Alarm] = []
        for part in self._part.parts:
            if part.name != "VALARM":
                found.keeper.keep_component(part)
                continue
            reminder, alarm, remark = alarm_of(part, self._zone_of)
            if found.keeper.has_room(f"line {part.number} (VALARM)", alarm["lines"]):
                alarms.append(alarm)
            reminders += [reminder] if reminder is not None else []
            found.remarks += [remark] if remark else []
        within, were_more = reminders_within_limit(reminders)
        if were_more:
            found.remarks.append(f"{self._place}: only the first {len(within)} reminders were taken")
        return within, alarms


def _foreign(found: Collected, uid: Uid, alarms: list[Alarm]) -> dict[str, object] | None:
    name, keeper = found.text("UID"), found.keeper
    kept: dict[str, object] = {
        "uid": name if name != uid else "",
        "properties": keeper.properties,
        "components": keeper.components,
        "parameters": keeper.parameters,
        "categories": found.categories,
        "alarms": alarms,
    }
    return {key: value for key, value in kept.items() if value} or None
