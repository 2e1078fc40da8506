"""A real server, and what browsers and odd clients send to it, byte by byte."""

import socket
from collections.abc import Iterator

import pytest

from e2e.conftest import end, launch


def ask(port: int, *lines: str, body: str = "", address: str = "127.0.0.1") -> str:
    with socket.create_connection((address, port), timeout=10) as connection:
        head = "\r\n".join([*lines, "Connection: close", "", ""])
        connection.sendall((head + body).encode())
        return b"".join(iter(lambda: connection.recv(65536), b"")).decode()


@pytest.fixture(scope="module")
def port(tmp_path_factory, surroundings, warm_command) -> Iterator[int]:
    """Where a server listens for all tests of the module, each of which leaves it without tasks."""
    environment = surroundings | {"TASKHARBOR_DATABASE_URL": "memory://"}
    server = launch(tmp_path_factory.mktemp("server"), environment, warm=warm_command)
    server.wait_until_serving()
    yield server.port
    end(server)


def test_only_loopback_names_are_served_on_whatever_port_a_tunnel_has(port):
    for host, status in {
        f"localhost:{port}": 200, f"LocalHost.:{port}": 200, f"127.0.0.1:{port}": 200, f"[::1]:{port}": 200,
        "localhost": 200, "localhost:9": 200, f"evil.example:{port}": 421, f"me@localhost:{port}": 400,
    }.items():  # fmt: skip
        answer = ask(port, "GET /tasks/ HTTP/1.1", f"Host: {host}")
        assert answer.startswith(f"HTTP/1.1 {status} "), host
        assert "x-content-type-options: nosniff" in answer


def test_one_host_is_needed_but_by_http_1_0(port):
    own = f"Host: localhost:{port}"
    assert ask(port, "GET /tasks/ HTTP/1.1", own, own).startswith("HTTP/1.1 400 ")
    assert ask(port, "GET /tasks/ HTTP/1.1", own, "Host: evil.example").startswith("HTTP/1.1 400 ")
    assert ask(port, "GET /tasks/ HTTP/1.1").startswith("HTTP/1.1 400 ")
    assert " 200 OK" in ask(port, "GET /tasks/ HTTP/1.0")
    assert " 421 " in ask(port, "GET /tasks/ HTTP/1.0", "Host: evil.example")


@pytest.mark.parametrize("origin", ["null", "https://evil.example", "http://localhost:3000"])
def test_a_form_of_another_site_changes_nothing(port, origin):
    body = '{"title": "Planted", "x": "="}'
    head = [f"Host: localhost:{port}", f"Origin: {origin}", "Content-Type: text/plain", f"Content-Length: {len(body)}"]
    assert " 403 " in ask(port, "POST /tasks/ HTTP/1.1", *head, body=body)
    assert ask(port, "GET /tasks/ HTTP/1.1", head[0]).endswith("\r\n\r\n[]")


def test_what_is_cut_off_before_it_is_a_request_holds_browsers_back_too(port):
    answer = ask(port, "nonsense")
    assert answer.startswith("HTTP/1.1 400 ")
    assert "content-security-policy: frame-ancestors 'none'" in answer


def test_elsewhere_than_on_loopback_it_does_not_start(launch_server):
    for host in ("0.0.0.0", "::"):
        server = launch_server("--host", host, TASKHARBOR_DATABASE_URL="memory://")
        assert server.wait() == 2
        [sentence] = server.lines
        assert f"{host} is not a loopback address" in sentence
        assert "--insecure-no-auth" in sentence


@pytest.mark.parametrize("workers", ["1", "2"])
def test_unless_it_is_said_and_then_it_says_so_in_the_log_and_every_answer(start_server, workers):
    store = "sqlite:///tasks.db"
    server = start_server(
        "--host", "0.0.0.0", "--insecure-no-auth", "--workers", workers, TASKHARBOR_DATABASE_URL=store
    )
    assert "no authentication" in server.output
    own = f"Host: 127.0.0.1:{server.port}"
    for lines in (["GET /tasks/ HTTP/1.1", own], ["GET /tasks/ HTTP/1.1", "Host: evil.example"], ["nonsense"]):
        assert "taskharbor-insecure: no-auth" in ask(server.port, *lines)
    assert server.stop() == 0


def test_where_callers_sign_in_it_starts_anywhere(start_server):
    server = start_server("--host", "0.0.0.0", TASKHARBOR_DATABASE_URL="memory://", TASKHARBOR_AUTH="required")
    answer = ask(server.port, "GET /tasks/ HTTP/1.1", f"Host: 127.0.0.1:{server.port}")
    assert answer.startswith("HTTP/1.1 401 ")
    assert "taskharbor-insecure" not in answer


def test_only_a_named_proxy_says_for_whom_it_asks(start_server):
    limit = {"TASKHARBOR_DATABASE_URL": "memory://", "TASKHARBOR_RATE_LIMIT_PER_ADDRESS": "1/day"}
    for proxies, last in {"": 429, "192.0.2.0/24": 429, "127.0.0.0/8": 200}.items():
        server = start_server(**limit, TASKHARBOR_TRUSTED_PROXIES=proxies)
        own = ["GET /tasks/ HTTP/1.1", f"Host: 127.0.0.1:{server.port}"]
        assert " 200 " in ask(server.port, *own, "X-Forwarded-For: 198.51.100.1").splitlines()[0]
        assert f" {last} " in ask(server.port, *own, "X-Forwarded-For: 198.51.100.2").splitlines()[0]


def test_a_client_behind_a_proxy_cannot_make_up_its_address(start_server):
    server = start_server(
        TASKHARBOR_DATABASE_URL="memory://",
        TASKHARBOR_RATE_LIMIT_PER_ADDRESS="1/day",
        TASKHARBOR_TRUSTED_PROXIES="127.0.0.1",
    )
    own = ["GET /tasks/ HTTP/1.1", f"Host: 127.0.0.1:{server.port}"]
    assert " 200 " in ask(server.port, *own, "X-Forwarded-For: 203.0.113.1, 198.51.100.1").splitlines()[0]
    assert " 429 " in ask(server.port, *own, "X-Forwarded-For: 203.0.113.2, 198.51.100.1").splitlines()[0]


def test_a_server_on_loopback_says_nothing_of_the_kind(port):
    assert "taskharbor-insecure" not in ask(port, "GET /tasks/ HTTP/1.1", f"Host: localhost:{port}")
