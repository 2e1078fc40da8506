"""The Workspace aggregate: a tenant and its members."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Self

from taskharbor.domain.access.errors import LastOwner, MemberNotFound
from taskharbor.domain.access.members import MAX_MEMBERS, Member, MemberId
from taskharbor.domain.access.permission import Role
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import WorkspaceId
from taskharbor.domain.values.text import title_from
from taskharbor.domain.values.time_zone import time_zone_from


@frozen(kw_only=True)
class Workspace:
    """A tenant. It never changes: its methods return the workspace that it becomes.

    Attributes:
        id: its name in paths; it never changes, and is never given to another one.
        name: what people call it: one line, 1 to 500 characters.
        members: by ascending id; one of them at least is an owner.
        archived: whether it can only be read.
        time_zone: the IANA name of the zone of all-day and floating reminders, or None for that of the service.
        created: when it was made; aware, in UTC. None if nobody has set it up yet.
    """

    id: WorkspaceId
    name: str
    members: tuple[Member, ...]
    created: datetime | None
    archived: bool = False
    time_zone: str | None = None

    @classmethod
    def create(cls, *, id: WorkspaceId, name: str, owner: Member, at: datetime | None) -> Self:
        """Make a new one, which belongs to `owner`.

        Raises:
            InvalidValue: if the name breaks its rule.
        """
        return cls(id=id, name=title_from(name, "name"), members=(replace(owner, role=Role.OWNER),), created=at)

    def find(self, member: MemberId) -> Member | None:
        """Return the member, or None."""
        return next((each for each in self.members if each.id == member), None)

    def rename(self, name: str) -> Self:
        """Give it another name.

        Raises:
            InvalidValue: if the name breaks its rule.
        """
        return replace(self, name=title_from(name, "name"))

    def archive(self, archived: bool) -> Self:  # it is the value
        """Have it take no changes, or take them again."""
        return replace(self, archived=archived)

    def in_time_zone(self, time_zone: str | None) -> Self:
        """Give it a time zone, or with None that of the service again.

        Raises:
            InvalidValue: for `time_zone`, if there is none of this name.
        """
        return replace(self, time_zone=None if time_zone is None else time_zone_from("time_zone", time_zone))

    def with_member(self, member: Member) -> Self:
        """Take somebody in, or give a member another role or name; it stays one since when it was one.

        Raises:
            InvalidValue: if the name breaks its rule, or there are too many members.
            LastOwner: if no owner would be left.
        """
        before = self.find(member.id)
        joined = member.joined if before is None else before.joined
        member = replace(member, name=title_from(member.name, "name"), joined=joined)
        return self._with(member, *(each for each in self.members if each.id != member.id), left=member.id)

    def without_member(self, member: MemberId) -> Self:
        """Let a member leave.

        Raises:
            MemberNotFound: if there is none of this id.
            LastOwner: if no owner would be left.
        """
        if self.find(member) is None:
            raise MemberNotFound(member)
        return self._with(*(each for each in self.members if each.id != member), left=member)

    def _with(self, *members: Member, left: MemberId) -> Self:
        if not _has_owner(members):
            raise LastOwner(left)
        if len(members) > MAX_MEMBERS:
            raise InvalidValue("id", f"cannot be added: a workspace has at most {MAX_MEMBERS} members")
        return replace(self, members=tuple(sorted(members, key=lambda each: each.id)))


def _has_owner(members: Iterable[Member]) -> bool:
    return any(member.role is Role.OWNER for member in members)
