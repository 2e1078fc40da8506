"""An object of `task export` as the draft of a task."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, cast

from taskharbor.adapters.interchange.json_objects import ObjectSplitter, ObjectText
from taskharbor.adapters.interchange.taskwarrior.annotations import comments_from
from taskharbor.adapters.interchange.taskwarrior.dates import date_of, zoned
from taskharbor.adapters.interchange.taskwarrior.lists import items_from, texts_from
from taskharbor.adapters.interchange.taskwarrior.preserved import preserved_of
from taskharbor.adapters.interchange.taskwarrior.recur import Series, series_from
from taskharbor.application.interchange.fitting import UNTITLED, fitted, fitted_line, fitted_tags
from taskharbor.application.interchange.numbered_names import NumberedNames
from taskharbor.application.ports.interchange import CommentDraft, ReadItem, TaskDraft, TaskReader, Unreadable
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.tasks.relations import MAX_DEPENDENCIES
from taskharbor.domain.tasks.tags import tags_from
from taskharbor.domain.unset import UNSET
from taskharbor.domain.values.calendar_time import CalendarTime, Zoned
from taskharbor.domain.values.primitives import string_from
from taskharbor.domain.values.text import MAX_TITLE_LENGTH
from taskharbor.domain.values.uid import Uid, uid_named

FILED_UNDER: Final = "taskwarrior"

PRIORITY_OF: Final = {"H": 1, "M": 5, "L": 9}

_DERIVED: Final = frozenset({"id", "urgency"})
"""What `task import` works out for itself."""

_UNDERSTOOD: Final = frozenset(
    {"uuid", "description", "status", "entry", "modified", "end", "due", "scheduled", "start", "priority", "project"}
    | {"tags", "annotations", "depends"}
)
_STATUSES: Final = frozenset({"pending", "waiting", "recurring", "completed", "deleted"})
KEPT_STATUSES: Final = frozenset({"waiting", "recurring"})


class TaskwarriorReader(TaskReader):
    """Reads what `task export` has written."""

    def __init__(self) -> None:
        self._splitter = ObjectSplitter()
        self._names = NumberedNames()

    def feed(self, data: bytes) -> Iterator[ReadItem]:
        """Go on with the next bytes."""
        return map(self._read, self._splitter.feed(data))

    def end(self) -> Iterator[ReadItem]:
        """Yield what is left."""
        return map(self._read, self._splitter.feed(b"", is_last=True))

    def _read(self, found: ObjectText | Unreadable) -> ReadItem:
        return self._names.with_uid(_reading_of(found))


def _reading_of(found: ObjectText | Unreadable) -> ReadItem:
    if isinstance(found, Unreadable):
        return found
    place = f"line {found.line}"
    try:
        members = json.loads(found.text, strict=False)  # older exports have control characters as they are
    except (ValueError, RecursionError) as error:
        return Unreadable(place=place, reason=f"it is not JSON: {error}")
    return _Attributes(place, cast("dict[str, Any]", members), is_mended=found.is_mended).draft()


class _Attributes:
    """Reads one object; an attribute that cannot be taken is kept, and the rest of the task is taken."""

    def __init__(self, place: str, members: dict[str, Any], *, is_mended: bool = False) -> None:
        self._place = place
        self._given = members
        self._members = dict(members)
        self._kept = {name: value for name, value in members.items() if name not in _UNDERSTOOD | _DERIVED}
        self._remarks = [f"{place}: it is not all UTF-8: the rest was read as Windows-1252"] if is_mended else []

    def draft(self) -> TaskDraft:
        remarks, kept = list(self._remarks), dict(self._kept)
        while True:
            try:
                draft = self._draft()
            except InvalidValue as invalid:
                name = invalid.field.partition(".")[0].partition("[")[0]
                if name not in self._members:  # of all that is left nothing is wrong by itself
                    name = next(iter(sorted(self._members.keys() & _UNDERSTOOD)))
                remarks.append(f"{self._place} ({name}): {invalid.reason}: kept, and not read")
                kept[name] = self._members.pop(name)
                self._remarks, self._kept = list(remarks), dict(kept)
            else:
                fitting, left_out = fitted(draft)
                more = tuple(f"{self._place} ({field}): {reason}: left out" for field, reason in left_out)
                return replace(fitting, remarks=(*draft.remarks, *more)) if more else draft

    def _draft(self) -> TaskDraft:
        status = string_from("status", self._members.get("status", "pending"))
        if status not in _STATUSES:
            raise InvalidValue("status", f"must be one of {', '.join(sorted(_STATUSES))}")
        start, due = self._times()
        series = self._series(status)
        changes = TaskChanges(
            title=self._title(),
            progress=self._progress(status),
            priority=self._priority(),
            start=start if series is None else None,
            due=due if series is None else series.due,
            tags=self._tags(),
            recurrence=UNSET if series is None else series.recurrence,
        )
        uid, name = self._uid()
        return TaskDraft(
            place=self._place,
            uid=uid,
            name=name,
            changes=changes,
            created=self._date("entry"),
            updated=self._date("modified"),
            completed=self._date("end") if status == "completed" else None,
            list_name=self._list_name(),
            depends_on=self._depends_on(),
            occurrence_of=self._occurrence_of(due),
            comments=self._comments(),
            foreign={FILED_UNDER: preserved_of(self._kept, self._place, self._remarks)},
            remarks=tuple(self._remarks),
        )

    def _progress(self, status: str) -> Progress:
        if status == "completed":
            self._keep("start")
            return Progress.COMPLETED
        if status == "deleted":
            self._keep("end", "start")
            return Progress.CANCELLED
        if status in KEPT_STATUSES:
            self._keep("status")
        self._keep("start")
        return Progress.IN_PROCESS if "start" in self._members else Progress.NEEDS_ACTION

    def _series(self, status: str) -> Series | None:
        if "recur" not in self._members or "parent" in self._members or status not in {"recurring", "deleted"}:
            return None
        series = series_from(self._members)
        if series is None:
            recur = str(self._members["recur"])[:40]
            self._remarks.append(f"{self._place} (recur): {recur} is no rule that is known here: kept")
            return None
        self._keep("due", "scheduled")
        return series

    def _occurrence_of(self, due: Zoned | None) -> tuple[Uid, CalendarTime] | None:
        """Return of which series it is: its due may have been moved since."""
        parent = self._text("parent")
        return None if parent is None or due is None else (uid_named(parent), due)

    def _title(self) -> str:
        text = self._members.get("description", "")
        title = fitted_line(text) if isinstance(text, str) else ""
        if not title:
            self._remarks.append(f"{self._place} (description): there is none: called {UNTITLED}")
        elif len(text) > MAX_TITLE_LENGTH >= len(title):
            self._remarks.append(f"{self._place} (description): only its beginning was made the title")
        elif title != text.strip():
            self._remarks.append(
                f"{self._place} (description): its line breaks and control characters were made spaces: kept"
            )
        if title != text:
            self._keep("description")
        return title or UNTITLED

    def _list_name(self) -> str | None:
        project = self._text("project")
        name = None if project is None else fitted_line(project)
        if name != project:
            self._keep("project")
            self._remarks.append(f"{self._place} (project): cut to what the name of a list can be: kept")
        return name or None

    def _priority(self) -> int:
        value = self._text("priority")
        if value is not None and value not in PRIORITY_OF:
            self._keep("priority")
            self._remarks.append(f"{self._place} (priority): it is none of H, M and L: kept, and read as none")
        return PRIORITY_OF.get(value or "", 0)

    def _times(self) -> tuple[Zoned | None, Zoned | None]:
        scheduled, due = self._date("scheduled"), self._date("due")
        if scheduled and due and due < scheduled:
            self._keep("scheduled")
            self._remarks.append(f"{self._place} (scheduled): it is after due: kept, and not read as the start")
            scheduled = None
        return zoned(scheduled) if scheduled else None, zoned(due) if due else None

    def _tags(self) -> list[str]:
        tags, others = fitted_tags(texts_from("tags", self._members.get("tags")))
        if list(tags_from(tags)) != self._members.get("tags", []):
            self._keep("tags")
        for text, reason in others:
            self._remarks.append(f"{self._place} (tags): {text[:40]!r} is none, as it {reason}: kept")
        return tags

    def _depends_on(self) -> tuple[Uid, ...]:
        names = dict.fromkeys(
            uid_named(name.strip()) for name in texts_from("depends", self._members.get("depends")) if name.strip()
        )
        if len(names) > MAX_DEPENDENCIES:
            self._remarks.append(
                f"{self._place} (depends): a task has at most {MAX_DEPENDENCIES}: the others are left out"
            )
        return tuple(names)[:MAX_DEPENDENCIES]

    def _comments(self) -> tuple[CommentDraft, ...]:
        comments, remarks = comments_from(items_from("annotations", self._members.get("annotations")), self._place)
        if remarks:
            self._keep("annotations")
        self._remarks += remarks
        return comments

    def _uid(self) -> tuple[Uid, str | None]:
        """Return its uid, and if it has none the name by which it is known."""
        uuid = self._text("uuid")
        if uuid is None:
            said = json.dumps(
                {key: value for key, value in self._members.items() if key not in _DERIVED}, sort_keys=True
            )
            name = f"no uuid {sha256(said.encode()).hexdigest()}"
            return uid_named(name), name
        uid = uid_named(uuid)
        if uid != uuid:
            self._keep("uuid")
        return uid, None

    def _keep(self, *names: str) -> None:
        self._kept.update({name: self._members[name] for name in names if name in self._members})

    def _text(self, name: str) -> str | None:
        value = self._members.get(name)
        return string_from(name, value).strip() or None if value is not None else None

    def _date(self, name: str) -> datetime | None:
        value = self._members.get(name)
        return None if value is None or value == "" else date_of(name, value)
