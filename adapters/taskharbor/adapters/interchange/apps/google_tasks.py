"""Google Tasks: `Tasks.json` of Google Takeout.

Source: the resource `tasks` of the Google Tasks API (developers.google.com/tasks/reference/rest/v1/tasks), which
Takeout writes as lists (`tasks#tasks`) in one document (`tasks#taskLists`). The list is the list, `notes` are the
description, `links` the links, `parent` the parent; `completed` is when it was done. `due` is a date if it is at
midnight, as the API has it; Takeout also has instants, whole days as midnight in a zone that it does not name
(`22:00:00Z`, of which a converter tells: github.com/n9v9/google-tasks-to-tasks-org, `transform.go`). What makes it
recur is not in words in the file, and kept. Deleted tasks are not taken.
"""

from collections.abc import Iterator, Mapping
from datetime import time
from typing import Final

from taskharbor.adapters.interchange.apps.expected import Members, flag, instant, objects, one_of, text
from taskharbor.adapters.interchange.apps.json_document import JsonDocumentReader
from taskharbor.adapters.interchange.apps.names_of_tasks import NamesOfTasks
from taskharbor.adapters.interchange.apps.read_only import ReadOnlyFormat
from taskharbor.adapters.interchange.apps.values import day_in, instant_in, list_in, object_in, text_in, zoned_wire
from taskharbor.adapters.interchange.apps.zip_members import members_of
from taskharbor.application.ports.interchange import ReadItem, Skipped, Unreadable
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.values.uid import Uid, uid_named

_APP: Final = "google_tasks"
_UNDERSTOOD: Final = frozenset(
    {"kind", "id", "title", "notes", "status", "completed", "created", "updated", "due", "links", "parent", "deleted"}
    | {"etag", "selfLink", "position", "hidden"}
)
"""And what says nothing of the task itself."""

_EXPECTED: Final[Members] = {
    "id": text,
    "title": text,
    "notes": text,
    "status": one_of("needsAction", "completed"),
    "completed": instant,
    "created": instant,
    "updated": instant,
    "parent": text,
    "deleted": flag,
    "links": objects({"link": text, "description": text}),
}


class GoogleTasksReader(JsonDocumentReader):
    """Reads one file."""

    named = frozenset({"items"})

    def items(self, data: bytes) -> Iterator[ReadItem]:
        """Yield the tasks of a whole file, or of those in a zip of Takeout."""
        if not data.startswith(b"PK"):
            yield from super().items(data)
            return
        for member in members_of(data, suffix="tasks.json"):
            yield from (member,) if isinstance(member, Unreadable) else super().items(member.data)

    def items_of(self, document: object) -> Iterator[ReadItem]:
        """Yield the tasks of all lists."""
        whole = object_in(document)
        items = list_in(whole.get("items"))
        if not items:
            yield Unreadable(place="file", reason="it has no items, as lists of Google Tasks are", is_last=True)
            return
        is_list = any(object_in(item).get("kind") == "tasks#task" for item in items)
        names = NamesOfTasks(_APP)
        for place, of_list in [("list 1", whole)] if is_list else self.objects(items, "list"):
            name = text_in(of_list.get("title"))
            if "items" not in of_list and "title" not in of_list:
                self.refuse(place, "it has neither a title nor items")
            for at, item in self.objects(of_list.get("items"), f"{place} ({name[:60]}), task"):
                yield _task(at, of_list, item, names)


def _task(place: str, of_list: Mapping[str, object], said: Mapping[str, object], names: NamesOfTasks) -> ReadItem:
    if said.get("deleted") is True:
        return Skipped(place=place, reason="it was deleted in Google Tasks")
    list_name = text_in(of_list.get("title"))
    task = names.begin(place, said, "title", within=list_name)
    if isinstance(task, Unreadable):
        return task
    task.text(text_in(said.get("title")), text_in(said.get("notes")))
    is_done = said.get("status") == "completed"
    task.set("progress", Progress.COMPLETED if is_done else Progress.NEEDS_ACTION)
    task.completed = instant_in(said.get("completed"))
    task.created, task.updated = instant_in(said.get("created")), instant_in(said.get("updated"))
    due = said.get("due")
    instant, day = instant_in(due), day_in(due)
    if instant is not None and instant.time() != time():
        task.set("due", zoned_wire(instant, None), source=due)
    elif day is not None:
        task.set("due", {"date": day}, source=due)
    elif due:
        task.keep_unread("due", due, "it is no date")
    links = [text_in(object_in(link).get("link")) for link in list_in(said.get("links"))]
    if any(links):
        task.set("links", [link for link in links if link])
    if any(object_in(link).keys() - {"type", "link"} for link in list_in(said.get("links"))):
        task.keep("links", said.get("links"))
    task.list_name = list_name or None
    parent = text_in(said.get("parent"))
    task.parent = _uid(parent) if parent else None
    task.expect(said, _EXPECTED)
    task.expect({"list": of_list.get("title")}, {"list": text})
    task.keep_rest(said, but=_UNDERSTOOD | ({"task_type"} if said.get("task_type") == "TASK" else frozenset()))
    return task.draft()


def _uid(name: str) -> Uid:
    return uid_named(f"{_APP} {name}")


class GoogleTasksFormat(ReadOnlyFormat):
    """`Tasks.json`."""

    name = "google_tasks"

    def reader(self) -> GoogleTasksReader:
        """Return a reader for one file."""
        return GoogleTasksReader()
