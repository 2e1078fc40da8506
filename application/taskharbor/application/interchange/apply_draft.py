"""What a task becomes when it is imported."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from taskharbor.application.ports.interchange import CommentDraft, TaskDraft
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import MAX_ID, TaskId
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.tasks.comment import (
    MAX_COMMENTS,
    MAX_COMMENTS_LENGTH,
    Comment,
    Comments,
    author_from,
    comment_text_from,
)
from taskharbor.domain.tasks.foreign_data import ForeignData, foreign_as_json, foreign_from
from taskharbor.domain.tasks.rank import rank_at
from taskharbor.domain.tasks.rank_between import rank_from
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.unset import UNSET
from taskharbor.domain.values.primitives import integer_from

_FIELDS: Final = tuple(TaskChanges.__dataclass_fields__)
_TOGETHER: Final = frozenset({"progress", "percent_complete"})


def new_task_of(draft: TaskDraft, task_id: TaskId, *, at: datetime) -> Task:
    """Return a new task that is what the file says, with the dates that it had there. Nothing of it is in the future.

    Raises:
        InvalidValue: if a value breaks its rule, or two contradict each other.
    """
    title = draft.changes.title
    if not isinstance(title, str):
        raise InvalidValue("title", "is required")
    created = min(draft.created or draft.updated or at, at)
    task = Task.create(id=task_id, uid=draft.uid, title=title, at=created, changes=draft.changes)
    updated = max(created, min(draft.updated or at, at))
    comments = _comments_of(draft, task, at=at)
    return replace(
        task,
        updated=updated,
        completed=min(draft.completed or updated, at) if task.is_completed else None,
        rank=task.rank if draft.rank is UNSET else rank_at(rank_from(draft.rank), task_id),
        comments=comments,
        last_comment_id=_last_comment_id(draft, comments, task),
        foreign=_foreign_of(draft, task),
    )


def with_initial(draft: TaskDraft) -> TaskDraft:
    """Return a draft with what only a new task gets."""
    values = {name: value for name in _FIELDS if (value := getattr(draft.initial, name)) is not UNSET}
    return replace(draft, changes=replace(draft.changes, **values)) if values else draft


def changed_by(task: Task, draft: TaskDraft, mirrored: TaskDraft, *, at: datetime) -> Task:
    """Return what an existing task becomes when it is imported; itself, if nothing is new.

    A format that holds less than the task must not take away what it cannot hold. So what the file says is compared
    with what the same format would say of the task as it is, and only where the two differ the task changes.

    Args:
        task: as it is.
        draft: what the file says.
        mirrored: what the format says of the task as it is: it was written and read again.
        at: now.

    Raises:
        InvalidValue: if a value breaks its rule, or two contradict each other.
    """
    # Nor must a start that has no zone there contradict a series of which the format knows nothing.
    bare = replace(task, recurrence=None) if draft.changes.recurrence is UNSET else task
    wanted, same = bare.change(draft.changes, at=at), bare.change(mirrored.changes, at=at)
    different = {
        name
        for name in _FIELDS
        if getattr(draft.changes, name) is not UNSET and getattr(wanted, name) != getattr(same, name)
    }
    different |= _TOGETHER if different & _TOGETHER else set()
    changes: dict[str, Any] = {name: getattr(draft.changes, name) for name in different}
    found = task.change(TaskChanges(**changes), at=at)
    others: dict[str, Any] = {}
    if found.is_completed and draft.completed and draft.completed != mirrored.completed:
        others["completed"] = _past(draft.completed, found.completed, at)
    if draft.rank is not UNSET and rank_at(rank_from(draft.rank), task.id) != task.rank:
        others["rank"] = rank_at(rank_from(draft.rank), task.id)
    if draft.comments is not UNSET and draft.comments != mirrored.comments:
        others["comments"] = _comments_of(draft, found, at=at)
        others["last_comment_id"] = _last_comment_id(draft, others["comments"], found)
    if draft.foreign != mirrored.foreign:
        others["foreign"] = _foreign_of(draft, found)
    if all(getattr(found, name) == value for name, value in others.items()):
        return found
    return replace(found, **others, updated=max(at, found.updated))


def _comments_of(draft: TaskDraft, task: Task, *, at: datetime) -> Comments:
    """Return the comments of the task with those of the file: numbered ones take their places, others come after."""
    if draft.comments is UNSET:
        return task.comments
    if all(comment.id is not None for comment in draft.comments):
        return _bounded(tuple(_comment_of(place, each, each.id, task, at) for place, each in enumerate(draft.comments)))
    there = {comment.text for comment in task.comments}
    found = list(task.comments)
    number = task.last_comment_id
    for place, each in enumerate(draft.comments):
        number += 1
        comment = _comment_of(place, each, number, task, at)
        if comment.text not in there:
            found.append(comment)
        else:
            number -= 1
    return _bounded(tuple(found))


def _comment_of(place: int, draft: CommentDraft, number: int | None, task: Task, at: datetime) -> Comment:
    field = f"comments[{place}]"
    before = next((comment for comment in task.comments if comment.id == number), None)
    created = _past(draft.created or task.created, before.created if before else None, at)
    return Comment(
        id=integer_from(f"{field}.id", number, least=1, most=MAX_ID),
        text=comment_text_from(f"{field}.text", draft.text),
        author=author_from(f"{field}.author", draft.author),
        created=created,
        updated=_past(draft.updated or created, before.updated if before else None, at),
    )


def _past(stated: datetime, before: datetime | None, at: datetime) -> datetime:
    """Return an instant of a file; what is there, or now, for one to come: reading it again changes nothing."""
    return stated if stated <= at else before or at


def _bounded(comments: Comments) -> Comments:
    ids = {comment.id for comment in comments}
    if len(comments) > MAX_COMMENTS or len(ids) < len(comments):
        raise InvalidValue("comments", f"must be at most {MAX_COMMENTS} of a task, each with an id of its own")
    if sum(len(comment.text) for comment in comments) > MAX_COMMENTS_LENGTH:
        raise InvalidValue("comments", f"must have at most {MAX_COMMENTS_LENGTH} characters in all")
    return comments


def _last_comment_id(draft: TaskDraft, comments: Comments, task: Task) -> int:
    return max((task.last_comment_id, draft.last_comment_id, *(comment.id for comment in comments)))


def _foreign_of(draft: TaskDraft, task: Task) -> ForeignData:
    if not draft.foreign:
        return task.foreign
    kept: Mapping[str, object] = foreign_as_json(task.foreign) | dict(draft.foreign)
    return foreign_from({name: data for name, data in kept.items() if data is not None})
