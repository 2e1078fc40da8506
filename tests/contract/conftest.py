"""What became of broken stores, and which statements the SQL stores sent."""

import fcntl
import json
from collections.abc import Iterator
from functools import cache, partial

import pytest

from recorded_statements import record_statements, texts_that_read_or_write
from teeth import KeptBy, Outcomes
from workspace_binding import unbound

_unbound = cache(unbound)


@pytest.fixture(scope="module")
def outcomes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    """What became of the broken stores of a module of teeth: they are tested once, whichever worker first asks."""
    folder = tmp_path_factory.getbasetemp()
    if hasattr(request.config, "workerinput"):  # the workers of pytest-xdist have folders below one that they share
        folder = folder.parent
    file = folder / f"{request.module.__name__}.json"
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # until it is closed
        if not file.exists():
            tested = request.module.TEETH.outcomes(tmp_path_factory.mktemp("teeth"))
            file.write_text(json.dumps([[*test, outcome] for test, outcome in tested.items()]))
    return {(contract, promise): outcome for contract, promise, outcome in json.loads(file.read_text())}


@pytest.fixture
def kept_by(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> KeptBy:
    return partial(request.module.TEETH.kept_by, tmp_path_factory.mktemp("healthy"))


@pytest.fixture
def keeps_to_its_workspace(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every statement that a test makes a SQL store send binds the workspace of each table."""
    to_sqlite, to_postgres = record_statements(monkeypatch)
    yield
    wrong = {sql: found for sql in texts_that_read_or_write(to_sqlite) if (found := _unbound(sql, "sqlite"))}
    wrong |= {sql: found for sql in texts_that_read_or_write(to_postgres) if (found := _unbound(sql, "postgres"))}
    assert wrong == {}
