"""Tokens of an issuer as a way in, through the whole app."""

import time

import httpx
import pytest

from integration.http.problem import assert_problem
from integration.http.sign_in.conftest import PUBLIC_URL, started
from integration.oidc.conftest import AUDIENCE, URL, FakeIssuer
from taskharbor.adapters.oidc import documents
from taskharbor.domain.access.permission import Role
from taskharbor.domain.errors import InvalidValue

SETTINGS = {"issuer": URL, "audience": AUDIENCE}
METADATA = f"{PUBLIC_URL}/.well-known/oauth-protected-resource"


@pytest.fixture(autouse=True)
def _real_issuer_is_fake(monkeypatch: pytest.MonkeyPatch, issuer: FakeIssuer) -> None:
    transport = httpx.MockTransport(issuer.answer)
    monkeypatch.setattr(documents, "client", lambda: httpx.AsyncClient(transport=transport))
    issuer.now = time.time()


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


async def test_a_member_calls_with_a_token_of_its_issuer(issuer):
    async with started(oidc_issuers=(SETTINGS,)) as server:
        await server.add("alice", Role.EDITOR)
        made = await server.client.post("/tasks/", json={"title": "Mine"}, headers=bearer(issuer.sign()))
        assert made.status_code == 201
        lower = {"authorization": f"bearer  {issuer.sign()}"}
        assert (await server.client.get("/tasks/", headers=lower)).status_code == 200


async def test_a_token_that_is_not_accepted_is_told_nothing_but_where_others_come_from(issuer):
    async with started(oidc_issuers=(SETTINGS,)) as server:
        await server.add("alice")
        other = FakeIssuer()
        answers = [
            await server.client.get("/tasks/", headers=bearer(token))
            for token in (
                issuer.sign(issuer.claims(exp=issuer.now - 100)),
                issuer.sign(issuer.claims(iss="https://evil.example")),
                issuer.sign(issuer.claims(aud="other")),
                other.sign(),
                "a.b.c",
                "nonsense",
            )
        ]
        nothing = await server.client.get("/tasks/")
    for answer in answers:
        assert_problem(answer, 401, "unauthenticated")
        assert answer.json() == answers[0].json()
        challenge = f'Bearer realm="taskharbor", error="invalid_token", resource_metadata="{METADATA}"'
        assert answer.headers["www-authenticate"] == challenge
    assert nothing.headers["www-authenticate"] == f'Bearer realm="taskharbor", resource_metadata="{METADATA}"'


async def test_clients_learn_which_issuers_are_believed(issuer):
    async with started(oidc_issuers=(SETTINGS,)) as server:
        answer = await server.client.get("/.well-known/oauth-protected-resource")
    assert answer.json() == {
        "resource": PUBLIC_URL,
        "authorization_servers": [URL],
        "bearer_methods_supported": ["header"],
        "resource_name": "Taskharbor",
    }


async def test_whom_nobody_made_a_member_finds_no_workspace(issuer):
    async with started(oidc_issuers=(SETTINGS,)) as server:
        await server.add("bob", workspace="other")
        for path in ("/tasks/", "/workspaces/other/tasks/", "/workspaces/nowhere/tasks/"):
            answer = await server.client.get(path, headers=bearer(issuer.sign()))
            assert answer.status_code == 404


async def test_a_member_is_made_at_first_sight_as_the_claims_say(issuer):
    grants = [
        {"workspace": "eng", "role": "editor", "claim": "groups", "value": "engineering"},
        {"workspace": "eng", "role": "viewer"},
        {"workspace": "all", "role": "viewer"},
    ]
    async with started(oidc_issuers=({**SETTINGS, "create_members": True, "grants": grants},)) as server:
        engineer = bearer(issuer.sign(issuer.claims(sub="ada", groups=["x", "engineering"])))
        guest = bearer(issuer.sign(issuer.claims(sub="guest", groups="nothing of use")))
        for headers, path, status in (
            (engineer, "/workspaces/eng/tasks/", 201), (engineer, "/workspaces/all/tasks/", 403),
            (guest, "/workspaces/eng/tasks/", 403), (guest, "/workspaces/secret/tasks/", 404),
        ):  # fmt: skip
            answer = await server.client.post(path, json={"title": "Mine"}, headers=headers)
            assert answer.status_code == status, (path, answer.text)


async def test_what_an_owner_made_of_a_member_stays_whatever_the_claims_say(issuer):
    grants = [{"workspace": "default", "role": "owner"}]
    async with started(oidc_issuers=({**SETTINGS, "create_members": True, "grants": grants},)) as server:
        await server.add("alice", Role.VIEWER)
        answer = await server.client.post("/tasks/", json={"title": "No"}, headers=bearer(issuer.sign()))
    assert answer.status_code == 403


