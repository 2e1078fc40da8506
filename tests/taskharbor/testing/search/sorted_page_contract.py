"""Sorted pages: by each field, in both directions, with absent and equal values, from any place on."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any, Final

import pytest

from taskharbor.application.ports.task_search import TaskQuery
from taskharbor.application.store_kit.scan import find_among
from taskharbor.domain.search.date_expressions import Viewpoint
from taskharbor.domain.search.fields import Field, Operator
from taskharbor.domain.search.filter import Compare, Filter
from taskharbor.domain.search.order import CAN_BE_LAST, Order, OrderField, OrderKey, order_values
from taskharbor.domain.search.urgency import UrgencyScale
from taskharbor.domain.search.urgency_weights import DEFAULT_WEIGHTS, millionths
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.time_zone import zone
from taskharbor.testing.scenes.bench import NOON, Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.strategies.searched_tasks import candidates

_SCALE: Final = UrgencyScale.seen_from(Viewpoint(NOON + timedelta(days=40), zone("Europe/Berlin")), DEFAULT_WEIGHTS)
_VALUES: Final[tuple[dict[str, Any], ...]] = (
    {},
    {},
    {"priority": 1, "due": {"date": "2026-01-02"}, "start": {"date": "2026-01-02"}, "estimated_duration": "PT1H"},
    {"priority": 1, "due": {"date": "2026-01-02"}, "start": {"date": "2026-01-02"}, "estimated_duration": "PT60M"},
    {"priority": 9, "due": {"localDateTime": "2026-01-02T00:00:01"}, "estimated_duration": "P1D"},
    {"priority": 5, "start": {"localDateTime": "2025-01-02T12:00:00", "timeZone": "Asia/Tokyo"}, "tags": ["next"]},
)
_TITLES: Final = ("same", "same", "\uffff", "\U00010000", "Same", "\u00e4")
_ONLY_SOME: Final = Compare(Field.ID, Operator.AT_LEAST, 1)


class SortedPageContract(Contract):
    """Going on after any task, skipping some or none, gives what comes next in the order."""

    @pytest.mark.parametrize("field", OrderField)
    async def test_any_page_in_the_order_of_a_field(self, here: Bench, field: OrderField) -> None:
        stored = await _tasks(here)
        for order in _orders_by(field):
            await _every_page(here, stored, order, None)

    async def test_any_page_in_the_order_of_two_fields(self, here: Bench) -> None:
        stored = await _tasks(here)
        for first, second in product(_orders_by(OrderField.PRIORITY), _orders_by(OrderField.DUE)):
            order = (first[0], second[0], OrderKey(OrderField.ID, first[0].descending))
            await _every_page(here, stored, order, _ONLY_SOME, skips=(0, 2))


def _orders_by(field: OrderField) -> Iterator[Order]:
    for descending, nulls_first in product((False, True), (False, True)):
        if field in CAN_BE_LAST or not nulls_first:
            keys = [OrderKey(field, descending, nulls_first)]
            if field is not OrderField.ID:
                keys.append(OrderKey(OrderField.ID, descending))
            yield tuple(keys)


async def _every_page(
    here: Bench, stored: list[Task], order: Order, wanted: Filter | None, *, skips: tuple[int, ...] = (0, 1, 3)
) -> None:
    """Begin after each of the tasks, and before the first one."""
    everything = find_among(candidates(stored), TaskQuery(filter=wanted, order=order, limit=99, urgency=_SCALE))
    named = ", ".join(f"{key.field} {'descending' if key.descending else 'ascending'}{_nulls(key)}" for key in order)
    for place, skip, limit in product([None, *range(len(everything))], skips, (2,)):
        last = None if place is None else everything[place]
        after = None if last is None else order_values(last.task, order, last.urgency)
        query = TaskQuery(filter=wanted, order=order, after=after, skip=skip, limit=limit, urgency=_SCALE)
        begin = skip if place is None else place + 1 + skip
        right = [(one.task.id, one.urgency) for one in everything[begin : begin + limit]]
        page = await here.storage.find_tasks(here.workspace, query)
        found = [(view.id, None if view.urgency is None else millionths(view.urgency)) for view in page]
        of = "from the first task on" if last is None else f"after task {last.task.id} with {after}"
        assert found == right, f"find_tasks by {named}, {of}, skipping {skip}"


def _nulls(key: OrderKey) -> str:
    if key.field not in CAN_BE_LAST:
        return ""
    return f" with those that have none {'first' if key.nulls_first else 'last'}"


async def _tasks(here: Bench) -> list[Task]:
    """Store two of each sort, so that something is equal at the end of each page."""
    new: list[Task] = []
    for n, (values, title) in enumerate(zip(_VALUES * 2, _TITLES * 2, strict=True)):
        task = (await here.new_task(title)).change(TaskChanges(**values), at=NOON + timedelta(microseconds=n // 4))
        if n % 4 == 3:
            task = task.progress_to(Progress.COMPLETED, at=NOON + timedelta(microseconds=n // 8))
        if n % 5 == 4:
            task = task.add_comment("said", at=NOON)
        new.append(replace(task, list=1 + n % 2, rank=new[n - 1].rank if n % 3 == 2 else task.rank))
    stored: list[Task] = []
    for some in (new[:5], new[5:]):
        revision = await here.commit(added=some)
        stored += [task.committed(revision) for task in some]
    return stored
