"""What the domain refuses, as types: each error has a stable code and the values that matter."""

from typing import ClassVar


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
