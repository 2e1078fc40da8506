"""The commands that change the directory of the service: workspaces, members, tokens and sign-ins."""

from typing import Final

from taskharbor.application.access.invitations import (
    AcceptInvitation,
    CreateInvitation,
    RevokeInvitation,
    accept_invitation,
    create_invitation,
    revoke_invitation,
)
from taskharbor.application.access.manage_members import (
    LeaveWorkspace,
    PutMember,
    RemoveMember,
    leave_workspace,
    put_member,
    remove_member,
)
from taskharbor.application.access.manage_tokens import CreateToken, RevokeToken, create_token, revoke_token
from taskharbor.application.access.manage_workspaces import (
    ChangeWorkspace,
    CreateWorkspace,
    DeleteWorkspace,
    NoteExport,
    change_workspace,
    create_workspace,
    delete_workspace,
    note_export,
)
from taskharbor.application.access.sessions import (
    CreateSignInLink,
    EndSession,
    EndSessions,
    StartSession,
    UseCode,
    UseSignInLink,
    create_sign_in_link,
    end_session,
    end_sessions,
    start_session,
    use_code,
    use_sign_in_link,
)
from taskharbor.application.commands.command_type import CommandType
from taskharbor.domain.access.permission import Permission

_READ: Final = Permission.READ
_MANAGE: Final = Permission.MANAGE

DIRECTORY_COMMANDS: Final = (
    CommandType(CreateWorkspace, "create_workspace", _MANAGE, create_workspace, in_directory=True),
    CommandType(ChangeWorkspace, "change_workspace", _MANAGE, change_workspace, in_directory=True),
    CommandType(DeleteWorkspace, "delete_workspace", _MANAGE, delete_workspace, in_directory=True),
    CommandType(NoteExport, "export_tasks", _READ, note_export, in_directory=True),
    CommandType(PutMember, "put_member", _MANAGE, put_member, in_directory=True),
    CommandType(RemoveMember, "remove_member", _MANAGE, remove_member, in_directory=True),
    CommandType(LeaveWorkspace, "leave_workspace", _READ, leave_workspace, in_directory=True),
    CommandType(CreateInvitation, "create_invitation", _MANAGE, create_invitation, in_directory=True),
    CommandType(RevokeInvitation, "revoke_invitation", _MANAGE, revoke_invitation, in_directory=True),
    CommandType(AcceptInvitation, "accept_invitation", _READ, accept_invitation, in_directory=True),
    CommandType(CreateToken, "create_token", _MANAGE, create_token, in_directory=True),
    CommandType(StartSession, "start_session", _MANAGE, start_session, in_directory=True),
    CommandType(EndSession, "end_session", _MANAGE, end_session, in_directory=True),
    CommandType(EndSessions, "end_sessions", _MANAGE, end_sessions, in_directory=True),
    CommandType(CreateSignInLink, "create_sign_in_link", _MANAGE, create_sign_in_link, in_directory=True),
    CommandType(UseSignInLink, "use_sign_in_link", _MANAGE, use_sign_in_link, in_directory=True),
    CommandType(UseCode, "use_code", _MANAGE, use_code, in_directory=True),
    CommandType(RevokeToken, "revoke_token", _MANAGE, revoke_token, in_directory=True),
)
"""A part of `COMMANDS`."""
