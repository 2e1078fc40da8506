"""JSON Lines: everything that Taskharbor knows of a task, on one line. Nothing is lost but its history.

A line is what the HTTP API answers, with `comments` and `foreign`, and with the names of what the API has numbers for,
since another store has other numbers: `list_name`, `parent_uid`, `depends_on_uids`. Lists come first, a line each: what
the API answers, with `"kind": "list"`, and `inbox` in place of the number.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final, cast

from taskharbor.adapters.interchange.losses import awaited_dependencies, awaited_parent
from taskharbor.adapters.interchange.text_lines import LineSplitter, TextLine
from taskharbor.application.documents.json_encoding import json_text
from taskharbor.application.documents.task_document import details_as_json, document_of
from taskharbor.application.interchange.fitting import fitted, fitted_line
from taskharbor.application.lists.list_records import list_as_json
from taskharbor.application.ports.interchange import (
    CommentDraft,
    EncodedTask,
    Format,
    ListDraft,
    ReadItem,
    ReferenceNames,
    TaskDraft,
    TaskReader,
    TaskWriter,
    Unreadable,
)
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import INBOX, MAX_ID
from taskharbor.domain.lists.task_list import TaskList, TaskListChanges
from taskharbor.domain.recurrence.occurrence import occurrence_of_from
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.unset import UNSET
from taskharbor.domain.values.calendar_time import CalendarTime
from taskharbor.domain.values.instant import instant_as_json, instant_of
from taskharbor.domain.values.primitives import (
    boolean_from,
    choice_from,
    integer_from,
    list_from,
    object_from,
    string_from,
)
from taskharbor.domain.values.text import title_from
from taskharbor.domain.values.uid import Uid, uid_named

FILED_UNDER: Final = "jsonl"

MAX_LINE_BYTES: Final = 4_000_000


_CHANGES: Final = frozenset(TaskChanges.__dataclass_fields__) - {"is_completed", "list", "parent", "depends_on"}
_NUMBERS: Final = frozenset(
    {"id", "revision", "is_completed", "blocked", "urgency", "subtask_count", "open_subtask_count", "comment_count"}
    | {"list", "parent", "depends_on"}
)
"""What another store works out for itself."""

_OTHERS: Final = frozenset(
    {
        "uid",
        "list_name",
        "occurrence_of",
        "occurrence_of_uid",
        "parent_uid",
        "depends_on_uids",
        "rank",
        "comments",
        "last_comment_id",
        "foreign",
        "created",
        "updated",
        "completed",
    }
)
_COMMENT: Final = ("id", "text", "author", "created", "updated")


class JsonLinesReader(TaskReader):
    """Reads one file."""

    def __init__(self) -> None:
        self._splitter = LineSplitter(longest=MAX_LINE_BYTES)

    def feed(self, data: bytes) -> Iterator[ReadItem]:
        """Go on with the next bytes."""
        return map(_reading_of, self._splitter.feed(data))

    def end(self) -> Iterator[ReadItem]:
        """Yield what is left."""
        return map(_reading_of, self._splitter.end())


_LIST: Final = ("kind", "inbox", "name", "colour", "description", "archived", "created", "updated", "id", "revision")


class JsonLinesWriter(TaskWriter):
    """Writes one file."""

    def head(self) -> bytes:
        """Return nothing: every line stands by itself."""
        return b""

    def write_list(self, task_list: TaskList) -> bytes:
        """Return the line of a list."""
        told = {name: value for name, value in list_as_json(task_list).items() if name not in {"id", "revision"}}
        members = {"kind": "list", "inbox": task_list.is_inbox} | told
        return f"{json_text(members)}\n".encode()

    def write(self, task: Task, names: ReferenceNames) -> EncodedTask:
        """Return the line of a task."""
        more = {
            "list_name": names.lists.get(task.list) if task.list != INBOX else None,
            "occurrence_of_uid": _uid_of(task.occurrence_of.task, names) if task.occurrence_of else None,
            "parent_uid": _uid_of(task.parent, names) if task.parent is not None else awaited_parent(task),
            "depends_on_uids": [
                *(uid for id_ in task.depends_on if (uid := _uid_of(id_, names))),
                *awaited_dependencies(task),
            ],
        }
        details = details_as_json(task)
        preserved = _preserved(details)
        # The document goes on with more members.
        text = f"{document_of(task)[:-1]},{json_text(more | details)[1:]}"
        if preserved:
            members = json.loads(text)
            members |= {name: value for name, value in preserved.items() if not members.get(name)}
            text = json_text(members)
        return EncodedTask(f"{text}\n".encode())

    def tail(self) -> bytes:
        """Return nothing."""
        return b""


class JsonLinesFormat(Format):
    """One JSON object on each line."""

    name = "jsonl"
    media_type = "application/jsonl"
    suffixes = (".jsonl", ".ndjson")

    def reader(self) -> JsonLinesReader:
        """Return a reader for one file."""
        return JsonLinesReader()

    def writer(self) -> JsonLinesWriter:
        """Return a writer for one file."""
        return JsonLinesWriter()


def _uid_of(task_id: int, names: ReferenceNames) -> Uid | None:
    return names.tasks[task_id].uid if task_id in names.tasks else None


def _reading_of(found: TextLine | Unreadable) -> ReadItem:
    if isinstance(found, Unreadable):
        return found
    place = f"line {found.number}"
    try:
        members = json.loads(found.text)
    except (ValueError, RecursionError) as error:
        return Unreadable(place=place, reason=f"it is not JSON: {error}")
    try:
        if isinstance(members, dict) and "kind" in members:
            return _list_draft_of(place, cast("dict[str, Any]", members))
        return _Members(
            found, object_from("line", members, members if isinstance(members, dict) else ("title",))
        ).draft()
    except InvalidValue as invalid:
        return Unreadable(place=f"{place} ({invalid.field})", reason=invalid.reason)


def _list_draft_of(place: str, told: dict[str, Any]) -> ListDraft:
    object_from("line", told, _LIST)
    choice_from("kind", told["kind"], ("list",))
    fields = {name: told[name] for name in ("colour", "description", "archived") if name in told}
    return ListDraft(
        place=place,
        changes=TaskListChanges(name=title_from(told.get("name"), "name"), **fields),
        is_inbox=boolean_from("inbox", told.get("inbox", False)),
        created=_instant(told, "created"),
        updated=_instant(told, "updated"),
    )


class _Members:
    """Reads the members of a line; one that cannot be taken is kept, and the rest of the task is taken."""

    def __init__(self, found: TextLine, members: Mapping[str, Any]) -> None:
        self._place = f"line {found.number}"
        self._text = found.text
        self._given = members
        self._members = dict(members)
        self._kept: dict[str, Any] = {}
        self._remarks = [f"{self._place}: {found.flaw}"] if found.flaw else []

    def draft(self) -> TaskDraft:
        for name in sorted(self._members.keys() - (_CHANGES | _NUMBERS | _OTHERS)):
            self._leave_out(name, "is not known")
        draft = self._readable()
        fitting, left_out = fitted(draft)
        for field, reason in left_out:
            self._leave_out(re.split(r"[.\[]", field)[0], reason)
        if not self._remarks:
            return draft
        remarks = tuple(self._remarks)
        foreign: dict[str, object] = dict(fitting.foreign) | ({FILED_UNDER: self._kept} if self._kept else {})
        whole, too_much = fitted(replace(fitting, foreign=foreign, remarks=remarks))
        return replace(fitting, remarks=(*remarks, f"{self._place}: it is too much to keep")) if too_much else whole

    def _readable(self) -> TaskDraft:
        while True:
            try:
                return self._draft()
            except InvalidValue as invalid:
                self._leave_out(re.split(r"[.\[]", invalid.field)[0], invalid.reason)

    def _leave_out(self, name: str, reason: str) -> None:
        self._remarks.append(f"{self._place} ({name[:40]}): {reason}: kept, and not read")
        self._members.pop(name, None)
        if name in self._given:
            self._kept[name] = self._given[name]

    def _draft(self) -> TaskDraft:
        members = self._members
        parent = members.get("parent_uid", UNSET)
        depends_on = members.get("depends_on_uids", UNSET)
        if not isinstance(members.get("foreign", {}), Mapping):
            raise InvalidValue("foreign", "must be an object with a member for each format")
        return TaskDraft(
            place=self._place,
            uid=uid_named(string_from("uid", members["uid"]) if "uid" in members else _digest(self._text)),
            changes=TaskChanges(**{name: members[name] for name in _CHANGES & members.keys()}),
            created=_instant(members, "created"),
            updated=_instant(members, "updated"),
            completed=_instant(members, "completed"),
            list_name=_name(members.get("list_name", UNSET)),
            parent=parent if parent is None or parent is UNSET else uid_named(string_from("parent_uid", parent)),
            occurrence_of=_occurrence_of(members),
            depends_on=UNSET if depends_on is UNSET else _uids(depends_on),
            rank=string_from("rank", members["rank"]) if "rank" in members else UNSET,
            comments=_comments(members["comments"]) if "comments" in members else UNSET,
            last_comment_id=_last_comment_id(members),
            foreign=cast("Mapping[str, object]", members.get("foreign", {})),
        )


def _preserved(details: dict[str, Any]) -> dict[str, Any]:
    """Take out of the foreign data what could not be read of a line, for it to stand where it stood."""
    foreign = cast("dict[str, Any]", details.get("foreign", {}))
    if not isinstance(foreign.get(FILED_UNDER), dict):
        return {}
    details["foreign"] = {name: data for name, data in foreign.items() if name != FILED_UNDER}
    return cast("dict[str, Any]", foreign[FILED_UNDER])


def _occurrence_of(members: Mapping[str, Any]) -> tuple[Uid, CalendarTime] | None:
    series, told = members.get("occurrence_of_uid"), members.get("occurrence_of")
    if series is None or told is None:
        return None
    found = occurrence_of_from("occurrence_of", told)
    return uid_named(string_from("occurrence_of_uid", series)), found.recurrence_id


def _last_comment_id(members: Mapping[str, Any]) -> int:
    return integer_from("last_comment_id", members.get("last_comment_id", 0), least=0, most=MAX_ID)


def _name(value: Any) -> Any:  # noqa: ANN401  # JSON
    return value if value is None or value is UNSET else fitted_line(string_from("list_name", value)) or None


def _uids(value: object) -> tuple[Uid, ...]:
    return tuple(
        uid_named(string_from("depends_on_uids", item)) for item in list_from("depends_on_uids", value, most=1000)
    )


def _comments(value: object) -> tuple[CommentDraft, ...]:
    found: list[CommentDraft] = []
    for place, item in enumerate(list_from("comments", value, most=1000)):
        field = f"comments[{place}]"
        members = object_from(field, item, _COMMENT)
        number, author = members.get("id"), members.get("author")
        found.append(
            CommentDraft(
                text=string_from(f"{field}.text", members.get("text")),
                author=None if author is None else string_from(f"{field}.author", author),
                created=_instant(members, "created"),
                updated=_instant(members, "updated"),
                id=number if isinstance(number, int) and not isinstance(number, bool) else None,
            )
        )
    return tuple(found)


def _instant(members: Mapping[str, Any], name: str) -> datetime | None:
    text = members.get(name)
    if text is None:
        return None
    try:
        found = instant_of(string_from(name, text))
    except ValueError:
        found = None
    if found is None or found.tzinfo is not UTC or instant_as_json(found) != text:
        raise InvalidValue(name, "must be an instant in UTC such as 2026-12-01T09:00:00.123456Z")
    return found


def _digest(text: str) -> str:
    return f"no uid {sha256(text.strip().encode()).hexdigest()}"
