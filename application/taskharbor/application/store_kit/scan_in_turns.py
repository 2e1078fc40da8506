"""Full-scan query evaluation that does not hold up the event loop, and ends when it takes too long."""

import heapq
from collections import Counter
from collections.abc import Iterator
from operator import itemgetter
from typing import Final, TypeAlias

from taskharbor.application.ports.task_search import TaskFacets, TaskQuery
from taskharbor.application.store_kit.pace import Pace
from taskharbor.application.store_kit.scan import Candidates, FoundTask
from taskharbor.domain.identifiers import ListId
from taskharbor.domain.search.due_buckets import DueBuckets
from taskharbor.domain.search.filter import Filter
from taskharbor.domain.search.matching import matches
from taskharbor.domain.search.order import order_key, order_values
from taskharbor.domain.tasks.progress import Progress

_SORTED_AT_ONCE: Final = 500
_MOST_KEPT: Final = 2_000
"""Of so many the first can be told from the rest in one step."""

_Placed: TypeAlias = tuple[tuple[object, ...], FoundTask]


async def find_in_turns(candidates: Candidates, query: TaskQuery, pace: Pace) -> list[FoundTask]:
    """Return what `find_among` returns.

    Raises:
        QueryTooExpensive: if it takes longer than the pace allows.
    """
    key = order_key(query.order)
    after = None if query.after is None else key(query.after)
    places = _FirstPlaces(query.skip + query.limit)
    for task, facts in candidates:
        await pace.step()
        if query.filter is not None and not matches(query.filter, task, facts):
            continue
        scale = query.urgency
        urgency = None if scale is None else scale.of(task, is_blocked=facts.blocked, is_blocking=facts.blocking())
        place = key(order_values(task, query.order, urgency))
        if (after is None or after < place) and places.may_have(place):
            places.add(place, FoundTask(task, urgency))
    found: list[FoundTask] = []
    for number, each in enumerate(places.in_order()):
        await pace.step()
        if number >= query.skip + query.limit:
            break
        if number >= query.skip:
            found.append(each)
    return found


class _FirstPlaces:
    """The first `wanted` of the tasks that are added, without sorting many in one step."""

    def __init__(self, wanted: int) -> None:
        self._wanted = wanted
        self._runs: list[list[_Placed]] = [[]]
        self._last: tuple[object, ...] | None = None

    def may_have(self, place: tuple[object, ...]) -> bool:
        """Return whether there are not enough before it."""
        return self._last is None or place < self._last

    def add(self, place: tuple[object, ...], task: FoundTask) -> None:
        """Add a task at its place."""
        run = self._runs[-1]
        run.append((place, task))
        if self._wanted <= _MOST_KEPT:
            if len(run) >= self._wanted + _SORTED_AT_ONCE:
                run.sort(key=itemgetter(0))
                del run[self._wanted :]
                self._last = run[-1][0]
        elif len(run) == _SORTED_AT_ONCE:
            run.sort(key=itemgetter(0))
            self._runs.append([])

    def in_order(self) -> Iterator[FoundTask]:
        """Yield the tasks by their places."""
        self._runs[-1].sort(key=itemgetter(0))
        return (task for _, task in heapq.merge(*self._runs, key=itemgetter(0)))


async def count_in_turns(candidates: Candidates, filter: Filter | None, pace: Pace) -> int:
    """Return what `count_among` returns.

    Raises:
        QueryTooExpensive: if it takes longer than the pace allows.
    """
    count = 0
    for task, facts in candidates:
        await pace.step()
        count += filter is None or matches(filter, task, facts)
    return count


async def facets_in_turns(candidates: Candidates, filter: Filter | None, buckets: DueBuckets, pace: Pace) -> TaskFacets:
    """Return what `facets_among` returns.

    Raises:
        QueryTooExpensive: if it takes longer than the pace allows.
    """
    progress, lists = Counter[Progress](), Counter[ListId]()
    tags, due = Counter[str](), Counter[str]()
    for task, facts in candidates:
        await pace.step()
        if filter is not None and not matches(filter, task, facts):
            continue
        progress[task.progress] += 1
        lists[task.list] += 1
        tags.update(task.tags)
        due[next(name for name, bucket in buckets.items() if matches(bucket, task, facts))] += 1
    return TaskFacets(progress=progress, lists=lists, tags=tags, due=due)
