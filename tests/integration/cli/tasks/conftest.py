import io
import json
import sys

import pytest


@pytest.fixture
def answer(taskharbor):
    """Runs a command that succeeds, and returns its JSON."""

    def run(*arguments: str):
        done = taskharbor(*arguments, "--json")
        assert (done.exit_code, done.err) == (0, ""), done
        return json.loads(done.out)

    return run


@pytest.fixture
def type_in(monkeypatch):
    """Puts bytes on standard input."""

    def put(data: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

    return put
