"""Where a command is carried out: options, then variables, then the context in use."""

import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from taskharbor.entrypoints.cli.completion.candidates import complete_list, complete_tag, complete_task
from taskharbor.entrypoints.cli.failure import CommandFailed
from taskharbor.entrypoints.cli.target.contexts import contexts_path
from taskharbor.entrypoints.cli.target.target import Options, Target, target_of

PROGRAM = Path(sys.executable).with_name("taskharbor")


@pytest.fixture
def server(tmp_path) -> Iterator[str]:
    """A real server process on a store in memory."""
    arguments = [PROGRAM, "serve", "--database-url", "memory://", "--port", "0", "--log-format", "json"]
    with subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        for line in process.stderr:
            if found := re.search(r'"api":"(http://[^"]+?)/tasks/"', line):
                break
        else:
            raise AssertionError("the server did not start")
        yield found[1]
        process.terminate()
        process.communicate()


SESSION = [
    ["lists", "--add", "Home"],
    ["add", "Water the plants", "--due", "2026-12-01", "--tag", "home", "--list", "Home", "-p", "2"],
    ["add", "Buy soil", "--parent", "2"],
    ["add", "Call Ada", "--start", "2030-01-01"],
    ["list"],
    ["list", "--list", "Home", "--tag", "home"],
    ["list", "tags:home OR title:soil", "--sort", "-id"],
    ["next"],
    ["search", "wat"],
    ["show", "2", "3"],
    ["tag", "3", "+shop", "--remove", "none"],
    ["move", "4", "--before", "2"],
    ["edit", "3", "--title", "Buy earth"],
    ["start", "3"],
    ["done", "2"],
    ["done", "2", "--subtasks", "complete", "--dry-run"],
    ["done", "2", "3"],
    ["rm", "4"],
    ["rm", "99"],
    ["restore"],
    ["restore", "4"],
    ["log"],
    ["log", "3"],
    ["undo", "4"],
    ["undo", "--yes"],
    ["watch", "--since", "0", "--count", "2", "--format", "jsonl"],
    ["list", "due < <"],
    ["lists"],
    ["show", "abcd"],
    ["list", "--saved", "none"],
]

CHANGING = re.compile(r'"[0-9a-f]{8}-[0-9a-f-]{27}"|"20[0-9-]{8}T[0-9:.]+Z"|(?<="urgency": )[0-9.]+')


def test_the_answers_are_the_same_on_a_store_and_on_a_server(taskharbor, server):
    for arguments in SESSION:
        form = [] if "--format" in arguments else ["--json"]
        here = taskharbor(*arguments, *form)
        there = taskharbor(*arguments, *form, "--server", server)
        assert there.exit_code == here.exit_code, arguments
        assert CHANGING.sub("...", there.out) == CHANGING.sub("...", here.out), arguments
        assert there.err == here.err, arguments


def test_a_context_is_saved_for_its_owner_alone_and_used(taskharbor, server, answer, monkeypatch):
    assert taskharbor("context", "add", "home", "--database-url", "sqlite:///home.db").exit_code == 0
    assert taskharbor("context", "add", "work", "--server", server, "--token", "secret").exit_code == 0
    assert stat.S_IMODE(contexts_path().stat().st_mode) == 0o600
    assert f"sqlite:///{Path.cwd()}/home.db" in taskharbor("context", "list").out
    answer("add", "at home")
    taskharbor("context", "use", "work")
    answer("add", "at work")
    assert [task["title"] for task in answer("list")] == ["at work"]
    assert [task["title"] for task in answer("list", "--context", "home")] == ["at home"]
    monkeypatch.setenv("TASKHARBOR_CONTEXT", "home")
    assert [task["title"] for task in answer("list")] == ["at home"]
    shown = taskharbor("context", "list").out
    assert "* work" in shown
    assert "secret" not in shown
    taskharbor("context", "remove", "work")
    assert json.loads(contexts_path().read_text())["current"] is None


