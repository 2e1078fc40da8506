"""Super Productivity: what `Export data` writes, and its automatic backups.

Source: the model in the app's repository (github.com/super-productivity/super-productivity, `src/app/features/tasks`,
`tag`, `project`, `task-repeat-cfg`): each kind has `ids` and `entities`, in the document or in its `data`; tasks that
were archived are in `archiveYoung` and `archiveOld`. A project is a list, `parentId` the parent, `dueDay` a whole day,
`dueWithTime` (once `plannedAt`) an instant, `remindAt` a reminder, `timeEstimate` the estimated duration; all instants
are milliseconds. A repetition counts from the task's own date; one that is paused, or has no date, is kept.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from taskharbor.adapters.interchange.apps.app_task import AppTask
from taskharbor.adapters.interchange.apps.json_document import JsonDocumentReader
from taskharbor.adapters.interchange.apps.read_only import ReadOnlyFormat
from taskharbor.adapters.interchange.apps.values import (
    day_in,
    instant_in,
    list_in,
    object_in,
    reminder_at,
    text_in,
    zoned_wire,
)
from taskharbor.application.ports.interchange import ReadItem, Unreadable
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.values.uid import Uid, uid_named

_APP: Final = "super_productivity"
_UNDERSTOOD: Final = frozenset(
    {"id", "title", "notes", "isDone", "doneOn", "created", "modified"}
    | {"tagIds", "repeatCfgId", "timeEstimate", "parentId"}
    | {"attachments", "projectId", "dueDay", "dueWithTime", "plannedAt", "remindAt", "reminderId", "subTaskIds"}
)
_SECOND: Final = 1_000
_TODAY: Final = "TODAY"
_INBOX: Final = "INBOX_PROJECT"
_DAYS: Final = {
    "monday": "MO",
    "tuesday": "TU",
    "wednesday": "WE",
    "thursday": "TH",
    "friday": "FR",
    "saturday": "SA",
    "sunday": "SU",
}
_WEEKS: Final = frozenset({1, 2, 3, 4, -1})
_CYCLES: Final = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})


class SuperProductivityReader(JsonDocumentReader):
    """Reads one file."""

    named = frozenset({"entities"})

    def items_of(self, document: object) -> Iterator[ReadItem]:
        """Yield its tasks, archived ones last."""
        whole = object_in(document)
        data = object_in(whole.get("data")) or whole
        if "task" not in data:
            yield Unreadable(place="file", reason="it has no task, as an export has", is_last=True)
            return
        projects, tags, repeats = (_entities(data.get(kind)) for kind in ("project", "tag", "taskRepeatCfg"))
        reminders = {text_in(each.get("id")): each for each in map(object_in, list_in(data.get("reminders")))}
        for kind in ("task", "archiveYoung", "archiveOld", "taskArchive"):
            part = data.get(kind)
            part = object_in(part).get("task", part)
            for name, said in _entities(part).items():
                reminder = reminders.get(text_in(object_in(said).get("reminderId")), {})
                whole_task = {
                    "remindAt": reminder.get("remindAt"),
                    **object_in(said),
                }  # once it was in a part of its own
                yield _task(f"{kind} {name[:60]}", name, whole_task if said else {}, projects, tags, repeats)


def _entities(part: object) -> Mapping[str, object]:
    return object_in(object_in(part).get("entities"))


def _task(
    place: str,
    name: str,
    said: Mapping[str, object],
    projects: Mapping[str, object],
    tags: Mapping[str, object],
    repeats: Mapping[str, object],
) -> ReadItem:
    if not said:
        return Unreadable(place=place, reason="it is no object")
    task = AppTask(_APP, place, _uid(name))
    task.text(text_in(said.get("title")), text_in(said.get("notes")))
    task.set("progress", Progress.COMPLETED if said.get("isDone") is True else Progress.NEEDS_ACTION)
    task.completed, task.created = instant_in(said.get("doneOn")), instant_in(said.get("created"))
    task.updated = instant_in(said.get("modified"))
    names = [text_in(tag) for tag in list_in(said.get("tagIds"))]
    task.tags([text_in(object_in(tags.get(tag)).get("title")) or tag for tag in names if tag != _TODAY])
    _times(task, said, object_in(repeats.get(text_in(said.get("repeatCfgId")))))
    estimate = said.get("timeEstimate")
    if isinstance(estimate, int | float) and estimate >= _SECOND:
        task.set("estimated_duration", f"PT{int(min(estimate, 1e14)) // _SECOND}S", source=estimate)
    links = [text_in(object_in(each).get("path")) for each in list_in(said.get("attachments"))]
    if any(links):
        task.set("links", [link for link in links if link])
    project = text_in(said.get("projectId"))
    if project:
        task.list_name = None if project == _INBOX else text_in(object_in(projects.get(project)).get("title")) or None
    parent = text_in(said.get("parentId"))
    task.parent = _uid(parent) if parent else None
    task.keep_rest(said, but=_UNDERSTOOD)
    return task.draft()


def _times(task: AppTask, said: Mapping[str, object], repeat: Mapping[str, object]) -> None:
    instant, day = instant_in(said.get("dueWithTime") or said.get("plannedAt")), day_in(said.get("dueDay"))
    if instant is not None:
        task.set("due", zoned_wire(instant, None))
    elif day is not None:
        task.set("due", {"date": day})
    if (at := instant_in(said.get("remindAt"))) is not None:
        task.set("reminders", [reminder_at(at)])
    if repeat:
        rule = _rule(repeat)
        if rule and (instant or day):
            anchor = "completion" if repeat.get("repeatFromCompletionDate") is True else "schedule"
            left_out = [{"date": each} for each in map(day_in, list_in(repeat.get("deletedInstanceDates"))) if each]
            exdate = {"exdate": left_out} if left_out and instant is None else {}
            task.set("recurrence", {"rrule": rule, "anchor": anchor, **exdate}, source=dict(repeat))
        else:
            task.keep_unread("repeatCfg", dict(repeat), "it has no date to count from, is paused, or is no rule")


def _rule(repeat: Mapping[str, object]) -> str | None:
    """Return the rule: that in the words of RFC 5545 if there is one, as the app would, else what the fields say."""
    cycle, every = text_in(repeat.get("repeatCycle")), repeat.get("repeatEvery", 1)
    if repeat.get("isPaused") is True:
        return None
    if said := text_in(repeat.get("rrule")):
        return said.removeprefix("RRULE:")
    if cycle not in _CYCLES or not isinstance(every, int):
        return None
    days = ",".join(letters for day, letters in _DAYS.items() if repeat.get(day) is True)
    by_day = f";BYDAY={days}" if cycle == "WEEKLY" and days else ""
    of_month = _of_month(repeat) if cycle == "MONTHLY" else ""
    return f"FREQ={cycle}" + (f";INTERVAL={every}" if every != 1 else "") + by_day + of_month


def _of_month(repeat: Mapping[str, object]) -> str:
    """Return which day of a month it is, unless that of the first date: an nth weekday, or the last day."""
    week, weekday = repeat.get("monthlyWeekOfMonth"), repeat.get("monthlyWeekday")
    if isinstance(week, int) and week in _WEEKS and isinstance(weekday, int) and 0 <= weekday < len(_DAYS):
        return f";BYDAY={week}{list(_DAYS.values())[weekday - 1]}"  # 0 is Sunday
    return ";BYMONTHDAY=-1" if repeat.get("monthlyLastDay") is True else ""


def _uid(name: str) -> Uid:
    return uid_named(f"{_APP} {name}")


class SuperProductivityFormat(ReadOnlyFormat):
    """An export or a backup."""

    name = "super_productivity"

    def reader(self) -> SuperProductivityReader:
        """Return a reader for one file."""
        return SuperProductivityReader()
