"""3,000 titles that people wrote, with due dates, tags and lists: all stores find, count and sort them alike."""

from bisect import bisect_left
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cache, partial
from itertools import islice, takewhile
from pathlib import Path

import pytest
import pytest_asyncio

from bulk_load import load
from generated_tasks import LISTS, TODAY, task_of_each_title
from taskharbor.adapters.filters.lark_parser import LarkFilterParser
from taskharbor.adapters.storage_url import storage_from_url
from taskharbor.adapters.uids import Uuid7Uids
from taskharbor.application.ports.task_search import TaskFacets, TaskQuery
from taskharbor.application.search.count_tasks import CountFacets, CountTasks
from taskharbor.application.search.find_tasks import FindTasks
from taskharbor.application.store_kit.scan import count_among, facets_among, find_among
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.identifiers import INBOX
from taskharbor.domain.search.date_expressions import Viewpoint
from taskharbor.domain.search.due_buckets import due_buckets
from taskharbor.domain.search.fields import Field, Operator
from taskharbor.domain.search.filter import And, Compare, Filter, Or
from taskharbor.domain.search.filter_binding import filter_from
from taskharbor.domain.search.matching import Facts
from taskharbor.domain.search.mentions import mentions_of
from taskharbor.domain.search.order import CAN_BE_LAST, OrderField, order_from
from taskharbor.domain.search.urgency import UrgencyScale
from taskharbor.domain.search.urgency_weights import DEFAULT_WEIGHTS
from taskharbor.domain.search.words import MAX_SEARCHED_WORDS, words_of, words_of_task
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.text import folded
from taskharbor.domain.values.time_zone import zone
from taskharbor.testing import FakeClock

TITLES = (Path(__file__).parents[2] / "data" / "real_titles.txt").read_text("utf-8").split("\n")[:-1]
ZONE = "America/New_York"
NOW = datetime.combine(TODAY, time(3), tzinfo=UTC)  # there it is still the day before
HERE = Viewpoint(NOW, zone(ZONE))
AT_ONCE = 1000
TITLES_AT_ONCE = 200
pytestmark = pytest.mark.asyncio(loop_scope="module")
EVERY_OR_SOME = pytest.mark.parametrize("every", [100, pytest.param(1, marks=pytest.mark.long)])

FILTERS = (
    "is_open list = 3 due >= sow due <= eow",
    "is_open due < today",
    "due = today OR due = tomorrow OR due = yesterday",
    "due != today",
    "NOT due = today",
    "NOT due:* AND tags:*",
    "tags:(home OR BÜRO) -tags:work",
    "tags:project-39 OR tags:einkauf",
    "priority <= 3 AND (list = 2 OR list = 1)",
    "NOT priority > 1",
    "title:fix -title:TEST",
    'title >= "m" AND title < "n"',
    'description:"the" NOT description:*.',
    "progress = in-process percent_complete > 50",
    "completed >= soq OR updated > now-1w",
    "created < 2024-06 AND NOT is_completed",
    "blocked OR estimated_duration >= PT4H",
    "NOT (blocked OR is_open)",
    "depends_on:* id < 500",
    "list != 1 due:* -due > eoy+1y",
)
SCALE = UrgencyScale.seen_from(HERE, DEFAULT_WEIGHTS)
SEARCHES = (
    "fix",
    "the",
    "add support",
    "a b",
    "1",
    "é",
    "büro",
    "strasse",
    "日",
    "日本",
    "e-mail",
    "don't",
    "project 39",
)
SORTS = [
    f"{sign}{field}{nulls}"
    for field in OrderField
    for sign in ("", "-")
    for nulls in (("", " nulls first") if field in CAN_BE_LAST else ("",))
] + ["list,-due nulls first,title", "priority,due,-created", "progress,-title", "-comment_count,rank"]


