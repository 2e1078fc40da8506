"""What became of broken stores, and which statements the SQL stores sent."""

import fcntl
import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, partial
from typing import TypeGuard

import pytest

from recorded_statements import record_statements, texts_that_read_or_write
from teeth import Expected, KeptBy, Outcomes, outcomes_of
from workspace_binding import unbound

_unbound = cache(unbound)


def pytest_itemcollected(item: pytest.Item) -> None:
    if _asks_for_outcomes(item):
        item.add_marker(pytest.mark.timeout(600))  # the first to ask waits for all of them
    scope = getattr(getattr(item, "cls", None), "LOOP_SCOPE", None)
    if scope is not None:  # the marks of a class come after those of what it inherits from
        item.add_marker(pytest.mark.asyncio(loop_scope=scope), append=False)


@pytest.fixture(scope="session")
def all_outcomes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Outcomes]:
    """What became of the broken stores of all modules of teeth: they are tested once, whichever worker first asks."""
    folder = tmp_path_factory.getbasetemp()
    if hasattr(request.config, "workerinput"):  # the workers of pytest-xdist have folders below one that they share
        folder = folder.parent
    file = folder / "outcomes.json"
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # until it is closed
        if not file.exists():
            tested = outcomes_of(_chosen(request.session.items), tmp_path_factory.mktemp("teeth"))
            listed = {module: [[*test, outcome] for test, outcome in each.items()] for module, each in tested.items()}
            file.write_text(json.dumps(listed))
    return {
        module: {(contract, promise): outcome for contract, promise, outcome in each}
        for module, each in json.loads(file.read_text()).items()
    }


def _chosen(items: Iterable[pytest.Item]) -> Expected:
    """Return what those of the tests that ask for outcomes, of whatever modules, expect."""
    return [
        (item.path, str(item.callspec.params["contract"]), str(item.callspec.params["promise"]))
        for item in items
        if _asks_for_outcomes(item)
    ]


def _asks_for_outcomes(item: pytest.Item) -> TypeGuard[pytest.Function]:
    return isinstance(item, pytest.Function) and "outcomes" in item.fixturenames


@pytest.fixture
def outcomes(request: pytest.FixtureRequest, all_outcomes: Mapping[str, Outcomes]) -> Outcomes:
    return all_outcomes[request.path.stem]


@pytest.fixture
def kept_by(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> KeptBy:
    return partial(request.module.TEETH.kept_by, tmp_path_factory.mktemp("healthy"))


@pytest.fixture(scope="module")
def statements() -> Iterator[tuple[set[str], set[str]]]:
    """What is sent to SQLite and to PostgreSQL on connections opened from now on."""
    with pytest.MonkeyPatch.context() as patch:
        yield record_statements(patch)


@pytest.fixture
def keeps_to_its_workspace(statements: tuple[set[str], set[str]]) -> Iterator[None]:
    """Every statement that a test makes a SQL store send binds the workspace of each table."""
    to_sqlite, to_postgres = statements
    to_sqlite.clear()
    to_postgres.clear()
    yield
    wrong = {sql: found for sql in texts_that_read_or_write(to_sqlite) if (found := _unbound(sql, "sqlite"))}
    wrong |= {sql: found for sql in texts_that_read_or_write(to_postgres) if (found := _unbound(sql, "postgres"))}
    assert wrong == {}
