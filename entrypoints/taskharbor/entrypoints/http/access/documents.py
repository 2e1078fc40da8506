"""The responses about workspaces, members, invitations, tokens and the audit."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from pydantic import Field

from taskharbor.application.access.audit import AuditEntry
from taskharbor.application.access.directory_queries import ListedToken
from taskharbor.application.access.invitations import AcceptedInvitation, NewInvitation
from taskharbor.application.access.manage_tokens import NewToken
from taskharbor.application.principal import Principal
from taskharbor.domain.access.api_token import ApiToken
from taskharbor.domain.access.invitation import Invitation
from taskharbor.domain.access.members import Member
from taskharbor.domain.access.workspace import Workspace
from taskharbor.entrypoints.http.schemas.documents import Document

_ROLE = Field(description="`owner`, `editor` or `viewer`.")


class MemberDocument(Document):
    """A member of a workspace."""

    id: Annotated[str, Field(description="The same in every workspace.")]
    name: Annotated[str, Field(description="What people call them.")]
    role: Annotated[str, _ROLE]


class WorkspaceDocument(Document):
    """A workspace."""

    id: Annotated[str, Field(description="Its name in paths; it never changes.")]
    name: Annotated[str, Field(description="What people call it.")]
    archived: Annotated[bool, Field(description="Whether it can only be read.")]
    time_zone: Annotated[
        str | None, Field(description="The time zone of reminders that name none, or null for that of the service.")
    ]
    created: Annotated[datetime | None, Field(description="When it was set up, in UTC; null if nobody has.")]
    members: Annotated[list[MemberDocument], Field(description="By ascending id.")]


class TokenDocument(Document):
    """An API token, without its secret."""

    id: Annotated[str, Field(description="By which it is revoked; no secret.")]
    name: Annotated[str, Field(description="What it is for.")]
    scope: Annotated[str, Field(description="`read`, `write` or `manage`.")]
    lists: Annotated[list[int] | None, Field(description="The lists to which it is narrowed, or null for all.")]
    member: Annotated[str | None, Field(description="The member for whom it acts, and with whom it ends, or null.")]
    made_by: Annotated[str, Field(description="Who made it: a sort of principal and its id.")]
    created: Annotated[datetime, Field(description="When it was made, in UTC.")]
    expires: Annotated[datetime | None, Field(description="From when on it is good no longer, in UTC, or null.")]
    last_used: Annotated[datetime | None, Field(description="The hour in which it was last used, in UTC, or null.")]


class NewTokenDocument(TokenDocument):
    """An API token that was just made."""

    token: Annotated[str, Field(description="The secret. It is shown this once and kept nowhere.")]


class InvitationDocument(Document):
    """An invitation, without its secret."""

    id: Annotated[str, Field(description="By which it is revoked; no secret.")]
    role: Annotated[str, Field(description="What whoever accepts it becomes.")]
    made_by: Annotated[str, Field(description="Who made it: a sort of principal and its id.")]
    created: Annotated[datetime, Field(description="When it was made, in UTC.")]
    expires: Annotated[datetime, Field(description="From when on it is good no longer, in UTC.")]


class NewInvitationDocument(InvitationDocument):
    """An invitation that was just made."""

    secret: Annotated[str, Field(description="What it is accepted with, once. It is shown this once.")]


class AcceptedDocument(Document):
    """What has become of an invitation."""

    workspace: Annotated[str, Field(description="Where there is a new member.")]
    member: MemberDocument
    token: Annotated[str | None, Field(description="A token for somebody who was not known before, shown this once.")]


class AuditDocument(Document):
    """Something that happened to access."""

    at: Annotated[datetime, Field(description="When, in UTC.")]
    event: Annotated[str, Field(description="What, such as `create_token` or `refused`.")]
    principal: Annotated[str, Field(description="Who did it: a sort of principal and its id.")]
    details: Annotated[dict[str, str | int | None], Field(description="What it was about.")]


class PrincipalDocument(Document):
    """Who calls."""

    kind: Annotated[str, Field(description="`local`, `member` or `token`.")]
    id: Annotated[str, Field(description="Which one of its kind.")]
    member: Annotated[str | None, Field(description="The member who it is, or for whom it acts, or null.")]
    workspace: Annotated[str, Field(description="The workspace of this request.")]
    permission: Annotated[str, Field(description="What the caller may do there: `read`, `write` or `manage`.")]
    archived: Annotated[bool, Field(description="Whether that can only be read.")]


def member_document(member: Member) -> MemberDocument:
    """Return the wire form."""
    return MemberDocument(member.id, member.name, member.role.value)


def workspace_document(workspace: Workspace) -> WorkspaceDocument:
    """Return the wire form."""
    members = [member_document(each) for each in workspace.members]
    return WorkspaceDocument(
        workspace.id, workspace.name, workspace.archived, workspace.time_zone, workspace.created, members
    )


def token_document(listed: ListedToken) -> TokenDocument:
    """Return the wire form."""
    return TokenDocument(**_members_of(listed.token), last_used=listed.last_used)


def new_token_document(made: NewToken) -> NewTokenDocument:
    """Return the wire form."""
    return NewTokenDocument(**_members_of(made.token), last_used=None, token=made.secret)


def invitation_document(invitation: Invitation) -> InvitationDocument:
    """Return the wire form."""
    return InvitationDocument(
        invitation.id, invitation.role.value, invitation.made_by, invitation.created, invitation.expires
    )


def new_invitation_document(made: NewInvitation) -> NewInvitationDocument:
    """Return the wire form."""
    shown = msgspec.structs.asdict(invitation_document(made.invitation))
    return NewInvitationDocument(**shown, secret=made.secret)


def accepted_document(accepted: AcceptedInvitation) -> AcceptedDocument:
    """Return the wire form."""
    token = None if accepted.token is None else accepted.token.secret
    return AcceptedDocument(accepted.workspace, member_document(accepted.member), token)


def audit_document(entry: AuditEntry) -> AuditDocument:
    """Return the wire form."""
    principal = f"{entry.kind}:{entry.principal}"
    return AuditDocument(entry.at, entry.event, principal, dict(entry.details))


def principal_document(principal: Principal) -> PrincipalDocument:
    """Return the wire form."""
    return PrincipalDocument(
        principal.kind.value,
        principal.id,
        principal.member,
        principal.workspace,
        principal.permission.label,
        principal.archived,
    )


def _members_of(token: ApiToken) -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "scope": token.scope.label,
        "lists": None if token.lists is None else list(token.lists),
        "member": token.member,
        "made_by": token.made_by,
        "created": token.created,
        "expires": token.expires,
    }
