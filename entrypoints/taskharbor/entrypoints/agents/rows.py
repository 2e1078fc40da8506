"""Tasks as an agent reads them: short, and no more of them than an answer has room for."""

import json
from collections.abc import Iterable
from typing import Any, Final

from taskharbor.application.documents.task_view import TaskView
from taskharbor.domain.values.calendar_time import AllDay, CalendarTime, Floating

BUDGET: Final = 16_000
"""Bytes of the rows of one answer."""

LONGEST_TEXT: Final = 12_000
"""Code points of a description or a comment that one answer shows."""


def row_of(task: TaskView) -> dict[str, Any]:
    """Return what one needs to know to choose a task; what it lacks is left out."""
    row = {
        "id": task.id,
        "title": task.title,
        "revision": task.revision,
        "progress": None if task.progress == "needs-action" else task.progress.value,
        "priority": task.priority or None,
        "start": None if task.start is None else moment_of(task.start),
        "due": None if task.due is None else moment_of(task.due),
        "tags": list(task.tags) or None,
        "list": task.list,
        "parent": task.parent,
        "open_subtasks": task.open_subtask_count if task.subtask_count else None,
        "depends_on": list(task.depends_on) or None,
        "blocked": task.blocked or None,
        "recurring": task.recurrence is not None or None,
        "has_description": task.description is not None or None,
        "comments": task.comment_count or None,
        "claim": None if task.claim is None else task.claim.as_json(),
    }
    return {name: value for name, value in row.items() if value is not None}


def whole_of(task: TaskView, *, offset: int = 0) -> dict[str, Any]:
    """Return a whole task; of a long description the part that begins at `offset`, and how much is left."""
    whole: dict[str, Any] = row_of(task)
    whole.pop("has_description", None)
    whole["uid"] = task.uid
    if task.description is not None:
        whole["description"] = task.description[offset : offset + LONGEST_TEXT]
        left = len(task.description) - offset - LONGEST_TEXT
        if left > 0:
            whole["description_left"] = left
    if task.estimated_duration is not None:
        whole["estimated_duration"] = task.estimated_duration.as_json()
    if task.recurrence is not None:
        whole["recurrence"] = None if task.recurrence.rule is None else task.recurrence.rule.text
    if task.links:
        whole["links"] = list(task.links)
    return whole


def moment_of(moment: CalendarTime) -> str:
    """Return a date or a local time, and its zone if it has one."""
    if isinstance(moment, AllDay | Floating):
        return moment.local
    return f"{moment.local} {moment.time_zone}"


def size_of(value: object) -> int:
    """Return how many bytes a value takes in an answer."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def within_budget(rows: Iterable[dict[str, Any]], budget: int = BUDGET) -> list[dict[str, Any]]:
    """Return as many of the first rows as there is room for, and at least one."""
    kept: list[dict[str, Any]] = []
    for row in rows:
        budget -= size_of(row) + 1
        if kept and budget < 0:
            break
        kept.append(row)
    return kept
