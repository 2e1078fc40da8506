"""Those who work in a workspace."""

import re
from datetime import datetime
from typing import Final, TypeAlias

from taskharbor.domain.access.permission import Role
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.frozen import frozen

MemberId: TypeAlias = str
"""The name of somebody in all workspaces: 1 to 128 of `a-z 0-9 . _ @ + -`, starting with a letter or a digit."""

MAX_MEMBERS: Final = 500
"""In one workspace."""

LOCAL_MEMBER: Final[MemberId] = "local"
"""The user of a server without accounts, who owns what nobody else does."""

_RESERVED: Final = ("system", "token")
"""With which the history would be misread."""

_MEMBER: Final = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,127}")


@frozen(kw_only=True)
class Member:
    """Somebody in a workspace.

    Attributes:
        id: the same in every workspace; it never changes.
        name: what people call them: one line.
        role: what they are here.
        joined: since when they have been here, aware, in UTC. What was made for them before is good no longer. None of
            those of whom it was not noted yet.
    """

    id: MemberId
    name: str
    role: Role
    joined: datetime | None = None

    def was_here(self, at: datetime) -> bool:
        """Return whether they were in the workspace then, and have been since."""
        return self.joined is None or self.joined <= at

    def not_before(self, now: datetime) -> datetime:
        """Return `now`, or when they joined, if the clock of that server was ahead."""
        return now if self.joined is None else max(now, self.joined)


def member_id_from(field: str, value: object) -> MemberId:
    """Return `value` as the id of a member.

    Raises:
        InvalidValue: for `field`.
    """
    if value in _RESERVED:
        raise InvalidValue(field, f"must not be {value}, which stands for no member")
    if not isinstance(value, str) or not _MEMBER.fullmatch(value):
        raise InvalidValue(field, "must be 1 to 128 of a-z 0-9 . _ @ + - and start with a letter or digit")
    return value


def role_from(value: object) -> Role:
    """Return `value` as a role.

    Raises:
        InvalidValue: for `role`.
    """
    found = _ROLES.get(value) if isinstance(value, str) else value
    if not isinstance(found, Role):
        raise InvalidValue("role", f"must be one of {', '.join(_ROLES)}")
    return found


_ROLES: Final = {role.value: role for role in Role}
