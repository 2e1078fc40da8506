"""Invitations into a workspace: each is good for one person, once."""

from datetime import datetime
from typing import Final, TypeAlias

from taskharbor.domain.access.permission import Role
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import WorkspaceId

InvitationId: TypeAlias = str
"""16 hexadecimal digits, by which an invitation is listed and revoked. They are no secret."""

INVITATION_PREFIX: Final = "thi_"


@frozen(kw_only=True)
class Invitation:
    """An invitation, without the secret, of which only a digest is kept.

    Attributes:
        id: which one.
        workspace: where it lets in.
        role: what whoever accepts it becomes there.
        made_by: the principal that made it.
        created: when; aware, in UTC, like the other.
        expires: from when on it is good no longer.
    """

    id: InvitationId
    workspace: WorkspaceId
    role: Role
    made_by: str
    created: datetime
    expires: datetime

    def has_expired(self, now: datetime) -> bool:
        """Return whether it is good no longer."""
        return self.expires <= now
