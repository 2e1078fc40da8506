"""What the domain refuses, as types: each error has a stable code and the values that matter."""

from typing import ClassVar, Final

_LISTED: Final = 5
"""How many ids a message names at most."""


def _some(ids: tuple[int, ...]) -> str:
    more = f" and {len(ids) - _LISTED} more" if len(ids) > _LISTED else ""
    return ", ".join(str(one) for one in ids[:_LISTED]) + more


class TaskharborError(Exception):
    """Anything that Taskharbor refuses to do. `code` is stable and meant for programs."""

    code: ClassVar[str]


class InvalidValue(TaskharborError, ValueError):
    """A value breaks a rule of the domain.

    Attributes:
        field: the field that the value was meant for, as clients name it.
        reason: a plain sentence that says what is wrong with it.
    """

    code = "invalid_value"

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class TaskNotFound(TaskharborError, LookupError):
    """There is no such task in the workspace, or it has been deleted."""

    code = "task_not_found"

    def __init__(self, task_id: int) -> None:
        super().__init__("Task not found")
        self.task_id = task_id


class ListNotFound(TaskharborError, LookupError):
    """There is no such list in the workspace."""

    code = "list_not_found"

    def __init__(self, list_id: int) -> None:
        super().__init__("List not found")
        self.list_id = list_id


class CommentNotFound(TaskharborError, LookupError):
    """The task has no such comment."""

    code = "comment_not_found"

    def __init__(self, task_id: int, comment_id: int) -> None:
        super().__init__("Comment not found")
        self.task_id = task_id
        self.comment_id = comment_id


class OpenSubtasks(TaskharborError):
    """A task cannot be completed while it has open subtasks, unless the caller says what becomes of them."""

    code = "open_subtasks"

    def __init__(self, task_id: int, *, open_subtasks: int) -> None:
        super().__init__(f"Task {task_id} has open subtasks ({open_subtasks}); say whether to complete or leave them")
        self.task_id = task_id
        self.open_subtasks = open_subtasks


class SeriesWouldEnd(TaskharborError):
    """Subtasks that come again would come no more, as that of which they are a part is done for good.

    Attributes:
        task_id: the task that was to be completed.
        series: what would come no more, in ascending order.
    """

    code = "series_would_end"

    def __init__(self, task_id: int, *, series: tuple[int, ...]) -> None:
        super().__init__(
            f"Task {task_id} has subtasks that would come no more: {_some(series)}; say whether to end or leave them"
        )
        self.task_id = task_id
        self.series = series


class OpenDependencies(TaskharborError):
    """A task cannot be completed before those that it depends on, unless the caller says to ignore them.

    Attributes:
        task_id: the task.
        needed: those of its dependencies that are live and open, in ascending order.
    """

    code = "open_dependencies"

    def __init__(self, task_id: int, *, needed: tuple[int, ...]) -> None:
        super().__init__(f"Task {task_id} depends on open tasks: {_some(needed)}; say whether to ignore that")
        self.task_id = task_id
        self.needed = needed


class HasSubtasks(TaskharborError):
    """A task cannot be deleted while it has subtasks, unless the caller says what becomes of them."""

    code = "has_subtasks"

    def __init__(self, task_id: int, *, subtasks: int) -> None:
        super().__init__(f"Task {task_id} has {subtasks} subtasks; say whether to delete or keep them")
        self.task_id = task_id
        self.subtasks = subtasks


class InboxStays(TaskharborError):
    """The inbox cannot be deleted: every workspace has one."""

    code = "inbox_stays"

    def __init__(self) -> None:
        super().__init__("The inbox cannot be deleted")


class TooManySubtasks(TaskharborError):
    """More subtasks hang on a task than one command takes along."""

    code = "too_many_subtasks"

    def __init__(self, task_id: int) -> None:
        super().__init__(f"Task {task_id} has more subtasks than one command takes along")
        self.task_id = task_id
