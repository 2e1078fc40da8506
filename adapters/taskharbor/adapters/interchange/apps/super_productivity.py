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
from taskharbor.adapters.interchange.apps.expected import (
    Members,
    an_object,
    day,
    flag,
    instant,
    number,
    objects,
    text,
    texts,
)
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
_REPEAT: Final[Members] = {
    **dict.fromkeys(_DAYS, flag),
    **dict.fromkeys(("isPaused", "repeatFromCompletionDate", "monthlyLastDay"), flag),
    **dict.fromkeys(("repeatEvery", "monthlyWeekOfMonth", "monthlyWeekday"), number),
    "rrule": text,
    "deletedInstanceDates": texts,
}
_EXPECTED: Final[Members] = {
    **dict.fromkeys(("title", "notes", "projectId", "parentId", "repeatCfgId"), text),
    **dict.fromkeys(("created", "modified", "doneOn", "dueWithTime", "plannedAt", "deadlineWithTime"), instant),
    **dict.fromkeys(("remindAt", "deadlineRemindAt"), instant),
    **dict.fromkeys(("dueDay", "deadlineDay"), day),
    "isDone": flag,
    "timeEstimate": number,
    "tagIds": texts,
    "attachments": objects({"path": text}),
}


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
        projects, tags, repeats = (dict(self._entities(data, kind)) for kind in ("project", "tag", "taskRepeatCfg"))
        reminders = {text_in(each.get("id")): each for _, each in self.objects(data.get("reminders"), "reminder")}
        for kind in ("task", "archiveYoung", "archiveOld", "taskArchive"):
            part = object_in(data.get(kind))
            for name, said in self._entities({kind: part["task"]} if "task" in part else data, kind):
                reminder = reminders.get(text_in(said.get("reminderId")), {})
                whole_task = {"remindAt": reminder.get("remindAt"), **said}  # once it was in a part of its own
                yield _task(f"{kind} {name[:60]}", name, whole_task, projects, tags, repeats)

    def _entities(self, data: Mapping[str, object], kind: str) -> list[tuple[str, Mapping[str, object]]]:
        part = data.get(kind)
        if part and "entities" not in object_in(part):
            self.refuse(kind, "it has no entities")
        return self.named_objects(object_in(part).get("entities"), kind)


def _task(
    place: str,
    name: str,
    said: Mapping[str, object],
    projects: Mapping[str, Mapping[str, object]],
    tags: Mapping[str, Mapping[str, object]],
    repeats: Mapping[str, Mapping[str, object]],
) -> ReadItem:
    task = AppTask(_APP, place, _uid(name))
    task.text(text_in(said.get("title")), text_in(said.get("notes")))
    task.set("progress", Progress.COMPLETED if said.get("isDone") is True else Progress.NEEDS_ACTION)
    task.completed, task.created = instant_in(said.get("doneOn")), instant_in(said.get("created"))
    task.updated = instant_in(said.get("modified"))
    names = [text_in(tag) for tag in list_in(said.get("tagIds"))]
    titles = {tag: text_in(tags.get(tag, {}).get("title")) for tag in names if tag != _TODAY}
    task.tags([title or tag for tag, title in titles.items()])
    for tag in (tag for tag, title in titles.items() if not title):
        task.remark("tagIds", f"no tag {tag[:60]} with a title is in the file: it is called so")
    if (priority := said.get("priority")) is not None:
        if isinstance(priority, int | str) and priority in _PRIORITIES:
            task.set("priority", _PRIORITIES[priority], source=priority)
        else:
            task.keep_unread("priority", priority, "it is none of 1, 2 and 3")
    repeat = text_in(said.get("repeatCfgId"))
    _times(task, said, repeats.get(repeat, {}))
    if repeat and repeat not in repeats:
        task.keep_unread("repeatCfgId", repeat, "no such repetition is in the file")
    estimate = said.get("timeEstimate")
    if isinstance(estimate, int | float) and estimate >= _SECOND:
        task.set("estimated_duration", f"PT{int(min(estimate, 1e14)) // _SECOND}S", source=estimate)
    links = [text_in(object_in(each).get("path")) for each in list_in(said.get("attachments"))]
    if any(links):
        task.set("links", [link for link in links if link])
    project = text_in(said.get("projectId"))
    if project:
        title = text_in(projects.get(project, {}).get("title"))
        task.list_name = None if project == _INBOX else title or None
        if not title and project != _INBOX:
            task.keep_unread("projectId", project, "no project of this id with a title is in the file")
    parent = text_in(said.get("parentId"))
    task.parent = _uid(parent) if parent else None
    task.expect(said, _EXPECTED)
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
    task.expect({"repeatCfg": dict(repeat)}, {"repeatCfg": an_object(_REPEAT)})
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


def _moment(at: object, on: object) -> dict[str, object] | None:
    if (moment := instant_in(at)) is not None:
        return zoned_wire(moment, None)
    return None if (date := day_in(on)) is None else {"date": date}


def _rule(repeat: Mapping[str, object]) -> str | None:
    """Return the rule: that in the words of RFC 5545 if there is one, as the app would, else what the fields say."""
    cycle, every = text_in(repeat.get("repeatCycle")), repeat.get("repeatEvery", 1)
    if repeat.get("isPaused") is True:
        return None
    if said := text_in(repeat.get("rrule")):
        return said.removeprefix("RRULE:")
    if cycle not in _CYCLES or not isinstance(every, int):
        return None
    days = ",".join(letters for name, letters in _DAYS.items() if repeat.get(name) is True)
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
