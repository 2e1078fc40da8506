"""An issuer whose keys, clock and faults are set by the test."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from taskharbor.adapters.oidc.documents import document_at
from taskharbor.adapters.oidc.issuer import Issuer
from taskharbor.adapters.oidc.issuer_keys import IssuerKeys
from taskharbor.adapters.oidc.jwt_verifier import JwtVerifier

URL = "https://id.example.org/realm"
AUDIENCE = "https://tasks.example.org"


class FakeIssuer:
    """Serves its metadata and keys, counts how often it is asked, and signs whatever it is given."""

    def __init__(self, key: RSAKey | None = None) -> None:
        self.now = 1_800_000_000.0
        self.keys: dict[str, Any] = {"one": key or _new_key()}
        self.metadata: dict[str, Any] = {"issuer": URL, "jwks_uri": f"{URL}/jwks"}
        self.is_away = False
        self.asked: list[str] = []

    def claims(self, **changed: object) -> dict[str, Any]:
        made = {"iss": URL, "aud": AUDIENCE, "sub": "alice", "exp": self.now + 300, "iat": self.now} | changed
        return {name: value for name, value in made.items() if value is not None}

    def sign(self, claims: dict[str, Any] | None = None, key: Any = None, **header: object) -> str:
        key = key or next(iter(self.keys.values()))
        header = {"alg": "RS256", "kid": key.kid} | header
        header = {name: value for name, value in header.items() if value is not None}
        algorithms = [str(header["alg"])]
        return jwt.encode(header, claims or self.claims(), key, algorithms=algorithms, default_type=None)

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        if self.is_away:
            raise httpx.ConnectError("away")
        if request.url.path == "/realm/.well-known/openid-configuration":
            return httpx.Response(200, json=self.metadata)
        if request.url.path == "/realm/jwks":
            return httpx.Response(200, json={"keys": [key.as_dict(private=False) for key in self.keys.values()]})
        return httpx.Response(404)


def _new_key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})


@pytest.fixture(scope="session")
def other_keys() -> dict[str, Any]:
    """Keys that the issuer has not, made once."""
    return {
        "rsa": RSAKey.generate_key(2048, {"kid": "two", "use": "sig"}),
        "ec": ECKey.generate_key("P-256", {"kid": "three", "use": "sig"}),
        "oct": OctKey.generate_key(256, {"kid": "four"}),
    }


@pytest.fixture(scope="session")
def key() -> RSAKey:
    """That of every issuer: to make one takes longer than a test."""
    return _new_key()


@pytest.fixture
def issuer(key: RSAKey) -> FakeIssuer:
    return FakeIssuer(key)


@pytest.fixture
async def keys(issuer: FakeIssuer) -> AsyncIterator[IssuerKeys]:
    async with httpx.AsyncClient(transport=httpx.MockTransport(issuer.answer)) as http:
        made = IssuerKeys(URL, partial(document_at, http=http), clock=lambda: issuer.now)
        yield made
        await made.aclose()


@pytest.fixture
def verifier(issuer: FakeIssuer, keys: IssuerKeys) -> JwtVerifier:
    settings = Issuer(url=URL, audience=AUDIENCE, algorithms=("RS256", "ES256"))
    return JwtVerifier(settings, keys, clock=lambda: issuer.now)
