"""From what a call comes with to its principal, and what is remembered of it."""

import hmac
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final, Protocol, TypeVar

from taskharbor.application.access.directory import (
    ACCOUNT,
    WORKSPACE,
    key_in,
    signed_out_of,
    workspace_from,
    workspaces_of,
)
from taskharbor.application.access.freshness import Freshness
from taskharbor.application.access.manage_tokens import MADE_BY_TOKEN, TOKEN, TOKEN_OF, permission_of, token_from
from taskharbor.application.access.session_records import SESSION, SESSION_PREFIX, good_session, session_member
from taskharbor.application.calls import MAX_ACTOR_LENGTH
from taskharbor.application.errors import Unauthenticated, WorkspaceNotFound
from taskharbor.application.ports.clock import Clock
from taskharbor.application.ports.record_store import Record, RecordKey, RecordStore, load_record
from taskharbor.application.ports.task_history import TaskHistory
from taskharbor.application.principal import Principal, PrincipalKind, local_in
from taskharbor.domain.access.api_token import TOKEN_PREFIX, ApiToken
from taskharbor.domain.access.members import MemberId
from taskharbor.domain.access.secret_text import digest_of, is_secret
from taskharbor.domain.access.workspace import Workspace
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import SERVICE_WORKSPACE, WorkspaceId

MAX_REMEMBERED: Final = 10_000
"""How many principals one process remembers; then it begins anew."""

K = TypeVar("K")
V = TypeVar("V")


class _Store(RecordStore, TaskHistory, Protocol):
    pass


@frozen
class _Good:
    """A principal, and from when on it is good no longer."""

    principal: Principal
    expires: datetime | None


