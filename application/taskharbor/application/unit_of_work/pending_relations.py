"""How tasks hang together once those that a unit of work has changed are as it has changed them."""

from collections.abc import Mapping, Sequence

from taskharbor.application.ports.task_relations import RankedTask, Relation
from taskharbor.domain.identifiers import TaskId
from taskharbor.domain.tasks.rank import Rank
from taskharbor.domain.tasks.task import Task


def related_with(
    found: Sequence[RankedTask],
    written: Mapping[TaskId, Task],
    relation: Relation,
    *,
    beyond: Rank | None,
    backwards: bool,
) -> list[RankedTask]:
    """Return the tasks for which `relation` holds: those `found` in the store, with the `written` ones on top."""
    related = [one for one in found if one.id not in written]
    related += [
        RankedTask(task.rank, task.id)
        for task in written.values()
        if not task.is_deleted and relation.holds(task) and _is_beyond(task.rank, beyond, backwards=backwards)
    ]
    return sorted(related, reverse=backwards)


def _is_beyond(rank: Rank, beyond: Rank | None, *, backwards: bool) -> bool:
    return beyond is None or (rank < beyond if backwards else rank > beyond)
