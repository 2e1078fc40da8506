"""What a task counts for at its parent."""

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from taskharbor.domain.identifiers import TaskId
from taskharbor.domain.tasks.task import Task


class Share(NamedTuple):
    """A live subtask: one more for its parent, and one more open one if it is open."""

    parent: TaskId
    is_open: bool


Shares: TypeAlias = dict[TaskId, Share | None]
"""What tasks count for; None for nothing."""


def share_of(task: Task | None) -> Share | None:
    """Return what `task` counts for. A deleted one, and one without a parent, counts for nothing."""
    if task is None or task.parent is None or task.is_deleted:
        return None
    return Share(task.parent, task.is_open)


def differences(
    before: Mapping[TaskId, Share | None], after: Mapping[TaskId, Share | None]
) -> dict[TaskId, tuple[int, int]]:
    """Return for each parent how many subtasks and how many open ones it has more, where that is not zero."""
    changes: dict[TaskId, tuple[int, int]] = {}
    for shares, sign in ((before, -1), (after, 1)):
        for share in shares.values():
            if share is not None:
                by, open_by = changes.get(share.parent, (0, 0))
                changes[share.parent] = by + sign, open_by + sign * share.is_open
    return {parent: change for parent, change in changes.items() if change != (0, 0)}
