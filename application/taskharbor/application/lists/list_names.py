"""Lists by the names that people gave them."""

from collections.abc import Mapping, Sequence

from taskharbor.application.lists.list_document import LIST, list_from
from taskharbor.application.ports.record_store import RecordStore
from taskharbor.application.transaction.record_repository import RecordRepository
from taskharbor.domain.folding import folded
from taskharbor.domain.identifiers import INBOX, ListId, WorkspaceId
from taskharbor.domain.task_list import INBOX_NAME, TaskList


async def all_lists(store: RecordStore, workspace: WorkspaceId) -> list[TaskList]:
    """Return every list that somebody has made or changed, by ascending id."""
    return await _all_of(RecordRepository(store, workspace))


async def names_of_lists(store: RecordStore, workspace: WorkspaceId) -> dict[ListId, str]:
    """Return the name of every list that somebody has made or changed, by ascending id."""
    return {each.id: each.name for each in await all_lists(store, workspace)}


async def ids_by_list_name(records: RecordRepository) -> Mapping[str, Sequence[ListId]]:
    """Return the ids of all lists, archived ones and the inbox too, by their names, folded; several can share one."""
    ids: dict[str, list[ListId]] = {}
    names = {INBOX: INBOX_NAME} | {each.id: each.name for each in await _all_of(records)}
    for list_id, name in names.items():
        ids.setdefault(folded(name), []).append(list_id)
    return ids


async def _all_of(records: RecordRepository) -> list[TaskList]:
    return [found for record in await records.list_all(LIST) if (found := list_from(record, int(record.key)))]
