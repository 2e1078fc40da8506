"""The use cases on claims as plain calls on one workspace."""

from datetime import timedelta

from taskharbor.application.claims.claim_next import ClaimNext
from taskharbor.application.claims.claim_task import DEFAULT_LEASE, ClaimTask, ReleaseClaim, RenewClaim
from taskharbor.application.documents.task_view import TaskView
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.domain.values.duration import Duration
from taskharbor.entrypoints.embedded.held_task import HeldTask
from taskharbor.entrypoints.embedded.scope import HarborScope, fence_from
from taskharbor.entrypoints.embedded.search import FilterInput


class ClaimCalls(HarborScope):
    """Claims: tasks that one holder works on alone until a lease ends.

    `holder` is who works on the task, by default the actor of the harbor. `lease` is from a second to a day. While a
    claim holds, others cannot change the progress of the task: they are refused with `TaskClaimed`. `fence`, the
    revision of a claim, is taken by all calls that change a task; if that claim has ended, they are refused with
    `ClaimEnded`.
    """

    def claim(
        self,
        filter: FilterInput | None = None,
        *,
        q: str | None = None,
        saved: str | None = None,
        time_zone: str | None = None,
        sort: str | None = None,
        lease: str | Duration | timedelta = DEFAULT_LEASE,
        holder: str | None = None,
        wait: float | None = None,
    ) -> HeldTask:
        """Claim the first task that matches, for an `async with` block.

            async with harbor.claim("tags:bots", holder="bot-1") as task:
                ...

        In the block the claim is renewed. At its end the task is completed; if it raises, the task is released. If the
        claim is lost meanwhile, the block is cancelled, and `ClaimEnded` raised in its place. A block may complete or
        cancel its task itself, with `fence=task.claim.fence`.

        Args:
            filter: which tasks; see `find_tasks` for this and the next four.
            q: words that they have.
            saved: a saved filter that must match, too.
            time_zone: where days begin and end.
            sort: in which order, such as `-priority,due`.
            lease: for how long without a sign of life; it is renewed after a third of that.
            holder: who works on it.
            wait: how many seconds to wait for a task; None waits until there is one.

        Raises:
            TimeoutError: when the block is entered, if there was no task for `wait` seconds.
            InvalidValue: the same, if one of the arguments is wrong; for a filter `InvalidFilter`.
            FilterNotFound: the same, if there is no saved filter of this name.
            ClaimEnded: when the block is left, if the claim was lost.
            OpenSubtasks, SeriesWouldEnd, OpenDependencies, TooManySubtasks, MissingDependency: the same, as
                `complete_task`. The task is released then.
        """
        command = ClaimNext(filter=filter, q=q, saved=saved, time_zone=time_zone, sort=sort, lease=lease, holder=holder)
        return HeldTask(self._use_cases, command, self._context(None), wait=wait)

    async def claim_next_task(
        self,
        filter: FilterInput | None = None,
        *,
        q: str | None = None,
        saved: str | None = None,
        time_zone: str | None = None,
        sort: str | None = None,
        lease: str | Duration | timedelta = DEFAULT_LEASE,
        holder: str | None = None,
        wait: float = 0,
        idempotency_key: str | None = None,
    ) -> TaskView | None:
        """Claim the first task that matches, is open, not blocked and not claimed; return None if there is none.

        With `wait`, up to 60 seconds, only after so many seconds without one. See `find_tasks` for the other arguments.

        Raises:
            InvalidValue: for `wait`, `lease` or `holder`.
        """
        command = ClaimNext(filter=filter, q=q, saved=saved, time_zone=time_zone, sort=sort, lease=lease, holder=holder)
        return await self._use_cases.claim_next(command, wait=wait, **self._context(idempotency_key))

    async def claim_task(
        self,
        id: TaskId,
        *,
        lease: str | Duration | timedelta = DEFAULT_LEASE,
        holder: str | None = None,
        if_match: Revision | None = None,
        idempotency_key: str | None = None,
    ) -> TaskView:
        """Claim one open task.

        Raises:
            TaskClaimed: if a claim holds on it.
            TaskClosed: if it is completed or cancelled.
            InvalidValue: for `lease` or `holder`.
        """
        command = ClaimTask(id=id, lease=lease, holder=holder, if_match=if_match)
        return await self._use_cases.execute(command, **self._context(idempotency_key))

    async def renew_claim(
        self,
        id: TaskId,
        *,
        fence: Revision | None = None,
        lease: str | Duration | timedelta = DEFAULT_LEASE,
        if_match: Revision | None = None,
        idempotency_key: str | None = None,
    ) -> TaskView:
        """Let a claim end `lease` from now. Without a `fence` the actor must be the holder.

        Raises:
            ClaimEnded: if it has ended.
            TaskClaimed: if another one holds the task.
        """
        command = RenewClaim(id=id, fence=fence_from(fence), lease=lease, if_match=if_match)
        return await self._use_cases.execute(command, **self._context(idempotency_key))

    async def release_claim(
        self,
        id: TaskId,
        *,
        fence: Revision | None = None,
        force: bool = False,
        if_match: Revision | None = None,
        idempotency_key: str | None = None,
    ) -> TaskView:
        """End a claim: your own, or with `force` whoever holds it. A task without one is returned unchanged.

        Raises:
            ClaimEnded: if a fence is given, and that claim has ended.
            TaskClaimed: if another one holds the task.
        """
        command = ReleaseClaim(id=id, fence=fence_from(fence), force=force, if_match=if_match)
        return await self._use_cases.execute(command, **self._context(idempotency_key))
