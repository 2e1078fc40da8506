"""Lists by the names that people gave them."""

from collections.abc import Mapping, Sequence
from typing import Final

from taskharbor.application.lists.list_records import LIST, is_emptying, list_from, list_key
from taskharbor.application.ports.record_store import Record, RecordStore
from taskharbor.application.unit_of_work.record_repository import RecordRepository
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import INBOX, ListId, WorkspaceId
from taskharbor.domain.lists.task_list import INBOX_NAME, TaskList
from taskharbor.domain.values.primitives import string_from
from taskharbor.domain.values.text import folded

_NAMED: Final = 5


async def all_lists(store: RecordStore, workspace: WorkspaceId) -> list[TaskList]:
    """Return every list that was ever created or changed, by ascending id."""
    return await _all_of(RecordRepository(store, workspace))


async def names_of_lists(records: RecordRepository) -> dict[ListId, str]:
    """Return the name of each list, by ascending id, but for those that are being removed."""
    staying = [record for record in await records.list_all(LIST) if not is_emptying(record)]
    return {found.id: found.name for record in staying if (found := list_from(record, int(record.key)))}


async def ids_by_list_name(records: RecordRepository) -> Mapping[str, Sequence[ListId]]:
    """Return the ids of all lists, archived ones and the inbox too, by their names, folded; several can share one."""
    ids: dict[str, list[ListId]] = {}
    names = {INBOX: INBOX_NAME} | {each.id: each.name for each in await _all_of(records)}
    for list_id, name in names.items():
        ids.setdefault(folded(name), []).append(list_id)
    return ids


class ListNames:
    """Finds lists by their names, as they are in a unit of work at that moment."""

    def __init__(self, records: RecordRepository) -> None:
        self._records = records
        self._folded: dict[Record, str] = {}

    async def id_of(self, field: str, name: str) -> ListId:
        """Return the id of the list of this name, whatever its case.

        Raises:
            InvalidValue: for `field`, if there is none, or several have this name.
        """
        wanted = folded(string_from(field, name).strip())
        records = await self._records.list_all(LIST)
        found = [int(record.key) for record in records if self._name_of(record) == wanted]
        if not any(record.key == list_key(INBOX) for record in records) and wanted == folded(INBOX_NAME):
            found.append(INBOX)
        if not found:
            raise InvalidValue(field, "must be the number or the name of a list of this workspace")
        if len(found) > 1:
            numbers = ", ".join(str(each) for each in sorted(found)[:_NAMED])
            raise InvalidValue(field, f"must be a number: several lists have this name, such as {numbers}")
        return found[0]

    def _name_of(self, record: Record) -> str:
        # A batch may ask for a name a thousand times.
        if record not in self._folded:
            found = list_from(record, int(record.key))
            self._folded[record] = "" if found is None else folded(found.name)
        return self._folded[record]


async def _all_of(records: RecordRepository) -> list[TaskList]:
    return [found for record in await records.list_all(LIST) if (found := list_from(record, int(record.key)))]
