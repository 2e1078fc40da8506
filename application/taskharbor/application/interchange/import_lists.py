"""The lists of a workspace by their names, for files that name them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from taskharbor.application.lists.change_list import CreateList, create_list
from taskharbor.application.lists.list_document import LIST, list_from
from taskharbor.application.ports.record_store import RecordStore
from taskharbor.application.transaction.unit_of_work import UnitOfWork
from taskharbor.domain.identifiers import INBOX, ListId, WorkspaceId

_PAGE = 1_000


async def names_of_lists(store: RecordStore, workspace: WorkspaceId) -> dict[ListId, str]:
    """Return the name of every list, by ascending id."""
    names: dict[ListId, str] = {}
    after = ""
    while True:
        records = await store.list_records(workspace, LIST, after=after, limit=_PAGE)
        for record in records:
            if found := list_from(record, int(record.key)):
                names[found.id] = found.name
        if len(records) < _PAGE:
            return names
        after = records[-1].key


@dataclass(slots=True)
class ListNames:
    """The lists as one unit of work sees them. It makes those that are named and missing.

    Attributes:
        known: the name of each list that is committed.
        made: the name of each list that is new.
    """

    known: Mapping[ListId, str]
    made: dict[ListId, str] = field(default_factory=dict[ListId, str])

    @property
    def names(self) -> dict[ListId, str]:
        """The name of each list."""
        return {**self.known, **self.made}

    async def id_of(self, name: str | None, uow: UnitOfWork) -> ListId:
        """Return the list with this name, the first if there are several; a new one if there is none.

        Raises:
            InvalidValue: for `name`, if no list can have it.
        """
        if name is None:
            return INBOX
        for found, known in self.names.items():
            if known == name and found != INBOX:
                return found
        made = await create_list(CreateList(name=name), uow)
        self.made[made.id] = made.name
        return made.id
