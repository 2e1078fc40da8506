"""What is registered with the driver of SQLite, which the program around us may use too."""

from contextlib import closing

import pytest

from taskharbor.adapters.sqlalchemy.sqlite_driver import register_constants, sqlite3


@pytest.fixture
def bound():
    with closing(sqlite3.connect(":memory:")) as connection:
        yield lambda value: connection.execute("SELECT ?, typeof(?1)", (value,)).fetchone()


def test_nothing_and_truth_values_are_bound_as_what_they_are(bound):
    assert [bound(value) for value in (None, True, False)] == [(None, "null"), (1, "integer"), (0, "integer")]


@pytest.mark.parametrize(("value", "kind"), [(None, type(None)), (True, bool)])
def test_what_the_program_around_us_has_registered_stays(bound, monkeypatch, value, kind):
    monkeypatch.setitem(sqlite3.adapters, (kind, sqlite3.PrepareProtocol), lambda _value: "as the host likes it")
    register_constants()
    assert bound(value) == ("as the host likes it", "text")
