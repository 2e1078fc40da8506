"""What a user sees on starting a server, and when it cannot start: one sentence, and an exit code."""

import json
import socket

import pytest

SECRET = "hunter2"
UNREACHABLE = f"postgresql://user:{SECRET}@127.0.0.1:%d/tasks"


@pytest.fixture(scope="session")
def warm_command():
    """None: how the command starts is tested here."""


@pytest.fixture
def unused_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def taken_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def sentence_of(server, *, exit_code: int) -> str:
    assert server.wait() == exit_code, server.output
    assert len(server.lines) == 1, server.output
    assert server.output.startswith("taskharbor: ")
    return server.output


def test_the_log_says_where_api_docs_and_database_are(start_server):
    server = start_server()
    serving = json.loads(server.lines[-1])
    with server.client() as client:
        assert client.get(serving["api"]).json() == []
        assert client.get(serving["docs"]).status_code == 200
    assert serving["database"] == "sqlite:///tasks.db"


def test_a_person_is_told_in_lines(launch_server):
    server = launch_server("--log-format", "console", "--database-url", "memory://", "--workers", "1")
    headline, *places = server.read_lines(4)
    assert headline.startswith("Taskharbor ")
    assert dict(place.split() for place in places).keys() == {"api", "docs", "database"}


def test_the_article_needs_no_step_before_the_first_call(start_server, tmp_path):
    with start_server().client() as client:
        assert client.post("/tasks/", json={"title": "First"}).json()["id"] == 1
    assert (tmp_path / "tasks.db").exists()


def test_port_is_honoured(start_server, unused_port):
    server = start_server(TASKHARBOR_PORT="", PORT=str(unused_port), TASKHARBOR_DATABASE_URL="memory://")
    assert server.port == unused_port


def test_the_own_variable_wins_over_port_and_the_option_over_both(start_server, taken_port, unused_port):
    environment = {"PORT": str(taken_port), "TASKHARBOR_DATABASE_URL": "memory://"}
    assert start_server(TASKHARBOR_PORT="0", **environment).port != taken_port
    assert start_server("--port", str(unused_port), TASKHARBOR_PORT="0", **environment).port == unused_port


def test_several_workers_share_one_database(start_server):
    server = start_server("--workers", "2")
    ids = set()
    for _ in range(8):  # a connection each: the kernel spreads them over the workers
        with server.client() as client:
            ids.add(client.post("/tasks/", json={"title": "Shared"}).json()["id"])
            assert len(client.get("/tasks/").json()) == len(ids)
    assert len(ids) == 8
    assert server.stop() == 0, server.output


@pytest.mark.parametrize("workers", ["1", "2"])
def test_an_unreachable_store_is_one_sentence_and_exit_code_3(launch_server, unused_port, workers):
    server = launch_server(TASKHARBOR_DATABASE_URL=UNREACHABLE % unused_port, TASKHARBOR_WORKERS=workers)
    assert "unavailable" in sentence_of(server, exit_code=3)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_schema_that_is_behind_is_one_sentence_with_the_command_to_run(launch_server, workers):
    server = launch_server("--no-migrate", TASKHARBOR_WORKERS=workers)
    assert "run `taskharbor db upgrade`" in sentence_of(server, exit_code=3)


def test_a_port_in_use_is_one_sentence(launch_server, taken_port):
    sentence = sentence_of(launch_server("--port", str(taken_port)), exit_code=1)
    assert f"port {taken_port}" in sentence
    assert "in use" in sentence


def test_a_wrong_setting_is_one_sentence_that_names_it(launch_server):
    sentence = sentence_of(launch_server(TASKHARBOR_STORE_TIMEOUT="soon"), exit_code=2)
    assert "TASKHARBOR_STORE_TIMEOUT" in sentence
    assert "soon" not in sentence


def test_a_slip_in_the_name_of_a_variable_is_not_passed_over(launch_server):
    sentence = sentence_of(launch_server(TASKHARBOR_DATABASE_ULR="memory://"), exit_code=2)
    assert "did you mean TASKHARBOR_DATABASE_URL?" in sentence


@pytest.mark.parametrize("level", ["info", "debug"])
def test_a_password_is_never_shown_not_even_when_debugging(launch_server, unused_port, level):
    server = launch_server(TASKHARBOR_DATABASE_URL=UNREACHABLE % unused_port, TASKHARBOR_LOG_LEVEL=level)
    assert server.wait() == 3
    assert SECRET not in server.output
    assert "Traceback" not in server.output
