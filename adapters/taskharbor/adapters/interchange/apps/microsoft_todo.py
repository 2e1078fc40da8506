"""Microsoft To Do: JSON as Microsoft Graph answers it.

Source: the resources todoTask, todoTaskList, checklistItem, linkedResource and patternedRecurrence of Microsoft Graph
(learn.microsoft.com/graph/api/resources/todo-overview). Lists with their `tasks`, or tasks alone, in a list, in
`value`, or by itself. `importance` is the priority (high 1, low 9), `categories` are tags, `checklistItems` subtasks;
a due or start at midnight is a whole day, as the app knows no other. Names of Windows' time zones are understood if
the library icalendar is installed. Attachments are not in the file.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from taskharbor.adapters.interchange.apps.app_task import AppTask
from taskharbor.adapters.interchange.apps.expected import (
    Members,
    an_object,
    flag,
    instant,
    objects,
    one_of,
    text,
    texts,
)
from taskharbor.adapters.interchange.apps.graph_recurrence import recurrence_of
from taskharbor.adapters.interchange.apps.graph_times import instant_of, moment_of
from taskharbor.adapters.interchange.apps.json_document import JsonDocumentReader
from taskharbor.adapters.interchange.apps.names_of_tasks import NamesOfTasks
from taskharbor.adapters.interchange.apps.read_only import ReadOnlyFormat
from taskharbor.adapters.interchange.apps.values import instant_in, list_in, object_in, reminder_at, text_in
from taskharbor.application.ports.interchange import ReadItem, Unreadable
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.values.uid import Uid, uid_named

_APP: Final = "microsoft_todo"
_PRIORITY: Final = {"high": 1, "normal": 0, "low": 9}
_PROGRESS: Final = {"completed": Progress.COMPLETED, "inProgress": Progress.IN_PROCESS}
_UNDERSTOOD: Final = frozenset(
    {"id", "title", "body", "status", "importance", "categories", "startDateTime", "dueDateTime", "reminderDateTime"}
    | {"isReminderOn", "recurrence", "linkedResources", "createdDateTime", "lastModifiedDateTime", "completedDateTime"}
    | {"checklistItems", "checklistItems@odata.context", "linkedResources@odata.context", "@odata.context"}
)
_OF_ITEM: Final = frozenset({"id", "displayName", "isChecked", "createdDateTime", "checkedDateTime"})


def _moment(value: object) -> str | None:
    return "it is no date and time in a zone that is known here" if instant_of(value) is None else None


_ITEM: Final[Members] = {
    "id": text,
    "displayName": text,
    "isChecked": flag,
    "createdDateTime": instant,
    "checkedDateTime": instant,
}
_EXPECTED: Final[Members] = {
    "id": text,
    "title": text,
    "status": one_of("notStarted", "inProgress", "completed", "waitingOnOthers", "deferred"),
    "importance": text,
    "categories": texts,
    "body": an_object({"content": text, "contentType": one_of("text", "html")}),
    "isReminderOn": flag,
    "createdDateTime": instant,
    "lastModifiedDateTime": instant,
    "completedDateTime": _moment,
    "linkedResources": objects({"webUrl": text}),
}


class MicrosoftTodoReader(JsonDocumentReader):
    """Reads one file."""

    named = frozenset({"value", "tasks"})

    def items_of(self, document: object) -> Iterator[ReadItem]:
        """Yield its tasks and the items of their checklists."""
        whole = document if isinstance(document, list) else object_in(document).get("value", [document])
        names = NamesOfTasks(_APP)
        for place, each in self.objects(whole, "item"):
            if "tasks" in each:
                for at, task in self.objects(each.get("tasks"), f"list {place.removeprefix('item ')}, task"):
                    yield from self._task(at, task, each, names)
            elif "id" in each or "title" in each:
                yield from self._task(place.replace("item", "task"), each, {}, names)
            else:
                yield Unreadable(place=place, reason="it has neither tasks nor a title")

    def _task(
        self, place: str, said: Mapping[str, object], of_list: Mapping[str, object], names: NamesOfTasks
    ) -> Iterator[ReadItem]:
        task = names.begin(place, said, "title", within=text_in(of_list.get("displayName")))
        if isinstance(task, Unreadable):
            yield task
            return
        if of_list.get("wellknownListName") == "defaultList":
            task.list_name = None
        elif list_name := text_in(of_list.get("displayName")):
            task.list_name = list_name
        _fill(task, said)
        task.expect({"list": of_list.get("displayName")}, {"list": text})
        yield task.draft()
        items = self.objects(said.get("checklistItems"), f"{place}, item")
        for at, (item_place, item) in enumerate(items):
            yield _item(item_place, item, text_in(said.get("id")) or task.uid, task.uid, at)


def _fill(task: AppTask, said: Mapping[str, object]) -> None:
    task.text(text_in(said.get("title")), text_in(object_in(said.get("body")).get("content")))
    status = text_in(said.get("status"))
    task.set("progress", _PROGRESS.get(status, Progress.NEEDS_ACTION))
    if status not in {"", "notStarted", *_PROGRESS}:
        task.keep("status", status)
    importance = text_in(said.get("importance"))
    if importance and importance not in _PRIORITY:
        task.keep_unread("importance", importance, "it is none of high, normal and low")
    task.set("priority", _PRIORITY.get(text_in(said.get("importance")), 0))
    task.tags([text_in(tag) for tag in list_in(said.get("categories"))])
    _times(task, said)
    links = [text_in(object_in(link).get("webUrl")) for link in list_in(said.get("linkedResources"))]
    if any(links):
        task.set("links", [link for link in links if link])
    task.created, task.updated = instant_in(said.get("createdDateTime")), instant_in(said.get("lastModifiedDateTime"))
    task.completed = instant_of(said.get("completedDateTime"))
    body = object_in(said.get("body"))
    if text_in(body.get("contentType")).lower() == "html":
        task.keep("body", {"contentType": "html"})
    if any(object_in(link).keys() - {"id", "webUrl"} for link in list_in(said.get("linkedResources"))):
        task.keep("linkedResources", said.get("linkedResources"))
    task.expect(said, _EXPECTED)
    task.keep_rest(said, but=_UNDERSTOOD)


def _times(task: AppTask, said: Mapping[str, object]) -> None:
    for field, member in (("start", "startDateTime"), ("due", "dueDateTime")):
        value = said.get(member)
        if (moment := moment_of(value)) is not None:
            task.set(field, moment, source=value)
        elif value:
            task.keep_unread(member, value, "it is no date and time in a zone that is known here")
    reminder = said.get("reminderDateTime")
    if reminder and said.get("isReminderOn") is False:
        task.keep("reminderDateTime", reminder)
    elif reminder:
        instant = instant_of(reminder)
        if instant is None:
            task.keep_unread("reminderDateTime", reminder, "it is no date and time in a zone that is known here")
        else:
            task.set("reminders", [reminder_at(instant)], source=reminder)
    if recurrence := said.get("recurrence"):
        has_moment = bool(moment_of(said.get("dueDateTime")) or moment_of(said.get("startDateTime")))
        rule = recurrence_of(object_in(recurrence))
        if rule is None or not has_moment:
            task.keep_unread("recurrence", recurrence, "it is no rule that is known here, or has no date")
        else:
            task.set("recurrence", {"rrule": rule}, source=recurrence)


def _item(place: str, item: Mapping[str, object], name: str, parent: Uid, at: int) -> ReadItem:
    task = AppTask(_APP, place, uid_named(f"{_APP} {name} {text_in(item.get('id')) or at}"))
    task.text(text_in(item.get("displayName")), "")
    task.set("progress", Progress.COMPLETED if item.get("isChecked") is True else Progress.NEEDS_ACTION)
    task.created, task.completed = instant_in(item.get("createdDateTime")), instant_in(item.get("checkedDateTime"))
    task.parent = parent
    task.expect(item, _ITEM)
    task.keep_rest(item, but=_OF_ITEM)
    return task.draft()


class MicrosoftTodoFormat(ReadOnlyFormat):
    """What Microsoft Graph answers."""

    name = "microsoft_todo"

    def reader(self) -> MicrosoftTodoReader:
        """Return a reader for one file."""
        return MicrosoftTodoReader()
