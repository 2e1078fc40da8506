"""What takes long shows on a terminal how far it has come, and nowhere else."""

import asyncio
import re

import pytest

from taskharbor.entrypoints.embedded.opening import open_taskharbor

COMMANDS = {
    ("verify",): "Reading",
    ("backup", "copy.db"): "Writing",
    ("restore-backup", "tasks.db", "--database-url", "sqlite:///other.db"): "Restoring",
    ("purge",): "Purging",
    ("export", "--format", "jsonl", "tasks.jsonl"): "Exporting",
}


@pytest.fixture(autouse=True)
def tasks():
    async def write():
        async with open_taskharbor("sqlite:///tasks.db") as harbor:
            await harbor.create_task(title="one")

    asyncio.run(write())


@pytest.mark.parametrize(("command", "what"), COMMANDS.items(), ids=[each[0] for each in COMMANDS])
def test_on_a_terminal_a_bar_says_what_is_done(taskharbor, monkeypatch, command, what):
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    done = taskharbor(*command)
    assert done.exit_code == 0
    assert what in done.err
    assert what not in done.out


@pytest.mark.parametrize("command", COMMANDS, ids=lambda each: each[0])
def test_a_pipe_gets_no_bar(taskharbor, command):
    done = taskharbor(*command)
    assert done.exit_code == 0
    assert re.fullmatch(r"(Exported 1 task\.\n(  .*\n)*)?", done.err)


def test_an_import_and_its_undoing_have_one(taskharbor, monkeypatch):
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    taskharbor("export", "--format", "jsonl", "tasks.jsonl")
    imported = taskharbor("import", "tasks.jsonl", "--database-url", "sqlite:///other.db").err
    assert "Importing" in imported
    [name] = re.findall(r"undo-import (\S+)", imported)
    assert "Undoing" in taskharbor("undo-import", name, "--database-url", "sqlite:///other.db").err
