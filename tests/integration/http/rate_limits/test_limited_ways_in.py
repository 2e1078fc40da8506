"""How often a caller may ask, and how often somebody may guess."""

import pytest

from taskharbor.application.errors import Unauthenticated
from taskharbor.application.principal import local_in
from taskharbor.entrypoints.http.access.limited_ways_in import LimitedWaysIn
from taskharbor.entrypoints.http.rate_limits.counters import ProcessCounters
from taskharbor.entrypoints.http.rate_limits.limiter import Failures
from taskharbor.entrypoints.http.requests.callers import PRINCIPAL
from taskharbor.entrypoints.http.requests.errors import TooManyFailures
from taskharbor.entrypoints.settings.rate import Rate


class Guess:
    """A request with a token, which is right or wrong."""

    def __init__(self, token: str | None, address: str = "192.0.2.1") -> None:
        self.token = token
        self.scope = {"client": (address, 40_000)}


class OneToken:
    """A way in that takes one token, and counts how often it was asked."""

    asked = 0

    async def principal_of(self, request):
        self.asked += 1
        if request.token != "right":
            raise Unauthenticated(is_invalid=request.token is not None)
        return local_in("default")


@pytest.fixture
def door():
    return OneToken()


@pytest.fixture
def ways_in(door):
    failures = Failures(Rate(3, 86_400), ProcessCounters())
    return LimitedWaysIn(door.principal_of, per_caller=None, failures=failures)


async def test_after_so_many_wrong_tokens_none_from_there_is_looked_at(ways_in, door):
    for _ in range(3):
        with pytest.raises(Unauthenticated):
            await ways_in.principal_of(Guess("wrong"))
    for token in ("wrong", "right"):
        with pytest.raises(TooManyFailures) as refused:
            await ways_in.principal_of(Guess(token))
        assert 1 <= refused.value.retry_after <= 86_400
    assert door.asked == 3
    assert await ways_in.principal_of(Guess("right", address="192.0.2.2"))


async def test_workers_that_count_together_refuse_together(door):
    counters = ProcessCounters()
    workers = [
        LimitedWaysIn(door.principal_of, per_caller=None, failures=Failures(Rate(4, 86_400), counters))
        for _ in range(3)
    ]
    refusals = []
    for number in range(9):
        with pytest.raises((Unauthenticated, TooManyFailures)) as refused:
            await workers[number % 3].principal_of(Guess("wrong"))
        refusals.append(refused.type)
    assert refusals == [Unauthenticated] * 4 + [TooManyFailures] * 5
    assert door.asked == 6  # two more than one worker would have tried, and their answers say nothing
    for worker in workers:
        with pytest.raises(TooManyFailures):
            await worker.principal_of(Guess("right"))


async def test_an_address_may_try_again_when_its_window_is_over(door):
    seconds = 0.0
    failures = Failures(Rate(1, 60), ProcessCounters(lambda: 0.0), clock=lambda: seconds)
    ways_in = LimitedWaysIn(door.principal_of, per_caller=None, failures=failures)
    with pytest.raises(Unauthenticated):
        await ways_in.principal_of(Guess("wrong"))
    seconds = 59.0
    with pytest.raises(TooManyFailures) as refused:
        await ways_in.principal_of(Guess("right"))
    assert refused.value.retry_after == 1
    seconds = 60.0
    assert await ways_in.principal_of(Guess("right"))


async def test_right_tokens_and_none_at_all_are_no_guesses(ways_in):
    for _ in range(5):
        await ways_in.principal_of(Guess("right"))
        with pytest.raises(Unauthenticated):
            await ways_in.principal_of(Guess(None))
    assert await ways_in.principal_of(Guess("right"))


async def test_a_look_at_who_is_being_answered_is_no_guess_and_no_request(ways_in, door):
    """A stream asks again and again whether its caller may still read."""
    streamed = Guess("right")
    streamed.scope[PRINCIPAL] = await ways_in.principal_of(streamed)
    for _ in range(3):
        with pytest.raises(Unauthenticated):
            await ways_in.principal_of(Guess("wrong"))
    assert await ways_in.principal_of(streamed)
    streamed.token = "revoked"
    for _ in range(5):
        with pytest.raises(Unauthenticated):
            await ways_in.principal_of(streamed)


async def test_a_caller_is_told_what_is_left_and_then_to_wait(serve):
    async with serve(rate_limit="2/day", rate_limit_per_address="9/day") as client:
        answers = [await client.get("/tasks/") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[0].headers["ratelimit-policy"] == '"address";q=9;w=86400, "caller";q=2;w=86400'
    assert answers[2].json()["code"] == "rate_limited"
    assert '"caller";r=0;t=' in answers[2].headers["ratelimit"]


async def test_the_host_app_limits_its_own_callers(mount):
    async with mount(rate_limit="1/day", rate_limit_per_address="1/day") as client:
        assert [(await client.get("/tasks/")).status_code for _ in range(3)] == [200, 200, 200]