class Principals:
    """Finds the principal of a token, of a member or of the local user. What it says is at most 5 seconds old.

    As long as calls come, the store is asked every 2 seconds, beside them, whether the directory has changed. Only then
    is anything read anew.
    """

    def __init__(self, store: _Store, *, clock: Clock, used: Callable[[Principal, datetime], None]) -> None:
        self._store = store
        self._clock = clock
        self._used = used
        self._tokens: dict[str, _Good] = {}
        self._sessions: dict[str, tuple[MemberId, datetime]] = {}
        self._members: dict[tuple[MemberId, str | None], Principal] = {}
        self._locals: dict[WorkspaceId, Principal] = {}
        self._freshness = Freshness(store, self._forget)

    def doubt(self) -> None:
        """Ask the store again before anything is believed: this process has changed the directory."""
        self._freshness.doubt()

    async def of_token(self, secret: str, workspace: str | None = None) -> Principal:
        """Return the principal of an API token.

        Raises:
            Unauthenticated: if it is malformed, unknown, revoked or expired, or its member or workspace is gone. It
                does not say which.
            WorkspaceNotFound: if it is good in another workspace than this one.
            StoreUnavailable: if the store cannot be asked.
        """
        digest = digest_of(secret)
        is_certain = self._freshness.is_certain()
        good = self._tokens.get(digest) if is_certain else None
        if good is None:
            if not is_secret(TOKEN_PREFIX, secret):
                raise Unauthenticated(is_invalid=True)
            if not is_certain:
                await self._freshness.confirm()
            good = self._tokens.get(digest)
        if good is None:
            good = await self._kept(self._tokens, digest, self._read_token(digest))
        now = self._clock.now()
        if good is None or (good.expires is not None and good.expires <= now):
            raise Unauthenticated(is_invalid=True)
        principal = good.principal
        if workspace is not None and workspace != principal.workspace:
            raise WorkspaceNotFound(workspace)
        self._used(principal, now)
        return principal

    async def of_session(self, secret: str, workspace: str | None = None) -> Principal:
        """Return the principal of the member whose browser session this is.

        Raises:
            Unauthenticated: as `member_of_session` does.
            WorkspaceNotFound, StoreUnavailable: as `of_member` does.
        """
        return await self.of_member(await self.member_of_session(secret), workspace)

    async def member_of_session(self, secret: str) -> MemberId:
        """Return the member whose browser session this is, also one who has left.

        Raises:
            Unauthenticated: if it is malformed, unknown, ended or expired. It does not say which.
            StoreUnavailable: if the store cannot be asked.
        """
        if not self._freshness.is_certain():
            await self._freshness.confirm()
        digest = digest_of(secret)
        session = self._sessions.get(digest)
        if session is None and is_secret(SESSION_PREFIX, secret):
            session = await self._kept(self._sessions, digest, self._read_session(digest))
        if session is None or session[1] <= self._clock.now():
            raise Unauthenticated(is_invalid=True)
        return session[0]

    async def of_member(self, member: MemberId, workspace: str | None = None) -> Principal:
        """Return the principal of a member, who has been recognised, in a workspace, by default its first one.

        Raises:
            WorkspaceNotFound: if it is not a member there, or there is no such workspace; or if it is in none.
            StoreUnavailable: if the store cannot be asked.
        """
        if not self._freshness.is_certain():
            await self._freshness.confirm()
        key = (member, workspace)
        found = self._members.get(key)
        if found is None:
            found = await self._kept(self._members, key, self._read_member(member, workspace))
        if found is None:
            raise WorkspaceNotFound(workspace or "")
        return found

    async def of_local(self, workspace: WorkspaceId, *, is_default: bool) -> Principal:
        """Return the local user in a workspace; the default one is there even if nobody has set it up.

        Raises:
            WorkspaceNotFound: if there is none.
            StoreUnavailable: if the store cannot be asked.
        """
        if not self._freshness.is_certain():
            await self._freshness.confirm()
        found = self._locals.get(workspace)
        if found is None:
            found = await self._kept(self._locals, workspace, self._read_local(workspace, is_default=is_default))
        if found is None:
            raise WorkspaceNotFound(workspace)
        return found

    async def _kept(self, remembered: dict[K, V], key: K, reading: Awaitable[V | None]) -> V | None:
        generation = self._freshness.generation
        found = await reading
        if found is not None and generation == self._freshness.generation:
            if len(remembered) >= MAX_REMEMBERED:
                remembered.clear()
            remembered[key] = found
        return found

    async def _read_token(self, digest: str) -> _Good | None:
        record = await self._find(TOKEN, digest)
        if record is None or not hmac.compare_digest(record.key, digest):
            return None
        token = token_from(record)
        if token is None or not await self._has_its_maker(token):
            return None
        workspace = workspace_from(await self._find(WORKSPACE, token.workspace))
        if workspace is None:
            return None
        permission = permission_of(token, workspace)
        if permission is None:
            return None
        principal = Principal(
            kind=PrincipalKind.TOKEN,
            id=token.id,
            actor=f"{token.member or PrincipalKind.TOKEN.value}:{token.name}"[:MAX_ACTOR_LENGTH],
            workspace=workspace.id,
            permission=permission,
            member=token.member,
            lists=None if token.lists is None else frozenset(token.lists),
            archived=workspace.archived,
            time_zone=workspace.time_zone,
        )
        return _Good(principal, token.expires)

    async def _has_its_maker(self, token: ApiToken) -> bool:
        if not token.made_by.startswith(MADE_BY_TOKEN):
            return True
        maker = token.made_by.removeprefix(MADE_BY_TOKEN)
        return await self._find(TOKEN_OF, key_in(token.workspace, maker)) is not None

    async def _read_session(self, digest: str) -> tuple[MemberId, datetime] | None:
        record = await self._find(SESSION, digest)
        if record is None:
            return None
        return good_session(record, signed_out_of(await self._find(ACCOUNT, session_member(record))))

    async def _read_member(self, id_: MemberId, named: str | None) -> Principal | None:
        # Where somebody is says their own record: for all other workspaces the same is read, there or not.
        workspaces = workspaces_of(await self._find(ACCOUNT, id_))
        if not workspaces or (named is not None and named not in workspaces):
            return None
        workspace = workspace_from(await self._find(WORKSPACE, workspaces[0] if named is None else named))
        return None if workspace is None or workspace.find(id_) is None else member_in(workspace, id_)

    async def _read_local(self, id_: WorkspaceId, *, is_default: bool) -> Principal | None:
        record = await self._find(WORKSPACE, id_)
        workspace = workspace_from(record)
        if workspace is not None:
            return local_in(id_, archived=workspace.archived, time_zone=workspace.time_zone)
        return local_in(id_) if record is None and is_default else None

    async def _find(self, kind: str, key: str) -> Record | None:
        found = await load_record(self._store, SERVICE_WORKSPACE, RecordKey(kind, key))
        return None if found is None or found.document is None else found

    def _forget(self) -> None:
        self._tokens.clear()
        self._sessions.clear()
        self._members.clear()
        self._locals.clear()


def member_in(workspace: Workspace, id_: MemberId) -> Principal:
    """Return a member as a principal of its workspace.

    Raises:
        WorkspaceNotFound: if it is not a member there.
    """
    member = workspace.find(id_)
    if member is None:
        raise WorkspaceNotFound(workspace.id)
    return Principal(
        kind=PrincipalKind.MEMBER,
        id=id_,
        actor=id_,
        workspace=workspace.id,
        permission=member.role.permission,
        member=id_,
        archived=workspace.archived,
        time_zone=workspace.time_zone,
    )
