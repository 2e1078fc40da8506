"""Sign-in through an issuer: a real one, in a process of its own."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

COOKIE = "__Host-taskharbor-session"
SIGN_IN = "__Host-taskharbor-sign-in"


@pytest.fixture(scope="module")
def issuer_url() -> Iterator[str]:
    command = [sys.executable, "-W", "ignore", Path(__file__).with_name("pkce_issuer.py")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.terminate()


@pytest.fixture
def issuers(issuer_url) -> tuple[dict, ...]:
    grants = [{"workspace": "default", "role": "viewer"}]
    return (
        {"issuer": issuer_url, "audience": "tasks", "client_id": "taskharbor", "client_secret": "s e/cret",
         "create_members": True, "grants": grants},
    )  # fmt: skip


@pytest.fixture
async def server(start_server, issuers):
    async with start_server(oidc_issuers=issuers) as server:
        yield server


async def sent_to(server) -> str:
    answer = await server.client.get("/sign-in/with/sso")
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def come_back(address: str, sub: str = "alice") -> str:
    """Sign in at the issuer; return where it sends the browser, without the host."""
    async with httpx.AsyncClient() as browser:
        answer = await browser.post(address, data={"sub": sub})
    assert answer.status_code == 302, answer.text
    return answer.headers["location"].removeprefix("https://tasks.example.org")


async def test_whom_the_issuer_vouches_for_has_a_session(server):
    back = await come_back(await sent_to(server))
    answer = await server.client.get(back)
    assert (answer.status_code, answer.headers["location"]) == (303, "/docs")
    assert any(value.startswith(f"{COOKIE}=ths_") for value in answer.headers.get_list("set-cookie"))
    assert (await server.client.get("/tasks/")).status_code == 200
    refused = await server.client.post("/tasks/", json={"title": "A viewer makes none"})
    assert refused.status_code == 403
    assert SIGN_IN not in server.client.cookies


async def test_the_issuer_is_asked_with_all_that_protects_a_code(server):
    query = parse_qs(urlsplit(await sent_to(server)).query)
    assert query["response_type"] == ["code"]
    assert query["code_challenge_method"] == ["S256"]
    assert query["redirect_uri"] == ["https://tasks.example.org/sign-in/with/sso/callback"]
    assert len(query["state"][0]) == len(query["nonce"][0]) == len(query["code_challenge"][0]) == 43
    verifier = server.client.cookies[SIGN_IN].split(".")[3]
    assert verifier not in str(query)
    again = parse_qs(urlsplit(await sent_to(server)).query)
    assert all(again[name] != query[name] for name in ("state", "nonce", "code_challenge"))


async def test_a_code_is_exchanged_with_the_verifier_of_its_challenge_or_not_at_all(server):
    back = await come_back(await sent_to(server))
    name, state, nonce, verifier = server.client.cookies[SIGN_IN].split(".")
    server.client.cookies.clear()
    other = verifier[:-1] + ("A" if verifier[-1] != "A" else "B")
    cookie = {"cookie": f"{SIGN_IN}={name}.{state}.{nonce}.{other}"}
    assert (await server.client.get(back, headers=cookie)).status_code == 401
    assert COOKIE not in server.client.cookies


async def test_a_code_is_good_once(server):
    back = await come_back(await sent_to(server))
    kept = server.client.cookies[SIGN_IN]
    assert (await server.client.get(back)).status_code == 303
    server.client.cookies.clear()
    answer = await server.client.get(back, headers={"cookie": f"{SIGN_IN}={kept}"})
    assert answer.status_code == 401


async def test_a_code_is_good_once_also_after_a_failed_exchange(server, monkeypatch):
    back = await come_back(await sent_to(server))
    cookie = {"cookie": f"{SIGN_IN}={server.client.cookies[SIGN_IN]}"}
    asked = []

    async def post(self, url, **_):
        asked.append(url)
        raise httpx.ConnectError("the issuer went away in between")

    with monkeypatch.context() as patched:
        patched.setattr(httpx.AsyncClient, "post", post)
        for _ in range(2):
            server.client.cookies.clear()
            answer = await server.client.request("GET", back, headers=cookie)
            assert answer.status_code == 401
    assert len(asked) == 1
    assert (await server.client.get(back, headers=cookie)).status_code == 401


async def test_only_the_browser_that_began_can_finish(server):
    back = await come_back(await sent_to(server))
    cookie = server.client.cookies[SIGN_IN]
    server.client.cookies.clear()
    assert (await server.client.get(back)).status_code == 401
    for other in ("", "sso.a.b.c", cookie.replace("sso.", "other.", 1), f"{cookie}.x", cookie[:-1] + "."):
        answer = await server.client.get(back, headers={"cookie": f"{SIGN_IN}={other}"})
        assert answer.status_code == 401
    state = re.sub(r"state=[^&]+", "state=x", back)
    assert (await server.client.get(state, headers={"cookie": f"{SIGN_IN}={cookie}"})).status_code == 401
    assert (
        await server.client.get(f"{back}&iss=https%3A%2F%2Fevil.example", headers={"cookie": f"{SIGN_IN}={cookie}"})
    ).status_code == 401


async def test_a_token_for_another_sign_in_is_refused(server):
    back = await come_back(await sent_to(server))
    name, state, _, verifier = server.client.cookies[SIGN_IN].split(".")
    server.client.cookies.clear()
    cookie = {"cookie": f"{SIGN_IN}={name}.{state}.another-nonce.{verifier}"}
    assert (await server.client.get(back, headers=cookie)).status_code == 401


async def test_who_denies_or_comes_with_an_error_is_not_signed_in(server):
    address = await sent_to(server)
    async with httpx.AsyncClient() as browser:
        answer = await browser.post(address, data={"action": "deny"})
    back = answer.headers["location"].removeprefix("https://tasks.example.org")
    refused = await server.client.get(back)
    assert refused.status_code == 401
    assert COOKIE not in server.client.cookies


async def test_whom_nobody_made_a_member_is_not_let_in(start_server, issuers):
    for changed in (
        {"create_members": False},
        {"grants": [{"workspace": "default", "role": "viewer", "claim": "groups", "value": "staff"}]},
    ):
        async with start_server(oidc_issuers=({**issuers[0], **changed},)) as server:
            answer = await server.client.get(await come_back(await sent_to(server)))
            assert answer.status_code == 403
            assert COOKIE not in server.client.cookies
            await server.add("alice")
            answer = await server.client.get(await come_back(await sent_to(server)))
            assert answer.status_code == 303


async def test_an_issuer_that_is_no_such_issuer_is_nowhere(server):
    for path in ("/sign-in/with/other", "/sign-in/with/other/callback"):
        assert (await server.client.get(path)).status_code == 404


async def test_the_page_names_the_issuers(server):
    page = await server.client.get("/sign-in")
    assert 'href="/sign-in/with/sso"' in page.text


async def test_an_issuer_that_is_away_does_not_stop_the_start(start_server):
    away = {"issuer": "http://localhost:9", "audience": "tasks", "client_id": "taskharbor"}
    async with start_server(oidc_issuers=(away,)) as server:
        await server.add("alice")
        assert (await server.client.get("/sign-in/with/sso")).status_code == 503
        assert (await server.client.get("/health/ready")).status_code == 200
