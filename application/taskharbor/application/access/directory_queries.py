"""What can be asked of the directory, and what callers must be permitted to for it."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from taskharbor.application.access.audit import ListAudit, list_audit
from taskharbor.application.access.directory import (
    ACCOUNT,
    WORKSPACE,
    key_in,
    list_in,
    not_set_up,
    require_after,
    workspace_from,
    workspaces_of,
)
from taskharbor.application.access.invitations import INVITATION, INVITATION_OF, invitation_from
from taskharbor.application.access.manage_tokens import TOKEN, TOKEN_OF, token_from
from taskharbor.application.access.trail import USED
from taskharbor.application.pagination import require_limit
from taskharbor.application.ports.record_store import Record, RecordKey, RecordStore, load_record
from taskharbor.application.principal import OPERATORS, Principal, PrincipalKind
from taskharbor.domain.access.api_token import ApiToken
from taskharbor.domain.access.invitation import Invitation
from taskharbor.domain.access.permission import Permission
from taskharbor.domain.access.workspace import Workspace
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import SERVICE_WORKSPACE, WorkspaceId
from taskharbor.domain.values.instant import instant_of

DEFAULT_ITEMS: Final = 100


@frozen(kw_only=True)
class GetWorkspace:
    """Ask for the workspace of the caller, with its members."""


@frozen(kw_only=True)
class ListWorkspaces:
    """Ask for up to `limit` workspaces in which the caller is, by ascending id: those after `after`.

    An operator is in all of them, and a token in one.

    Raises:
        InvalidValue: if the limit is out of its range.
    """

    limit: int = DEFAULT_ITEMS
    after: WorkspaceId = ""

    def __post_init__(self) -> None:
        require_limit(self.limit)
        require_after(self.after)


@frozen(kw_only=True)
class ListTokens:
    """Ask for up to `limit` tokens of the workspace by ascending id: those after `after`.

    Raises:
        InvalidValue: if the limit is out of its range.
    """

    limit: int = DEFAULT_ITEMS
    after: str = ""

    def __post_init__(self) -> None:
        require_limit(self.limit)
        require_after(self.after)


@frozen(kw_only=True)
class ListInvitations:
    """Ask for the invitations that can still be accepted, up to `limit` by ascending id: those after `after`.

    Raises:
        InvalidValue: if the limit is out of its range.
    """

    limit: int = DEFAULT_ITEMS
    after: str = ""

    def __post_init__(self) -> None:
        require_limit(self.limit)
        require_after(self.after)


@frozen(kw_only=True)
class ListedToken:
    """A token of a list.

    Attributes:
        token: the token.
        last_used: the hour in which it was last used; None if it never was.
    """

    token: ApiToken
    last_used: datetime | None


@dataclass(slots=True, kw_only=True)
class TokenPage:
    """Some tokens. `next_after` is the `after` of the next page; None on the last page."""

    items: list[ListedToken]
    next_after: str | None


@dataclass(slots=True, kw_only=True)
class InvitationPage:
    """Some invitations. `next_after` is the `after` of the next page; None on the last page."""

    items: list[Invitation]
    next_after: str | None


@dataclass(slots=True, kw_only=True)
class WorkspacePage:
    """Some workspaces. `next_after` is the `after` of the next page; None on the last page."""

    items: list[Workspace]
    next_after: WorkspaceId | None


async def get_workspace(_query: GetWorkspace, store: RecordStore, principal: Principal) -> Workspace:
    """Answer it. One that nobody has set up belongs to the local user."""
    key = RecordKey(WORKSPACE, principal.workspace)
    found = workspace_from(await load_record(store, SERVICE_WORKSPACE, key))
    return found or not_set_up(principal.workspace)


async def list_workspaces(query: ListWorkspaces, store: RecordStore, principal: Principal) -> WorkspacePage:
    """Answer `query`."""
    if principal.kind in OPERATORS:
        return await _all_workspaces(query, store, principal)
    ids = [principal.workspace]
    if principal.kind is PrincipalKind.MEMBER and principal.member is not None:
        key = RecordKey(ACCOUNT, principal.member)
        ids = workspaces_of(await load_record(store, SERVICE_WORKSPACE, key))
    keys = [RecordKey(WORKSPACE, each) for each in sorted(ids) if each > query.after][: query.limit + 1]
    loaded = await store.load_records(SERVICE_WORKSPACE, keys)
    return _workspace_page([loaded[key] for key in keys if key in loaded], query)


async def list_tokens(query: ListTokens, store: RecordStore, principal: Principal) -> TokenPage:
    """Answer `query`."""
    workspace = principal.workspace
    index = await list_in(store, workspace, TOKEN_OF, after=query.after, limit=query.limit + 1)
    shown = index[: query.limit]
    digests = [json.loads(record.document or "null") for record in shown]
    used_keys = [RecordKey(USED, record.key) for record in shown]
    loaded = await store.load_records(
        SERVICE_WORKSPACE, [*(RecordKey(TOKEN, digest) for digest in digests), *used_keys]
    )
    items: list[ListedToken] = []
    for digest, used in zip(digests, used_keys, strict=True):
        token = token_from(loaded.get(RecordKey(TOKEN, digest)))
        if token is not None:
            items.append(ListedToken(token=token, last_used=_last_used(loaded.get(used))))
    return TokenPage(items=items, next_after=_own_key(shown[-1], workspace) if len(index) > query.limit else None)


async def list_invitations(query: ListInvitations, store: RecordStore, principal: Principal) -> InvitationPage:
    """Answer `query`."""
    workspace = principal.workspace
    index = await list_in(store, workspace, INVITATION_OF, after=query.after, limit=query.limit + 1)
    shown = index[: query.limit]
    keys = [RecordKey(INVITATION, json.loads(record.document or "null")) for record in shown]
    loaded = await store.load_records(SERVICE_WORKSPACE, keys)
    found = [invitation_from(loaded.get(key)) for key in keys]
    return InvitationPage(
        items=[each for each in found if each is not None],
        next_after=_own_key(shown[-1], workspace) if len(index) > query.limit else None,
    )


Answering: TypeAlias = Callable[[Any, RecordStore, Principal], Awaitable[Any]]


@frozen
class QueryType:
    """What is known of all queries of one type.

    Attributes:
        query: their class.
        name: what callers call them.
        needs: what callers must be permitted to.
        answer: answers one.
    """

    query: type[Any]
    name: str
    needs: Permission
    answer: Answering


async def _list_audit(query: ListAudit, store: RecordStore, principal: Principal) -> object:
    return await list_audit(query, store, principal.workspace)


_TYPES: Final = (
    QueryType(GetWorkspace, "get_workspace", Permission.READ, get_workspace),
    QueryType(ListWorkspaces, "list_workspaces", Permission.READ, list_workspaces),
    QueryType(ListTokens, "list_tokens", Permission.MANAGE, list_tokens),
    QueryType(ListInvitations, "list_invitations", Permission.MANAGE, list_invitations),
    QueryType(ListAudit, "list_audit", Permission.MANAGE, _list_audit),
)

QUERIES: Final[Mapping[type[Any], QueryType]] = MappingProxyType({kind.query: kind for kind in _TYPES})
"""Every query of the directory by its class. Those of tasks need `read`, without which there is no principal."""


async def _all_workspaces(query: ListWorkspaces, store: RecordStore, principal: Principal) -> WorkspacePage:
    records: list[Record] = []
    after = query.after
    while len(records) <= query.limit:
        page = await store.list_records(SERVICE_WORKSPACE, WORKSPACE, after=after, limit=query.limit + 1)
        records += [record for record in page if workspace_from(record) is not None]
        if len(page) <= query.limit:
            break
        after = page[-1].key
    found = _workspace_page(records[: query.limit + 1], query)
    own = RecordKey(WORKSPACE, principal.workspace)
    is_here = query.after < own.key and (found.next_after is None or own.key < found.next_after)
    if is_here and own not in await store.load_records(SERVICE_WORKSPACE, [own]):
        found.items = sorted([*found.items, not_set_up(own.key)], key=lambda each: each.id)
    return found


def _workspace_page(records: list[Record], query: ListWorkspaces) -> WorkspacePage:
    workspaces = [each for record in records if (each := workspace_from(record)) is not None]
    items = workspaces[: query.limit]
    return WorkspacePage(items=items, next_after=items[-1].id if len(workspaces) > query.limit else None)


def _own_key(record: Record, workspace: WorkspaceId) -> str:
    return record.key[len(key_in(workspace, "")) :]


def _last_used(record: Record | None) -> datetime | None:
    return None if record is None or record.document is None else instant_of(json.loads(record.document)["at"])
