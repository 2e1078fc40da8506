"""Who calls, and how: what a call is checked against, and what the history records as the actor."""

from collections.abc import Awaitable, Callable
from enum import Enum
from typing import Final, TypeAlias, TypedDict

from taskharbor.application.calls import actor_from
from taskharbor.application.errors import PermissionDenied, WorkspaceArchived
from taskharbor.domain.access.permission import Permission
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE, ListId, WorkspaceId


class PrincipalKind(Enum):
    """What sort of caller it is."""

    SYSTEM = "system"
    LOCAL = "local"
    MEMBER = "member"
    TOKEN = "token"  # noqa: S105  # the word


@frozen(kw_only=True)
class Principal:
    """A caller in one workspace. One exists only for who may read there; for all others there is no such workspace.

    Attributes:
        kind: the program itself (`system`), the user of a server without accounts (`local`), a member, or a token.
        id: which one of its kind.
        actor: what the history calls it; None if it does not say.
        workspace: where.
        permission: what it may do there.
        member: the member who it is, or for whom it acts; None if there is none.
        lists: the lists to which it is narrowed, or None for the whole workspace.
        archived: whether the workspace takes no changes.
        time_zone: that of the workspace; None for that of the service.
    """

    kind: PrincipalKind
    id: str
    actor: str | None
    workspace: WorkspaceId
    permission: Permission
    member: str | None = None
    lists: frozenset[ListId] | None = None
    archived: bool = False
    time_zone: str | None = None

    @property
    def key(self) -> str | None:
        """What no other caller has; None if nobody is named, as where there are no accounts."""
        return self.qualified_id if self.kind in REVOCABLE else self.actor

    @property
    def qualified_id(self) -> str:
        """Its kind and its id: `member:ada`, `token:4daa59af4e0b9d09`."""
        return f"{self.kind.value}:{self.id}"

    def require(self, needed: Permission) -> None:
        """Make sure that the caller may do what needs this.

        Raises:
            PermissionDenied: if it may not, which says what is missing. A caller that is narrowed to lists may not do
                what needs `manage`, which concerns the whole workspace.
            WorkspaceArchived: if it needs `write`, and the workspace takes no changes.
        """
        if self.lists is not None and needed is Permission.MANAGE:
            raise PermissionDenied("a token for the whole workspace", has="one that is narrowed to lists")
        if self.permission < needed:
            raise PermissionDenied(needed.label, has=self.permission.label)
        if self.archived and needed is Permission.WRITE:
            raise WorkspaceArchived(self.workspace)


# Not sets: the hash of an enumeration's member takes longer than two looks.
OPERATORS: Final = (PrincipalKind.SYSTEM, PrincipalKind.LOCAL)
"""Those who run the service, and may act for others."""

REVOCABLE: Final = (PrincipalKind.MEMBER, PrincipalKind.TOKEN)
"""Those whom the directory names, and who may have lost a permission a moment later."""


def system_in(workspace: WorkspaceId, actor: str | None = None) -> Principal:
    """Return the program itself, which may do everything, on behalf of whoever it says."""
    return Principal(
        kind=PrincipalKind.SYSTEM, id="system", actor=actor, workspace=workspace, permission=Permission.MANAGE
    )


def local_in(workspace: WorkspaceId, *, archived: bool = False, time_zone: str | None = None) -> Principal:
    """Return the user of a server without accounts, who may do everything."""
    return Principal(
        kind=PrincipalKind.LOCAL,
        id="local",
        actor=None,
        workspace=workspace,
        permission=Permission.MANAGE,
        archived=archived,
        time_zone=time_zone,
    )


StillAllowed: TypeAlias = Callable[[], Awaitable[Principal]]
"""Returns the caller as it is by now, or raises the error if it is none any more."""


class CallContext(TypedDict, total=False):
    """Who calls, and how. Every command takes these by keyword.

    Attributes:
        principal: the caller, which says where it happens and who the history records. Without one it is the program
            itself, in `workspace` and on behalf of `actor`.
        still_allowed: is asked before each unit of work, as a call may outlive the permission with which it began.
        workspace: where; `default` unless given.
        actor: who wants it, for the history; see `actor_from`.
        idempotency_key: names this call, so that it can be repeated without being carried out twice; see
            `idempotency_key_from`.
        condition: what the caller said of when to carry it out, in place of the revision that was found to meet it: a
            repetition with the same key is known by that.
    """

    principal: Principal
    still_allowed: StillAllowed | None
    workspace: WorkspaceId
    actor: str | None
    idempotency_key: str | None
    condition: str | None


def principal_of(context: CallContext) -> Principal:
    """Return the caller: the program itself if no other is named.

    Raises:
        InvalidValue: for `actor`.
        ValueError: if there is a principal and an actor or another workspace.
    """
    workspace, actor = context.get("workspace"), context.get("actor")
    principal = context.get("principal")
    if principal is None:
        return system_in(workspace or DEFAULT_WORKSPACE, None if actor is None else actor_from(actor))
    if actor is not None or (workspace is not None and workspace != principal.workspace):
        raise ValueError("a principal says itself who it is, and in which workspace")
    return principal


def settled(context: CallContext) -> tuple[Principal, CallContext]:
    """Return the caller, and the same context with it, and nothing else that says who calls."""
    principal = principal_of(context)
    return principal, {
        "principal": principal,
        "still_allowed": context.get("still_allowed"),
        "idempotency_key": context.get("idempotency_key"),
        "condition": context.get("condition"),
    }
