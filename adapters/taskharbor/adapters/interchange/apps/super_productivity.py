"""Super Productivity: what `Export data` writes, and its automatic backups.

Source: the model in the app's repository (github.com/super-productivity/super-productivity in 2026:
`src/app/features/tasks/task.model.ts`, `src/app/features/task-repeat-cfg/task-repeat-cfg.model.ts`,
`packages/plugin-api/src/types.ts`): each kind has `ids` and `entities`, in the document or in its `data`; tasks that
were archived are in `archiveYoung` and `archiveOld`. A project is a list, `parentId` the parent, `timeEstimate` the
estimated duration, `priority` 3 or `high`, 2 or `medium`, 1 or `low`. For when a task is planned, `dueWithTime` (once
`plannedAt`), an instant, has precedence over `dueDay`, a whole day; it is due then, unless it has a deadline
(`deadlineWithTime`, `deadlineDay`), before which it is begun then. `remindAt` and `deadlineRemindAt` are reminders, all
instants milliseconds. A repetition counts from the task's own date; one that is paused, or has no date, is kept.
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
    | {"priority", "deadlineDay", "deadlineWithTime", "deadlineRemindAt", "hasPlannedTime", "_hideSubTasksMode"}
)
_PRIORITIES: Final[dict[object, int]] = {3: 1, "high": 1, 2: 5, "medium": 5, 1: 9, "low": 9}
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
    if (priority := said.get("priority")) is not None:
        if isinstance(priority, int | str) and priority in _PRIORITIES:
            task.set("priority", _PRIORITIES[priority], source=priority)
        else:
            task.keep_unread("priority", priority, "it is none of 1, 2 and 3")
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
    planned = _moment(said.get("dueWithTime") or said.get("plannedAt"), said.get("dueDay"))
    deadline = _moment(said.get("deadlineWithTime"), said.get("deadlineDay"))
    if deadline is not None:
        task.set("due", deadline)
    if planned is not None:
        task.set("due" if deadline is None else "start", planned)
    remind_at = [instant_in(said.get(name)) for name in ("remindAt", "deadlineRemindAt")]
    if any(remind_at):
        task.set("reminders", [reminder_at(at) for at in dict.fromkeys(remind_at) if at is not None])
    if repeat:
        rule = _rule(repeat)
        first = planned or deadline
        if rule and first is not None:
            anchor = "completion" if repeat.get("repeatFromCompletionDate") is True else "schedule"
            left_out = [{"date": each} for each in map(day_in, list_in(repeat.get("deletedInstanceDates"))) if each]
            exdate = {"exdate": left_out} if left_out and "date" in first else {}
            task.set("recurrence", {"rrule": rule, "anchor": anchor, **exdate}, source=dict(repeat))
        else:
            task.keep_unread("repeatCfg", dict(repeat), "it has no date to count from, is paused, or is no rule")


def _moment(instant: object, day: object) -> dict[str, object] | None:
    if (at := instant_in(instant)) is not None:
        return zoned_wire(at, None)
    return None if (date := day_in(day)) is None else {"date": date}


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
