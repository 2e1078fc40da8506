"""A task that is claimed for an `async with` block."""

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Final

from taskharbor.application.claims.claim_next import ClaimNext
from taskharbor.application.claims.claim_task import ReleaseClaim, RenewClaim
from taskharbor.application.claims.waiting import LONGEST_WAIT
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.errors import ConcurrentUpdate, StoreNotReady, StoreUnavailable
from taskharbor.application.principal import CallContext, principal_of
from taskharbor.application.progress.change_progress import CompleteTask
from taskharbor.domain.errors import ClaimEnded, TaskharborError, TaskNotFound
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.domain.tasks.claim import lease_from
from taskharbor.entrypoints.embedded.use_cases import CalledUseCases

_RENEWALS_IN_A_LEASE: Final = 3
_TRY_AGAIN: Final = 0.5
"""Seconds until a renewal that the store did not answer is tried again."""


class HeldTask:
    """Claims a task when it is entered, renews the claim, and completes or releases the task when it is left."""

    def __init__(
        self, use_cases: CalledUseCases, command: ClaimNext, context: CallContext, *, wait: float | None
    ) -> None:
        self._use_cases = use_cases
        self._command = command
        self._context = context
        self._wait = wait
        self._id: TaskId = 0
        self._fence: Revision = 0
        self._renewing: asyncio.Task[None] | None = None
        self._block: asyncio.Task[object] | None = None
        self._cancellations = 0
        self._is_lost = False

    async def __aenter__(self) -> TaskView:
        """Wait for a task, and claim it."""
        lease = lease_from(self._command.lease).total_seconds()
        self._block = asyncio.current_task()
        self._cancellations = 0 if self._block is None else self._block.cancelling()
        task = await self._claimed()
        if task.claim is None or task.claim.fence is None:
            raise AssertionError("a task that was claimed has a claim")
        self._id, self._fence = task.id, task.claim.fence
        self._renewing = asyncio.create_task(self._renew(lease))
        return task

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Complete the task, or release it after an exception."""
        cancelled = await self._stop_renewing()
        if self._is_lost and self._block is not None:
            if self._block.uncancel() <= self._cancellations:
                cancelled = None  # it was our own
                if exc is None or isinstance(exc, asyncio.CancelledError):
                    raise ClaimEnded(self._id, fence=self._fence) from exc
        elif exc is not None or cancelled is not None:
            await self._release()
        else:
            await self._complete()
        if cancelled is not None:
            raise cancelled

    async def _stop_renewing(self) -> asyncio.CancelledError | None:
        """Wait until no renewal is on its way; return the cancellation if the block is cancelled meanwhile."""
        if self._renewing is not None:
            self._renewing.cancel()
            try:
                await asyncio.wait({self._renewing})  # not the task itself: its cancellation is not that of the block
            except asyncio.CancelledError as cancelled:
                return cancelled
        return None

    async def _complete(self) -> None:
        try:
            await self._use_cases.execute(CompleteTask(id=self._id, fence=self._fence), **self._context)
        except ClaimEnded:
            if not await self._is_closed():
                raise
        except (StoreNotReady, StoreUnavailable):
            raise
        except (TaskharborError, asyncio.CancelledError):
            await self._release()
            raise

    async def _claimed(self) -> TaskView:
        loop = asyncio.get_running_loop()
        end = None if self._wait is None else loop.time() + self._wait
        while True:
            left = LONGEST_WAIT if end is None else min(max(end - loop.time(), 0), LONGEST_WAIT)
            task = await self._use_cases.claim_next(self._command, wait=left, **self._context)
            if task is not None:
                return task
            if end is not None and loop.time() >= end:
                raise TimeoutError("there is no task to claim")

    async def _renew(self, lease: float) -> None:
        """Renew the claim until it is lost, or the task is closed by the block."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + lease
        pause = lease / _RENEWALS_IN_A_LEASE
        while True:
            await asyncio.sleep(min(pause, max(ends - loop.time(), 0)))
            asked = loop.time()
            if asked >= ends:
                break
            try:
                await self._renew_until(ends)
            except TimeoutError:
                break
            except (ConcurrentUpdate, StoreNotReady, StoreUnavailable):
                pause = min(_TRY_AGAIN, lease / _RENEWALS_IN_A_LEASE)
            except TaskharborError:
                if await self._is_closed():
                    return
                break
            else:
                ends, pause = asked + lease, lease / _RENEWALS_IN_A_LEASE
        self._is_lost = True
        if self._block is not None:
            self._block.cancel()

    async def _renew_until(self, end: float) -> None:
        """Renew the claim once.

        Raises:
            TimeoutError: if it is not answered by then. It is not cut off: a commit that was sent goes on in any case.
        """
        command = RenewClaim(id=self._id, fence=self._fence, lease=self._command.lease)
        renewal = asyncio.ensure_future(self._use_cases.execute(command, **self._context))
        renewal.add_done_callback(_looked_at)
        try:
            await asyncio.wait({renewal}, timeout=max(end - asyncio.get_running_loop().time(), 0))
        except asyncio.CancelledError:
            renewal.cancel()
            await asyncio.wait({renewal})
            raise
        if not renewal.done():
            raise TimeoutError
        renewal.result()

    async def _is_closed(self) -> bool:
        """Return whether the work has been ended: by the block itself, or else too late to do anything about it."""
        try:
            found = await self._use_cases.get_task(self._id, workspace=principal_of(self._context).workspace)
        except TaskNotFound:
            return False
        except (StoreNotReady, StoreUnavailable):
            return False
        return not found.progress.is_open

    async def _release(self) -> None:
        """Let others have the task. If that fails, the lease ends by itself."""
        with suppress(TaskharborError):
            await self._use_cases.execute(ReleaseClaim(id=self._id, fence=self._fence), **self._context)


def _looked_at(renewal: asyncio.Future[TaskView]) -> None:
    """Have nobody told of an error that comes too late to matter."""
    if not renewal.cancelled():
        renewal.exception()
