"""Carry out each call once, and answer it again when it is repeated."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, TypeGuard, TypeVar, cast

from taskharbor.application.calls import IdempotencyKey
from taskharbor.application.documents.json_encoding import json_text
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.errors import (
    ConcurrentUpdate,
    IdempotencyKeyInFlight,
    IdempotencyKeyReused,
    StoreNotReady,
    StoreUnavailable,
)
from taskharbor.application.idempotency.fingerprint import fingerprint_of
from taskharbor.application.idempotency.keyed_unit_of_work import KeyedUnitOfWork
from taskharbor.application.idempotency.long_answers import json_text_in_turns, json_value_of
from taskharbor.application.idempotency.result_codec import answer_as_json, answer_from
from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.application.ports.storage import Storage
from taskharbor.application.turns import FEW
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.errors import TaskharborError
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import WorkspaceId

KIND: Final = "idempotency"
"""The kind of the records that hold the answers, each under the key of its call."""

DEFAULT_RETENTION: Final = timedelta(hours=24)

R = TypeVar("R")


@frozen(kw_only=True)
class KeyedCall:
    """A call that has a name.

    Attributes:
        key: its name, unique within the workspace for as long as answers are kept.
        request: what is asked for: the command, and what else it came with.
        caller: who asks; None if nobody is named.
        condition: on what, in the caller's words; None if the request says it.
    """

    workspace: WorkspaceId
    key: IdempotencyKey
    request: object
    caller: str | None
    condition: str | None = None

    @property
    def found_by(self) -> RecordKey:
        """The key of the record that holds its answer."""
        return RecordKey(KIND, self.key)

    @property
    def fingerprint(self) -> str | None:
        """What distinguishes it from other calls with this key."""
        if self.condition is None:
            return fingerprint_of(self.request, self.caller)
        # The revision that met the condition the first time may not be the one of the next.
        request: Any = self.request
        unconditional = replace(request, if_match=None) if hasattr(request, "if_match") else request
        return fingerprint_of(unconditional, f"{self.caller or ''}\n{self.condition}")


class RecordedCalls:
    """Keeps the answer of each call that was carried out, in the commit of its work.

    A call that was refused is not kept: nothing was changed, so it can be made again, and may succeed.
    """

    def __init__(self, storage: Storage, *, retention: timedelta) -> None:
        self._storage = storage
        self._retention = retention
        self._in_flight: set[tuple[WorkspaceId, IdempotencyKey]] = set()

    @contextmanager
    def entered(self, call: KeyedCall) -> Iterator[None]:
        """Have the call to oneself, as far as this process goes.

        Raises:
            IdempotencyKeyInFlight: if another call has.
        """
        name = (call.workspace, call.key)
        if name in self._in_flight:
            raise IdempotencyKeyInFlight
        self._in_flight.add(name)
        try:
            yield
        finally:
            self._in_flight.discard(name)

    async def is_answered(self, call: KeyedCall, *, now: datetime) -> bool:
        """Return whether an answer is kept under the key of `call`, whatever the request was."""
        found = await self._storage.load_records(call.workspace, [call.found_by])
        return _is_kept(found.get(call.found_by), now)

    async def carry_out(
        self,
        call: KeyedCall,
        work: Callable[[UnitOfWork], Awaitable[R]],
        uow: KeyedUnitOfWork,
        *,
        is_last: Callable[[R], bool],
    ) -> R:
        """Return the answer of `call`: that of `work`, or the one that it was given already.

        Raises:
            ConcurrentUpdate: if another call committed first, perhaps a repetition of this one. It can be retried.
            IdempotencyKeyReused: if another call had this key.
        """
        record = await uow.records.find(*call.found_by)
        if _is_kept(record, uow.now):
            return cast("R", await _answer_of(record, call))
        try:
            return await self._first(call, work, uow, is_last)
        except (ConcurrentUpdate, StoreUnavailable, StoreNotReady):
            raise  # not a word on this call
        except TaskharborError:
            # It may be refused because another process has carried it out since: its task is deleted, its uid taken.
            found = await self._storage.load_records(call.workspace, [call.found_by])
            record = found.get(call.found_by)
            if not _is_kept(record, uow.now):
                raise
            return cast("R", await _answer_of(record, call))

    async def _first(
        self,
        call: KeyedCall,
        work: Callable[[UnitOfWork], Awaitable[R]],
        uow: KeyedUnitOfWork,
        is_last: Callable[[R], bool],
    ) -> R:
        answer = await work(uow)
        if not uow.is_committed:
            return answer
        if not is_last(answer):
            await uow.write_all()
            return answer
        data = answer_as_json(answer)
        fingerprint = await _fingerprint_of(call)
        if fingerprint is None:
            raise TypeError("a request must have a fingerprint")
        kept = {"request": fingerprint, "answer": data}
        document = json_text(kept) if isinstance(answer, TaskView) else await json_text_in_turns(kept)
        await uow.records.put(*call.found_by, document, expires=uow.now + self._retention)
        return cast("R", answer_from(data, await uow.write_all()))


def _is_kept(record: Record | None, now: datetime) -> TypeGuard[Record]:
    return record is not None and record.document is not None and (record.expires is None or now < record.expires)


async def _answer_of(record: Record, call: KeyedCall) -> Any:  # noqa: ANN401  # as various as the use cases
    kept = await json_value_of(record.document or "{}")
    if kept["request"] != await _fingerprint_of(call):
        raise IdempotencyKeyReused
    return answer_from(kept["answer"], record.revision)


async def _fingerprint_of(call: KeyedCall) -> str | None:
    """Return the fingerprint of a call; that of a batch of 15 MB takes 60 ms."""
    if len(getattr(call.request, "commands", ())) <= FEW:
        return call.fingerprint
    return await asyncio.to_thread(lambda: call.fingerprint)
