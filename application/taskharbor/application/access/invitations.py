"""Invite somebody into a workspace by a link that works once."""

import json
from datetime import timedelta
from secrets import randbits
from typing import Final

from taskharbor.application.access.audit import audited
from taskharbor.application.access.directory import (
    WORKSPACE,
    is_hex_id,
    is_known,
    key_in,
    save_workspace,
    set_up,
    workspace_from,
)
from taskharbor.application.access.inviters import has_its_inviter
from taskharbor.application.access.manage_tokens import DEFAULT_LIFE as TOKEN_LIFE
from taskharbor.application.access.manage_tokens import ID_DIGITS, NewToken, keep_token
from taskharbor.application.access.principals import member_in
from taskharbor.application.documents.json_encoding import json_text
from taskharbor.application.ports.record_store import Record
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.access.api_token import TOKEN_PREFIX, ApiToken
from taskharbor.domain.access.errors import InvitationNotFound, MemberIdTaken
from taskharbor.domain.access.invitation import INVITATION_PREFIX, Invitation, InvitationId
from taskharbor.domain.access.members import Member, MemberId, member_id_from, role_from
from taskharbor.domain.access.permission import Role
from taskharbor.domain.access.secret_text import RANDOM_BITS, digest_of, is_secret, secret_text
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import WorkspaceId
from taskharbor.domain.values.instant import instant_as_json, instant_of

INVITATION: Final = "invitation"
"""The kind of the records of invitations, under the digests of their secrets."""

INVITATION_OF: Final = "invitation-of"
"""The kind of the records that find the invitations of a workspace by their ids."""

DEFAULT_LIFE: Final = timedelta(days=7)
LONGEST_LIFE: Final = timedelta(days=90)


@frozen(kw_only=True)
class CreateInvitation:
    """Invite somebody to be a member with this role."""

    role: Role
    expires_in: timedelta = DEFAULT_LIFE


@frozen(kw_only=True)
class RevokeInvitation:
    """Make an invitation good for nothing."""

    id: InvitationId


@frozen(kw_only=True)
class AcceptInvitation:
    """Become a member of the workspace of an invitation.

    Attributes:
        secret: that of the invitation.
        id: who becomes a member.
        name: what people call it.
        is_new: whether it is somebody who was not known before, and so must not have the id of somebody who was.
    """

    secret: str
    id: MemberId
    name: str | None = None
    is_new: bool = True


@frozen(kw_only=True)
class NewInvitation:
    """An invitation that was just made.

    Attributes:
        invitation: what is kept of it.
        secret: what it is accepted with. It is not kept, and cannot be shown again.
    """

    invitation: Invitation
    secret: str


@frozen(kw_only=True)
class AcceptedInvitation:
    """What has become of an invitation.

    Attributes:
        workspace: where somebody is a member now.
        member: who.
        token: a token for a new member, who would have no way in without it; None for one who was known.
    """

    workspace: WorkspaceId
    member: Member
    token: NewToken | None


async def create_invitation(command: CreateInvitation, uow: UnitOfWork) -> NewInvitation:
    """Carry out `command`.

    Raises:
        InvalidValue: if a value breaks its rule, or it would be good for no time or more than 90 days.
    """
    workspace = await set_up(uow)
    inviter = workspace.find(uow.principal.member or "")
    secret = secret_text(INVITATION_PREFIX, randbits(RANDOM_BITS))
    digest = digest_of(secret)
    if not timedelta(0) < command.expires_in <= LONGEST_LIFE:
        raise InvalidValue("expires_in", f"must be more than nothing, and at most {LONGEST_LIFE.days} days")
    expires = uow.now + command.expires_in
    invitation = Invitation(
        id=digest[:ID_DIGITS],
        workspace=workspace.id,
        role=role_from(command.role),
        made_by=uow.principal.qualified_id,
        created=uow.now if inviter is None else inviter.not_before(uow.now),
        expires=expires,
    )
    # They expire as records too, and are purged with those of finished calls.
    await uow.records.put(INVITATION, digest, _document(invitation), expires=expires)
    index = key_in(invitation.workspace, invitation.id)
    await uow.records.put(INVITATION_OF, index, json_text(digest), expires=expires)
    await audited(uow, invitation=invitation.id, role=invitation.role.value)
    return NewInvitation(invitation=invitation, secret=secret)


