"""OpenID Connect: the tokens of issuers as a way in."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any, Final, NamedTuple

import httpx
from starlette.requests import Request

from taskharbor.adapters.oidc import documents
from taskharbor.adapters.oidc.issuer import InvalidJwt, Issuer, WrongIssuer
from taskharbor.adapters.oidc.issuer_keys import IssuerKeys
from taskharbor.adapters.oidc.jwt_verifier import JwtVerifier, issuer_of
from taskharbor.application.errors import Unauthenticated
from taskharbor.application.principal import Principal
from taskharbor.application.use_cases.access import AccessUseCases
from taskharbor.domain.errors import InvalidValue
from taskharbor.entrypoints.http.access.bearer import bearer_in
from taskharbor.entrypoints.http.access.issuer_members import IssuerMembers
from taskharbor.entrypoints.http.requests.headers import headers_of
from taskharbor.entrypoints.settings.oidc import OidcIssuer

_LOG: Final = logging.getLogger("taskharbor.oidc")


class KnownIssuer(NamedTuple):
    """An issuer, and all that is needed for it."""

    settings: OidcIssuer
    keys: IssuerKeys
    verifier: JwtVerifier
    members: IssuerMembers


class OpenIdConnect:
    """The issuers of an app.

    Attributes:
        issuers: by the names that they have in paths.
    """

    def __init__(self, issuers: tuple[OidcIssuer, ...], access: AccessUseCases) -> None:
        self._http: httpx.AsyncClient | None = None
        self.issuers: dict[str, KnownIssuer] = {each.name: self._known(each, access) for each in issuers}
        self._by_url = {each.settings.issuer: each for each in self.issuers.values()}

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Ask the issuers for their keys, and let go of them at the end. One that is away is asked again later.

        Raises:
            InvalidValue: for `oidc_issuers`, if one of them is not what the settings say.
        """
        async with documents.client() as self._http:
            try:
                await asyncio.gather(*(self._try(each) for each in self.issuers.values()))
                yield
            finally:
                for each in self.issuers.values():
                    await each.keys.aclose()

    def authenticate(self, request: Request, workspace: str | None) -> Awaitable[Principal] | None:
        """Return the principal of a JWT; None if there is none.

        Raises, when called or when awaited:
            Unauthenticated: if it is not accepted.
            IssuerUnavailable: if no key of its issuer is known.
            WorkspaceNotFound, StoreUnavailable: as the other ways in do.
        """
        token = bearer_in(headers_of(request.scope).get(b"authorization", b""))
        if token.count(".") != 2:  # noqa: PLR2004  # what separates the three parts
            return None
        issuer = self._by_url.get(issuer_of(token) or "")
        if issuer is None:
            raise Unauthenticated(is_invalid=True)
        return self._principal_of(token, issuer, workspace)

    async def _principal_of(self, token: str, issuer: KnownIssuer, workspace: str | None) -> Principal:
        try:
            claims = await issuer.verifier.access_claims(token)
        except InvalidJwt as refusal:
            _LOG.info("a token of %s was refused: %s", issuer.settings.issuer, refusal.reason)
            raise Unauthenticated(is_invalid=True) from None
        return await issuer.members.principal(claims, workspace)

    @property
    def http(self) -> httpx.AsyncClient:
        """What the issuers are asked with, while they are open."""
        if self._http is None:
            raise RuntimeError("it is not open")
        return self._http

    async def _document_at(self, url: str) -> dict[str, Any]:
        return await documents.document_at(url, self.http)

    def _known(self, settings: OidcIssuer, access: AccessUseCases) -> KnownIssuer:
        keys = IssuerKeys(settings.issuer, self._document_at)
        issuer = Issuer(url=settings.issuer, audience=settings.audience, algorithms=settings.algorithms)
        return KnownIssuer(settings, keys, JwtVerifier(issuer, keys), IssuerMembers(access, settings))

    async def _try(self, issuer: KnownIssuer) -> None:
        try:
            await issuer.keys.fetch()
        except documents.NoDocument as failure:
            _LOG.warning("%s does not respond yet: %s", issuer.settings.issuer, failure)
        except WrongIssuer as wrong:
            raise InvalidValue("oidc_issuers", f"names {issuer.settings.issuer}, but {wrong}") from None
