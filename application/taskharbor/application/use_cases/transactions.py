"""How each piece of business gets a unit of work of its own, and another one if it lost a race."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final, NoReturn, TypeVar

from taskharbor.application.calls import idempotency_key_from
from taskharbor.application.errors import ConcurrentUpdate, IdempotencyKeyInFlight, StoreUnavailable, UidTaken
from taskharbor.application.idempotency.keyed_unit_of_work import KeyedUnitOfWork
from taskharbor.application.idempotency.recorded_calls import KeyedCall, RecordedCalls
from taskharbor.application.ports.clock import Clock
from taskharbor.application.ports.storage import Storage
from taskharbor.application.principal import CallContext, principal_of
from taskharbor.application.services import Services
from taskharbor.application.unit_of_work.commit_signals import CommitSignals
from taskharbor.application.unit_of_work.retry_memory import RetryMemory
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.identifiers import ListId, WorkspaceId

MAX_ATTEMPTS: Final = 16
"""How often a use case is run before its `ConcurrentUpdate` reaches the caller."""

_LONGEST_PAUSE: Final = 0.064
"""Seconds."""

R = TypeVar("R")


def _always(_answer: object) -> bool:
    return True


class Transactions:
    """Runs work in a unit of work, and again if another call committed first; with a key never twice to its end."""

    def __init__(
        self,
        storage: Storage,
        *,
        clock: Clock,
        services: Services,
        idempotency_retention: timedelta,
        signals: CommitSignals,
        lists: frozenset[ListId] | None = None,
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._services = services
        self._calls = RecordedCalls(storage, retention=idempotency_retention)
        self._signals = signals
        self._lists = lists

    async def run(
        self,
        work: Callable[[Any], Awaitable[R]],
        context: CallContext,
        *,
        unit: type[UnitOfWork] = UnitOfWork,
        workspace: WorkspaceId | None = None,
    ) -> R:
        """Return what `work` returns, which is given a new unit of work of this kind each time, and commits.

        It is one in the workspace of the principal, unless another is given.

        Raises:
            ConcurrentUpdate: if it lost 16 races in a row.
            UidTaken: if a new task has the uid of another one.
            InvalidValue: for `actor`.
            Unauthenticated, WorkspaceNotFound, PermissionDenied: if the caller is none any more.
            ValueError: if the principal is narrowed to other lists than the store is.
        """
        principal = context.get("principal") or principal_of(context)
        if workspace is None and principal.lists != self._lists:
            raise ValueError("a principal who is narrowed to lists needs `UseCases.narrowed_to` these")
        still_allowed = context.get("still_allowed")
        retry_memory: RetryMemory | None = None
        lost = 0
        while True:
            if still_allowed is not None:
                principal = await still_allowed()
            uow = unit(
                self._storage,
                workspace=principal.workspace if workspace is None else workspace,
                now=self._clock.now(),
                principal=principal,
                signals=self._signals,
                retry_memory=retry_memory,
                services=self._services,
            )
            try:
                async with uow:
                    return await work(uow)
            except (ConcurrentUpdate, UidTaken) as refusal:
                retry_memory = uow.retry_memory
                self._services.reminders.zones.pop(uow.workspace, None)
                lost += 1
                cause = refusal.code
                is_retryable = not isinstance(refusal, UidTaken) or retry_memory.record_conflict(refusal.uid)
                if lost == MAX_ATTEMPTS or not is_retryable:
                    raise
            except StoreUnavailable:
                # It may come back as it was before, where another record of a time zone may have the same revision.
                self._services.reminders.zones.clear()
                raise
            self._signals.retries[cause] += 1
            # Losers of one race who come back at the same moment would only race again.
            await asyncio.sleep(random.uniform(0, min(_LONGEST_PAUSE, 0.001 * 2**lost)))  # noqa: S311

    async def run_once(
        self,
        work: Callable[[UnitOfWork], Awaitable[R]],
        request: object,
        context: CallContext,
        *,
        is_last: Callable[[R], bool] = _always,
    ) -> R:
        """Do as `run` does, but with an idempotency key never twice to its end.

        With a key `work` commits at most once, and what it returns is JSON, data classes, views and errors of ours, so
        that it can be kept with the key. `is_last` says of a `request` that takes several commits whether that was
        the last one, whose answer is kept; each must be harmless to repeat.

        Raises:
            ConcurrentUpdate, UidTaken: as `run` does.
            InvalidValue: for `actor` or `idempotency_key`.
            IdempotencyKeyReused: if another request came with this key.
            IdempotencyKeyInFlight: if this process is carrying out a call with this key.
        """
        key = context.get("idempotency_key")
        if key is None:
            return await self.run(work, context)
        call = _call(key, request, context)
        with self._calls.entered(call):
            return await self._run_recorded(call, work, context, is_last)

    async def run_long(
        self, work: Callable[[], Awaitable[R]], request: Callable[[], Awaitable[object]], context: CallContext
    ) -> R:
        """Return what `work` returns, which takes many commits of its own and is harmless to repeat.

        With an idempotency key the answer is kept in one more commit. If that is not reached, a repetition carries out
        the work again. `request` is awaited last, and returns all that was asked for, what came in pieces too.

        Raises:
            InvalidValue, IdempotencyKeyReused, IdempotencyKeyInFlight: as `run_once` does.
        """
        key = context.get("idempotency_key")
        if key is None:
            return await work()
        call = _call(key, None, context)
        with self._calls.entered(call):
            if await self._calls.is_answered(call, now=self._clock.now()):
                return await self._run_recorded(_call(key, await request(), context), _come_again, context, _always)
            answer = await work()

            async def keep(uow: UnitOfWork) -> R:
                await uow.commit()
                return answer

            return await self._run_recorded(_call(key, await request(), context), keep, context, _always)

    async def _run_recorded(
        self,
        call: KeyedCall,
        work: Callable[[UnitOfWork], Awaitable[R]],
        context: CallContext,
        is_last: Callable[[R], bool],
    ) -> R:
        async def record(uow: KeyedUnitOfWork) -> R:
            return await self._calls.carry_out(call, work, uow, is_last=is_last)

        return await self.run(record, context, unit=KeyedUnitOfWork)


def _call(key: str, request: object, context: CallContext) -> KeyedCall:
    principal = principal_of(context)
    return KeyedCall(
        workspace=principal.workspace,
        key=idempotency_key_from(key),
        request=request,
        caller=principal.key,
        condition=context.get("condition"),
    )


async def _come_again(_uow: UnitOfWork) -> NoReturn:
    raise IdempotencyKeyInFlight  # the answer has expired at this very moment
