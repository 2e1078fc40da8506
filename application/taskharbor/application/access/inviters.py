"""Those who invite: an invitation ends with them, so that nobody who is taken out has left a way back in."""

from taskharbor.application.access.manage_tokens import MADE_BY_TOKEN, find_token, permission_of
from taskharbor.application.principal import PrincipalKind
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.access.invitation import Invitation
from taskharbor.domain.access.permission import Permission
from taskharbor.domain.access.workspace import Workspace


async def has_its_inviter(invitation: Invitation, workspace: Workspace, uow: UnitOfWork) -> bool:
    """Return whether who made an invitation could still make it."""
    kind, _, id_ = invitation.made_by.partition(":")
    match kind:
        case PrincipalKind.MEMBER.value:
            member = workspace.find(id_)
            if member is None or not member.was_here(invitation.created):
                return False
            return member.role.permission >= Permission.MANAGE
        case PrincipalKind.TOKEN.value:
            return await _is_good(id_, workspace, uow)
        case _:
            return True  # an operator


async def _is_good(token_id: str, workspace: Workspace, uow: UnitOfWork) -> bool:
    token = await find_token(token_id, workspace.id, uow)
    if token is None or token.has_expired(uow.now):
        return False
    if token.made_by.startswith(MADE_BY_TOKEN):
        maker = await find_token(token.made_by.removeprefix(MADE_BY_TOKEN), workspace.id, uow)
        if maker is None:
            return False
    permission = permission_of(token, workspace)
    return permission is not None and permission >= Permission.MANAGE