@cache
def tasks() -> Sequence[Task]:
    """The tasks as they are stored, a thousand to a commit."""
    return [task.committed(1 + place // AT_ONCE) for place, task in enumerate(task_of_each_title())]


def candidates() -> Iterator[tuple[Task, Facts]]:
    open_ids = {task.id for task in tasks() if task.is_open}
    needed = {id_ for task in tasks() if task.is_open for id_ in task.depends_on}
    for task in tasks():
        blocked = not open_ids.isdisjoint(task.depends_on)
        blocking = partial(needed.__contains__, task.id)
        yield task, Facts(blocked=blocked, words=partial(words_of_task, task), blocking=blocking)


@cache
def found(filter: Filter | None = None, *, sort: str = "id") -> Sequence[int]:
    """The ids of the tasks that the specification finds, in this order."""
    query = TaskQuery(filter=filter, order=order_from(sort), limit=len(TITLES), urgency=SCALE)
    return [one.task.id for one in find_among(candidates(), query)]


@cache
def facets(text: str | None) -> TaskFacets:
    """What the specification counts."""
    return facets_among(candidates(), None if text is None else _read(text), due_buckets(HERE))


@cache
def count(text: str | None) -> int:
    return count_among(candidates(), None if text is None else _read(text))


@dataclass
class Filled:
    """A store that holds a task of each title."""

    use_cases: UseCases

    async def page(self, **question) -> tuple[list[int], str | None]:
        found = await self.use_cases.search.find_tasks(FindTasks(time_zone=ZONE, **question), workspace="default")
        return [view.id for view in found.items], found.next_cursor

    async def all_pages(self, *, limit: int, **question) -> list[int]:
        ids, cursor = await self.page(limit=limit, **question)
        while cursor is not None:
            page, cursor = await self.page(limit=limit, cursor=cursor, **question)
            ids += page
        return ids


@pytest_asyncio.fixture(params=["memory", "sqlite", "postgres"], scope="module", loop_scope="module")
async def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Filled]:
    if request.param == "postgres":
        url = request.getfixturevalue("module_postgres_url")
    else:
        url = {"memory": "memory://", "sqlite": f"sqlite:///{tmp_path_factory.mktemp('filled')}/tasks.db"}[
            request.param
        ]
    async with storage_from_url(url) as storage:
        loaded = await load(storage, task_of_each_title(), at_once=AT_ONCE)
        assert [task.id for task in loaded] == [task.id for task in tasks()]
        yield Filled(UseCases(storage, clock=FakeClock(NOW), uids=Uuid7Uids(), filters=LarkFilterParser()))


def _read(text: str) -> Filter:
    return filter_from(LarkFilterParser().read(text), HERE)


async def test_each_of_the_3000_titles_is_that_of_a_task_and_the_rest_is_spread():
    assert [task.title for task in tasks()] == TITLES
    assert len(TITLES) == 3000
    assert {task.list for task in tasks()} == {INBOX, *LISTS}
    assert len({tag for task in tasks() for tag in task.tags}) > 50
    assert len({str(task.due) for task in tasks()}) > 1000


async def test_filters_find_and_count_what_memory_does(filled):
    partial_answers = 0
    for text in FILTERS:
        expected = found(_read(text))
        assert await filled.all_pages(filter=text, limit=1000) == expected, text
        counted = await filled.use_cases.search.count_tasks(
            CountTasks(filter=text, time_zone=ZONE), workspace="default"
        )
        assert counted == len(expected), text
        partial_answers += 0 < counted < len(TITLES)
    assert partial_answers == len(FILTERS)  # a filter that finds none or all would prove little


async def test_searches_find_what_memory_does_alone_and_with_a_filter(filled):
    for q in SEARCHES:
        for text in (None, "is_open list != 1"):
            parts = [mentions_of("q", q), *([] if text is None else [_read(text)])]
            assert await filled.all_pages(q=q, filter=text, limit=1000) == found(And(tuple(parts))), (q, text)


@EVERY_OR_SOME
async def test_each_title_is_found_by_what_it_is(filled, every):
    for first in range(0, len(TITLES), every * TITLES_AT_ONCE):
        keys = {folded(task.title) for task in tasks()[first : first + TITLES_AT_ONCE]}
        wanted = Or(tuple(Compare(Field.TITLE, Operator.EQUAL, key) for key in sorted(keys)))
        expected = [task.id for task in tasks() if folded(task.title) in keys]
        assert await filled.all_pages(filter=wanted, limit=1000) == expected


@EVERY_OR_SOME
async def test_each_title_is_found_by_its_words(filled, every):
    known = sorted({(word, task.id) for task in tasks() for word in words_of_task(task)})
    for task in tasks()[::every]:
        words = words_of(task.title)[:MAX_SEARCHED_WORDS]
        if words:
            expected = set.intersection(*(_with_word(known, word) for word in words))
            assert task.id in expected
            assert await filled.all_pages(q=" ".join(words), limit=1000) == sorted(expected), words


def _with_word(known: Sequence[tuple[str, int]], beginning: str) -> set[int]:
    first = bisect_left(known, (beginning, 0))
    return {id_ for _, id_ in takewhile(lambda each: each[0].startswith(beginning), islice(known, first, None))}


@pytest.mark.parametrize("every", [5, pytest.param(1, marks=pytest.mark.long)])
async def test_every_order_is_that_of_memory_from_page_to_page(filled, every):
    for sort in SORTS[::every]:
        assert await filled.all_pages(sort=sort, limit=1000) == found(sort=sort), sort


@pytest.mark.parametrize("text", ["updated >= today-30d", "completed > today-1y is_completed", "updated >= 2023-12-02"])
@pytest.mark.parametrize("sort", ["id", "due", "-id"])
async def test_what_happened_lately_is_found_wherever_it_is_in_the_order(filled, text, sort):
    expected = found(_read(text), sort=sort)
    assert len(expected) > 50
    for limit in (len(expected) // 10, 400):
        assert await filled.all_pages(filter=text, sort=sort, limit=limit) == expected
        page, _ = await filled.page(filter=text, sort=sort, limit=limit, skip=20)
        assert page == expected[20 : 20 + limit]


async def test_facets_count_what_memory_does(filled):
    for text in (None, *FILTERS):
        expected = facets(text)
        found = await filled.use_cases.search.count_facets(
            CountFacets(filter=text, time_zone=ZONE), workspace="default"
        )
        assert {name: count for name, count in found.progress.items() if count} == dict(expected.progress), text
        assert dict(found.lists) == dict(expected.lists), text
        assert dict(found.tags) == dict(expected.tags), text
        assert {name: count for name, count in found.due.items() if count} == dict(expected.due), text
        assert found.total == count(text), text
