"""What a unit of work writes of tasks, for the store and for the history."""

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from taskharbor.application.unit_of_work.subtask_counts import Shares
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.domain.tasks.task import Task

TaskBookmark: TypeAlias = tuple[
    dict[TaskId, Task], dict[TaskId, Task], dict[TaskId, Revision], Shares, frozenset[TaskId], dict[TaskId, str]
]
"""The changes to tasks at some moment."""


class TaskWrites(NamedTuple):
    """What a unit of work writes of tasks.

    Attributes:
        added: the tasks that are new.
        changed: the tasks as they shall become.
        before: the changed tasks as they were read.
        guarded: the revisions that tasks must still have which are only read.
        commands: what was carried out when a task was written.
        command: the same of a parent that is only counted anew: what was carried out last.
    """

    added: tuple[Task, ...]
    changed: tuple[Task, ...]
    before: dict[TaskId, Task]
    guarded: dict[TaskId, Revision]
    commands: Mapping[TaskId, str]
    command: str
