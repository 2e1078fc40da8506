"""By which rules a workspace counts its reminders: those of the service, but in a time zone of its own if it has one.

The zone that the owners choose is in the directory. What counts is this record, in the workspace itself: a commit that
schedules a reminder guards it, so no reminder is counted in a zone that has been changed meanwhile.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final, Self, TypeAlias

from taskharbor.application.documents.json_encoding import json_text
from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.application.reminder_settings import ReminderSettings
from taskharbor.application.unit_of_work.record_repository import RecordRepository
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import WorkspaceId
from taskharbor.domain.tasks.alert import ReminderRules

REMINDER_ZONE: Final = RecordKey("reminder-zone", "workspace")
"""The record, which is there as soon as a reminder has been scheduled. It expires never, and is not in the history."""

KEPT: Final = datetime(9999, 1, 1, tzinfo=UTC)

MAX_KNOWN: Final = 10_000
"""Of how many workspaces a process remembers the zone; then it begins anew."""

ZoneName: TypeAlias = str | None
"""None for that of the service."""


@frozen
class CountedZone:
    """In which zone reminders are counted.

    Attributes:
        time_zone: from now on.
        before: by which other zones there may still be records of reminders.
    """

    time_zone: ZoneName = None
    before: tuple[ZoneName, ...] = ()

    @classmethod
    def of(cls, record: Record | None) -> Self:
        """Return what a record says. As long as there is none, it is the zone of the service."""
        if record is None or record.document is None:
            return cls()
        said = json.loads(record.document)
        return cls(said["time_zone"], tuple(said["before"]))

    def moved_to(self, time_zone: ZoneName) -> Self:
        """Return it with another zone. Those of the tasks that are there are still to be counted anew."""
        return replace(self, time_zone=time_zone, before=tuple(dict.fromkeys((*self.before, self.time_zone))))

    def record(self, found: Record | None) -> Record:
        """Return the record that is to be written where `found` was read."""
        base = found or Record(kind=REMINDER_ZONE.kind, key=REMINDER_ZONE.key, document=None)
        document = json_text({"time_zone": self.time_zone, "before": list(self.before)})
        return replace(base, document=document, expires=KEPT)

    def rules(self, rules: ReminderRules) -> Sequence[ReminderRules]:
        """Return, from the rules of the service, those of the workspace, then those by which there may be records."""
        zones = (self.time_zone, *self.before)
        return [rules if each is None else replace(rules, time_zone=each) for each in zones]


async def rules_of_workspace(
    records: RecordRepository, settings: ReminderSettings, workspace: WorkspaceId
) -> Sequence[ReminderRules]:
    """Return `CountedZone.rules` for a commit, which fails if they are others by then."""
    known = settings.zones.get(workspace)
    if known is not None:
        records.know(known)
    found = await records.find(*REMINDER_ZONE)
    counted = CountedZone.of(found)
    if found is None:
        new = counted.record(None)
        await records.put(new.kind, new.key, new.document, expires=new.expires)
    else:
        await records.guard(*REMINDER_ZONE)
        if known is None and found.revision:  # else it is of this very commit
            if len(settings.zones) >= MAX_KNOWN:
                settings.zones.clear()
            settings.zones[workspace] = found
    return counted.rules(settings.rules)
