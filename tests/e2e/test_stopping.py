"""How a server ends: gently, and not."""

import json
import signal
import socket
import threading

import httpx
import pytest

CLIENTS = 4
ENOUGH = 200


@pytest.fixture(scope="session")
def warm_command():
    """None: how a process of the command ends is tested here."""


@pytest.mark.parametrize("workers", ["1", "2"])
def test_sigterm_lets_a_request_in_flight_finish(start_server, tmp_path, workers):
    server = start_server(TASKHARBOR_WORKERS=workers)
    body = json.dumps({"title": "In flight"}).encode()
    head = (
        f"POST /tasks/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(f"{head}Expect: 100-continue\r\n\r\n".encode())
        assert connection.recv(1000).startswith(b"HTTP/1.1 100")  # the application waits for the body

        server.process.send_signal(signal.SIGTERM)
        wait_until_refused(server.port)
        connection.sendall(body)
        assert connection.makefile("rb").readline().startswith(b"HTTP/1.1 201")

    assert server.wait() == 0, server.output
    assert "Traceback" not in server.output
    assert [path.name for path in tmp_path.iterdir()] == ["tasks.db"], "the store was not closed"


def test_sigint_stops_as_gently(start_server):
    server = start_server(TASKHARBOR_DATABASE_URL="memory://")
    server.process.send_signal(signal.SIGINT)
    assert server.wait() == 0, server.output
    assert "Traceback" not in server.output


def test_a_request_that_never_ends_is_given_up_after_the_drain_timeout(start_server):
    server = start_server(TASKHARBOR_DATABASE_URL="memory://", TASKHARBOR_DRAIN_TIMEOUT="0")
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        head = "POST /tasks/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n"
        connection.sendall(f"{head}Expect: 100-continue\r\n\r\n".encode())
        assert connection.recv(1000).startswith(b"HTTP/1.1 100")
        server.process.send_signal(signal.SIGTERM)
        assert server.wait() == 0, server.output


def test_what_was_acknowledged_survives_kill_9(start_server):
    server = start_server()
    acknowledged: dict[int, str] = {}
    enough = threading.Event()

    def write(client_number: int) -> None:
        with server.client() as client:
            for number in range(100_000):
                title = f"Task {number} of client {client_number}"
                try:
                    answer = client.post("/tasks/", json={"title": title})
                except httpx.TransportError:
                    return
                acknowledged[answer.json()["id"]] = title
                if len(acknowledged) >= ENOUGH:
                    enough.set()

    writers = [threading.Thread(target=write, args=[number]) for number in range(CLIENTS)]
    for writer in writers:
        writer.start()
    assert enough.wait(30)
    server.process.kill()
    for writer in writers:
        writer.join(30)

    with start_server().client() as client:
        stored: dict[int, str] = {}
        after: int | None = 0
        while after is not None:
            tasks = client.get("/tasks/", params={"limit": 1000, "after": after}).json()
            stored |= {task["id"]: task["title"] for task in tasks}
            after = tasks[-1]["id"] if tasks else None
    assert acknowledged.items() <= stored.items()
    assert len(stored) <= len(acknowledged) + CLIENTS, "a create was written twice"


def wait_until_refused(port: int) -> None:
    """Return when nobody listens any more: the server has taken note of the signal."""
    for _ in range(2000):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=0.01) as probe:
                probe.recv(1)  # nothing comes, or the end
        except TimeoutError:
            continue
        except OSError:
            return
    raise AssertionError("the server went on listening")
