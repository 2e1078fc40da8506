"""What a cursor says is checked like any other input, also if it was sealed with our key."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from taskharbor.application.search.cursors import Cursors
from taskharbor.application.sync.commit_marks import CommitMark
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.search.order import order_from
from taskharbor.domain.search.time_span import utc_microseconds
from taskharbor.entrypoints.embedded.opening import open_taskharbor

OURS = Cursors(b"ours")
NEW = CommitMark(0, None)
NOW = utc_microseconds(datetime(2026, 11, 1, tzinfo=UTC))


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgres":
        found: str = request.getfixturevalue("postgres_url")
        return found
    return "memory://" if request.param == "memory" else f"sqlite:///{tmp_path}/tasks.db"


@pytest.mark.parametrize(
    ("at", "values"),
    [
        (10**30, ("a", 1)),
        (NOW + 10**16, ("a", 1)),
        ("x", ("a", 1)),
        (NOW, (["a"], 1)),
        (NOW, (1, 1)),
        (NOW, ("a", "1")),
        (NOW, ("a", True)),
        (NOW, ("a", 1.5)),
        (NOW, ("a", None)),
        (NOW, ()),
        (NOW, ("a", 1, 1)),
        (NOW, ("a", 10**40)),
        (NOW, ("a\0", 1)),
        (NOW, ("a" * 5_000, 1)),
    ],
)
async def test_a_place_where_no_task_can_be_is_refused(at, values):
    about = repr(("default", [], [], {}, "UTC", order_from("title"), None))
    async with open_taskharbor("memory://", cursor_key=b"ours") as harbor:
        with pytest.raises(InvalidValue) as refused:
            await harbor.find_tasks(sort="title", cursor=OURS.seal(values, at=at, mark=NEW, context=about))
        assert refused.value.field == "cursor"


async def test_the_ends_of_what_a_place_can_be_are_taken_by_every_store(url):
    about = repr(("default", [], [], {}, "UTC", order_from("priority"), None))
    async with open_taskharbor(url, cursor_key=b"ours", migrate=True) as harbor:
        for values in [(2**62, 2**62), (-(2**62), -(2**62)), (2**62, -1), (0, 2**53)]:
            await harbor.find_tasks(sort="priority", cursor=OURS.seal(values, at=NOW, mark=NEW, context=about))


@pytest.mark.parametrize(
    "values", [(10**20, 1), (1, 10**20), (-1, 0), (1, -1), ("1", 1), (1,), (1, 1, 1), (True, None), (999, 0)]
)
async def test_a_place_in_the_past_that_never_was_is_refused(values):
    about = repr(("default", 1, [], [], {}, "UTC"))
    async with open_taskharbor("memory://", cursor_key=b"ours") as harbor:
        await harbor.create_task(title="x")
        with pytest.raises(InvalidValue):
            await harbor.find_tasks_as_of(1, cursor=OURS.seal(values, at=NOW, mark=NEW, context=about))
