"""Sign-in by a link, and the session that it begins."""

import asyncio
import re
from datetime import timedelta

from integration.http.problem import assert_problem
from taskharbor.application.access.session_records import SESSION_LIFE
from taskharbor.application.access.sessions import LINK_LIFE
from taskharbor.domain.access.permission import Role

COOKIE = "__Host-taskharbor-session"
FORM = {"content-type": "application/x-www-form-urlencoded"}


async def sign_in(server, member="alice"):
    answer = await server.client.post("/sign-in/link", content=f"secret={await server.link(member)}", headers=FORM)
    assert answer.status_code == 303, answer.text
    return answer


async def test_a_link_begins_a_session(server):
    assert (await server.client.get("/tasks/")).status_code == 401
    answer = await sign_in(server)
    assert answer.headers["location"] == "/docs"
    set_cookie = answer.headers["set-cookie"]
    assert set_cookie.startswith(f"{COOKIE}=ths_")
    for attribute in ("HttpOnly", "Secure", "SameSite=Lax", "Path=/", f"Max-Age={14 * 86_400}"):
        assert f"; {attribute}" in set_cookie
    assert "Domain" not in set_cookie
    assert (await server.client.get("/tasks/")).status_code == 200
    made = await server.client.post("/tasks/", json={"title": "Mine"})
    history = (await server.client.get(f"/tasks/{made.json()['id']}/history")).json()
    assert "alice" in str(history)


async def test_without_tls_the_cookie_is_none_for_tls(start_server):
    async with start_server(public_url="http://localhost:8000") as server:
        await server.add("alice")
        answer = await server.client.post("/sign-in/link", content=f"secret={await server.link('alice')}", headers=FORM)
    assert answer.headers["set-cookie"].startswith("taskharbor-session=ths_")
    assert "Secure" not in answer.headers["set-cookie"]


async def test_looking_at_a_link_does_not_use_it(server):
    secret = await server.link("alice")
    for _ in range(3):
        page = await server.client.get("/sign-in/link", params={"secret": secret})
        assert page.status_code == 200
        assert f'value="{secret}"' in page.text
        assert "default-src 'none'; form-action 'self'" in page.headers["content-security-policy"]
        assert page.headers["referrer-policy"] == "same-origin"
    assert (await server.client.post("/sign-in/link", content=f"secret={secret}", headers=FORM)).status_code == 303


async def test_what_stands_in_an_address_is_no_markup(server):
    page = await server.client.get("/sign-in/link", params={"secret": '"><script>alert(1)</script>'})
    assert "<script" not in page.text


async def test_a_link_works_once_whoever_is_first(server):
    secret = await server.link("alice")
    answers = await asyncio.gather(
        *(server.client.post("/sign-in/link", content=f"secret={secret}", headers=FORM) for _ in range(8))
    )
    assert sorted(answer.status_code for answer in answers) == [303] + [401] * 7


async def test_a_link_expires(server):
    secret = await server.link("alice")
    server.clock.advance(LINK_LIFE + timedelta(seconds=1))
    answer = await server.client.post("/sign-in/link", content=f"secret={secret}", headers=FORM)
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers or "=ths_" not in answer.headers["set-cookie"]


async def test_guessing_links_is_slow(start_server):
    async with start_server(failed_sign_ins="5/day") as server:
        await server.add("alice")
        statuses = [
            (await server.client.post("/sign-in/link", content="secret=thl_x", headers=FORM)).status_code
            for _ in range(7)
        ]
        assert statuses == [401] * 5 + [429] * 2
        good = await server.client.post("/sign-in/link", content=f"secret={await server.link('alice')}", headers=FORM)
    assert good.status_code == 429
    assert int(good.headers["retry-after"]) > 0


async def test_a_session_ends_when_one_signs_out_and_after_two_weeks(server):
    await sign_in(server)
    cookie = {"cookie": f"{COOKIE}={server.client.cookies[COOKIE]}"}
    answer = await server.client.post("/sign-out")
    assert answer.status_code == 303
    assert f"{COOKIE}=;" in answer.headers["set-cookie"]
    server.client.cookies.clear()
    assert_problem(await server.client.get("/tasks/", headers=cookie), 401, "unauthenticated")

    await sign_in(server)
    server.clock.advance(SESSION_LIFE - timedelta(seconds=1))
    assert (await server.client.get("/tasks/")).status_code == 200
    server.clock.advance(timedelta(seconds=1))
    assert (await server.client.get("/tasks/")).status_code == 401


