"""The lists of a workspace by their names, for files that name them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from taskharbor.application.lists.list_names import names_of_lists
from taskharbor.application.lists.list_records import get_list, save_list
from taskharbor.application.lists.manage_lists import CreateList, create_list
from taskharbor.application.ports.interchange import ListDraft
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.identifiers import INBOX, ListId
from taskharbor.domain.lists.task_list import TaskList, TaskListChanges
from taskharbor.domain.unset import UNSET


@dataclass(slots=True)
class ListNames:
    """The lists as one unit of work sees them. It makes those that are named and missing.

    Attributes:
        known: the name of each list that is committed.
        made: the name of each list that is new.
    """

    known: Mapping[ListId, str]
    made: dict[ListId, str] = field(default_factory=dict[ListId, str])

    @classmethod
    async def of(cls, uow: UnitOfWork) -> Self:
        """Return the lists as they are now: others may make and remove some while a file is read."""
        return cls(await names_of_lists(uow.records))

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

    async def take(self, draft: ListDraft, uow: UnitOfWork) -> None:
        """Create the list of a draft, or change the one with its name; it is not archived yet.

        Raises:
            InvalidValue: if a value breaks its rule.
        """
        changes = replace(draft.changes, archived=UNSET)
        TaskList.create(id=INBOX + 1, changes=draft.changes, at=uow.now)  # or nothing of it is taken
        name = None if draft.is_inbox else str(changes.name)
        is_new = name is not None and not any(known == name for id_, known in self.names.items() if id_ != INBOX)
        before = await get_list(await self.id_of(name, uow), uow)
        found = before.change(changes, at=uow.now)
        if is_new:
            created = min(draft.created or uow.now, uow.now)
            found = replace(found, created=created, updated=max(created, min(draft.updated or uow.now, uow.now)))
        if found != before:
            await save_list(found, uow)

    async def put_away(self, draft: ListDraft, uow: UnitOfWork) -> None:
        """Archive a list that was taken, if the file says so: once it has all its tasks, as it takes none any more."""
        if (
            not isinstance(draft.changes.archived, bool)
            or draft.is_inbox
            or draft.changes.name not in self.names.values()
        ):
            return
        before = await get_list(await self.id_of(str(draft.changes.name), uow), uow)
        found = before.change(TaskListChanges(archived=draft.changes.archived), at=uow.now)
        if found != before:
            is_restated = draft.updated is not None and before.updated == draft.updated
            await save_list(replace(found, updated=draft.updated) if is_restated else found, uow)
