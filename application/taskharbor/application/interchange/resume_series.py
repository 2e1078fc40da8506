"""Where a series stands when a file contains completed occurrences of it.

Calendar programs leave a recurring task where it began, and add each completed occurrence as a component of
its own. Here the task moves on, as it would if the occurrence had been completed here.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from taskharbor.application.ports.interchange import TaskDraft
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.recurrence.occurrence import occurrence_uid
from taskharbor.domain.recurrence.recurrence import Recurrence, is_same_kind, recurrence_from, wall_of
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.unset import UNSET
from taskharbor.domain.values.calendar_time import calendar_time_from
from taskharbor.domain.values.uid import Uid


def first_occurrence(draft: TaskDraft) -> Uid | None:
    """Return the name of the first occurrence of a series of which the file does not say where it stands."""
    recurrence = draft_recurrence(draft)
    return None if recurrence is None else occurrence_uid(draft.uid, recurrence.current)


def begins_with_exception(draft: TaskDraft) -> bool:
    """Return whether the first occurrence of a series has an EXDATE, so that the task is another one."""
    recurrence = draft_recurrence(draft)
    return recurrence is not None and recurrence.current in recurrence.exdate


def left_where_it_stands(draft: TaskDraft, task: Task) -> TaskDraft:
    """Return what a file says of a task, without its times if it has only not moved on there.

    To be called if the first occurrence in the file has been done, or is none.
    """
    stated, recurrence = draft_recurrence(draft), task.recurrence
    if stated is None or recurrence is None or not _is_same_series(stated, recurrence):
        return draft
    changes = draft.changes
    if wall_of(recurrence.current) > wall_of(stated.current):
        changes = replace(changes, start=UNSET, due=UNSET, reminders=UNSET, recurrence=UNSET)
    elif task.is_open:
        return draft
    if not task.is_open:
        changes = replace(changes, recurrence=UNSET, progress=UNSET, percent_complete=UNSET)
    return replace(draft, changes=changes)


def draft_recurrence(draft: TaskDraft) -> Recurrence | None:
    """Return the series in a file, unless it says where that stands."""
    changes = draft.changes
    stated = changes.recurrence
    if not isinstance(stated, Mapping) or stated.get("current"):
        return None
    moment = changes.start or changes.due
    if moment is None or moment is UNSET:
        return None
    try:
        return recurrence_from("recurrence", stated, moment=calendar_time_from("start", moment))
    except InvalidValue:
        return None


def _is_same_series(stated: Recurrence, recurrence: Recurrence) -> bool:
    """Return whether both are the same series, wherever they stand in it.

    COUNT is less the further it has come, and where another task has taken over the rest it has an UNTIL.
    """
    return is_same_kind(stated.first, recurrence.first) and _identity(stated) == _identity(recurrence)


def _identity(recurrence: Recurrence) -> tuple[object, ...]:
    rule = recurrence.rule
    text = None if rule is None else _COUNT.sub("", rule.text)
    return (recurrence.first, text, recurrence.rdate, recurrence.exdate)


_COUNT: Final = re.compile(r";?\b(?:COUNT=[0-9]+|UNTIL=[0-9TZ]+)")
