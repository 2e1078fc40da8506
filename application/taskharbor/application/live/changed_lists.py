"""The lists that commits have changed, by what the history says of records."""

import json
from collections.abc import Mapping
from typing import Final, Protocol

from taskharbor.application.errors import TokenExpired
from taskharbor.application.lists.list_records import LIST, list_from, list_key
from taskharbor.application.lists.manage_lists import ListLists, list_lists
from taskharbor.application.live.commit_event import ListItem, RemovedList
from taskharbor.application.pagination import MAX_LIMIT
from taskharbor.application.ports.record_store import Record, RecordStore
from taskharbor.application.ports.task_history import OF_RECORDS, HistoryEntry, TaskHistory
from taskharbor.domain.identifiers import ListId, Revision, WorkspaceId

_KIND: Final = f"{LIST} "


class ListStore(RecordStore, TaskHistory, Protocol):
    """The ports that changes of lists are read from."""


async def lists_by_commit(
    store: ListStore, workspace: WorkspaceId, *, after: Revision, upto: Revision
) -> Mapping[Revision, list[ListItem]]:
    """Return the lists that each commit after `after` has changed, as it left them.

    Raises:
        TokenExpired: if the history does not go back that far.
    """
    found: dict[Revision, list[ListItem]] = {}
    before = upto + 1
    while True:
        entries = await store.list_history(workspace, OF_RECORDS, before=before, limit=MAX_LIMIT)
        for entry in entries:
            if entry.revision > after and (lists := _lists_of(entry)):
                found[entry.revision] = lists
        if len(entries) < MAX_LIMIT or entries[-1].revision <= after:
            break
        before = entries[-1].revision
    if (await store.read_history_bounds(workspace)).forgotten_revision > after:
        raise TokenExpired
    return found


async def all_lists(store: RecordStore, workspace: WorkspaceId, *, upto: Revision) -> list[ListItem]:
    """Return every list whose last change is not after `upto`."""
    found: list[ListItem] = []
    after: ListId | None = 0
    while after is not None:
        page = await list_lists(ListLists(limit=MAX_LIMIT, after=after), store, workspace)
        found += [one for one in page.items if one.revision <= upto]
        after = page.next_after
    return found


def _lists_of(entry: HistoryEntry) -> list[ListItem]:
    documents: dict[ListId, str | None] = {
        int(name.removeprefix(_KIND)): after
        for name, (_, after) in json.loads(entry.changes).items()
        if name.startswith(_KIND)
    }
    return [_list_item(list_id, document, entry) for list_id, document in sorted(documents.items())]


def _list_item(list_id: ListId, document: str | None, entry: HistoryEntry) -> ListItem:
    record = Record(kind=LIST, key=list_key(list_id), document=document, revision=entry.revision)
    return list_from(record, list_id) or RemovedList(list_id, entry.revision, entry.at)
