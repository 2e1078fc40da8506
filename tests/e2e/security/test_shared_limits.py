"""A rate that several workers count together, in a real Valkey."""

from concurrent.futures import ThreadPoolExecutor

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
