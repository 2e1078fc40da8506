"""Lists by the names that people gave them."""

from collections.abc import Mapping, Sequence
from typing import Final

from taskharbor.application.lists.list_document import LIST, list_from
from taskharbor.application.ports.record_store import RecordStore
from taskharbor.domain.folding import folded
from taskharbor.domain.identifiers import INBOX, ListId, WorkspaceId
from taskharbor.domain.task_list import INBOX_NAME, TaskList

_PAGE: Final = 1_000


async def all_lists(store: RecordStore, workspace: WorkspaceId) -> list[TaskList]:
    """Return every list that somebody has made or changed, by ascending id."""
    lists: list[TaskList] = []
    after = ""
    while True:
        records = await store.list_records(workspace, LIST, after=after, limit=_PAGE)
        lists += [found for record in records if (found := list_from(record, int(record.key)))]
        if len(records) < _PAGE:
            return lists
        after = records[-1].key


async def names_of_lists(store: RecordStore, workspace: WorkspaceId) -> dict[ListId, str]:
    """Return the name of every list that somebody has made or changed, by ascending id."""
    return {each.id: each.name for each in await all_lists(store, workspace)}


async def ids_by_list_name(store: RecordStore, workspace: WorkspaceId) -> Mapping[str, Sequence[ListId]]:
    """Return the ids of all lists, archived ones and the inbox too, by their names, folded; several can share one."""
    ids: dict[str, list[ListId]] = {}
    for list_id, name in ({INBOX: INBOX_NAME} | await names_of_lists(store, workspace)).items():
        ids.setdefault(folded(name), []).append(list_id)
    return ids
