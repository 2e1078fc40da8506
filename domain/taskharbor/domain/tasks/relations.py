"""How tasks hang together: the list that they are in, the task of which they are a part, what must be done before."""

from typing import Final

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import MAX_ID, ListId, TaskId
from taskharbor.domain.values.primitives import integer_from, list_from

MAX_DEPTH: Final = 32
"""How many tasks a chain of subtasks has at most, the topmost one included."""

MAX_DEPENDENCIES: Final = 100
"""How many tasks one depends on directly, at most."""

MAX_DEPENDENCY_WALK: Final = 1000
"""For how many tasks one waits in all, when a dependency is added to it or it becomes a part of another.

It waits for its dependencies, for its subtasks, and for all for which those wait.
"""

MAX_SUBTREE: Final = 1000
"""How many subtasks, at every depth, one command takes along at most."""

Dependencies = tuple[TaskId, ...]
"""The ids of tasks in ascending order."""


def list_id_from(value: object, field: str = "list") -> ListId:
    """Return `value` as the id of a list. Whether there is one is not recognized.

    Raises:
        InvalidValue: for `field`.
    """
    return integer_from(field, value, least=1, most=MAX_ID)


def parent_from(value: object) -> TaskId | None:
    """Return `value` as the id of a task, or None for no parent.

    Raises:
        InvalidValue: for `parent`.
    """
    return None if value is None else integer_from("parent", value, least=1, most=MAX_ID)


def depends_on_from(value: object) -> Dependencies:
    """Return `value` as a set of ids of tasks.

    Raises:
        InvalidValue: for `depends_on`, or one item of it, such as `depends_on[2]`.
    """
    items = list_from("depends_on", value, most=MAX_DEPENDENCIES)
    return tuple(
        sorted({integer_from(f"depends_on[{at}]", item, least=1, most=MAX_ID) for at, item in enumerate(items)})
    )


def refuse_itself(task_id: TaskId, parent: TaskId | None, depends_on: object) -> None:
    """Make sure that a task is neither its own parent nor its own dependency.

    Args:
        task_id: the task.
        parent: its parent.
        depends_on: the ids of its dependencies in the order in which the caller gave them.

    Raises:
        InvalidValue: for `parent` or the item of `depends_on`.
    """
    if parent == task_id:
        raise InvalidValue("parent", "must be another task")
    for at, item in enumerate(list_from("depends_on", depends_on, most=MAX_DEPENDENCIES)):
        if item == task_id:
            raise InvalidValue(f"depends_on[{at}]", "must be another task")
