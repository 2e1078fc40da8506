"""Which trace each commit belongs to, kept in the store: another process may deliver it, much later."""

import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from opentelemetry.trace import Link, SpanContext, TraceFlags

from taskharbor.application.ports.record_store import Record, RecordStore
from taskharbor.domain.identifiers import Revision, WorkspaceId

KIND: Final = "trace"
"""The kind of these records."""

KEPT: Final = timedelta(days=1)
"""For how long; a delivery that takes longer has no links."""

_END_OF_TIME: Final = 2**64
_PAGE: Final = 100
_MOST_PAGES: Final = 10


def trace_record(commit: SpanContext) -> Record:
    """Return what is written with a commit. The latest key comes first."""
    newest_first = f"{_END_OF_TIME - time.time_ns():016x}"
    return Record(
        kind=KIND,
        key=f"{newest_first} {commit.span_id:016x}",
        document=json.dumps([f"{commit.trace_id:032x}", f"{commit.span_id:016x}"]),
        expires=datetime.now(UTC) + KEPT,
    )


async def links_to_commits(
    store: RecordStore, workspace: WorkspaceId, *, after: Revision, until: Revision
) -> Sequence[Link]:
    """Return links to the spans of the commits after one revision until another, as far as they are known.

    Raises:
        StoreUnavailable: if the store cannot be asked.
    """
    links: list[Link] = []
    key = ""
    for _ in range(_MOST_PAGES):
        page = await store.list_records(workspace, KIND, after=key, limit=_PAGE)
        links += [_link_to(record) for record in page if after < record.revision <= until]
        if len(page) < _PAGE or page[-1].revision <= after:
            break
        key = page[-1].key
    return links


def _link_to(record: Record) -> Link:
    trace_id, span_id = (int(number, 16) for number in json.loads(record.document or ""))
    commit = SpanContext(trace_id, span_id, is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED))
    return Link(commit, {"taskharbor.revision": record.revision})
