"""Claim one task, hold on to it, and let it go."""

from datetime import timedelta
from typing import Final

from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.access.permission import Permission
from taskharbor.domain.errors import ClaimEnded, InvalidValue, TaskClaimed, TaskClosed
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.domain.tasks.claim import Claim, holder_from, lease_from
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.unset import UNSET, Unset
from taskharbor.domain.values.duration import Duration

DEFAULT_LEASE: Final = "PT5M"


@frozen(kw_only=True)
class ClaimTask:
    """Claim an open task for a while.

    While the claim holds, others cannot change the progress of the task.

    Attributes:
        id: the task.
        if_match: the revision that it must have, or None.
        holder: who will work on it; None stands for the actor.
        lease: for how long, a second to a day, unless it is renewed.
    """

    id: TaskId
    if_match: Revision | None = None
    holder: str | None = None
    lease: str | Duration | timedelta = DEFAULT_LEASE


@frozen(kw_only=True)
class RenewClaim:
    """Let a claim end later: `lease` from now. Its fence stays.

    Attributes:
        id: the task.
        if_match: the revision that it must have, or None.
        fence: that of the claim; without it the actor must be the holder.
        lease: for how long from now, a second to a day.
    """

    id: TaskId
    if_match: Revision | None = None
    fence: Revision | Unset = UNSET
    lease: str | Duration | timedelta = DEFAULT_LEASE


@frozen(kw_only=True)
class ReleaseClaim:
    """End a claim. A task without one stays as it is, unless a fence is given.

    Attributes:
        id: the task.
        if_match: the revision that it must have, or None.
        fence: that of the claim; without it the actor must be the holder.
        force: whether to end it whoever holds it: the owner of the tasks may.
    """

    id: TaskId
    if_match: Revision | None = None
    fence: Revision | Unset = UNSET
    force: bool = False


async def claim_task(command: ClaimTask, uow: UnitOfWork) -> Task:
    """Carry out `command`.

    Raises:
        TaskNotFound: if there is no such live task.
        PreconditionFailed: if `if_match` is not its revision.
        InvalidValue: for `holder` or `lease`.
        TaskClosed: if it is completed or cancelled.
        TaskClaimed: if a claim holds on it.
    """
    claim = new_claim(command.holder, command.lease, uow)
    task = await uow.tasks.get(command.id, if_match=command.if_match)
    if not task.is_open:
        raise TaskClosed(task.id)
    held = task.claim_at(uow.now)
    if held is not None:
        raise TaskClaimed(task.id, holder=held.holder, until=held.until)
    return give(claim, task, uow)


def new_claim(holder: str | None, lease: str | Duration | timedelta, uow: UnitOfWork) -> Claim:
    """Return a claim that begins now.

    Raises:
        InvalidValue: for `holder` or `lease`.
    """
    name = uow.actor if holder is None else holder_from(holder)
    if name is None:
        raise InvalidValue("holder", "is required unless the actor is known")
    return Claim(name, uow.now + lease_from(lease))


def give(claim: Claim, task: Task, uow: UnitOfWork) -> Task:
    """Have a claim written on a task on which none holds."""
    uow.claims.made(task.id)
    return uow.tasks.save(task.claimed(claim))


async def renew_claim(command: RenewClaim, uow: UnitOfWork) -> Task:
    """Carry out `command`.

    Raises:
        TaskNotFound: if there is no such live task.
        PreconditionFailed: if `if_match` is not its revision.
        InvalidValue: for `lease`.
        ClaimEnded: if no claim holds, or one with another fence.
        TaskClaimed: if another one holds it.
    """
    lease = lease_from(command.lease)
    task = await uow.tasks.get(command.id, if_match=command.if_match)
    claim = uow.claims.own_claim(task)
    if claim is None:
        raise ClaimEnded(task.id, fence=None)
    return uow.tasks.save(task.claimed(Claim(claim.holder, uow.now + lease, claim.fence)))


async def release_claim(command: ReleaseClaim, uow: UnitOfWork) -> Task:
    """Carry out `command`.

    Raises:
        TaskNotFound: if there is no such live task.
        PreconditionFailed: if `if_match` is not its revision.
        ClaimEnded: if a fence is given, and no claim with it holds.
        TaskClaimed: if another one holds it, and `force` is not set.
        PermissionDenied: if it is set, and the caller is no owner.
    """
    task = await uow.tasks.get(command.id, if_match=command.if_match)
    if command.force:
        uow.principal.require(Permission.MANAGE)
    else:
        uow.claims.own_claim(task)
    return uow.tasks.save(task.claimed(None))
