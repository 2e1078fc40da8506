"""How commands answer: tables for people, formats for programs, sentences and codes where something is wrong."""

import csv
import io
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from taskharbor.application.errors import (
    BatchRefused,
    MissingDependency,
    PermissionDenied,
    PreconditionFailed,
    StoreNotReady,
    StoreUnavailable,
    Unauthenticated,
    WorkspaceArchived,
)
from taskharbor.application.search.change_matching import MatchRefused
from taskharbor.client import RequestRefused
from taskharbor.domain.errors import InvalidValue, TaskNotFound
from taskharbor.entrypoints.cli.failure import CommandFailed
from taskharbor.entrypoints.cli.output.text import harmless
from taskharbor.entrypoints.cli.prime import TEXT
from taskharbor.entrypoints.cli.root import COMMANDS
from taskharbor.entrypoints.cli.target.failures import failure_of

TASK_COMMANDS = [name for name, module in COMMANDS.items() if ".cli.tasks." in module or name == "prime"]
ESCAPE = "\x1b"


def test_a_table_shows_what_matters_and_subtasks_below_their_parents(taskharbor):
    taskharbor("lists", "--add", "Home")
    taskharbor("add", "Top", "--due", "yesterday", "-p", "1", "--list", "Home", "--tag", "x")
    taskharbor("add", "Other")
    taskharbor("add", "Part", "--parent", "3", "--due", "2027-03-01")
    shown = taskharbor("list").out
    lines = [re.split(r"\s{2,}", line.strip()) for line in shown.splitlines()]
    assert lines[0] == ["id", "pri", "due", "title", "list", "tags"]
    assert lines[1][-4:] == ["yesterday !", "Top", "Home", "x"]
    assert re.search(r"^ *5 .*1 Mar 2027 +\u2514 Part ", shown, re.MULTILINE)
    assert shown.index("Part") < shown.index("Other")
    assert ESCAPE not in shown


def test_a_format_is_one_array_or_object_lines_or_a_table_of_values(taskharbor, answer):
    answer("add", "=1+1", "--tag", "a")
    answer("add", 'x, "y"')
    assert [row["title"] for row in csv.DictReader(io.StringIO(taskharbor("list", "--format", "csv").out))] == [
        "'=1+1",
        'x, "y"',
    ]
    assert taskharbor("list", "--format", "ids").out == "1\n2\n"
    assert len(taskharbor("list", "--format", "jsonl").out.splitlines()) == 2
    assert taskharbor("list", "due:*", "--json").out == "[]\n"
    assert isinstance(answer("add", "z"), dict)
    assert isinstance(answer("show", "1"), list)


def test_a_title_cannot_command_a_terminal():
    assert harmless("plain \u00e4 \U0001f335") == "plain \u00e4 \U0001f335"
    assert harmless("a\x1b[31mb\x07") == "a\ufffd[31mb\ufffd"
    assert harmless("\u202egnp.exe") == "\ufffdgnp.exe"
    assert harmless("\u2066\u200b\u2028\x9b") == "\ufffd" * 4
    assert harmless("\U0001f468\u200d\U0001f469") == "\U0001f468\u200d\U0001f469"


def test_what_others_wrote_is_harmless_wherever_it_is_shown(taskharbor, answer):
    answer("lists", "--add", "L\u202eist")
    answer("add", "T\u202eitle", "--list", "L\u202eist", "--description", "D\u202e\ttext", "--tag", "t\u202eag")
    for command in (["list"], ["show", "2"], ["log"], ["lists"], ["watch", "--since", "0", "--count", "1"]):
        shown = taskharbor(*command)
        assert "\u202e" not in shown.out + shown.err, command
    assert "\u202e" not in taskharbor("undo", "9").err


@pytest.mark.parametrize(
    ("arguments", "exit_code", "sentence"),
    [
        (["lst"], 2, "there is no command lst, did you mean list?; `taskharbor --help` says more"),
        (["list", "--frmat", "csv"], 2, "No such option: --frmat (did you mean --format"),
        (["list", "--format", "xml"], 2, "--format must be one of table, json, jsonl, csv, ids"),
        (["list", "--json", "--format", "csv"], 2, "give --json or --format, not both"),
        (["list", "due < < 3"], 2, "filter column 7: "),
        (["list", "colour = red", "--all"], 2, "filter column 1: "),
        (["add", "x" * 10_000], 2, "title must have at most 500 characters, has 10000"),
        (["add", "x\udcff"], 2, "title "),
        (["add", "x\x1b[31m"], 2, "title "),
        (["show", "9" * 30], 5, "no uid begins with 999"),
        (["show", "9" * 99], 2, "neither the id of a task"),
        (["show", "1"], 5, "there is no task 1"),
        (["done"], 2, "name tasks by id or uid"),
        (["tag", "1"], 2, "name tags as +TAG or --remove TAG"),
        (["undo", "99"], 5, "Commit not found"),
        (["undo"], 5, "there is no commit yet"),
        (["list", "--limit", "5000"], 2, "limit must be from 1 to 1000"),
        (["list", "--time-zone", "Mars/Base"], 2, "must be the IANA name of a time zone"),
        (["list", "--server", "http://127.0.0.1:9", "--database-url", "memory://"], 2, "not both"),
        (["list", "--server", "tasks.db"], 2, "url must be that of a server"),
        (["list", "--context", "work"], 2, "there is no context named work"),
        (["list", "--database-url", "mysql://x"], 2, "database_url must start with "),
        (["list", "--workspace", "No Such"], 2, "workspace must be "),
    ],
)
def test_what_is_wrong_is_one_sentence_with_a_code(taskharbor, arguments, exit_code, sentence):
    taskharbor("add", "made", "--database-url", "sqlite:///other.db", "-q")
    taskharbor("lists", "--add", "x", "--dry-run")
    failed = taskharbor(*arguments)
    assert (failed.exit_code, failed.out) == (exit_code, "")
    assert failed.err.count("\n") == 1
    assert failed.err.startswith("taskharbor: ")
    assert sentence in failed.err
    assert len(failed.err) < 400


