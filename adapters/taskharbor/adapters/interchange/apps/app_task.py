"""A task as an app exports it, put together value by value."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from taskharbor.adapters.interchange.apps.expected import Members, unexpected
from taskharbor.application.interchange.fitting import (
    CUT_LIST_NAME,
    UNTITLED,
    fitted,
    fitted_line,
    fitted_tags,
    fitted_text,
)
from taskharbor.application.ports.interchange import CommentDraft, TaskDraft, Unreadable
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.tasks.changes import NO_CHANGES, TaskChanges
from taskharbor.domain.tasks.comment import MAX_AUTHOR_LENGTH, MAX_COMMENT_LENGTH
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.unset import UNSET, Unset
from taskharbor.domain.values.text import MAX_DESCRIPTION_LENGTH
from taskharbor.domain.values.uid import Uid

MAX_LIST_NAME: Final = 200

MAX_KEPT: Final = 30_000
"""How long the JSON text is, in characters, of what is kept of one task at most."""

_EMPTY: Final[tuple[object, ...]] = (None, "", [], {}, False)


class AppTask:
    """Takes what the app says; what a task cannot hold is kept as foreign data, and said with its place.

    Attributes:
        uid, list_name, parent, created, updated, completed: as a `TaskDraft` has them.
    """

    def __init__(self, app: str, place: str, uid: Uid, name: str | None = None) -> None:
        """Begin a task of the app with this name, which foreign data is filed under.

        If the file has no ids, `name` is that by which the task is known.
        """
        self.list_name: str | Unset | None = UNSET
        self.parent: Uid | Unset | None = UNSET
        self.created: datetime | None = None
        self.updated: datetime | None = None
        self.completed: datetime | None = None
        self.uid = uid
        self._app, self._place, self._name = app, place, name
        self._values: dict[str, Any] = {}
        self._initial: dict[str, Any] = {}
        self._source: dict[str, object] = {}
        self._kept: dict[str, object] = {}
        self._comments: list[CommentDraft] | None = None
        self._odd_comments: list[str] = []
        self._remarks: list[str] = []

    def set(self, field: str, value: object, *, source: object = None) -> None:
        """Give a field a value; `source` is what the app says, kept if a task does not take the value."""
        self._values[field] = value
        self._source[field] = source if source is not None else value

    def set_at_first(self, field: str, value: object, *, source: object) -> None:
        """Give a field a value that depends on the day of the import, and is not to change with it."""
        self._initial[field] = value
        self._source[field] = source

    def text(self, title: str, description: str) -> None:
        """Give it its words; what is too long is cut."""
        line = fitted_line(title) or UNTITLED
        if title.strip() and line != title.strip():
            self.remark("title", "it is cut, or has control characters: kept")
            self._kept["title"] = title
        self._values["title"] = line
        words = fitted_text(description)
        if len(description) > MAX_DESCRIPTION_LENGTH:
            self.remark("description", f"only its first {MAX_DESCRIPTION_LENGTH} characters were taken")
        if words != description[:MAX_DESCRIPTION_LENGTH]:
            self.remark("description", "control characters were left out: kept")
            self._kept["description"] = description
        self._values["description"] = words or None

    def tags(self, names: list[str]) -> None:
        """Give it tags."""
        tags, others = fitted_tags(names)
        self._values["tags"] = tags
        for name, reason in others:
            if name.strip():
                self.keep_unread("tags", name, reason)

    def comment(self, text: str, *, author: str = "", at: datetime | None = None) -> None:
        """Add a comment."""
        self._comments = [] if self._comments is None else self._comments
        words = fitted_text(text.strip(), MAX_COMMENT_LENGTH).strip()
        if len(text.strip()) > MAX_COMMENT_LENGTH:
            self.remark("comment", f"only its first {MAX_COMMENT_LENGTH} characters were taken: kept")
        elif words != text.strip():
            self.remark("comment", "control characters were left out: kept")
        if words != text.strip():
            self._odd_comments.append(text)
            self._kept["comment"] = self._odd_comments
        if words:
            name = fitted_line(author, MAX_AUTHOR_LENGTH) or None
            self._comments.append(CommentDraft(text=words, author=name, created=at))

    def keep(self, name: str, value: object) -> None:
        """Keep what a task has no field for, unless it is nothing."""
        if value not in _EMPTY and str(value).strip():
            self._kept[name] = value

    def keep_rest(self, said: Mapping[str, object], *, but: Collection[str]) -> None:
        """Keep all that the app says but what is understood, and what it works out for itself."""
        for name, value in said.items():
            if name and name not in but and name not in self._kept:
                self.keep(name, value)

    def keep_unread(self, name: str, value: object, why: str) -> None:
        """Keep what could not be read, and say so."""
        before = self._kept.get(name)
        self._kept[name] = value if before is None else f"{before}, {value}"
        self.remark(name, f"{why}: kept, and not read")

    def expect(self, said: Mapping[str, object], members: Members) -> None:
        """Keep what is not as it is expected to be, and say so, unless that was done."""
        for name, value, reason in unexpected(said, members):
            if name not in self._kept:
                self.keep_unread(name, value, reason)

    def remark(self, field: str, message: str) -> None:
        """Say something of one of its values."""
        self._remarks.append(f"{self._place} ({field}): {message}")

    def draft(self) -> TaskDraft | Unreadable:
        """Return the draft; what a task refuses is kept and said."""
        made = TaskDraft(
            place=self._place,
            uid=self.uid,
            changes=TaskChanges(**{**self._values, **self._initial}),
            created=self.created,
            updated=self.updated,
            completed=self.completed if self._values.get("progress") is Progress.COMPLETED else None,
            comments=UNSET if self._comments is None else tuple(self._comments),
        )
        try:
            fit, left_out = fitted(made)
        except InvalidValue as invalid:
            return Unreadable(place=f"{self._place} ({invalid.field})", reason=invalid.reason)
        for field, reason in left_out:
            name = field.split("[")[0].split(".")[0]
            self._kept.setdefault(name, self._source.get(name, str(self._values.get(name))[:1000]))
            self.remark(field, f"{reason}: kept, and not read")
        first = {name: getattr(fit.changes, name) for name in self._initial}
        rest = {name: getattr(fit.changes, name) for name in self._values if name not in first}
        return TaskDraft(
            place=self._place,
            uid=self.uid,
            name=self._name,
            changes=TaskChanges(**rest),
            initial=TaskChanges(**first) if first else NO_CHANGES,
            created=self.created,
            updated=self.updated,
            completed=fit.completed,
            list_name=self._list(),
            parent=self.parent,
            comments=fit.comments,
            foreign={self._app: self._bounded() or None},
            remarks=tuple(self._remarks),
        )

    def _list(self) -> str | Unset | None:
        if not isinstance(self.list_name, str):
            return self.list_name
        name = fitted_line(self.list_name, MAX_LIST_NAME)
        if name != self.list_name.strip():
            self.remark("list", CUT_LIST_NAME)
            self._kept.setdefault("list", self.list_name)
        return name or None

    def _bounded(self) -> dict[str, object]:
        kept: dict[str, object] = {}
        length = 0
        for name, value in self._kept.items():
            try:
                text = json.dumps(value, allow_nan=False)
            except (TypeError, ValueError, RecursionError):
                text = ""
            length += len(text) + len(name)
            if not text or length > MAX_KEPT or "\\u0000" in text or "\\ud" in text:
                length -= len(text) + len(name)
                self.remark(name, "it is too much, or no text, to be kept: left out")
            else:
                kept[name] = value
        return kept
