"""Finding tasks by looking at each of them: what memory does, and any store may that has no better way."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from taskharbor.application.ports.task_search import TaskFacets, TaskQuery
from taskharbor.domain.due_buckets import DueBuckets
from taskharbor.domain.filter import Filter
from taskharbor.domain.filter_matching import Facts, matches
from taskharbor.domain.task import Task
from taskharbor.domain.task_order import order_key, order_values

Candidates: TypeAlias = Iterable[tuple[Task, Facts]]
"""All live tasks of a workspace, in any order."""


def find_among(candidates: Candidates, query: TaskQuery) -> list[Task]:
    """Return the tasks that `query` asks for, in its order."""
    key = order_key(query.order)
    found = [(key(order_values(task, query.order)), task) for task, _ in _matching(candidates, query.filter)]
    if query.after is not None:
        after = key(query.after)
        found = [(place, task) for place, task in found if after < place]
    found.sort(key=lambda each: each[0])
    return [task for _, task in found[query.skip : query.skip + query.limit]]


def count_among(candidates: Candidates, filter: Filter | None) -> int:
    """Return how many tasks a filter is after."""
    return sum(1 for _ in _matching(candidates, filter))


def facets_among(candidates: Candidates, filter: Filter | None, buckets: DueBuckets) -> TaskFacets:
    """Return how many of the tasks that a filter is after there are of each sort."""
    found = list(_matching(candidates, filter))
    return TaskFacets(
        progress=Counter(task.progress for task, _ in found),
        lists=Counter(task.list for task, _ in found),
        tags=Counter(tag for task, _ in found for tag in task.tags),
        due=Counter(
            next(name for name, bucket in buckets.items() if matches(bucket, task, facts)) for task, facts in found
        ),
    )


def _matching(candidates: Candidates, filter: Filter | None) -> Iterator[tuple[Task, Facts]]:
    return ((task, facts) for task, facts in candidates if filter is None or matches(filter, task, facts))
