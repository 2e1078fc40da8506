"""Take members in, give them roles, let them leave."""

from taskharbor.application.access.audit import audited
from taskharbor.application.access.directory import own_workspace, save_workspace
from taskharbor.application.errors import PermissionDenied
from taskharbor.application.principal import PrincipalKind
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.access.members import Member, MemberId, member_id_from, role_from
from taskharbor.domain.access.permission import Role
from taskharbor.domain.access.workspace import Workspace
from taskharbor.domain.frozen import frozen


@frozen(kw_only=True)
class PutMember:
    """Take somebody into the workspace, or give a member another role or name."""

    id: MemberId
    role: Role
    name: str | None = None


@frozen(kw_only=True)
class RemoveMember:
    """Take a member out of the workspace, and so end all tokens that act for it there."""

    id: MemberId


@frozen(kw_only=True)
class LeaveWorkspace:
    """Leave the workspace, as the member who the caller is."""


async def put_member(command: PutMember, uow: UnitOfWork) -> Member:
    """Carry out `command`.

    Raises:
        LastOwner: if no owner would be left.
        InvalidValue: if a value breaks its rule, or there are too many members.
    """
    workspace = await own_workspace(uow)
    id_ = member_id_from("id", command.id)
    before = workspace.find(id_)
    name = command.name or (id_ if before is None else before.name)
    after = workspace.with_member(Member(id=id_, name=name, role=role_from(command.role), joined=uow.now))
    member = next(each for each in after.members if each.id == id_)
    if member != before:
        await audited(uow, member=id_, role=member.role.value, before=None if before is None else before.role.value)
        await save_workspace(after, uow)
    return member


async def remove_member(command: RemoveMember, uow: UnitOfWork) -> Workspace:
    """Carry out `command`.

    Raises:
        MemberNotFound: if there is none of this id.
        LastOwner: if no owner would be left.
    """
    after = (await own_workspace(uow)).without_member(command.id)
    await audited(uow, member=command.id)
    return await save_workspace(after, uow)


async def leave_workspace(command: LeaveWorkspace, uow: UnitOfWork) -> Workspace:  # noqa: ARG001  # it says it all
    """Carry out `command`.

    Raises:
        PermissionDenied: if the caller is not a member itself.
        LastOwner: if no owner would be left.
    """
    member = uow.principal.member
    if member is None or uow.principal.kind is not PrincipalKind.MEMBER:
        raise PermissionDenied("a member", has="none")
    after = (await own_workspace(uow)).without_member(member)
    await audited(uow, member=member)
    return await save_workspace(after, uow)
