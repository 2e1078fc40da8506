"""Whether those to whom tasks are given are members."""

from taskharbor.application.access.directory import WORKSPACE, workspace_from
from taskharbor.application.ports.record_store import RecordKey, load_record
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import SERVICE_WORKSPACE
from taskharbor.domain.tasks.assignees import Assignees


async def require_members(before: Assignees, after: Assignees, uow: UnitOfWork) -> None:
    """Make sure that those who are new among the assignees are members of the workspace.

    Whoever has left it stays an assignee. In a workspace that is not in the directory, as where a program embeds the
    service, everybody may be one: there are no members to compare with.

    Raises:
        InvalidValue: for `assignees`, if one is not a member.
    """
    named = set(after) - set(before)
    if not named:
        return
    key = RecordKey(WORKSPACE, uow.workspace)
    workspace = workspace_from(await load_record(uow.store, SERVICE_WORKSPACE, key))
    if workspace is None:
        return
    strangers = sorted(named - {member.id for member in workspace.members})
    if strangers:
        raise InvalidValue("assignees", f"must be members of the workspace: {strangers[0]} is none")
