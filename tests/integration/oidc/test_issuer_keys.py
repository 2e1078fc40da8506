"""Keys that change, and an issuer that is away."""

import asyncio

import pytest

from integration.oidc.conftest import URL
from taskharbor.adapters.oidc.documents import NoDocument
from taskharbor.adapters.oidc.issuer import InvalidJwt, IssuerUnavailable, WrongIssuer
from taskharbor.adapters.oidc.issuer_keys import ASKED_AGAIN_AFTER, RENEWED_AFTER

ONCE = ["/realm/.well-known/openid-configuration", "/realm/jwks"]


async def test_keys_are_fetched_once_however_many_need_them(verifier, issuer):
    token = issuer.sign()
    await asyncio.gather(*(verifier.access_claims(token) for _ in range(50)))
    assert issuer.asked == ONCE


async def test_a_new_key_is_found_and_an_old_one_is_good_no_longer(verifier, issuer, other_keys):
    old = issuer.sign()
    await verifier.access_claims(old)
    issuer.keys = {"two": other_keys["rsa"]}
    new = issuer.sign()
    issuer.now += ASKED_AGAIN_AFTER
    assert await verifier.access_claims(new)
    with pytest.raises(InvalidJwt):
        await verifier.access_claims(old)


async def test_unknown_keys_make_nobody_ask_more_than_once_in_a_while(verifier, issuer):
    await verifier.access_claims(issuer.sign())
    for number in range(100):
        with pytest.raises(InvalidJwt):
            await verifier.access_claims(issuer.sign(kid=f"made up {number}"))
    assert issuer.asked == ONCE
    issuer.now += ASKED_AGAIN_AFTER
    for number in range(100):
        with pytest.raises(InvalidJwt):
            await verifier.access_claims(issuer.sign(kid=f"made up {number}"))
    assert issuer.asked == ONCE * 2


async def test_keys_that_are_old_are_renewed_beside_the_requests(verifier, issuer, keys):
    await verifier.access_claims(issuer.sign())
    issuer.now += RENEWED_AFTER + 1
    assert await verifier.access_claims(issuer.sign())
    assert keys._fetching is not None
    await keys._fetching
    assert issuer.asked == ONCE * 2


async def test_while_the_issuer_is_away_its_keys_are_as_good_as_before(verifier, issuer):
    await verifier.access_claims(issuer.sign())
    issuer.is_away = True
    for _ in range(5):
        issuer.now += RENEWED_AFTER + 1
        assert await verifier.access_claims(issuer.sign())


async def test_an_issuer_that_never_answered_is_asked_again_later_and_holds_nobody_up(verifier, issuer):
    issuer.is_away = True
    for _ in range(20):
        with pytest.raises(IssuerUnavailable):
            await verifier.access_claims(issuer.sign())
    assert len(issuer.asked) == 1
    issuer.is_away = False
    issuer.now += ASKED_AGAIN_AFTER
    assert await verifier.access_claims(issuer.sign())


async def test_a_slow_issuer_holds_up_no_request_for_long(issuer, keys, monkeypatch):
    monkeypatch.setattr("taskharbor.adapters.oidc.issuer_keys.LONGEST_WAIT", 0.01)
    forever = asyncio.Event()

    async def fetch() -> None:
        await forever.wait()

    monkeypatch.setattr(keys, "fetch", fetch)
    with pytest.raises(IssuerUnavailable):
        await keys.key("one")


@pytest.mark.parametrize(
    "changed",
    [{"issuer": "https://evil.example"}, {"issuer": f"{URL}/"}, {"issuer": None}, {"jwks_uri": None},
     {"jwks_uri": "http://id.example.org/realm/jwks"}, {"jwks_uri": "file:///etc/passwd"}, {"jwks_uri": 7},
     {"token_endpoint": "http://id.example.org/token"}],
    ids=str,
)  # fmt: skip
async def test_metadata_of_another_issuer_or_in_the_clear_is_wrong(issuer, keys, changed):
    issuer.metadata |= changed
    with pytest.raises(WrongIssuer):
        await keys.fetch()


async def test_keys_that_are_secret_or_for_something_else_are_none(issuer, keys, other_keys):
    issuer.keys["one"] = issuer.keys["one"].__class__.import_key(
        {**issuer.keys["one"].as_dict(private=True), "use": "enc"}
    )
    with pytest.raises(NoDocument):
        await keys.fetch()
