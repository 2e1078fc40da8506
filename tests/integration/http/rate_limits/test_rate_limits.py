"""How often callers may ask, and what they are told of it."""

import httpx
import pytest

from integration.http.problem import assert_problem
from integration.http.serving import container
from taskharbor.entrypoints.http import create_app
from taskharbor.entrypoints.http.rate_limits.limiter import address_of


def client_at(app, address: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, client=(address, 40_000))
    return httpx.AsyncClient(transport=transport, base_url="http://test")


async def test_without_a_setting_nobody_is_limited_and_nothing_is_said_of_it(serve):
    async with serve() as client:
        answer = await client.get("/tasks/")
    assert not [name for name in answer.headers if "ratelimit" in name]


async def test_an_address_is_told_what_is_left_and_then_to_wait(serve):
    async with serve(rate_limit_per_address="3/day") as client:
        answers = [await client.get("/tasks/") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert {answer.headers["ratelimit-policy"] for answer in answers} == {'"address";q=3;w=86400'}
    assert [answer.headers["ratelimit"].split(";t=")[0] for answer in answers] == [
        '"address";r=2', '"address";r=1', '"address";r=0', '"address";r=0',
    ]  # fmt: skip
    assert_problem(answers[3], 429, "rate_limited")
    assert 1 <= int(answers[3].headers["retry-after"]) <= 86_400
    assert answers[3].headers["ratelimit"].endswith(f";t={answers[3].headers['retry-after']}")


async def test_another_address_and_health_are_not_held_up(serve):
    app = create_app(container=container(rate_limit_per_address="1/day"))
    async with app.router.lifespan_context(app), client_at(app, "192.0.2.1") as one, client_at(app, "192.0.2.2") as two:
        assert (await one.get("/tasks/")).status_code == 200
        assert (await one.get("/tasks/")).status_code == 429
        assert (await two.get("/tasks/")).status_code == 200
        assert (await one.get("/health/live")).status_code == 200
        assert (await one.get("/workspaces/health/tasks/")).status_code == 429


async def test_what_is_refused_is_refused_before_its_body_is_read(serve):
    async def body():
        raise AssertionError("it was read")
        yield b""

    async with serve(rate_limit_per_address="1/day") as client:
        await client.get("/tasks/")
        answer = await client.post("/tasks/", content=body(), headers={"content-type": "application/json"})
    assert answer.status_code == 429


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
    ],
)
def test_an_ipv6_network_counts_as_one_address(host, counted):
    assert address_of({"client": (host, 1)}) == counted


def test_where_there_is_no_address_all_share_one():
    assert address_of({"client": None}) == "unknown"
