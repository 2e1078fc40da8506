"""What reads filters is loaded before the first is read, and beside the event loop."""

import asyncio
import threading
from contextlib import suppress

import pytest
from lark import Lark

from taskharbor.adapters.filters import lark_parser, lazy_parser
from taskharbor.adapters.filters.lark_parser import LarkFilterParser
from taskharbor.adapters.filters.lazy_parser import LazyFilterParser
from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.claims.claim_next import ClaimNext, NothingToClaim
from taskharbor.application.live.read_commits import WatchedCommits
from taskharbor.application.ports.filter_parser import FilterParser
from taskharbor.application.saved_filters.manage_saved_filters import SaveFilter
from taskharbor.application.search.change_matching import ChangeMatching
from taskharbor.application.search.count_tasks import CountFacets, CountTasks
from taskharbor.application.search.criteria import TaskCriteria
from taskharbor.application.search.find_tasks import FindTasks
from taskharbor.application.search.find_tasks_as_of import FindTasksAsOf
from taskharbor.application.sync.list_changes import EVERYTHING
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE
from taskharbor.domain.search.filter_ast import Syntax
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.testing import FakeClock, FakeUids

FILTER = "due < tomorrow"

COMMANDS = {
    "claim next": ClaimNext(filter=FILTER, holder="bot"),
    "change matching": ChangeMatching(
        question=TaskCriteria(filter=FILTER), changes=TaskChanges(priority=1), max_affected=1
    ),
    "save filter": SaveFilter(name="urgent", filter=FILTER),
}
QUERIES = {
    "find": lambda harbor: harbor.search.find_tasks(FindTasks(filter=FILTER), workspace=DEFAULT_WORKSPACE),
    "find as of": lambda harbor: harbor.search.find_tasks_as_of(
        FindTasksAsOf(filter=FILTER, as_of="0"), workspace=DEFAULT_WORKSPACE
    ),
    "count": lambda harbor: harbor.search.count_tasks(CountTasks(filter=FILTER), workspace=DEFAULT_WORKSPACE),
    "facets": lambda harbor: harbor.search.count_facets(CountFacets(filter=FILTER), workspace=DEFAULT_WORKSPACE),
    "watch": lambda harbor: harbor.live.read(WatchedCommits(filter=FILTER), EVERYTHING, DEFAULT_WORKSPACE),
}


class ParserThatMustBeLoaded(FilterParser):
    def __init__(self) -> None:
        self.has_loaded = False
        self.texts: list[str] = []

    async def load(self) -> None:
        self.has_loaded = True

    def read(self, text: str) -> Syntax:
        assert self.has_loaded
        self.texts.append(text)
        return LarkFilterParser().read(text)


@pytest.fixture
def parser() -> ParserThatMustBeLoaded:
    return ParserThatMustBeLoaded()


@pytest.fixture
def harbor(parser: ParserThatMustBeLoaded) -> UseCases:
    return UseCases(InMemoryStorage(), clock=FakeClock(), uids=FakeUids(), filters=parser)


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
async def test_a_command_with_a_filter_loads_the_parser_first(command, harbor, parser):
    with suppress(NothingToClaim):
        await harbor.execute(command)
    assert parser.texts


@pytest.mark.parametrize("ask", QUERIES.values(), ids=QUERIES)
async def test_a_query_with_a_filter_loads_the_parser_first(ask, harbor, parser):
    await ask(harbor)
    assert parser.texts


async def test_without_a_filter_none_is_loaded(harbor, parser):
    await harbor.search.find_tasks(FindTasks(q="milk"), workspace=DEFAULT_WORKSPACE)
    assert not parser.has_loaded


async def test_the_default_one_is_loaded_in_a_thread_and_once(monkeypatch):
    threads: list[threading.Thread] = []

    def load() -> FilterParser:
        threads.append(threading.current_thread())
        return LarkFilterParser()

    monkeypatch.setattr(lazy_parser, "loaded_parser", load)
    parser = LazyFilterParser()
    for _ in range(2):
        await parser.load()
    assert len(threads) == 1
    assert threads[0] is not threading.main_thread()


async def test_first_filters_that_come_together_load_the_grammar_once(monkeypatch):
    made: list[Lark] = []

    def make(*grammar: str, **options: object) -> Lark:
        made.append(Lark(*grammar, **options))
        return made[-1]

    monkeypatch.setattr(lark_parser, "Lark", make)
    lazy_parser.loaded_parser.cache_clear()
    lark_parser.parser.cache_clear()
    await asyncio.gather(*(LazyFilterParser().load() for _ in range(4)))
    assert len(made) == 1
