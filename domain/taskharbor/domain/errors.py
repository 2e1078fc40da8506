"""The errors of the domain: each has a stable code and the values that matter."""

from datetime import datetime
from typing import ClassVar, Final

_LISTED: Final = 5
"""How many ids a message names at most."""


def plural(noun: str, number: int) -> str:
    """Return a noun in the form that goes with a number: `1 task`, `2 tasks`. It must take a plain `s`."""
    return noun if number == 1 else f"{noun}s"


def counted(number: int, noun: str) -> str:
    """Return a number and its noun: `1 subtask`, `2 subtasks`."""
    return f"{number} {plural(noun, number)}"


def _listed(noun: str, ids: tuple[int, ...]) -> str:
    more = f" and {len(ids) - _LISTED} more" if len(ids) > _LISTED else ""
    return f"{plural(noun, len(ids))} {', '.join(str(one) for one in ids[:_LISTED])}{more}"


class TaskharborError(Exception):
    """The base of all errors that Taskharbor raises. `code` is stable and meant for programs."""

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
    """A task with open subtasks cannot be completed unless the caller says what happens to them."""

    code = "open_subtasks"

    def __init__(self, task_id: int, *, open_subtasks: int) -> None:
        super().__init__(
            f"Task {task_id} has {counted(open_subtasks, 'open subtask')}; pass subtasks=complete or subtasks=leave"
        )
        self.task_id = task_id
        self.open_subtasks = open_subtasks


class SeriesWouldEnd(TaskharborError):
    """Completing a task for good would end its recurring subtasks.

    Attributes:
        task_id: the task that was to be completed.
        series: the subtasks that would no longer recur, in ascending order.
    """

    code = "series_would_end"

    def __init__(self, task_id: int, *, series: tuple[int, ...]) -> None:
        super().__init__(
            f"Completing task {task_id} would end its recurring {_listed('subtask', series)}; "
            "pass subtasks=end or subtasks=leave"
        )
        self.task_id = task_id
        self.series = series


class OpenDependencies(TaskharborError):
    """A task cannot be completed before its dependencies, unless the caller says to ignore them.

    Attributes:
        task_id: the task.
        needed: those of its dependencies that are live and open, in ascending order.
    """

    code = "open_dependencies"

    def __init__(self, task_id: int, *, needed: tuple[int, ...]) -> None:
        super().__init__(
            f"Task {task_id} depends on open {_listed('task', needed)}; pass dependencies=ignore to complete it anyway"
        )
        self.task_id = task_id
        self.needed = needed


class HasSubtasks(TaskharborError):
    """A task with subtasks cannot be deleted unless the caller says what happens to them."""

    code = "has_subtasks"

    def __init__(self, task_id: int, *, subtasks: int) -> None:
        super().__init__(f"Task {task_id} has {counted(subtasks, 'subtask')}; pass subtasks=delete or subtasks=keep")
        self.task_id = task_id
        self.subtasks = subtasks


class InboxStays(TaskharborError):
    """The inbox cannot be deleted: every workspace has one."""

    code = "inbox_stays"

    def __init__(self) -> None:
        super().__init__("The inbox cannot be deleted")


class TaskClaimed(TaskharborError):
    """Another one holds a claim on the task, and alone may change its progress until that ends.

    Attributes:
        task_id: the task.
        holder: who.
        until: when the claim ends unless it is renewed; aware, in UTC.
    """

    code = "task_claimed"

    def __init__(self, task_id: int, *, holder: str, until: datetime) -> None:
        super().__init__(f"Task {task_id} is claimed by {holder} until {until.isoformat()[:-6]}Z")
        self.task_id = task_id
        self.holder = holder
        self.until = until


class ClaimEnded(TaskharborError):
    """The claim under which something was to be done has ended: it ran out, was released, or the work is done.

    Attributes:
        task_id: the task.
        fence: that of the claim; None if the caller meant one of its own, and has none.
    """

    code = "claim_ended"

    def __init__(self, task_id: int, *, fence: int | None) -> None:
        which = "Your claim" if fence is None else f"The claim with the fence {fence}"
        super().__init__(f"{which} on task {task_id} has ended")
        self.task_id = task_id
        self.fence = fence


class TaskClosed(TaskharborError):
    """The task is completed or cancelled: there is nothing to claim."""

    code = "task_closed"

    def __init__(self, task_id: int) -> None:
        super().__init__(f"Task {task_id} is completed or cancelled")
        self.task_id = task_id


class AlertNotFound(TaskharborError, LookupError):
    """No such reminder of the task has fired, or it was dismissed."""

    code = "alert_not_found"

    def __init__(self, task_id: int, reminder: str) -> None:
        super().__init__("Alert not found")
        self.task_id = task_id
        self.reminder = reminder


class TooManySubtasks(TaskharborError):
    """A task has more subtasks than one command can change."""

    code = "too_many_subtasks"

    def __init__(self, task_id: int) -> None:
        super().__init__(f"Task {task_id} has more subtasks than one command can change")
        self.task_id = task_id
