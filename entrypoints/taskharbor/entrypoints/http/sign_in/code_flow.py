"""Authorization code with PKCE: what is sent to an issuer, and what comes back (RFC 6749, RFC 7636, RFC 9700).

Thin code on httpx: the client that Authlib has for it warns that it will give httpx up.
"""

import hmac
import logging
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any, Final, NamedTuple
from urllib.parse import quote_plus, urlencode

import httpx

from taskharbor.adapters.oidc.issuer import InvalidJwt
from taskharbor.application.errors import Unauthenticated
from taskharbor.entrypoints.http.access.open_id_connect import KnownIssuer

_LOG: Final = logging.getLogger("taskharbor.oidc")
_MAX_BYTES: Final = 262_144


class SignIn(NamedTuple):
    """A sign-in that is under way. The browser keeps it, so that only it can finish what it has begun.

    Attributes:
        issuer: its name.
        state: what must come back beside the code.
        nonce: what must come back within the ID token.
        verifier: what proves to the issuer who has asked for the code.
    """

    issuer: str
    state: str
    nonce: str
    verifier: str

    @classmethod
    def begin(cls, issuer: str) -> "SignIn":
        """Return a new one."""
        return cls(issuer, *(token_urlsafe(32) for _ in range(3)))

    @classmethod
    def from_cookie(cls, value: str | None) -> "SignIn | None":
        """Return the one that `as_cookie` has written, or None."""
        parts = (value or "").split(".")
        return cls(*parts) if len(parts) == len(cls._fields) and all(parts) else None

    def as_cookie(self) -> str:
        """Return it as the value of a cookie."""
        return ".".join(self)

    def is_answered_by(self, issuer: str, state: str) -> bool:
        """Return whether this state came back to the address of this issuer."""
        same_issuer = hmac.compare_digest(self.issuer.encode(), issuer.encode())
        return hmac.compare_digest(self.state.encode(), state.encode()) and same_issuer


def address_for(sign_in: SignIn, issuer: KnownIssuer, metadata: Mapping[str, Any], redirect_uri: str) -> str:
    """Return where the browser asks the issuer for a code."""
    endpoint: str = metadata["authorization_endpoint"]
    query = {
        "response_type": "code",
        "client_id": issuer.settings.client_id,
        "redirect_uri": redirect_uri,
        "scope": issuer.settings.scope,
        "state": sign_in.state,
        "nonce": sign_in.nonce,
        "code_challenge": _without_padding(sha256(sign_in.verifier.encode()).digest()),
        "code_challenge_method": "S256",
    }
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"


async def claims_for(
    code: str, sign_in: SignIn, issuer: KnownIssuer, http: httpx.AsyncClient, redirect_uri: str
) -> Mapping[str, Any]:
    """Return the claims of the ID token for which the issuer takes this code.

    Raises:
        Unauthenticated: if it does not take it, or the token is not accepted.
        IssuerUnavailable: if its metadata or keys are not known.
    """
    metadata = await issuer.keys.metadata()
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": sign_in.verifier,
    }
    client_id, secret = issuer.settings.client_id or "", issuer.settings.client_secret
    auth = httpx.Auth()
    if secret is None:
        form["client_id"] = client_id
    else:
        auth = httpx.BasicAuth(quote_plus(client_id), quote_plus(secret.get_secret_value()))  # RFC 6749 section 2.3.1
    try:
        answer = await http.post(str(metadata["token_endpoint"]), data=form, auth=auth)
        token = _id_token_in(answer)
        return await issuer.verifier.id_claims(token, client_id=client_id, nonce=sign_in.nonce)
    except (httpx.HTTPError, ValueError, KeyError, TypeError, RecursionError) as failure:
        reason = type(failure).__name__
    except InvalidJwt as refusal:
        reason = refusal.reason
    _LOG.warning("a sign-in through %s failed: %s", issuer.settings.issuer, reason)
    raise Unauthenticated(is_invalid=True)


def _id_token_in(answer: httpx.Response) -> str:
    if not answer.is_success or len(answer.content) > _MAX_BYTES:
        raise InvalidJwt(f"status {answer.status_code}")
    token = answer.json()["id_token"]
    if not isinstance(token, str):
        raise InvalidJwt("no ID token")
    return token


def _without_padding(value: bytes) -> str:
    return urlsafe_b64encode(value).decode().rstrip("=")
