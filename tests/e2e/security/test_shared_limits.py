"""A rate that several workers count together, in a real Valkey."""

from concurrent.futures import ThreadPoolExecutor

import pytest

LIMIT, REQUESTS = 40, 100


def asked(server, number: int) -> int:
    with server.client() as client:  # a connection each: the kernel spreads them over the workers
        return client.get("/tasks/", headers={"x-request-id": str(number)}).status_code


def test_workers_that_share_a_counter_let_through_no_more_than_the_limit(start_server, valkey_url):
    server = start_server(
        "--workers",
        "2",
        TASKHARBOR_RATE_LIMIT=f"{LIMIT}/day",
        TASKHARBOR_RATE_LIMIT_STORE=valkey_url,
    )
    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(lambda number: asked(server, number), range(REQUESTS)))
    assert (statuses.count(200), statuses.count(429)) == (LIMIT, REQUESTS - LIMIT)
    assert "counted in each process" not in server.output
    assert server.stop() == 0


@pytest.mark.long
def test_workers_that_share_a_counter_slow_down_together_who_guesses_tokens(start_server, valkey_url):
    workers = 2
    server = start_server(
        "--workers",
        str(workers),
        TASKHARBOR_AUTH="required",
        TASKHARBOR_FAILED_SIGN_INS=f"{LIMIT}/day",
        TASKHARBOR_RATE_LIMIT_STORE=valkey_url,
    )

    def guessed(number: int) -> int:
        with server.client() as client:
            return client.get("/tasks/", headers={"authorization": f"Bearer th_{number:033}"}).status_code

    statuses = [guessed(number) for number in range(REQUESTS)]
    refused = statuses.count(401)
    assert LIMIT <= refused <= LIMIT + workers, "a worker may have to learn of it by one more"
    assert statuses.count(429) == REQUESTS - refused
    assert "counted in each process" not in server.output
    assert server.stop() == 0


def test_a_server_whose_counter_is_away_starts_and_counts_for_itself(start_server):
    server = start_server(
        TASKHARBOR_DATABASE_URL="memory://",
        TASKHARBOR_RATE_LIMIT="3/day",
        TASKHARBOR_RATE_LIMIT_STORE="redis://:hunter2@127.0.0.1:9",
    )
    assert [asked(server, number) for number in range(5)] == [200] * 3 + [429] * 2
    assert server.stop() == 0
    assert "rate limits are counted in each process" in server.output
    assert "hunter2" not in server.output
