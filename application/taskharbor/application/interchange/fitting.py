"""Make what a file says fit what a task can hold: no task is lost for the sake of one value."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple, cast

from taskharbor.application.interchange.apply_draft import new_task_of
from taskharbor.application.ports.interchange import TaskDraft
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.tasks.comment import MAX_COMMENT_LENGTH, MAX_COMMENTS, MAX_COMMENTS_LENGTH
from taskharbor.domain.tasks.links import MAX_LINKS
from taskharbor.domain.tasks.reminder import MAX_REMINDERS
from taskharbor.domain.tasks.tags import MAX_TAGS, tag_from, tag_key
from taskharbor.domain.unset import UNSET
from taskharbor.domain.values.text import MAX_DESCRIPTION_LENGTH, MAX_TITLE_LENGTH

UNTITLED: Final = "Untitled"

CUT_LIST_NAME: Final = "it is cut to what the name of a list can be, and kept"

NOT_IN_LINE: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
NOT_IN_TEXT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")

_FOREVER: Final = datetime.max.replace(tzinfo=UTC)
_FIELDS: Final = frozenset(TaskChanges.__dataclass_fields__)
_MOST: Final = {"tags": MAX_TAGS, "links": MAX_LINKS, "reminders": MAX_REMINDERS}


class LeftOut(NamedTuple):
    """A value that a task does not take: of which field, or which item of it, and why."""

    field: str
    reason: str


def fitted_line(text: str, most: int = MAX_TITLE_LENGTH) -> str:
    """Return text on one line, without control characters, of at most so many characters."""
    line = NOT_IN_LINE.sub(" ", text[: 10 * most]).strip()  # of a longer one no more is looked at
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def fitted_text(text: str, most: int = MAX_DESCRIPTION_LENGTH) -> str:
    """Return text without control characters but line breaks and tabs, of at most so many characters."""
    return NOT_IN_TEXT.sub("", text)[:most]


def fitted_tags(texts: Iterable[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """Return those of the texts that are tags, as many as a task can have, and the others, each with the reason."""
    tags: dict[str, str] = {}
    others: list[tuple[str, str]] = []
    for text in texts:
        try:
            tag = tag_from("tag", text)
        except InvalidValue as invalid:
            others.append((text, invalid.reason))
            continue
        if len(tags) == MAX_TAGS and tag_key(tag) not in tags:
            others.append((text, f"a task has at most {MAX_TAGS} tags"))
        else:
            tags.setdefault(tag_key(tag), tag)
    return list(tags.values()), others


def fitted(draft: TaskDraft) -> tuple[TaskDraft, list[LeftOut]]:
    """Return a draft that a task can be made of, and what had to be left out of it.

    Raises:
        InvalidValue: if there is no end to what is wrong with it.
    """
    left_out: list[LeftOut] = []
    while True:
        try:
            new_task_of(draft, 1, at=_FOREVER)
        except InvalidValue as invalid:
            smaller, field = without(draft, invalid)
            left_out.append(LeftOut(field, reason_for(field, invalid)))
            draft = smaller
        else:
            return draft, left_out


def reason_for(field: str, invalid: InvalidValue) -> str:
    """Return why the value of a field goes, which need not be the one that was refused."""
    return "must not be after due" if field == "start" and invalid.field == "due" else invalid.reason


def without(draft: TaskDraft, invalid: InvalidValue) -> tuple[TaskDraft, str]:
    """Return a draft without the value that was refused, or with less of it, and the name of its field.

    Of a due before its start it is the start that goes: when something is to be done says more.

    Raises:
        InvalidValue: the same, if there is nothing that could be left out.
    """
    field = re.split(r"[.\[]", invalid.field, maxsplit=1)[0]
    found = re.match(r"[a-z_]+\[([0-9]+)\]", invalid.field)
    index = int(found[1]) if found else None
    if field == "due" and "before start" in invalid.reason and draft.changes.start is not UNSET:
        field = "start"
    if field in _FIELDS and (value := getattr(draft.changes, field)) is not UNSET:
        less: dict[str, Any] = {field: _less(field, value, index)}
        if less[field] == value or (field == "title" and less[field] is UNSET):
            raise invalid
        return replace(draft, changes=replace(draft.changes, **less)), field if index is None else invalid.field
    others: dict[str, dict[str, Any]] = {
        "comments": {"comments": _fewer_comments(draft, index)},
        "rank": {"rank": UNSET},
        "foreign": {"foreign": {}},
        "name": {"list_name": UNSET},
        "list": {"list_name": UNSET},
    }
    smaller = replace(draft, **others.get(field, {}))
    if smaller == draft:
        raise invalid
    return smaller, "list_name" if field in {"name", "list"} else invalid.field


def _less(field: str, value: object, index: int | None) -> object:
    """Return a text as it fits, a list without one item or only as long as it may be, and nothing of all else."""
    if isinstance(value, str) and field in {"title", "description"}:
        text = (fitted_line(value) or UNTITLED) if field == "title" else fitted_text(value)
        return text if text != value else UNSET
    if not isinstance(value, list | tuple):
        return UNSET
    items, most = cast("Sequence[object]", value), _MOST.get(field)
    if index is not None and index < len(items):
        return [*items[:index], *items[index + 1 :]]
    return list(items[:most]) if most is not None and len(items) > most else UNSET


def _fewer_comments(draft: TaskDraft, index: int | None) -> object:
    comments = draft.comments if isinstance(draft.comments, tuple) else ()
    if index is not None and index < len(comments):
        text = fitted_text(comments[index].text.strip(), MAX_COMMENT_LENGTH).strip()
        kept = () if not text or text == comments[index].text else (replace(comments[index], text=text),)
        return (*comments[:index], *kept, *comments[index + 1 :])
    if len(comments) > MAX_COMMENTS:
        return comments[-MAX_COMMENTS:]
    if sum(len(comment.text) for comment in comments) > MAX_COMMENTS_LENGTH:
        return comments[1:]
    return UNSET
