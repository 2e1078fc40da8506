"""PostgreSQL for every test that asks for it, Hypothesis' profiles, what is collected and what of it is garbage."""

import gc
import os
from collections.abc import Generator, Iterator

import pytest
import regex  # noqa: F401  # tests compare with a package that needs it, and the command hides it from its process
from hypothesis import settings

from postgres_server import PostgresServer, given_server, own_server
from valkey_server import own_valkey

# Drawing examples is a good part of the work of all tests. Each run draws others, and the long run many.
settings.register_profile("default", deadline=None, max_examples=10)
settings.register_profile("long", deadline=None, max_examples=600)
settings.load_profile("default")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported and collected stays to the end: looking through it again and again took a fifth of all tests."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(10_000, 10, 10)  # an app that a test makes is 100,000 objects
        gc.enable()


def pytest_pycollect_makeitem(collector: pytest.Module | pytest.Class, obj: object) -> list[pytest.Item] | None:
    """Where long tests are not asked for, make no items of what is marked as a whole: they were a quarter of all."""
    if collector.config.option.markexpr != "not long":
        return None
    return [] if _is_long(collector.obj) or _is_long(obj) else None


def _is_long(marked: object) -> bool:
    marks = getattr(marked, "pytestmark", [])
    return any(mark.name == "long" for mark in (marks if isinstance(marks, list) else [marks]))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A server for this session: the one at TASKHARBOR_TEST_POSTGRES_URL, else one of our own in a temporary folder."""
    url = os.environ.get("TASKHARBOR_TEST_POSTGRES_URL")
    with given_server(url) if url else own_server() as server:
        yield server


@pytest.fixture(scope="session")
def valkey_url() -> Iterator[str]:
    """A Valkey for this session."""
    with own_valkey() as url:
        yield url


@pytest.fixture(scope="session")
def migrated_template(postgres_server: PostgresServer) -> Iterator[str]:
    """The name of a database with our schema, from which a fresh one is copied in a few milliseconds."""
    with postgres_server.template() as name:
        yield name


@pytest.fixture
def postgres_url(postgres_server: PostgresServer, migrated_template: str) -> Iterator[str]:
    """A fresh database with our schema and nothing in it."""
    with postgres_server.database(template=migrated_template) as url:
        yield url


@pytest.fixture(scope="module")
def module_postgres_url(postgres_server: PostgresServer, migrated_template: str) -> Iterator[str]:
    """A fresh database with our schema for a module whose tests keep out of each other's way."""
    with postgres_server.database(template=migrated_template) as url:
        yield url


@pytest.fixture
def empty_postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A fresh database without a schema."""
    with postgres_server.database() as url:
        yield url
