"""The audit: what happened to access, kept in the store for the owners of a workspace, the latest first."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from secrets import token_hex
from typing import Final

from taskharbor.application.access.directory import key_in, list_in, require_after
from taskharbor.application.documents.json_encoding import json_text
from taskharbor.application.pagination import require_limit
from taskharbor.application.ports.audit import AuditDetails, AuditEvent
from taskharbor.application.ports.record_store import Record, RecordStore
from taskharbor.application.principal import Principal
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import WorkspaceId
from taskharbor.domain.values.instant import instant_as_json, instant_of

AUDIT: Final = "audit"
"""The kind of the records."""

DEFAULT_EVENTS: Final = 100

_DIGITS: Final = 16
_MOST_MICROSECONDS: Final = 10**_DIGITS
"""More than have gone by since 1970 until the year 2286."""


@frozen(kw_only=True)
class AuditEntry:
    """An event that is kept.

    Attributes:
        key: its place in the order; the latest comes first.
        at: when; aware, in UTC.
        event: what.
        kind: what sort of principal it was, such as `token`.
        principal: which one of its kind.
        details: what it was about.
    """

    key: str
    at: datetime
    event: str
    kind: str
    principal: str
    details: AuditDetails


@frozen(kw_only=True)
class ListAudit:
    """Ask for up to `limit` entries, the latest first: those after `after`, the `key` of an entry.

    Raises:
        InvalidValue: if the limit is out of its range.
    """

    limit: int = DEFAULT_EVENTS
    after: str = ""

    def __post_init__(self) -> None:
        require_limit(self.limit)
        require_after(self.after)


@dataclass(slots=True, kw_only=True)
class AuditPage:
    """Some entries.

    Attributes:
        items: the entries, the latest first.
        next_after: pass it as `after` for the next page; None on the last page.
    """

    items: list[AuditEntry]
    next_after: str | None


def audit_record(event: AuditEvent, workspace: WorkspaceId, *, retention: timedelta) -> Record:
    """Return the record that keeps an event for the owners of a workspace."""
    microseconds = int(event.at.timestamp() * 1_000_000)
    key = key_in(workspace, f"{_MOST_MICROSECONDS - microseconds:0{_DIGITS}}{token_hex(4)}")
    who = event.principal
    document = json_text(
        {
            "at": instant_as_json(event.at),
            "event": event.event,
            "kind": "" if who is None else who.kind.value,
            "principal": "" if who is None else who.id,
            "details": dict(event.details),
        }
    )
    return Record(kind=AUDIT, key=key, document=document, expires=event.at + retention)


async def audited(
    uow: UnitOfWork,
    *,
    workspace: WorkspaceId | None = None,
    principal: Principal | None = None,
    **details: str | int | None,
) -> None:
    """Have it written, in the same commit, that somebody did what the unit of work carries out.

    It is the caller, and its workspace, unless others are given.
    """
    event = AuditEvent(at=uow.now, event=uow.command, principal=principal or uow.principal, details=details)
    where = uow.principal.workspace if workspace is None else workspace
    record = audit_record(event, where, retention=uow.services.audit_retention)
    await uow.records.put(record.kind, record.key, record.document, expires=record.expires)
    uow.after_commit.append(partial(uow.services.audit.tell, event))


async def list_audit(query: ListAudit, store: RecordStore, workspace: WorkspaceId) -> AuditPage:
    """Answer `query`."""
    found = await list_in(store, workspace, AUDIT, after=query.after, limit=query.limit + 1)
    items = _entries(found[: query.limit], workspace)
    return AuditPage(items=items, next_after=items[-1].key if len(found) > query.limit else None)


def _entries(records: Sequence[Record], workspace: WorkspaceId) -> list[AuditEntry]:
    entries: list[AuditEntry] = []
    for record in records:
        said = json.loads(record.document or "{}")
        at = instant_of(said.pop("at"))
        entries.append(AuditEntry(key=record.key[len(key_in(workspace, "")) :], at=at, **said))
    return entries
