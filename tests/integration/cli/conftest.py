import logging
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from taskharbor.entrypoints.cli import main


@dataclass(frozen=True)
class Finished:
    exit_code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch, tmp_path):
    """An empty folder, and none of the variables of the user who runs the tests."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("TZ", "Europe/Berlin")
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name in list(os.environ):
        if name.startswith("TASKHARBOR_") or name == "PORT":
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def levels_as_they_were():
    """What uvicorn sets when a command serves in this process."""
    yield
    for name in ("uvicorn.access", "uvicorn.error"):
        logging.getLogger(name).setLevel(logging.NOTSET)
        logging.getLogger(name).disabled = False


@pytest.fixture
def taskharbor(monkeypatch, capsys) -> Callable[..., Finished]:
    """Runs the command in this process."""

    def run(*arguments: str) -> Finished:
        monkeypatch.setattr(sys, "argv", ["taskharbor", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        shown = capsys.readouterr()
        return Finished(int(ended.value.code or 0), shown.out, shown.err)

    return run
