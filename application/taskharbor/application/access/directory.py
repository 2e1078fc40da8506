"""The directory: who is where, as records of the workspace that the service keeps for itself.

Records of one workspace have keys that begin with its id and a space, which sorts before all that an id can contain.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from taskharbor.application.documents.json_encoding import json_text
from taskharbor.application.errors import QuotaExceeded, WorkspaceNotFound
from taskharbor.application.ports.record_store import Record, RecordKey, RecordStore
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.access.members import LOCAL_MEMBER, Member, MemberId
from taskharbor.domain.access.permission import Role
from taskharbor.domain.access.workspace import Workspace
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import SERVICE_WORKSPACE, WorkspaceId
from taskharbor.domain.values.instant import instant_as_json, instant_of

WORKSPACE: Final = "workspace"
"""The kind of the records of workspaces, under their ids. One that was deleted keeps its record, without members."""

ACCOUNT: Final = "account"
"""The kind of the records that say of a member, under its id, in which workspaces it is: the default one first."""


_HEX_ID: Final = re.compile(r"[0-9a-f]{16}")
_AFTER: Final = re.compile(r"[0-9a-z._-]{0,64}")


def is_hex_id(text: str) -> bool:
    """Return whether it could be the id of a token or an invitation. No store need be asked for another one."""
    return _HEX_ID.fullmatch(text) is not None


def require_after(after: str) -> None:
    """Make sure that `after` could be the end of a page.

    Raises:
        InvalidValue: for `after`.
    """
    if not _AFTER.fullmatch(after):
        raise InvalidValue("after", "must come from the `next` link of an earlier page")


def key_in(workspace: WorkspaceId, name: str) -> str:
    """Return the key of a record that belongs to a workspace."""
    return f"{workspace} {name}"


async def list_in(
    store: RecordStore, workspace: WorkspaceId, kind: str, *, after: str = "", limit: int
) -> Sequence[Record]:
    """Return up to `limit` records of a workspace, by the part of their keys that is their own: those after `after`."""
    prefix = key_in(workspace, "")
    found = await store.list_records(SERVICE_WORKSPACE, kind, after=prefix + after, limit=limit)
    return [record for record in found if record.key.startswith(prefix)]


def workspace_from(record: Record | None) -> Workspace | None:
    """Return the workspace of a record; None if there is none, or it was deleted."""
    if record is None or record.document is None:
        return None
    said = json.loads(record.document)
    if "deleted" in said:
        return None
    return Workspace(
        id=record.key,
        name=said["name"],
        members=tuple(_member_from(*each) for each in said["members"]),
        created=None if said["created"] is None else instant_of(said["created"]),
        archived=said["archived"],
        time_zone=said.get("time_zone"),
    )


def workspace_document(workspace: Workspace) -> str:
    """Return the document of a workspace's record."""
    return json_text(
        {
            "name": workspace.name,
            "members": [[each.id, each.name, each.role.value, _instant(each.joined)] for each in workspace.members],
            "created": _instant(workspace.created),
            "archived": workspace.archived,
            "time_zone": workspace.time_zone,
        }
    )


def _instant(at: datetime | None) -> str | None:
    return None if at is None else instant_as_json(at)


def _member_from(id_: MemberId, name: str, role: str, joined: str | None = None) -> Member:
    return Member(id=id_, name=name, role=Role(role), joined=None if joined is None else instant_of(joined))


def workspaces_of(record: Record | None) -> list[WorkspaceId]:
    """Return where a member is, by the record of its account."""
    if record is None or record.document is None:
        return []
    said: dict[str, Any] = json.loads(record.document)
    return list(said["workspaces"])


def signed_out_of(record: Record | None) -> datetime | None:
    """Return when all sessions of a member were ended, by the record of its account; None if they never were."""
    if record is None or record.document is None:
        return None
    at: str | None = json.loads(record.document).get("signed_out")
    return None if at is None else instant_of(at)


def account_document(workspaces: Sequence[WorkspaceId], *, signed_out: datetime | None) -> str:
    """Return the document of a member's account."""
    return json_text({"workspaces": workspaces} | ({} if signed_out is None else {"signed_out": _instant(signed_out)}))


async def own_workspace(uow: UnitOfWork) -> Workspace:
    """Return the workspace of the caller. One that nobody has set up yet belongs to the local user.

    Raises:
        WorkspaceNotFound: if it was deleted.
    """
    workspace = uow.principal.workspace
    record = await uow.records.find(WORKSPACE, workspace)
    found = workspace_from(record)
    if found is not None:
        return found
    if record is not None:
        raise WorkspaceNotFound(workspace)
    return not_set_up(workspace)


def not_set_up(workspace: WorkspaceId) -> Workspace:
    """Return what a workspace is of which the directory knows nothing."""
    owner = Member(id=LOCAL_MEMBER, name=LOCAL_MEMBER, role=Role.OWNER)
    return Workspace.create(id=workspace, name=workspace, owner=owner, at=None)


async def set_up(uow: UnitOfWork) -> Workspace:
    """Return the workspace of the caller, and have it written at commit if nobody has set it up yet."""
    found = await own_workspace(uow)
    is_there = await uow.records.find(WORKSPACE, found.id) is not None
    return found if is_there else await save_workspace(found, uow)


async def save_workspace(workspace: Workspace, uow: UnitOfWork) -> Workspace:
    """Have a workspace written at commit, and with each of its members that it is one.

    Raises:
        QuotaExceeded: if it has more members than its quota.
    """
    before = workspace_from(await uow.records.find(WORKSPACE, workspace.id))
    ids = {member.id for member in workspace.members}
    earlier = set[str]() if before is None else {member.id for member in before.members}
    if len(ids) > len(earlier):
        _require_quota(workspace, uow)
    await uow.records.prefetch([RecordKey(ACCOUNT, member) for member in ids ^ earlier])
    for member in sorted(ids - earlier):
        await _note(member, workspace.id, uow, is_in=True)
    for member in sorted(earlier - ids):
        await _note(member, workspace.id, uow, is_in=False)
    if workspace.created is None:
        workspace = replace(workspace, created=uow.now)
    await uow.records.put(WORKSPACE, workspace.id, workspace_document(workspace))
    return workspace


async def is_known(member: MemberId, uow: UnitOfWork) -> bool:
    """Return whether this id is, or was, that of a member of some workspace."""
    return member == LOCAL_MEMBER or await uow.records.find(ACCOUNT, member) is not None


def _require_quota(workspace: Workspace, uow: UnitOfWork) -> None:
    quotas = uow.services.quotas
    most = None if quotas is None else quotas.quotas.members
    if most is not None and len(workspace.members) > most:
        raise QuotaExceeded("members", most)


async def _note(member: MemberId, workspace: WorkspaceId, uow: UnitOfWork, *, is_in: bool) -> None:
    account = await uow.records.find(ACCOUNT, member)
    others = [each for each in workspaces_of(account) if each != workspace]
    document = account_document([*others, workspace] if is_in else others, signed_out=signed_out_of(account))
    await uow.records.put(ACCOUNT, member, document)
