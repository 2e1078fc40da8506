"""Members as issuers know them: who is made one, and what they are, as far as the settings leave that to claims."""

import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

from taskharbor.application.access.manage_members import PutMember, RemoveMember
from taskharbor.application.errors import Unauthenticated, WorkspaceNotFound
from taskharbor.application.principal import Principal, system_in
from taskharbor.application.use_cases.access import AccessUseCases
from taskharbor.domain.access.errors import LastOwner
from taskharbor.domain.access.members import MemberId
from taskharbor.domain.access.permission import Role
from taskharbor.domain.identifiers import WorkspaceId
from taskharbor.entrypoints.http.access.oidc_claims import grants_of, member_id_of, name_of
from taskharbor.entrypoints.settings.oidc import OidcIssuer

_LOG: Final = logging.getLogger("taskharbor.oidc")


class IssuerMembers:
    """Finds the member whom claims are about."""

    def __init__(self, access: AccessUseCases, issuer: OidcIssuer) -> None:
        self._access = access
        self._issuer = issuer

    async def principal(self, claims: Mapping[str, Any], workspace: str | None) -> Principal:
        """Return the member in the workspace that is named, or in its default one.

        Raises:
            Unauthenticated: if the claims do not say who it is.
            WorkspaceNotFound: if it is not a member there, and the settings make it none.
            StoreUnavailable: if the store cannot be asked.
        """
        member = self._member(claims)
        try:
            found = await self._access.principals.of_member(member, workspace)
        except WorkspaceNotFound:
            if not self._issuer.create_members or not await self._made(member, claims, workspace):
                raise
            found = await self._access.principals.of_member(member, workspace)
        return self._bounded(found, claims)

    async def signed_in(self, claims: Mapping[str, Any]) -> Principal:
        """Return the member who signs in, after its roles were brought in line with the claims.

        Raises:
            Unauthenticated, WorkspaceNotFound, StoreUnavailable: as `principal` does.
        """
        member = self._member(claims)
        roles = {grant.workspace: grant.role for grant in grants_of(claims, self._issuer)}
        for workspace in sorted({grant.workspace for grant in self._issuer.grants}):
            try:
                await self._follow(member, workspace, roles.get(workspace), name_of(claims))
            except WorkspaceNotFound:  # one that was deleted
                continue
            except LastOwner:
                _LOG.warning(
                    "%s stays an owner of %s, though its claims say otherwise: the last one", member, workspace
                )
        return await self.principal(claims, None)

    def _member(self, claims: Mapping[str, Any]) -> MemberId:
        member = member_id_of(claims, self._issuer)
        if member is None:
            raise Unauthenticated(is_invalid=True)
        return member

    async def _follow(self, member: MemberId, workspace: WorkspaceId, role: Role | None, name: str | None) -> None:
        before: Principal | None = None
        with suppress(WorkspaceNotFound):
            before = await self._access.principals.of_member(member, workspace)
        if before is None:
            if role is not None and self._issuer.create_members:
                await self._access.execute(PutMember(id=member, role=role, name=name), system_in(workspace))
        elif not self._issuer.follow_claims:
            return
        elif role is None:
            await self._access.execute(RemoveMember(id=member), system_in(workspace))
        elif role.permission is not before.permission:
            await self._access.execute(PutMember(id=member, role=role), system_in(workspace))

    def _bounded(self, principal: Principal, claims: Mapping[str, Any]) -> Principal:
        """Return the member with no more than its claims give it, where they decide.

        A token changes no role: of two, the older one could give back what the newer one has taken.
        """
        if not self._issuer.follow_claims or all(
            grant.workspace != principal.workspace for grant in self._issuer.grants
        ):
            return principal
        for grant in grants_of(claims, self._issuer):
            if grant.workspace == principal.workspace:
                return replace(principal, permission=min(principal.permission, grant.role.permission))
        raise WorkspaceNotFound(principal.workspace)

    async def _made(self, member: MemberId, claims: Mapping[str, Any], workspace: str | None) -> bool:
        """Make the member that the settings want; return whether there was anything to make."""
        is_made = False
        for grant in grants_of(claims, self._issuer):
            if workspace in (None, grant.workspace):
                command = PutMember(id=member, role=grant.role, name=name_of(claims))
                with suppress(WorkspaceNotFound):  # one that was deleted
                    await self._access.execute(command, system_in(grant.workspace))
                    is_made = True
        return is_made
