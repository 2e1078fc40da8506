"""The TaskList aggregate: a project, or whatever else tasks are grouped by."""

from dataclasses import replace
from datetime import datetime
from typing import Final, Self

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import INBOX, ListId, Revision
from taskharbor.domain.lists.colour import Colour, colour_from
from taskharbor.domain.unset import UNSET, Unset
from taskharbor.domain.values.primitives import boolean_from
from taskharbor.domain.values.text import description_from, title_from

INBOX_NAME: Final = "Inbox"


@frozen(kw_only=True)
class TaskListChanges:
    """New values for any subset of a list's fields. None takes away what can be absent."""

    name: str | Unset = UNSET
    colour: str | Unset | None = UNSET
    description: str | Unset | None = UNSET
    archived: bool | Unset = UNSET


@frozen(kw_only=True)
class TaskList:
    """A list of tasks. It never changes: its methods return the list that it becomes.

    Attributes:
        id: its number, unique within the workspace and never reused; 1 is the inbox.
        name: one line, 1 to 500 characters.
        colour: as `#rrggbb`, or None.
        description: Markdown, or None.
        archived: whether it has been put away: it keeps its tasks and takes no new ones.
        created: when it was made, None for an unchanged inbox. Instants are aware and in UTC.
        updated: when it last changed, None as before.
        revision: the revision that last changed it; 0 for an unchanged inbox.
    """

    id: ListId
    name: str
    colour: Colour | None = None
    description: str | None = None
    archived: bool = False
    created: datetime | None = None
    updated: datetime | None = None
    revision: Revision = 0

    @classmethod
    def create(cls, *, id: ListId, changes: TaskListChanges, at: datetime) -> Self:
        """Make a new list.

        Raises:
            InvalidValue: if a value breaks its rule, or there is no name.
        """
        if changes.name is UNSET:
            raise InvalidValue("name", "is required")
        return cls(id=id, name="", created=at, updated=at).change(changes, at=at)

    @classmethod
    def inbox(cls) -> Self:
        """Return the inbox as it is until it is changed."""
        return cls(id=INBOX, name=INBOX_NAME)

    @property
    def is_inbox(self) -> bool:
        """Whether it is the list that every workspace has."""
        return self.id == INBOX

    def change(self, changes: TaskListChanges, *, at: datetime) -> Self:
        """Give it the values that `changes` names; the rest stays.

        Raises:
            InvalidValue: if a value breaks its rule, or the inbox would be archived.
        """
        name, colour, description, archived = changes.name, changes.colour, changes.description, changes.archived
        changed = replace(
            self,
            name=self.name if name is UNSET else title_from(name, "name"),
            colour=self.colour if colour is UNSET else None if colour is None else colour_from("colour", colour),
            description=self.description if description is UNSET else description_from(description),
            archived=self.archived if archived is UNSET else boolean_from("archived", archived),
        )
        if changed.archived and self.is_inbox:
            raise InvalidValue("archived", "must be false for the inbox")
        if changed == self:
            return self
        updated = at if self.updated is None else max(at, self.updated)
        return replace(changed, created=self.created or updated, updated=updated)

    def committed(self, revision: Revision) -> Self:
        """Return it as the unit of work with this revision has left it in the store."""
        return replace(self, revision=revision)