@pytest.mark.parametrize(
    ("options", "environment", "server", "token"),
    [
        ({"server": "http://a"}, {"TASKHARBOR_SERVER": "http://b"}, "http://a", None),
        ({"server": "http://a", "token": "x"}, {"TASKHARBOR_TOKEN": "y"}, "http://a", "x"),
        ({}, {"TASKHARBOR_SERVER": "http://b", "TASKHARBOR_TOKEN": "y"}, "http://b", "y"),
        ({"context": "work"}, {"TASKHARBOR_SERVER": "http://b"}, "http://work", "of-work"),
        ({}, {"TASKHARBOR_DATABASE_URL": "memory://"}, None, None),
        ({}, {}, "http://work", "of-work"),
        ({"server": "http://a"}, {}, "http://a", None),
    ],
)
def test_what_is_said_last_counts_and_a_token_goes_to_its_own_server(taskharbor, options, environment, server, token):
    taskharbor("context", "add", "work", "--server", "http://work", "--token", "of-work")
    target = target_of(Options(**options), environment)
    assert (target.server, target.token) == (server, token)


def test_a_context_can_leave_its_token_to_a_variable(taskharbor):
    taskharbor("context", "add", "ci", "--server", "http://ci", "--token-env", "CI_TOKEN")
    assert target_of(Options(), {"CI_TOKEN": "x"}).token == "x"
    with pytest.raises(CommandFailed, match="the variable CI_TOKEN, which is not set"):
        target_of(Options(), {})
    assert "CI_TOKEN" in taskharbor("context", "list").out


def test_a_token_that_others_can_read_is_not_used(taskharbor):
    taskharbor("context", "add", "work", "--server", "http://work", "--token", "x")
    contexts_path().chmod(0o644)
    refused = taskharbor("list")
    assert refused.exit_code == 2
    assert "chmod 600" in refused.err


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"current": 1, "contexts": {"a": {"b": 1}}}', "\xff"])
def test_a_file_that_is_none_of_contexts_is_named(taskharbor, text):
    contexts_path().parent.mkdir(parents=True)
    contexts_path().write_bytes(text.encode("latin-1"))
    refused = taskharbor("list")
    assert (refused.exit_code, refused.err) == (2, f"taskharbor: {contexts_path()} is not a file of contexts\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["add", "x"], "give either --server or --database-url"),
        (["add", "x", "--server", "http://x", "--database-url", "memory://"], "give either"),
        (["add", "x", "--server", "http://x", "--token", "a", "--token-env", "B"], "not both"),
        (["use", "wrok"], "there is no context named wrok; did you mean work?"),
        (["remove", "other"], "there is no context named other"),
    ],
)
def test_a_context_that_cannot_be_is_refused(taskharbor, arguments, sentence):
    taskharbor("context", "add", "work", "--server", "http://work")
    refused = taskharbor("context", *arguments)
    assert refused.exit_code == 2
    assert sentence in refused.err


class Typed:
    """What a shell knows of a command that is being typed."""

    def __init__(self, **params: str) -> None:
        self.params = params


def test_a_shell_completes_ids_lists_and_tags(taskharbor):
    taskharbor("lists", "--add", "Home")
    taskharbor("add", "Water", "--tag", "green", "-q")
    taskharbor("add", "gone", "-q")
    taskharbor("done", "4", "-q")
    assert complete_task(Typed(), "") == [("3", "Water")]
    assert complete_list(Typed(), "h") == [("Home", "2")]
    assert complete_tag(Typed(), "GR") == [("green", "1 tasks")]
    assert complete_tag(Typed(), "x") == []
    assert complete_task(Typed(database_url="sqlite:///none.db"), "") == []
    assert complete_task(Typed(server="http://127.0.0.1:9"), "") == []


def test_a_shell_is_answered_by_the_program_itself(taskharbor):
    taskharbor("add", "Water", "-q")
    environment = {"_TASKHARBOR_COMPLETE": "complete_bash", "COMP_WORDS": "taskharbor done ", "COMP_CWORD": "2"}
    done = subprocess.run([PROGRAM], env=os.environ | environment, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["1"]


def test_a_target_is_the_file_of_this_folder_where_nothing_is_said():
    assert target_of(Options(), {}) == Target(
        server=None, database_url="sqlite:///tasks.db", token=None, workspace="default"
    )
