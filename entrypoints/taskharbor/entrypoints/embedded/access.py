"""Workspaces, members, invitations, API tokens and the audit as plain calls on one workspace."""

from collections.abc import Collection
from datetime import timedelta
from typing import Literal

from taskharbor.application.access.audit import DEFAULT_EVENTS, AuditPage, ListAudit
from taskharbor.application.access.directory_queries import (
    DEFAULT_ITEMS,
    GetWorkspace,
    InvitationPage,
    ListInvitations,
    ListTokens,
    ListWorkspaces,
    TokenPage,
    WorkspacePage,
)
from taskharbor.application.access.invitations import (
    DEFAULT_LIFE,
    AcceptedInvitation,
    AcceptInvitation,
    CreateInvitation,
    NewInvitation,
    RevokeInvitation,
)
from taskharbor.application.access.manage_members import LeaveWorkspace, PutMember, RemoveMember
from taskharbor.application.access.manage_tokens import DEFAULT_LIFE as TOKEN_LIFE
from taskharbor.application.access.manage_tokens import CreateToken, NewToken, RevokeToken
from taskharbor.application.access.manage_workspaces import ChangeWorkspace, CreateWorkspace, DeleteWorkspace
from taskharbor.application.access.sessions import EndSessions
from taskharbor.application.principal import Principal, system_in
from taskharbor.application.use_cases.access import AccessUseCases
from taskharbor.domain.access.api_token import scope_from
from taskharbor.domain.access.members import Member, role_from
from taskharbor.domain.access.permission import Permission, Role
from taskharbor.domain.access.workspace import Workspace
from taskharbor.domain.identifiers import SERVICE_WORKSPACE, ListId
from taskharbor.domain.unset import UNSET, Unset