async def test_a_workspace_that_was_deleted_keeps_nobody_from_the_others(issuer):
    grants = [{"workspace": "gone", "role": "viewer"}, {"workspace": "default", "role": "viewer"}]
    async with started(oidc_issuers=({**SETTINGS, "create_members": True, "grants": grants},)) as server:
        await server.add("boss", Role.OWNER, "gone")
        boss = bearer(issuer.sign(issuer.claims(sub="boss")))
        gone = await server.client.delete("/workspaces/gone?without_export=gone", headers=boss)
        assert gone.is_success, gone.text
        assert (await server.client.get("/tasks/", headers=bearer(issuer.sign()))).status_code == 200


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"email": "Alice@Example.org", "email_verified": True}, 200),
        ({"email": "alice@example.org", "email_verified": False}, 401),
        ({"email": "alice@example.org", "email_verified": "true"}, 401),
        ({"email": "alice@example.org"}, 401),
        ({"email": ["alice@example.org"], "email_verified": True}, 401),
        ({}, 401),
    ],
    ids=str,
)
async def test_only_a_verified_address_says_who_somebody_is(issuer, claims, status):
    async with started(oidc_issuers=({**SETTINGS, "member_claim": "email"},)) as server:
        await server.add("alice@example.org")
        answer = await server.client.get("/tasks/", headers=bearer(issuer.sign(issuer.claims(**claims))))
    assert answer.status_code == status


async def test_one_issuer_cannot_speak_for_the_people_of_another(issuer):
    other = {"name": "two", "issuer": "https://other.example", "audience": AUDIENCE, "member_prefix": "two"}
    async with started(oidc_issuers=({**SETTINGS, "member_prefix": "one"}, other)) as server:
        await server.add("two+alice")
        assert (await server.client.get("/tasks/", headers=bearer(issuer.sign()))).status_code == 404
        await server.add("one+alice")
        assert (await server.client.get("/tasks/", headers=bearer(issuer.sign()))).status_code == 200


async def test_names_that_differ_only_in_what_an_id_cannot_hold_are_different_people(issuer):
    grants = [{"workspace": "default", "role": "viewer"}]
    async with started(oidc_issuers=({**SETTINGS, "create_members": True, "grants": grants},)) as server:
        subjects = ["alice", "Alice", "auth0|alice", "auth0|Alice", "sub-alice", "älice"]
        for subject in subjects:
            headers = bearer(issuer.sign(issuer.claims(sub=subject)))
            assert (await server.client.get("/tasks/", headers=headers)).status_code == 200
        await server.add("boss", Role.OWNER)
        owner = bearer(issuer.sign(issuer.claims(sub="boss")))
        members = (await server.client.get("/workspaces/default/members", headers=owner)).json()
    assert len([each for each in members if each["id"] not in ("boss", "local")]) == len(subjects)


async def test_while_the_issuer_has_never_answered_it_is_its_fault(issuer):
    issuer.is_away = True
    async with started(oidc_issuers=(SETTINGS,)) as server:
        answer = await server.client.get("/tasks/", headers=bearer(issuer.sign()))
    assert_problem(answer, 503, "issuer_unavailable")
    assert answer.headers["retry-after"]


async def test_an_issuer_that_is_another_one_stops_the_start(issuer):
    issuer.metadata["issuer"] = "https://evil.example"
    with pytest.raises(InvalidValue) as refused:
        async with started(oidc_issuers=(SETTINGS,)):
            pass
    assert refused.value.field == "oidc_issuers"
    assert URL in refused.value.reason


async def test_guessing_tokens_is_slow(issuer):
    async with started(oidc_issuers=(SETTINGS,), failed_sign_ins="3/day") as server:
        await server.add("alice")
        wrong = bearer(FakeIssuer().sign())
        statuses = [(await server.client.get("/tasks/", headers=wrong)).status_code for _ in range(5)]
        assert statuses == [401] * 3 + [429] * 2
        assert (await server.client.get("/tasks/", headers=bearer(issuer.sign()))).status_code == 429


async def test_a_token_may_do_no_more_than_its_claims_say_where_they_decide(issuer):
    grants = [
        {"workspace": "eng", "role": "owner", "claim": "groups", "value": "leads"},
        {"workspace": "eng", "role": "viewer", "claim": "groups", "value": "engineering"},
    ]
    settings = {**SETTINGS, "create_members": True, "follow_claims": True, "grants": grants}
    async with started(oidc_issuers=(settings,)) as server:
        await server.add("boss", Role.OWNER, "eng")
        for groups, status in ((["leads"], 201), (["engineering"], 403), (["other"], 404), (["leads"], 201)):
            token = bearer(issuer.sign(issuer.claims(groups=groups)))
            answer = await server.client.post("/workspaces/eng/tasks/", json={"title": "Mine"}, headers=token)
            assert answer.status_code == status, (groups, answer.text)
        await server.add("alice", Role.VIEWER, "eng")
        lead = bearer(issuer.sign(issuer.claims(groups=["leads"])))
        refused = await server.client.post("/workspaces/eng/tasks/", json={"title": "Mine"}, headers=lead)
        assert refused.status_code == 403  # an owner says so, and a token changes no role


async def test_nobody_takes_the_id_of_somebody_who_has_yet_to_sign_in(issuer):
    grants = [{"workspace": "default", "role": "owner"}]
    async with started(oidc_issuers=({**SETTINGS, "create_members": True, "grants": grants},)) as server:
        boss = bearer(issuer.sign(issuer.claims(sub="boss")))
        for id_, status in (("alice", 422), ("guest-alice", 422), ("guest+alice", 200)):
            made = await server.client.post("/invitations/", json={"role": "viewer"}, headers=boss)
            accepted = await server.client.post(
                "/invitations/accept", json={"secret": made.json()["secret"], "id": id_}
            )
            assert accepted.status_code == status, accepted.text
        alice = bearer(issuer.sign(issuer.claims(sub="guest+alice")))
        assert (await server.client.get("/me", headers=alice)).json()["member"].startswith("sub-")
