"""JWTs of an issuer, checked as RFC 8725 says."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from hashlib import sha256
from time import time
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwt import JWTClaimsRegistry

from taskharbor.adapters.oidc.issuer import InvalidJwt, Issuer
from taskharbor.adapters.oidc.issuer_keys import IssuerKeys

LEEWAY: Final = 30
"""Seconds by which the clocks of issuer and server may differ."""

MAX_REMEMBERED: Final = 10_000
MAX_LENGTH: Final = 16_384

_ACCESS_TYPES: Final = frozenset({"at+jwt", "application/at+jwt"})
_PLAIN_TYPES: Final = frozenset({None, "jwt", "application/jwt"})
_ID_TOKEN_CLAIMS: Final = frozenset({"nonce", "at_hash", "c_hash", "s_hash"})


class JwtVerifier:
    """Checks the tokens of one issuer, and remembers those that were good until they expire or its keys change."""

    def __init__(self, issuer: Issuer, keys: IssuerKeys, *, clock: Callable[[], float] = time) -> None:
        self._issuer = issuer
        self._keys = keys
        self._clock = clock
        self._good: dict[bytes, tuple[float, Mapping[str, Any]]] = {}
        self._generation = keys.generation

    async def access_claims(self, token: str) -> Mapping[str, Any]:
        """Return the claims of an access token for this API (RFC 9068).

        Plain JWTs are taken for one, as many issuers make them, unless they have what only ID tokens and logout tokens
        have.

        Raises:
            InvalidJwt: if it is not accepted.
            IssuerUnavailable: if no key of the issuer is known.
        """
        digest = sha256(token.encode("utf-8", "surrogatepass")).digest()
        if self._generation != self._keys.generation:
            self._good.clear()
            self._generation = self._keys.generation
        known = self._good.get(digest)
        if known is not None and known[0] > self._clock():
            return known[1]
        header, claims = await self._verified(token, self._issuer.audience)
        kind = _type_of(header)
        if kind not in _ACCESS_TYPES and (kind not in _PLAIN_TYPES or not _ID_TOKEN_CLAIMS.isdisjoint(claims)):
            raise InvalidJwt("it is no access token")
        if "events" in claims:
            raise InvalidJwt("it is no access token")
        if len(self._good) >= MAX_REMEMBERED:
            self._good.clear()
        self._good[digest] = (claims["exp"], claims)
        return claims

    async def id_claims(self, token: str, *, client_id: str, nonce: str) -> Mapping[str, Any]:
        """Return the claims of an ID token that was made for this client and this sign-in (OpenID Connect 3.1.3.7).

        Raises:
            InvalidJwt, IssuerUnavailable: as `access_claims` does.
        """
        header, claims = await self._verified(token, client_id)
        if _type_of(header) not in _PLAIN_TYPES or "events" in claims:
            raise InvalidJwt("it is no ID token")
        if claims.get("nonce") != nonce:
            raise InvalidJwt("it was made for another sign-in")
        others = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if others else client_id) != client_id:
            raise InvalidJwt("it was made for another client")
        return claims

    async def _verified(self, token: str, audience: str) -> tuple[Mapping[str, Any], dict[str, Any]]:
        header = header_of(token)
        algorithm, kid = header.get("alg"), header.get("kid")
        # Before any key is looked for: the token does not choose how it is checked.
        if algorithm not in self._issuer.algorithms:
            raise InvalidJwt("its algorithm is not allowed")
        if kid is not None and not isinstance(kid, str):
            raise InvalidJwt("its kid is no text")
        key = await self._keys.key(kid)
        if key is None:
            raise InvalidJwt("its key is unknown")
        if key.alg not in (None, algorithm):
            raise InvalidJwt("its key is for another algorithm")
        try:
            claims = jwt.decode(token, key, algorithms=[algorithm]).claims
            _registry(self._issuer.url, audience, self._clock()).validate(claims)
        except (JoseError, ValueError, TypeError, RecursionError) as refusal:
            raise InvalidJwt(getattr(refusal, "error", None) or type(refusal).__name__) from None
        return header, claims


def issuer_of(token: str) -> str | None:
    """Return who a token says has made it, unchecked: it says only by whose keys it is to be checked."""
    _, _, rest = token.partition(".")
    try:
        said = _decoded(rest.partition(".")[0]).get("iss")
    except InvalidJwt:
        return None
    return said if isinstance(said, str) else None


def header_of(token: str) -> dict[str, Any]:
    """Return the header of a JWT in compact form, unchecked.

    Raises:
        InvalidJwt: if it has none.
    """
    if len(token) > MAX_LENGTH or token.count(".") != 2:  # noqa: PLR2004  # three parts
        raise InvalidJwt("it is no JWT")
    return _decoded(token.partition(".")[0])


def _decoded(segment: str) -> dict[str, Any]:
    try:
        found = json.loads(urlsafe_b64decode(segment.encode("ascii") + b"=" * (-len(segment) % 4)))
    except (ValueError, RecursionError):
        raise InvalidJwt("it is no JWT") from None
    if not isinstance(found, dict):
        raise InvalidJwt("it is no JWT")
    return found


def _type_of(header: Mapping[str, Any]) -> str | None:
    kind = header.get("typ")
    return kind.lower() if isinstance(kind, str) else "" if kind is not None else None


def _registry(issuer: str, audience: str, now: float) -> JWTClaimsRegistry:
    return JWTClaimsRegistry(
        now=int(now),
        leeway=LEEWAY,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": audience},
        sub={"essential": True},
        exp={"essential": True},
    )
