"""Members as issuers know them, who are made at first sight if the settings say so."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from taskharbor.application.access.manage_members import PutMember
from taskharbor.application.errors import Unauthenticated, WorkspaceNotFound
from taskharbor.application.principal import Principal, system_in
from taskharbor.application.use_cases.access import AccessUseCases
from taskharbor.domain.access.members import MemberId
from taskharbor.entrypoints.http.access.oidc_claims import grants_of, member_id_of, name_of
from taskharbor.entrypoints.settings.oidc import OidcIssuer


class FirstSight:
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
        member = member_id_of(claims, self._issuer)
        if member is None:
            raise Unauthenticated(is_invalid=True)
        try:
            return await self._access.principals.of_member(member, workspace)
        except WorkspaceNotFound:
            if not self._issuer.create_members or not await self._made(member, claims, workspace):
                raise
        return await self._access.principals.of_member(member, workspace)

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