async def revoke_invitation(command: RevokeInvitation, uow: UnitOfWork) -> Invitation:
    """Carry out `command`; return the invitation as it was.

    Raises:
        InvitationNotFound: if the workspace has none of this id that could still be accepted.
    """
    if not is_hex_id(command.id):
        raise InvitationNotFound
    found = await uow.records.find(INVITATION_OF, key_in(uow.principal.workspace, command.id))
    digest = "" if found is None else json.loads(found.document or '""')
    invitation = invitation_from(await uow.records.find(INVITATION, digest)) if digest else None
    if invitation is None or invitation.has_expired(uow.now):
        raise InvitationNotFound
    await _remove(invitation, digest, uow)
    await audited(uow, invitation=invitation.id)
    return invitation


async def accept_invitation(command: AcceptInvitation, uow: UnitOfWork) -> AcceptedInvitation:
    """Carry out `command`. Of several who accept one invitation, one gets in.

    Raises:
        InvitationNotFound: if there is none, or it is good no longer, or its workspace is gone, or who made it is no
            owner any more.
        MemberIdTaken: if a new member would have the id of somebody else.
        InvalidValue: if a value breaks its rule, or the workspace has too many members.
    """
    if not is_secret(INVITATION_PREFIX, command.secret):
        raise InvitationNotFound
    digest = digest_of(command.secret)
    invitation = invitation_from(await uow.records.find(INVITATION, digest))
    if invitation is None or invitation.has_expired(uow.now):
        raise InvitationNotFound
    workspace = workspace_from(await uow.records.find(WORKSPACE, invitation.workspace))
    if workspace is None or not await has_its_inviter(invitation, workspace, uow):
        raise InvitationNotFound
    id_ = member_id_from("id", command.id)
    if command.is_new and await is_known(id_, uow):
        raise MemberIdTaken(id_)
    member = workspace.find(id_)
    if member is None:  # an invitation makes nobody less than they are
        member = Member(id=id_, name=command.name or id_, role=invitation.role, joined=uow.now)
        await save_workspace(workspace.with_member(member), uow)
    await _remove(invitation, digest, uow)
    token = await _first_token(workspace.id, member, uow) if command.is_new else None
    await audited(
        uow,
        workspace=workspace.id,
        principal=member_in(workspace.with_member(member), id_),
        invitation=invitation.id,
        member=id_,
        role=member.role.value,
    )
    return AcceptedInvitation(workspace=workspace.id, member=member, token=token)


def invitation_from(record: Record | None) -> Invitation | None:
    """Return the invitation of a record; None if there is none."""
    if record is None or record.document is None:
        return None
    said = json.loads(record.document)
    return Invitation(
        id=record.key[:ID_DIGITS],
        workspace=said["workspace"],
        role=Role(said["role"]),
        made_by=said["made_by"],
        created=instant_of(said["created"]),
        expires=instant_of(said["expires"]),
    )


async def _first_token(workspace: WorkspaceId, member: Member, uow: UnitOfWork) -> NewToken:
    secret = secret_text(TOKEN_PREFIX, randbits(RANDOM_BITS))
    token = ApiToken(
        id=digest_of(secret)[:ID_DIGITS],
        workspace=workspace,
        name="from the invitation",
        scope=member.role.permission,
        lists=None,
        member=member.id,
        made_by=f"member:{member.id}",
        created=uow.now,
        expires=uow.now + TOKEN_LIFE,
    )
    await keep_token(token, secret, uow)
    return NewToken(token=token, secret=secret)


def _document(invitation: Invitation) -> str:
    return json_text(
        {
            "workspace": invitation.workspace,
            "role": invitation.role.value,
            "made_by": invitation.made_by,
            "created": instant_as_json(invitation.created),
            "expires": instant_as_json(invitation.expires),
        }
    )


async def _remove(invitation: Invitation, digest: str, uow: UnitOfWork) -> None:
    await uow.records.remove(INVITATION, digest, at=uow.now)
    await uow.records.remove(INVITATION_OF, key_in(invitation.workspace, invitation.id), at=uow.now)