class Access:
    """Who may do what in the workspace of a harbor: `harbor.access`.

    All methods raise `PermissionDenied` if the harbor's principal may not do it, `InvalidValue` if a value breaks its
    rule, and `StoreUnavailable` if the store cannot be reached.
    """

    def __init__(self, access: AccessUseCases, principal: Principal) -> None:
        self._access = access
        self._principal = principal

    async def principal_of_token(self, secret: str) -> Principal:
        """Return the principal of an API token, for `Harbor.acting_as`.

        Raises:
            Unauthenticated: if it is not accepted.
        """
        return await self._access.principals.of_token(secret)

    async def principal_of_member(self, member: str, workspace: str | None = None) -> Principal:
        """Return the principal of a member, whom the program has recognised, for `Harbor.acting_as`.

        Raises:
            WorkspaceNotFound: if it is not a member there, or anywhere.
        """
        return await self._access.principals.of_member(member, workspace)

    async def create_workspace(self, id: str, *, name: str | None = None, owner: str | None = None) -> Workspace:
        """Create a workspace, or take one into the directory that has tasks already.

        Raises:
            WorkspaceIdTaken: if there is, or was, another one with this id.
        """
        return await self._access.execute(CreateWorkspace(id=id, name=name, owner=owner), self._principal)

    async def list_workspaces(self, *, limit: int = DEFAULT_ITEMS, after: str = "") -> WorkspacePage:
        """Return up to `limit` workspaces in which the principal is, by id."""
        return await self._access.ask(ListWorkspaces(limit=limit, after=after), self._principal)

    async def get_workspace(self) -> Workspace:
        """Return the workspace of the harbor, with its members."""
        return await self._access.ask(GetWorkspace(), self._principal)

    async def change_workspace(
        self, *, name: str | Unset = UNSET, archived: bool | Unset = UNSET, time_zone: str | Unset | None = UNSET
    ) -> Workspace:
        """Rename the workspace, archive it, or say in which time zone reminders are counted that name none.

        Those of tasks that are there are counted anew by the next `Harbor.fire_reminders`.
        """
        command = ChangeWorkspace(name=name, archived=archived, time_zone=time_zone)
        return await self._access.execute(command, self._principal)

    async def delete_workspace(self, *, without_export: str | None = None) -> Workspace:
        """Delete the workspace with all that is in it; `without_export`, its id, if it was not exported.

        Raises:
            ExportFirst: if it has changed since its last export over HTTP, and its id is not said.
        """
        return await self._access.execute(DeleteWorkspace(without_export=without_export), self._principal)

    async def put_member(
        self, id: str, role: Role | Literal["owner", "editor", "viewer"], *, name: str | None = None
    ) -> Member:
        """Take somebody into the workspace, or give a member another role or name.

        Raises:
            LastOwner: if no owner would be left.
        """
        return await self._access.execute(PutMember(id=id, role=role_from(role), name=name), self._principal)

    async def remove_member(self, id: str) -> Workspace:
        """Take a member out of the workspace.

        Raises:
            MemberNotFound: if there is none of this id.
            LastOwner: if no owner would be left.
        """
        return await self._access.execute(RemoveMember(id=id), self._principal)

    async def leave_workspace(self) -> Workspace:
        """Leave the workspace, as the member who the principal is.

        Raises:
            LastOwner: if no owner would be left.
        """
        return await self._access.execute(LeaveWorkspace(), self._principal)

    async def create_invitation(
        self, role: Role | Literal["owner", "editor", "viewer"], *, expires_in: timedelta = DEFAULT_LIFE
    ) -> NewInvitation:
        """Invite somebody. The secret is in what is returned, and kept nowhere."""
        command = CreateInvitation(role=role_from(role), expires_in=expires_in)
        return await self._access.execute(command, self._principal)

    async def list_invitations(self, *, limit: int = DEFAULT_ITEMS, after: str = "") -> InvitationPage:
        """Return up to `limit` invitations that can be accepted, by id."""
        return await self._access.ask(ListInvitations(limit=limit, after=after), self._principal)

    async def revoke_invitation(self, id: str) -> None:
        """Make an invitation good for nothing.

        Raises:
            InvitationNotFound: if there is none of this id.
        """
        await self._access.execute(RevokeInvitation(id=id), self._principal)

    async def accept_invitation(
        self, secret: str, *, id: str, name: str | None = None, is_new: bool = True
    ) -> AcceptedInvitation:
        """Make a member of somebody who is new, and gets a token, or whom the program has recognised.

        Raises:
            InvitationNotFound: if there is no such invitation, or it is good no longer.
            MemberIdTaken: if somebody new would have the id of somebody else.
        """
        command = AcceptInvitation(secret=secret, id=id, name=name, is_new=is_new)
        return await self._access.execute(command, system_in(SERVICE_WORKSPACE))

    async def create_token(
        self,
        name: str,
        scope: Permission | Literal["read", "write", "manage"],
        *,
        lists: Collection[ListId] | None = None,
        expires_in: timedelta | None = TOKEN_LIFE,
        member: str | None = None,
    ) -> NewToken:
        """Create an API token for the workspace. The secret is in what is returned, and kept nowhere.

        Raises:
            MemberNotFound: if it would act for somebody who is not in the workspace.
        """
        command = CreateToken(name=name, scope=scope_from(scope), lists=lists, expires_in=expires_in, member=member)
        return await self._access.execute(command, self._principal)

    async def list_tokens(self, *, limit: int = DEFAULT_ITEMS, after: str = "") -> TokenPage:
        """Return up to `limit` tokens of the workspace, by id."""
        return await self._access.ask(ListTokens(limit=limit, after=after), self._principal)

    async def revoke_token(self, id: str) -> None:
        """Make a token good for nothing.

        Raises:
            TokenNotFound: if the workspace has none of this id.
        """
        await self._access.execute(RevokeToken(id=id), self._principal)

    async def end_sessions(self, member: str) -> None:
        """Sign a member out of all browsers, on every server within 5 seconds. API tokens stay.

        Raises:
            MemberNotFound: if nobody of this id is, or was, in any workspace.
        """
        await self._access.execute(EndSessions(member=member), self._principal)

    async def list_audit(self, *, limit: int = DEFAULT_EVENTS, after: str = "") -> AuditPage:
        """Return up to `limit` events of the audit, the latest first."""
        return await self._access.ask(ListAudit(limit=limit, after=after), self._principal)
