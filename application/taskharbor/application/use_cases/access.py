"""The use cases on the directory, ready to call: who may do what where, and who calls."""

import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import partial
from typing import Any, Final, overload

from taskharbor.application.access.audit import AuditPage, ListAudit
from taskharbor.application.access.directory_queries import (
    QUERIES,
    GetWorkspace,
    InvitationPage,
    ListInvitations,
    ListTokens,
    ListWorkspaces,
    TokenPage,
    WorkspacePage,
)
from taskharbor.application.access.invitations import (
    AcceptedInvitation,
    AcceptInvitation,
    CreateInvitation,
    NewInvitation,
    RevokeInvitation,
)
from taskharbor.application.access.manage_members import LeaveWorkspace, PutMember, RemoveMember
from taskharbor.application.access.manage_tokens import CreateToken, NewToken, RevokeToken
from taskharbor.application.access.manage_workspaces import (
    ChangeWorkspace,
    CreateWorkspace,
    DeleteWorkspace,
    NoteExport,
)
from taskharbor.application.access.principals import Principals
from taskharbor.application.access.sessions import (
    CreateSignInLink,
    EndSession,
    EndSessions,
    StartSession,
    UseCode,
    UseSignInLink,
)
from taskharbor.application.access.trail import Trail
from taskharbor.application.commands.registry import authorize, carry_out_alone
from taskharbor.application.errors import ConcurrentUpdate, PermissionDenied, StoreNotReady, StoreUnavailable
from taskharbor.application.interchange.export_tasks import Export
from taskharbor.application.ports.clock import Clock
from taskharbor.application.ports.storage import Storage
from taskharbor.application.principal import Principal, StillAllowed
from taskharbor.application.reminders.follow_time_zone import follow_time_zone
from taskharbor.application.services import Services
from taskharbor.application.use_cases.transactions import Transactions
from taskharbor.domain.access.api_token import ApiToken
from taskharbor.domain.access.invitation import Invitation
from taskharbor.domain.access.members import Member
from taskharbor.domain.access.workspace import Workspace
from taskharbor.domain.errors import TaskharborError
from taskharbor.domain.identifiers import SERVICE_WORKSPACE
from taskharbor.domain.unset import UNSET

_LOG: Final = logging.getLogger("taskharbor.access")


class AccessUseCases:
    """Carries out what changes the directory, and answers what is asked of it.

    What each raises is said by the function that carries it out. All raise `PermissionDenied` if the principal may not
    do it, and `StoreUnavailable` when the store cannot be asked.

    Attributes:
        principals: finds out who calls.
        trail: takes note of refusals and of the use of tokens.
    """

    def __init__(self, storage: Storage, transactions: Transactions, *, clock: Clock, services: Services) -> None:
        self._storage = storage
        self._transactions = transactions
        self.trail = Trail(storage, clock=clock, sink=services.audit, retention=services.audit_retention)
        self.principals = Principals(storage, clock=clock, used=self.trail.used)

    @overload
    async def execute(
        self, command: CreateWorkspace | ChangeWorkspace | DeleteWorkspace, principal: Principal
    ) -> Workspace: ...
    @overload
    async def execute(self, command: RemoveMember | LeaveWorkspace, principal: Principal) -> Workspace: ...
    @overload
    async def execute(self, command: PutMember, principal: Principal) -> Member: ...
    @overload
    async def execute(self, command: CreateInvitation, principal: Principal) -> NewInvitation: ...
    @overload
    async def execute(self, command: RevokeInvitation, principal: Principal) -> Invitation: ...
    @overload
    async def execute(self, command: AcceptInvitation, principal: Principal) -> AcceptedInvitation: ...
    @overload
    async def execute(self, command: CreateToken, principal: Principal) -> NewToken: ...
    @overload
    async def execute(self, command: RevokeToken, principal: Principal) -> ApiToken: ...
    @overload
    async def execute(self, command: StartSession | CreateSignInLink | UseSignInLink, principal: Principal) -> str: ...
    @overload
    async def execute(self, command: EndSession | EndSessions | UseCode, principal: Principal) -> None: ...
    @overload
    async def execute(self, command: NoteExport, principal: Principal) -> None: ...
    async def execute(self, command: Any, principal: Principal) -> Any:
        """Carry out a command in the directory, in one commit, and again if another call committed first.

        A secret in its answer is kept nowhere, so there are no idempotency keys here.
        """
        authorize(command, principal)
        try:
            answer = await self._transactions.run(
                partial(carry_out_alone, command), {"principal": principal}, workspace=SERVICE_WORKSPACE
            )
        except BaseException as error:
            # What was refused has changed nothing, so no stranger can have the rest forgotten.
            if not isinstance(error, TaskharborError) or isinstance(error, StoreUnavailable):
                self.principals.doubt()
            raise
        self.principals.doubt()
        if isinstance(command, ChangeWorkspace) and command.time_zone is not UNSET:
            # If that fails, those who fire reminders see to it.
            with suppress(StoreNotReady, StoreUnavailable):
                await follow_time_zone(principal.workspace, self._storage)
        return answer

    async def noted_export(
        self, export: Export, principal: Principal, still_allowed: StillAllowed | None = None
    ) -> AsyncIterator[bytes]:
        """Yield the pieces of an export, and note at the end that it was made.

        It breaks off when the caller is no longer allowed to read.

        Raises:
            StoreUnavailable: if the store cannot be asked.
        """
        revision = (await self._storage.read_history_bounds(principal.workspace)).revision
        async for piece in export:
            if still_allowed is not None:
                await still_allowed()
            yield piece
        is_whole = principal.lists is None
        try:
            await self.execute(
                NoteExport(revision=revision if is_whole else None, format=export.format.name), principal
            )
        except (ConcurrentUpdate, StoreNotReady, StoreUnavailable) as error:
            # The caller has it all. To have it noted it can be asked for again.
            _LOG.warning("an export of %s was not noted: %s", principal.workspace, error)

    @overload
    async def ask(self, query: GetWorkspace, principal: Principal) -> Workspace: ...
    @overload
    async def ask(self, query: ListWorkspaces, principal: Principal) -> WorkspacePage: ...
    @overload
    async def ask(self, query: ListTokens, principal: Principal) -> TokenPage: ...
    @overload
    async def ask(self, query: ListInvitations, principal: Principal) -> InvitationPage: ...
    @overload
    async def ask(self, query: ListAudit, principal: Principal) -> AuditPage: ...
    async def ask(self, query: Any, principal: Principal) -> Any:
        """Answer a query of the directory."""
        kind = QUERIES[type(query)]
        principal.require(kind.needs)
        if principal.lists is not None:
            raise PermissionDenied("a token for the whole workspace", has="one that is narrowed to lists")
        return await kind.answer(query, self._storage, principal)
