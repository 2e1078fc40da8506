"""Claim the first task that is to be done and that nobody else works on."""

import random
from datetime import timedelta
from functools import partial
from typing import Final

from taskharbor.application.claims.claim_task import DEFAULT_LEASE, give, new_claim
from taskharbor.application.errors import ConcurrentUpdate
from taskharbor.application.ports.task_search import TaskQuery
from taskharbor.application.search.criteria import TaskCriteria, resolve_criteria
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.frozen import frozen
from taskharbor.domain.search.date_expressions import Viewpoint
from taskharbor.domain.search.fields import Field, Operator
from taskharbor.domain.search.filter import And, Compare, Filter, Flag, Not
from taskharbor.domain.search.order import BY_ID, names_urgency, order_from
from taskharbor.domain.search.time_span import Span
from taskharbor.domain.search.urgency import UrgencyScale
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.duration import Duration

CANDIDATES: Final = 64
"""How many tasks are looked at once others were faster: as many as are expected to claim at once."""

_TICK: Final = timedelta(microseconds=1)


@frozen(kw_only=True)
class ClaimNext(TaskCriteria):
    """Claim the first open task that matches, is not blocked, and on which no claim holds.

    First is by the order that is asked for. Of several calls at once, those that lose a race take one of the next.

    Attributes:
        sort: the order, such as `-priority,due`; None means as the saved filter says, else by id.
        holder: who will work on it; None stands for the actor.
        lease: for how long, a second to a day, unless it is renewed.
    """

    sort: str | None = None
    holder: str | None = None
    lease: str | Duration | timedelta = DEFAULT_LEASE


class NothingToClaim(Exception):
    """No task matches that is open, not blocked and not claimed. Callers are answered None."""


async def claim_next(command: ClaimNext, uow: UnitOfWork) -> Task:
    """Carry out `command`. What it depends on is guarded, so it is not blocked when the claim begins either.

    Raises:
        NothingToClaim: if there is none.
        InvalidFilter: if the filter cannot be understood; it says at which column.
        InvalidValue: for a value that is wrong.
        FilterNotFound: if there is no saved filter of this name.
        ConcurrentUpdate: if others were faster: another attempt looks at more tasks.
    """
    claim = new_claim(command.holder, command.lease, uow)
    taken = uow.services.being_claimed
    lost = uow.retry_memory.attempts > 1
    query = await _question(command, uow, limit=CANDIDATES if lost else min(1 + len(taken), CANDIDATES))
    found = await uow.store.find_tasks(uow.workspace, query)
    if not found:
        raise NothingToClaim
    # What other calls of this process are about to take is left to them, if there is anything else. Other processes
    # cannot be seen: who lost a race to them and now took the first of the rest would race again with all who lost it.
    free = [view for view in found if (uow.workspace, view.id) not in taken] or found
    chosen = random.choice(free) if lost else free[0]  # noqa: S311  # to spread, not to hide
    place = uow.workspace, chosen.id
    if place not in taken:
        taken.add(place)
        uow.when_over(partial(taken.discard, place))
    task = await uow.tasks.find(chosen.id)
    if task is None or task.revision != chosen.revision:
        raise ConcurrentUpdate(chosen.id)  # it may not match any more
    if await uow.tasks.is_blocked(task):
        raise ConcurrentUpdate(chosen.id)
    for needed in task.depends_on:
        if (one := await uow.tasks.find(needed)) is not None:
            uow.tasks.guard(one)
    return give(claim, task, uow)


async def _question(command: ClaimNext, uow: UnitOfWork, *, limit: int) -> TaskQuery:
    terms = await resolve_criteria(command, uow.records, uow.services.filters)
    sort = terms.sort if command.sort is None else command.sort
    order = BY_ID if sort is None else order_from(sort)
    here = terms.here(uow.now)
    wanted = await terms.filter_in_turn(uow.services.filters, uow.now)
    scale = UrgencyScale.seen_from(here, uow.services.urgency_weights) if names_urgency(order) else None
    return TaskQuery(
        filter=And((*_free(here), *((wanted,) if wanted else ()))), order=order, limit=limit, urgency=scale
    )


def _free(here: Viewpoint) -> tuple[Filter, ...]:
    """Return what must hold of a task that can be claimed."""
    now = Span.at_instant(here.now, _TICK, here.zone)
    return Flag(Field.IS_OPEN), Not(Compare(Field.CLAIMED_UNTIL, Operator.GREATER, now)), Not(Flag(Field.BLOCKED))
