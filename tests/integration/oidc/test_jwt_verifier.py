"""Tokens that are not what they look like (RFC 8725)."""

import base64
import hashlib
import hmac
import json

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from integration.oidc.conftest import AUDIENCE, URL
from taskharbor.adapters.oidc.issuer import InvalidJwt, Issuer
from taskharbor.adapters.oidc.jwt_verifier import LEEWAY, JwtVerifier, issuer_of


def segment(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


async def refused(verifier, token: str) -> str:
    with pytest.raises(InvalidJwt) as refusal:
        await verifier.access_claims(token)
    assert token not in str(refusal.value) or not token
    return refusal.value.reason


@pytest.mark.parametrize("kind", ["at+jwt", "application/at+jwt", "AT+JWT", "JWT", None])
async def test_an_access_token_is_taken(verifier, issuer, kind):
    assert (await verifier.access_claims(issuer.sign(typ=kind)))["sub"] == "alice"


async def test_it_may_be_for_others_too(verifier, issuer):
    assert await verifier.access_claims(issuer.sign(issuer.claims(aud=["https://other.example", AUDIENCE])))


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE", "", None, 256, ["RS256"]])
async def test_no_signature_is_no_signature(verifier, issuer, algorithm):
    for kid in ("one", None):
        header = {"alg": algorithm, "kid": kid}
        for signature in ("", issuer.sign().rpartition(".")[2]):
            token = f"{segment(header)}.{segment(issuer.claims())}.{signature}"
            assert await refused(verifier, token) == "its algorithm is not allowed"
    assert issuer.asked == [], "the issuer is not asked for what is refused anyway"


async def test_the_public_key_is_no_secret(verifier, issuer):
    public = issuer.keys["one"].as_pem(private=False)
    for secret in (public, public.strip(), json.dumps(issuer.keys["one"].as_dict(private=False)).encode()):
        key = OctKey.import_key(secret, {"kid": "one"}) if not secret.startswith(b"-----") else None
        token = (
            jwt.encode({"alg": "HS256", "kid": "one"}, issuer.claims(), key, algorithms=["HS256"])
            if key is not None
            else hs256({"alg": "HS256", "kid": "one"}, issuer.claims(), secret)
        )
        assert await refused(verifier, token) == "its algorithm is not allowed"


def hs256(header: dict, claims: dict, secret: bytes) -> str:
    text = f"{segment(header)}.{segment(claims)}"
    signature = hmac.digest(secret, text.encode(), hashlib.sha256)
    return f"{text}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


async def test_an_algorithm_that_the_settings_do_not_name_is_refused_whoever_signs(verifier, issuer):
    for algorithm in ("RS384", "RS512", "PS256"):
        key = RSAKey.import_key({**issuer.keys["one"].as_dict(private=True), "alg": algorithm})
        assert await refused(verifier, issuer.sign(key=key, alg=algorithm)) == "its algorithm is not allowed"


async def test_a_key_signs_with_its_own_algorithm_only(verifier, issuer, other_keys):
    issuer.keys["three"] = other_keys["ec"]
    assert await verifier.access_claims(issuer.sign(key=other_keys["ec"], alg="ES256"))
    token = issuer.sign()
    header = segment({"alg": "ES256", "kid": "one"})
    assert await refused(verifier, f"{header}.{token.partition('.')[2]}") == "its key is for another algorithm"


@pytest.mark.parametrize("header", [{"kid": "one"}, {"kid": None}])
async def test_a_key_that_the_issuer_has_not_signs_nothing(verifier, issuer, other_keys, header):
    assert await refused(verifier, issuer.sign(key=other_keys["rsa"], **header)) == "bad_signature"


async def test_an_unknown_kid_is_refused(verifier, issuer, other_keys):
    for kid in ("two", "", "../../one", "one\x00"):
        assert await refused(verifier, issuer.sign(kid=kid)) == "its key is unknown"
    assert await refused(verifier, f"{segment({'alg': 'RS256', 'kid': 1})}.{segment({})}.x") == "its kid is no text"


async def test_no_token_brings_its_own_key(verifier, issuer, other_keys):
    key = other_keys["rsa"]
    for header in (
        {"jwk": key.as_dict(private=False)},
        {"jku": "https://evil.example/jwks"},
        {"x5u": "https://evil.example"},
    ):
        assert await refused(verifier, issuer.sign(key=key, kid="one", **header))
    assert set(issuer.asked) == {"/realm/.well-known/openid-configuration", "/realm/jwks"}


async def test_what_must_be_understood_and_is_not_is_refused(verifier, issuer):
    text = f"{segment({'alg': 'RS256', 'kid': 'one', 'crit': ['x'], 'x': 1})}.{segment(issuer.claims())}"
    assert await refused(verifier, f"{text}.{issuer.sign().rpartition('.')[2]}")


@pytest.mark.parametrize("name", ["iss", "aud", "sub", "exp"])
async def test_what_every_token_needs_cannot_be_left_out(verifier, issuer, name):
    assert await refused(verifier, issuer.sign(issuer.claims(**{name: None}))) == "missing_claim"


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://evil.example"}, {"iss": f"{URL}/"}, {"iss": [URL]}, {"aud": "other"}, {"aud": []},
        {"aud": [["x"]]}, {"aud": {AUDIENCE: 1}}, {"aud": f"{AUDIENCE}/"}, {"sub": 7}, {"sub": ""},
        {"exp": "tomorrow"}, {"exp": True}, {"exp": 1e400}, {"exp": float("nan")}, {"exp": -1},
        {"nbf": "soon"}, {"iat": "now"},
    ],
    ids=str,
)  # fmt: skip
async def test_a_claim_that_is_wrong_is_refused(verifier, issuer, changed):
    assert await refused(verifier, issuer.sign(issuer.claims(**changed)))