async def test_one_signs_out_everywhere_and_others_stay(server):
    await server.add("bob")
    cookies = {}
    for browser, member in (("phone", "alice"), ("desk", "alice"), ("bob's", "bob")):
        await sign_in(server, member)
        cookies[browser] = {"cookie": f"{COOKIE}={server.client.cookies[COOKIE]}"}
        server.client.cookies.clear()
    left = await server.client.post("/sign-out/everywhere", headers=cookies["phone"])
    assert (left.status_code, f"{COOKIE}=;" in left.headers["set-cookie"]) == (303, True)
    server.client.cookies.clear()
    asked = {name: (await server.client.get("/tasks/", headers=each)).status_code for name, each in cookies.items()}
    assert asked == {"phone": 401, "desk": 401, "bob's": 200}
    server.clock.advance(timedelta(seconds=1))
    await sign_in(server)
    assert (await server.client.get("/tasks/")).status_code == 200
    await server.add("alice", Role.OWNER)
    assert (await server.client.get("/tasks/", headers=cookies["desk"])).status_code == 401
    events = [each["event"] for each in (await server.client.get("/audit")).json()]
    assert "end_sessions" in events


async def test_an_operator_signs_a_member_out(server):
    await sign_in(server)
    await server.sign_out("alice")
    assert (await server.client.get("/tasks/")).status_code == 401


async def test_who_has_no_session_signs_out_without_any_effect(server):
    for cookie in (f"{COOKIE}=ths_{'0' * 33}", f"{COOKIE}=x", "a=b"):
        revision = await server.directory_revision()
        for path in ("/sign-out", "/sign-out/everywhere"):
            assert (await server.client.post(path, headers={"cookie": cookie})).status_code == 303
        assert await server.directory_revision() == revision


async def test_each_sign_in_is_another_session(server):
    first = (await sign_in(server)).headers["set-cookie"]
    assert (await sign_in(server)).headers["set-cookie"] != first


async def test_a_page_of_another_site_uses_no_session(server):
    await sign_in(server)
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}):
        for path in ("/tasks/", "/sign-out", "/sign-out/everywhere", "/sign-in/link"):
            answer = await server.client.post(path, json={"title": "Planted"}, headers=headers)
            assert_problem(answer, 403, "cross_origin")
    assert (await server.client.get("/tasks/")).json() == []


async def test_nobody_signs_out_by_looking_at_a_picture(server):
    await sign_in(server)
    assert (await server.client.get("/sign-out")).status_code == 405
    assert (await server.client.get("/tasks/")).status_code == 200


async def test_cookies_that_are_odd_are_no_session(server):
    await sign_in(server)
    good = server.client.cookies[COOKIE]
    server.client.cookies.clear()
    for cookie in (
        f"taskharbor-session={good}", f"{COOKIE}={good}x", f"{COOKIE}=", f"{COOKIE}={good}; {COOKIE}={good}",
        f"a=x,{COOKIE}={good}", f"{COOKIE}=ths_{'0' * 33}", f"x{COOKIE}={good}",
    ):  # fmt: skip
        assert (await server.client.get("/tasks/", headers={"cookie": cookie})).status_code == 401, cookie
    assert (await server.client.get("/tasks/", headers={"cookie": f"a=b; {COOKIE}={good}; c"})).status_code == 200


async def test_a_session_is_no_token_and_a_link_is_no_session(server):
    await sign_in(server)
    session, link = server.client.cookies[COOKIE], await server.link("alice")
    server.client.cookies.clear()
    for secret in (session, link):
        answer = await server.client.get("/tasks/", headers={"authorization": f"Bearer {secret}"})
        assert answer.status_code == 401
    assert (await server.client.get("/tasks/", headers={"cookie": f"{COOKIE}={link}"})).status_code == 401


async def test_a_member_who_left_is_nobody_although_signed_in(server):
    await server.add("owner", Role.OWNER)
    await sign_in(server)
    assert (await server.client.get("/workspaces/other/tasks/")).status_code == 404
    await server.remove("alice")
    assert (await server.client.get("/tasks/")).status_code == 404


async def test_owners_see_who_signed_in_and_no_secret(server):
    await server.add("owner", Role.OWNER)
    await sign_in(server)
    await server.client.post("/sign-out")
    await sign_in(server, "owner")
    answer = await server.client.get("/audit")
    events = [(each["event"], each["details"].get("member"), each["details"].get("by")) for each in answer.json()]
    assert ("use_sign_in_link", "alice", "link") in events
    assert ("end_session", "alice", None) in events
    assert not re.search(r"th[sl]_\w{33}", answer.text)


async def test_the_owner_of_a_new_server_signs_in_as_local(start_server):
    async with start_server() as server:
        await sign_in(server, "local")
        assert (await server.client.get("/me")).json()["permission"] == "manage"


async def test_where_everyone_is_the_local_user_there_is_no_sign_in(start_server):
    async with start_server(auth="local", public_url=None) as server:
        assert (await server.client.get("/sign-in", headers={"host": "localhost"})).status_code == 404
