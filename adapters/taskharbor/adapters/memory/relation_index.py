"""Live tasks by what they have to do with lists and other tasks, in order of rank."""

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Final

from taskharbor.application.ports.task_relations import InList, RankedTask, Relation, SubtasksOf, WaitingFor
from taskharbor.domain.identifiers import MAX_ID
from taskharbor.domain.tasks.rank import Rank
from taskharbor.domain.tasks.task import Task


class RelationIndex:
    """Holds for each relation the tasks for which it holds."""

    def __init__(self) -> None:
        self._related: defaultdict[Relation, list[RankedTask]] = defaultdict(list)

    def put(self, before: Task | None, after: Task) -> None:
        """Take note that a task has become another."""
        if before is not None:
            if _structure_of(before) == _structure_of(after):
                return
            for relation in _relations_of(before):
                found = self._related[relation]
                del found[bisect_left(found, RankedTask(before.rank, before.id))]
                if not found:
                    del self._related[relation]
        for relation in _relations_of(after):
            insort(self._related[relation], RankedTask(after.rank, after.id))

    def find(self, relation: Relation, *, beyond: Rank | None, backwards: bool, limit: int) -> list[RankedTask]:
        """Return up to `limit` tasks by ascending rank, or descending."""
        found = self._related.get(relation, [])
        if backwards:
            end = len(found) if beyond is None else bisect_left(found, RankedTask(beyond, 0))
            return found[max(end - limit, 0) : end][::-1]
        start = 0 if beyond is None else bisect_right(found, RankedTask(beyond, MAX_ID))
        return found[start : start + limit]


_structure_of: Final[Callable[[Task], tuple[object, ...]]] = attrgetter(
    "list", "parent", "depends_on", "rank", "progress", "deleted"
)
"""What the relations of a task depend on."""


def _relations_of(task: Task) -> Iterator[Relation]:
    if task.is_deleted:
        return
    yield InList(task.list)
    if task.parent is not None:
        yield SubtasksOf(task.parent)
    if task.is_open:
        yield from map(WaitingFor, task.depends_on)
