"""What is written to the directory beside the calls, some seconds later: refusals, and the use of tokens."""

import asyncio
import logging
from collections import Counter
from datetime import datetime, timedelta
from typing import Final

from taskharbor.application.access.audit import audit_record
from taskharbor.application.access.directory import key_in
from taskharbor.application.documents.json_encoding import json_text
from taskharbor.application.errors import ConcurrentUpdate, StoreNotReady, StoreUnavailable
from taskharbor.application.ports.audit import AuditEvent, AuditSink
from taskharbor.application.ports.clock import Clock
from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.principal import Principal
from taskharbor.domain.identifiers import SERVICE_WORKSPACE
from taskharbor.domain.values.instant import instant_as_json

USED: Final = "token-used"
"""The kind of the records that say when a token was last used, to the hour."""

DELAY: Final = 5.0
"""Seconds for which it is gathered."""

MAX_GATHERED: Final = 1_000
"""How many different refusals are gathered; of more, only the number is noted."""

_HOUR: Final = timedelta(hours=1)
_LOG: Final = logging.getLogger("taskharbor.access")


class Trail:
    """Gathers and writes. What is alike is written once, with how often it was: a caller cannot fill the store."""

    def __init__(
        self, store: Storage, *, clock: Clock, sink: AuditSink, retention: timedelta, delay: float = DELAY
    ) -> None:
        self._store = store
        self._clock = clock
        self._sink = sink
        self._retention = retention
        self._delay = delay
        self._refusals: dict[tuple[str, str], tuple[AuditEvent, int]] = {}
        self._dropped: Counter[str] = Counter()
        self._noted_until: dict[str, datetime] = {}
        self._used: dict[RecordKey, datetime] = {}
        self._writing: asyncio.Task[None] | None = None

    def used(self, principal: Principal, now: datetime) -> None:
        """Note that a token was used, once an hour."""
        noted_until = self._noted_until.get(principal.id)
        if noted_until is not None and now < noted_until:
            return
        if len(self._noted_until) >= MAX_GATHERED * 10:
            self._noted_until.clear()
        hour = now.replace(minute=0, second=0, microsecond=0)
        self._noted_until[principal.id] = hour + _HOUR
        self._used[RecordKey(USED, key_in(principal.workspace, principal.id))] = hour
        self._write_soon()

    def refused(self, principal: Principal, operation: str, *, needed: str) -> None:
        """Note that a caller may not do something."""
        about = (f"{principal.workspace} {principal.qualified_id}", operation)
        known = self._refusals.get(about)
        if known is not None:
            self._refusals[about] = (known[0], known[1] + 1)
            return
        event = AuditEvent(
            at=self._clock.now(),
            event="refused",
            principal=principal,
            details={"operation": operation, "needed": needed},
        )
        self._sink.tell(event)
        if len(self._refusals) < MAX_GATHERED:
            self._refusals[about] = (event, 1)
            self._write_soon()

    def stranger(self, operation: str) -> None:
        """Note that somebody unknown was refused. That belongs to no workspace, so the log alone says so."""
        if not self._dropped:
            self._sink.tell(
                AuditEvent(
                    at=self._clock.now(), event="unauthenticated", principal=None, details={"operation": operation}
                )
            )
            self._write_soon()
        self._dropped[operation] += 1

    async def aclose(self) -> None:
        """Write what is left, at once."""
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.wait({self._writing})
            self._writing = None
        await self._write()

    def _write_soon(self) -> None:
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_later())

    async def _write_later(self) -> None:
        await asyncio.sleep(self._delay)
        await asyncio.shield(self._write())

    async def _write(self) -> None:
        refusals, used, strangers = self._refusals, self._used, self._dropped.total()
        self._refusals, self._used, self._dropped = {}, {}, Counter()
        if strangers > 1:
            at = self._clock.now()
            self._sink.tell(
                AuditEvent(at=at, event="unauthenticated", principal=None, details={"times": strangers - 1})
            )
        try:
            records = [self._kept(event, times) for event, times in refusals.values()]
            records += await self._uses(used)
            if records:
                await self._store.commit(Changeset(workspace=SERVICE_WORKSPACE, records=tuple(records)))
        except ConcurrentUpdate:
            pass  # another process has noted the same hour
        except (StoreUnavailable, StoreNotReady) as error:
            _LOG.warning("%s refusals and %s uses of tokens were not kept: %s", len(refusals), len(used), error)

    def _kept(self, event: AuditEvent, times: int) -> Record:
        principal = event.principal
        workspace = "" if principal is None else principal.workspace
        counted = AuditEvent(
            at=event.at, event=event.event, principal=principal, details={**event.details, "times": times}
        )
        return audit_record(counted, workspace, retention=self._retention)

    async def _uses(self, used: dict[RecordKey, datetime]) -> list[Record]:
        if not used:
            return []
        kept = await self._store.load_records(SERVICE_WORKSPACE, list(used))
        records: list[Record] = []
        for key, at in used.items():
            record = kept.get(key) or Record(kind=key.kind, key=key.key, document=None)
            document = json_text({"at": instant_as_json(at)})
            if record.document != document:
                records.append(Record(kind=key.kind, key=key.key, document=document, revision=record.revision))
        return records
