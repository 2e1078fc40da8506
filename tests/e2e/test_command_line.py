"""The commands on tasks in a real terminal, and beside a real server."""

import asyncio
import json
import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from taskharbor.entrypoints.embedded import open_taskharbor

PROGRAM = Path(sys.executable).with_name("taskharbor")
ESCAPE = "\x1b["


@pytest.fixture
def environment(tmp_path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TASKHARBOR_", "NO_COLOR"))}
    return kept | {"XDG_CONFIG_HOME": str(tmp_path), "TERM": "xterm-256color", "TZ": "UTC"}


@pytest.fixture
def run(tmp_path, environment):
    """Runs a command to its end, without a terminal."""

    def run(*arguments: str) -> str:
        command = [PROGRAM, *arguments]
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL
        ).stdout

    return run


@pytest.fixture
def add(tmp_path):
    """Makes tasks where the commands find them, without a process for each."""

    async def add(tasks: Iterable[dict]) -> None:
        async with open_taskharbor(f"sqlite:///{tmp_path}/tasks.db") as harbor:
            for task in tasks:
                await harbor.create_task(**task)

    return lambda *titles, **fields: asyncio.run(add({"title": title} | fields for title in titles))


@pytest.fixture
def typed(tmp_path, environment):
    """Runs a command in a terminal, and types what it is told; returns the exit code and what was shown."""

    def typed(*arguments: str, keys: str = "", **variables: str) -> tuple[int, str]:
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [PROGRAM, *arguments], cwd=tmp_path, env=environment | variables, stdin=theirs, stdout=theirs, stderr=theirs
        )
        os.close(theirs)
        os.write(ours, keys.encode())
        shown = b""
        try:
            while piece := os.read(ours, 65_536):
                shown += piece
        except OSError:  # how Linux says that nobody writes to the terminal any more
            pass
        os.close(ours)
        return process.wait(), shown.decode()

    return typed


def test_what_is_overdue_is_red_on_a_terminal_unless_colour_is_not_wanted(add, run, typed):
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    add("Late", due={"date": str(yesterday)})
    _, shown = typed("list")
    assert re.search(r"\x1b\[[0-9;]*31m[^\x1b]*yesterday !", shown)
    _, plain = typed("list", NO_COLOR="1")
    assert "31m" not in plain
    assert ESCAPE not in run("list")


def test_a_table_is_folded_to_the_width_of_the_terminal(add, typed):
    add("word " * 59 + "word")
    _, shown = typed("list", COLUMNS="60")
    lines = re.sub(r"\x1b\[[0-9;]*m", "", shown).splitlines()
    assert len(lines) > 5
    assert max(map(len, lines)) <= 60


def test_many_tasks_are_changed_when_the_question_is_answered_with_yes(add, run, typed):
    add(*"abcd")
    code, shown = typed("done", "--filter", "is_open", keys="n\n")
    assert (code, "Complete 4 tasks, from a to d? [y/N]" in shown) == (6, True)
    assert len(json.loads(run("list", "--json"))) == 4
    code, _ = typed("done", "--filter", "is_open", keys="y\n")
    assert code == 0
    assert json.loads(run("list", "--json")) == []


def test_a_reader_that_goes_away_is_no_failure_worth_a_traceback(add, tmp_path, environment):
    add("x")
    command = f"{PROGRAM} list --json | true"
    shown = subprocess.run(
        command, check=False, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert "Traceback" not in shown.stderr


@pytest.fixture
def server(tmp_path, environment) -> Iterator[str]:
    arguments = [PROGRAM, "serve", "--database-url", "memory://", "--port", "0", "--log-format", "json"]
    with subprocess.Popen(arguments, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True) as process:
        for line in process.stderr:
            if found := re.search(r'"api":"(http://[^"]+?)/tasks/"', line):
                yield found[1]
                break
        process.terminate()
        process.communicate()


@pytest.fixture
def ctrl_c_is_heard() -> Iterator[None]:
    """A shell has what it runs in the background ignore it, and so all that this starts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ctrl_c_is_heard")
def test_a_change_on_a_server_is_seen_as_it_is_made_until_ctrl_c(run, server, tmp_path, environment):
    run("add", "before", "--server", server, "-q")
    arguments = [PROGRAM, "watch", "--since", "1", "--format", "jsonl", "--server", server]
    with subprocess.Popen(arguments, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True) as watching:
        for title in ("one", "two"):
            run("add", title, "--server", server, "-q")
            assert json.loads(watching.stdout.readline())["title"] == title
        watching.send_signal(signal.SIGINT)
        assert watching.wait(10) == 130
