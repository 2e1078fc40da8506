"""A line of JSON Lines as the draft of a task or a list."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any, Final, cast

from taskharbor.adapters.interchange.json_lines_values import (
    comments_from,
    instant_from,
    last_comment_id_from,
    list_name_from,
    occurrence_from,
    uids_from,
)
from taskharbor.adapters.interchange.text_lines import LineSplitter, TextLine
from taskharbor.application.interchange.fitting import CUT_LIST_NAME, UNTITLED, fitted, fitted_line
from taskharbor.application.interchange.numbered_names import NumberedNames
from taskharbor.application.ports.interchange import (
    ListDraft,
    ReadItem,
    TaskDraft,
    TaskReader,
    Unreadable,
)
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.lists.task_list import TaskListChanges
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.unset import UNSET
from taskharbor.domain.values.primitives import (
    boolean_from,
    choice_from,
    object_from,
    string_from,
)
from taskharbor.domain.values.text import title_from
from taskharbor.domain.values.uid import uid_named

FILED_UNDER: Final = "jsonl"

MAX_LINE_BYTES: Final = 4_000_000


_CHANGES: Final = frozenset(TaskChanges.__dataclass_fields__) - {"is_completed", "list", "parent", "depends_on"}
_NUMBERS: Final = frozenset(
    {"id", "revision", "is_completed", "blocked", "urgency", "subtask_count", "open_subtask_count", "comment_count"}
    | {"list", "parent", "depends_on", "claim"}
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
_LIST: Final = ("kind", "inbox", "name", "colour", "description", "archived", "created", "updated", "id", "revision")


class JsonLinesReader(TaskReader):
    """Reads one file."""

    def __init__(self) -> None:
        self._splitter = LineSplitter(longest=MAX_LINE_BYTES)
        self._names = NumberedNames()

    def feed(self, data: bytes) -> Iterator[ReadItem]:
        """Go on with the next bytes."""
        return map(self._read, self._splitter.feed(data))

    def end(self) -> Iterator[ReadItem]:
        """Yield what is left."""
        return map(self._read, self._splitter.end())

    def _read(self, found: TextLine | Unreadable) -> ReadItem:
        return self._names.with_uid(_reading_of(found))


def are_read_alike(name: str, one: object, other: object) -> bool:
    """Return whether two values of a member that depends on no other are read as the same, but for what is kept."""
    found = [_Members(TextLine(0, ""), {"title": UNTITLED, name: value}) for value in (one, other)]
    try:
        first, second = (replace(each.draft(), foreign={}, remarks=()) for each in found)
    except InvalidValue:
        return False
    return first == second


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


def _list_draft_of(place: str, members: dict[str, Any]) -> ListDraft:
    object_from("line", members, _LIST)
    choice_from("kind", members["kind"], ("list",))
    fields = {name: members[name] for name in ("colour", "description", "archived") if name in members}
    name = string_from("name", members.get("name"))
    fitting = title_from(fitted_line(name), "name")
    return ListDraft(
        place=place,
        changes=TaskListChanges(name=fitting, **fields),
        is_inbox=boolean_from("inbox", members.get("inbox", False)),
        created=instant_from(members, "created"),
        updated=instant_from(members, "updated"),
        remarks=() if fitting == name.strip() else (f"{place} (name): {CUT_LIST_NAME} by its tasks",),
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
        if not isinstance(self._members.get("title", ""), str):
            self._leave_out("title", "must be a string")
            self._members["title"] = UNTITLED
        draft = self._readable()
        named = self._members.get("list_name")
        if isinstance(named, str) and (draft.list_name or "") != named.strip():
            self._remarks.append(f"{self._place} (list_name): {CUT_LIST_NAME}")
            self._kept["list_name"] = named
        fitting, left_out = fitted(draft)
        for field, reason in left_out:
            self._leave_out(re.split(r"[.\[]", field)[0], reason)
        if not self._remarks:
            return draft
        remarks = tuple(self._remarks)
        before = fitting.foreign.get(FILED_UNDER)
        kept = {**(cast("Mapping[str, Any]", before) if isinstance(before, Mapping) else {}), **self._kept}
        foreign: dict[str, object] = dict(fitting.foreign) | ({FILED_UNDER: kept} if kept else {})
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
        name = f"no uid {sha256(self._text.strip().encode()).hexdigest()}"
        parent = members.get("parent_uid", UNSET)
        depends_on = members.get("depends_on_uids", UNSET)
        if not isinstance(members.get("foreign", {}), Mapping):
            raise InvalidValue("foreign", "must be an object with a member for each format")
        return TaskDraft(
            place=self._place,
            uid=uid_named(string_from("uid", members["uid"]) if "uid" in members else name),
            name=None if "uid" in members else name,
            changes=TaskChanges(**{name: members[name] for name in _CHANGES & members.keys()}),
            created=instant_from(members, "created"),
            updated=instant_from(members, "updated"),
            completed=instant_from(members, "completed"),
            list_name=list_name_from(members.get("list_name", UNSET)),
            parent=parent if parent is None or parent is UNSET else uid_named(string_from("parent_uid", parent)),
            occurrence_of=occurrence_from(members),
            depends_on=UNSET if depends_on is UNSET else uids_from(depends_on),
            rank=string_from("rank", members["rank"]) if "rank" in members else UNSET,
            comments=comments_from(members["comments"]) if "comments" in members else UNSET,
            last_comment_id=last_comment_id_from(members),
            foreign=cast("Mapping[str, object]", members.get("foreign", {})),
        )
