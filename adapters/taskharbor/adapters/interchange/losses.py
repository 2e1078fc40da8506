"""What gets lost on the way into a format, in the words that users are told."""

from taskharbor.domain.tasks.rank import natural_rank
from taskharbor.domain.tasks.task import Task


def order_lost(task: Task) -> list[str]:
    """Return `order` if the task has been moved among its neighbours."""
    return [] if task.rank == natural_rank(task.id) else ["order"]


def foreign_lost(task: Task, *, but: str | None) -> list[str]:
    """Return what is kept for the programs of other formats than `but`."""
    return [f"what {name} programs say of it" for name, _ in task.foreign if name != but]
