"""Full-scan query evaluation: used by the memory store, and by any store without an index."""

from collections import Counter
from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import TypeAlias

from taskharbor.application.ports.task_search import TaskFacets, TaskQuery
from taskharbor.domain.frozen import frozen
from taskharbor.domain.search.due_buckets import DueBuckets
from taskharbor.domain.search.filter import Filter
from taskharbor.domain.search.matching import Facts, matches
from taskharbor.domain.search.order import order_key, order_values
from taskharbor.domain.search.urgency import UrgencyScale
from taskharbor.domain.search.urgency_weights import Millionths
from taskharbor.domain.tasks.task import Task

Candidates: TypeAlias = Iterable[tuple[Task, Facts]]
"""All live tasks of a workspace, in any order."""


@frozen
class FoundTask:
    """A task that was looked for.

    Attributes:
        task: the task.
        urgency: how urgent it is, if that was asked.
    """

    task: Task
    urgency: Millionths | None


def find_among(candidates: Candidates, query: TaskQuery) -> list[FoundTask]:
    """Return the tasks that `query` asks for, in its order."""
    key = order_key(query.order)
    found = [
        (key(order_values(task, query.order, urgency)), FoundTask(task, urgency))
        for task, urgency in _with_urgency(_matching(candidates, query.filter), query.urgency)
    ]
    if query.after is not None:
        after = key(query.after)
        found = [(place, each) for place, each in found if after < place]
    found.sort(key=itemgetter(0))
    return [each for _, each in found[query.skip : query.skip + query.limit]]


def count_among(candidates: Candidates, filter: Filter | None) -> int:
    """Return how many tasks match a filter."""
    return sum(1 for _ in _matching(candidates, filter))


def facets_among(candidates: Candidates, filter: Filter | None, buckets: DueBuckets) -> TaskFacets:
    """Count the tasks that match a filter by each facet."""
    found = list(_matching(candidates, filter))
    return TaskFacets(
        progress=Counter(task.progress for task, _ in found),
        lists=Counter(task.list for task, _ in found),
        tags=Counter(tag for task, _ in found for tag in task.tags),
        due=Counter(
            next(name for name, bucket in buckets.items() if matches(bucket, task, facts)) for task, facts in found
        ),
    )


def _with_urgency(candidates: Candidates, scale: UrgencyScale | None) -> Iterator[tuple[Task, Millionths | None]]:
    for task, facts in candidates:
        yield (
            task,
            None if scale is None else scale.of(task, is_blocked=facts.blocked, is_blocking=facts.blocking()),
        )


def _matching(candidates: Candidates, filter: Filter | None) -> Iterator[tuple[Task, Facts]]:
    return ((task, facts) for task, facts in candidates if filter is None or matches(filter, task, facts))