async def test_clocks_may_differ_by_so_much_and_no_more(verifier, issuer):
    now = issuer.now
    for claims in ({"exp": now - LEEWAY + 1}, {"nbf": now + LEEWAY}, {"iat": now + LEEWAY}):
        assert await verifier.access_claims(issuer.sign(issuer.claims(**claims)))
    for claims in ({"exp": now - LEEWAY}, {"nbf": now + LEEWAY + 1}, {"iat": now + LEEWAY + 1}):
        assert await refused(verifier, issuer.sign(issuer.claims(**claims)))


async def test_what_is_remembered_expires_all_the_same(verifier, issuer):
    token = issuer.sign(issuer.claims(exp=issuer.now + 10))
    await verifier.access_claims(issuer.sign())
    assert await verifier.access_claims(token) is await verifier.access_claims(token)
    issuer.now += 10 + LEEWAY
    assert await refused(verifier, token) == "expired_token"


@pytest.mark.parametrize("kind", ["logout+jwt", "secevent+jwt", "dpop+jwt", "id+jwt", "", 1, ["at+jwt"]])
async def test_a_token_for_something_else_is_no_access_token(verifier, issuer, kind):
    header = segment({"alg": "RS256", "kid": "one", "typ": kind})
    if isinstance(kind, str):
        assert await refused(verifier, issuer.sign(typ=kind)) == "it is no access token"
    else:
        assert await refused(verifier, f"{header}.{issuer.sign().partition('.')[2]}")


@pytest.mark.parametrize("claim", ["nonce", "at_hash", "c_hash", "events"])
async def test_an_id_token_or_a_logout_token_is_no_access_token(verifier, issuer, claim):
    assert await refused(verifier, issuer.sign(issuer.claims(**{claim: "x"}), typ="JWT")) == "it is no access token"


@pytest.mark.parametrize(
    "token",
    ["", ".", "..", "...", "a.b.c", "a.b.c.d.e", "é.é.é", "e30.e30.", f"{segment([])}.{segment({})}.x", "." * 20_000,
     "x" * 20_000, f"{'W1' * 3000}.x.x", "\ud800.x.x"],
    ids=range(13),
)  # fmt: skip
async def test_what_is_no_token_is_refused(verifier, issuer, token):
    assert await refused(verifier, token)
    assert issuer_of(token) is None


async def test_a_changed_token_is_another_token(verifier, issuer):
    header, payload, signature = issuer.sign().split(".")
    assert await verifier.access_claims(f"{header}.{payload}.{signature}")
    other = segment(issuer.claims(sub="mallory"))
    assert await refused(verifier, f"{header}.{other}.{signature}") == "bad_signature"


async def test_an_id_token_is_for_one_sign_in_of_one_client(issuer, keys):
    verifier = JwtVerifier(Issuer(url=URL, audience=AUDIENCE, algorithms=("RS256",)), keys, clock=lambda: issuer.now)

    async def accepted(kind: str = "JWT", **changed: object) -> bool:
        token = issuer.sign(issuer.claims(**{"aud": "client", "nonce": "n"} | changed), typ=kind)
        try:
            return bool(await verifier.id_claims(token, client_id="client", nonce="n"))
        except InvalidJwt:
            return False

    assert await accepted()
    assert await accepted(aud=["client", "other"], azp="client")
    assert not await accepted(aud=["client", "other"])
    assert not await accepted(azp="other")
    assert not await accepted(nonce="m")
    assert not await accepted(nonce=None)
    assert not await accepted(aud=AUDIENCE)
    assert not await accepted("at+jwt")
    assert not await accepted("logout+jwt", events={})
