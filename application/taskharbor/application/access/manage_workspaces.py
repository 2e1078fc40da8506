"""Make a workspace, change it, delete it."""

import json
from dataclasses import replace
from functools import partial
from typing import Final

from taskharbor.application.access.audit import audited
from taskharbor.application.access.directory import (
    WORKSPACE,
    own_workspace,
    save_workspace,
)
from taskharbor.application.documents.json_encoding import json_text
from taskharbor.application.errors import PermissionDenied
from taskharbor.application.principal import OPERATORS, PrincipalKind
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.access.errors import ExportFirst, WorkspaceIdTaken
from taskharbor.domain.access.members import LOCAL_MEMBER, Member, MemberId, member_id_from
from taskharbor.domain.access.permission import Role
from taskharbor.domain.access.workspace import Workspace
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import Revision, WorkspaceId, workspace_from
from taskharbor.domain.unset import UNSET, Unset
from taskharbor.domain.values.instant import instant_as_json
from taskharbor.domain.values.primitives import boolean_from

EXPORTED: Final = "exported"
"""The kind of the records that say, under the id of a workspace, at which revision it was last exported."""

DELETED: Final = "deleted-workspace"
"""The kind of the records that say, under the id of a workspace, that its tasks are still to be purged."""


@frozen(kw_only=True)
class CreateWorkspace:
    """Make a workspace, which belongs to the caller or, if an operator asks, to `owner`.

    An operator is the program itself or the local user. It may also take over a workspace that has tasks and is not in
    the directory, as where a program that embeds the service has made it.
    """

    id: WorkspaceId
    name: str | None = None
    owner: MemberId | None = None


@frozen(kw_only=True)
class ChangeWorkspace:
    """Give the workspace another name or time zone, archive it, or have it take changes again.

    Without a time zone, None, it has that of the service.
    """

    name: str | Unset = UNSET
    archived: bool | Unset = UNSET
    time_zone: str | Unset | None = UNSET


@frozen(kw_only=True)
class DeleteWorkspace:
    """Delete the workspace with all that is in it. `without_export`, its id, says that no export is needed."""

    without_export: WorkspaceId | None = None


@frozen(kw_only=True)
class NoteExport:
    """Note that the workspace has been exported in a format: all of it, as it was at this revision, or else a part."""

    revision: Revision | None
    format: str


async def create_workspace(command: CreateWorkspace, uow: UnitOfWork) -> Workspace:
    """Carry out `command`.

    Raises:
        PermissionDenied: if the caller is a token, which is good for one workspace only.
        WorkspaceIdTaken: if there is, or was, another one with this id, or tasks are in it.
        InvalidValue: if a value breaks its rule.
    """
    principal = uow.principal
    if principal.kind is PrincipalKind.TOKEN:
        raise PermissionDenied("a member", has="a token")
    workspace_id = workspace_from(command.id)
    is_operator = principal.kind in OPERATORS
    if await uow.records.find(WORKSPACE, workspace_id) is not None:
        raise WorkspaceIdTaken(workspace_id)
    if not is_operator and (await uow.store.read_history_bounds(workspace_id)).revision:
        raise WorkspaceIdTaken(workspace_id)
    if command.owner is not None and not is_operator:
        raise InvalidValue("owner", "can only be chosen by an operator")
    owner = principal.member or LOCAL_MEMBER if command.owner is None else member_id_from("owner", command.owner)
    made = Workspace.create(
        id=workspace_id,
        name=workspace_id if command.name is None else command.name,
        owner=Member(id=owner, name=owner, role=Role.OWNER, joined=uow.now),
        at=uow.now,
    )
    await audited(uow, workspace=workspace_id, owner=owner)
    return await save_workspace(made, uow)


async def change_workspace(command: ChangeWorkspace, uow: UnitOfWork) -> Workspace:
    """Carry out `command`.

    Raises:
        InvalidValue: if a value breaks its rule.
    """
    before = after = await own_workspace(uow)
    if command.name is not UNSET:
        after = after.rename(command.name)
    if command.archived is not UNSET:
        after = after.archive(boolean_from("archived", command.archived))
    if command.time_zone is not UNSET:
        after = after.in_time_zone(command.time_zone)
    if after == before:
        return before
    archived = "yes" if after.archived else "no"
    if after.time_zone == before.time_zone:
        await audited(uow, archived=archived)
    else:
        await audited(uow, archived=archived, time_zone=after.time_zone)
        uow.after_commit.append(partial(uow.services.reminders.note, after.id))
    return await save_workspace(after, uow)


async def delete_workspace(command: DeleteWorkspace, uow: UnitOfWork) -> Workspace:
    """Carry out `command`: nobody gets in any more from this commit on, and housekeeping purges what is left.

    Raises:
        ExportFirst: if it has changed since it was last exported, and its id is not said.
        InvalidValue: for `without_export`, if it is another id.
    """
    found = await own_workspace(uow)
    if command.without_export is None:
        await _require_export(found.id, uow)
    elif command.without_export != found.id:
        raise InvalidValue("without_export", "must be the id of the workspace")
    await audited(uow, members=len(found.members))
    await save_workspace(found, uow)  # so that one that was not set up has a record to be kept
    await save_workspace(replace(found, members=()), uow)
    deleted = json_text({"deleted": instant_as_json(uow.now)})
    await uow.records.put(WORKSPACE, found.id, deleted)
    await uow.records.put(DELETED, found.id, deleted)
    await uow.records.remove(EXPORTED, found.id, at=uow.now)
    return found


async def note_export(command: NoteExport, uow: UnitOfWork) -> None:
    """Carry out `command`."""
    if command.revision is not None:
        await uow.records.put(EXPORTED, uow.principal.workspace, json_text({"revision": command.revision}))
    await audited(uow, format=command.format, revision=command.revision)


async def _require_export(workspace: WorkspaceId, uow: UnitOfWork) -> None:
    record = await uow.records.find(EXPORTED, workspace)
    exported = 0 if record is None else json.loads(record.document or "{}")["revision"]
    if (await uow.store.read_history_bounds(workspace)).revision > exported:
        raise ExportFirst(workspace)