def test_who_reads_makes_no_database_where_there_is_none(taskharbor):
    failed = taskharbor("list")
    assert (failed.exit_code, failed.err.count("\n")) == (3, 1)
    assert "taskharbor db upgrade" in failed.err
    assert not Path("tasks.db").exists()


def test_a_database_of_a_newer_release_is_refused(taskharbor):
    taskharbor("add", "x", "-q")
    with sqlite3.connect("tasks.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    for arguments in (["list"], ["add", "y"]):
        failed = taskharbor(*arguments)
        assert (failed.exit_code, failed.err.count("\n")) == (3, 1)
        assert "9999" in failed.err


def test_a_server_that_is_not_there_is_one_sentence(taskharbor, monkeypatch):
    monkeypatch.setattr("taskharbor.entrypoints.client.connection.FIRST_PAUSE", 0)
    failed = taskharbor("add", "x", "--server", "http://127.0.0.1:9")
    assert (failed.exit_code, failed.err) == (
        3,
        "taskharbor: The server at http://127.0.0.1:9 cannot be used: connection refused\n",
    )


@pytest.mark.parametrize("command", TASK_COMMANDS)
def test_every_command_has_examples_in_its_help(taskharbor, command):
    shown = taskharbor(command, "--help")
    assert shown.exit_code == 0
    assert f"$ taskharbor {command}" in shown.out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_where_the_table_says(taskharbor, command):
    assert taskharbor(command, "--help").out.startswith(f"Usage: taskharbor {command} ")


def test_what_an_agent_is_told_is_short_and_names_commands_that_exist(taskharbor):
    told = taskharbor("prime").out
    assert told == TEXT
    assert len(told.split()) < 600
    assert set(re.findall(r"^  taskharbor (\S+)", told, re.MULTILINE)) <= set(COMMANDS)


NOT_FOR_TASKS = {
    *("alembic", "dependency_injector", "fastapi", "httpx", "lark", "msgspec", "pydantic", "starlette", "structlog"),
    "taskharbor.application.interchange.import_tasks",
}


def test_a_list_loads_neither_framework_nor_migrations_and_looks_for_no_cycles_at_its_end(taskharbor):
    taskharbor("add", "x", "-q")
    code = (
        "import atexit, gc, sys; sys.argv = ['taskharbor', *sys.argv[1:]]\n"
        "atexit.register(lambda: print('for the collector:', len(gc.get_objects()) > 1_000))\n"
        "from taskharbor.entrypoints.cli import main\n"
        f"try: main()\nexcept SystemExit: print({NOT_FOR_TASKS} & set(sys.modules))"
    )
    for arguments in (["list"], ["add", "y"]):
        done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
        assert done.stdout.splitlines()[-2:] == ["set()", "for the collector: False"]


@pytest.mark.parametrize(
    ("error", "exit_code"),
    [
        (Unauthenticated(is_invalid=True), CommandFailed.DENIED),
        (PermissionDenied("write", has="read"), CommandFailed.DENIED),
        (RequestRefused(403, "cross_origin", "No."), CommandFailed.DENIED),
        (RequestRefused(429, "too_many_requests", "Slower."), CommandFailed.REFUSED),
        (WorkspaceArchived("team"), CommandFailed.REFUSED),
        (PreconditionFailed(1, expected=2, current=3), CommandFailed.REFUSED),
        (StoreUnavailable("away"), CommandFailed.STORE),
        (StoreNotReady("old", remedy="upgrade it"), CommandFailed.STORE),
        (BatchRefused(3, MatchRefused(1, TaskNotFound(7))), CommandFailed.NOT_FOUND),
        (InvalidValue("title", "is required"), CommandFailed.USAGE),
        (MissingDependency("lark", purpose="for filters", extra="filter"), CommandFailed.USAGE),
    ],
    ids=lambda value: type(value).__name__,
)
def test_each_error_has_the_exit_code_of_its_kind(error, exit_code):
    assert failure_of(error).exit_code == exit_code
