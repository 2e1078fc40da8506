"""What a floor's tasks consist of: the article's four fields, or as many as Taskharbor answers.

`BENCHMARK_FIELDS` in the environment says which: 4 or 28. JSON is stored as text and goes out as it is.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

import msgspec


class Task(msgspec.Struct):
    id: int
    title: str
    description: str | None
    is_completed: bool


class NewTask(msgspec.Struct):
    title: str
    description: str | None = None


class WideTask(Task):
    """Our 28 fields: what can be filtered as a column of its own, objects and arrays as JSON."""

    uid: str
    progress: str
    percent_complete: int
    priority: int
    estimated_duration: str | None
    occurrence_of: int | None
    list: int
    parent: int | None
    rank: str
    subtask_count: int
    open_subtask_count: int
    comment_count: int
    created: str
    updated: str
    completed: str | None
    revision: int
    start: msgspec.Raw
    due: msgspec.Raw
    tags: msgspec.Raw
    links: msgspec.Raw
    reminders: msgspec.Raw
    recurrence: msgspec.Raw
    depends_on: msgspec.Raw
    blocked: msgspec.Raw


class NewWideTask(NewTask):
    priority: int = 0
    estimated_duration: str | None = None
    due: msgspec.Raw = msgspec.Raw(b"null")
    tags: msgspec.Raw = msgspec.Raw(b"[]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How tasks are stored and answered.

    Attributes:
        definitions: the columns beside the id, in the order of the answer, with their SQL.
        given: the columns that a new task has values for.
        new: what the body of a create holds.
        values_of: makes those values.
        task_of: makes an answer of a row; SQLite has 0 and 1 for a boolean.
    """

    definitions: Mapping[str, str]
    given: Sequence[str]
    new: type[NewTask]
    values_of: Callable[[Any], Sequence[object]]
    task_of: Callable[[Sequence[Any]], Task]

    @property
    def columns(self) -> str:
        return ", ".join(["id", *self.definitions])

    @property
    def table(self) -> str:
        return ", ".join(f"{name} {sql}" for name, sql in self.definitions.items())


NARROW_COLUMNS: Final = {
    "title": "text NOT NULL",
    "description": "text",
    "is_completed": "boolean NOT NULL DEFAULT false",
}
WIDE_COLUMNS: Final = {
    **NARROW_COLUMNS,
    "uid": "text NOT NULL",
    "progress": "text NOT NULL DEFAULT 'needs-action'",
    "percent_complete": "bigint NOT NULL DEFAULT 0",
    "priority": "bigint NOT NULL DEFAULT 0",
    "estimated_duration": "text",
    "occurrence_of": "bigint",
    "list": "bigint NOT NULL DEFAULT 1",
    "parent": "bigint",
    "rank": "text NOT NULL DEFAULT 'a4.14'",
    "subtask_count": "bigint NOT NULL DEFAULT 0",
    "open_subtask_count": "bigint NOT NULL DEFAULT 0",
    "comment_count": "bigint NOT NULL DEFAULT 0",
    "created": "text NOT NULL",
    "updated": "text NOT NULL",
    "completed": "text",
    "revision": "bigint NOT NULL DEFAULT 1",
    "start": "text NOT NULL DEFAULT 'null'",
    "due": "text NOT NULL DEFAULT 'null'",
    "tags": "text NOT NULL DEFAULT '[]'",
    "links": "text NOT NULL DEFAULT '[]'",
    "reminders": "text NOT NULL DEFAULT '[]'",
    "recurrence": "text NOT NULL DEFAULT 'null'",
    "depends_on": "text NOT NULL DEFAULT '[]'",
    "blocked": "text NOT NULL DEFAULT 'false'",
}
FIRST_JSON: Final = 1 + list(WIDE_COLUMNS).index("start")


def wide_values(new: NewWideTask) -> Sequence[object]:
    now = datetime.now(UTC).isoformat()
    due, tags = bytes(new.due).decode(), bytes(new.tags).decode()
    return new.title, new.description, str(uuid4()), now, now, new.priority, new.estimated_duration, due, tags


def wide_task(row: Sequence[Any]) -> WideTask:
    id_, title, description, done = row[:4]
    return WideTask(id_, title, description, bool(done), *row[4:FIRST_JSON], *map(msgspec.Raw, row[FIRST_JSON:]))


def narrow_task(row: Sequence[Any]) -> Task:
    id_, title, description, done = row
    return Task(id_, title, description, bool(done))


NARROW: Final = Shape(
    definitions=NARROW_COLUMNS,
    given=("title", "description"),
    new=NewTask,
    values_of=lambda new: (new.title, new.description),
    task_of=narrow_task,
)
WIDE: Final = Shape(
    definitions=WIDE_COLUMNS,
    given=("title", "description", "uid", "created", "updated", "priority", "estimated_duration", "due", "tags"),
    new=NewWideTask,
    values_of=wide_values,
    task_of=wide_task,
)
SHAPE: Final = {"4": NARROW, "28": WIDE}[os.environ.get("BENCHMARK_FIELDS", "4")]
