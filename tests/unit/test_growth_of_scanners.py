"""No reader of input takes more than in proportion to it. What is counted is lines that run, not time."""

import json
import sys
from datetime import UTC, datetime
from functools import partial
from itertools import chain

import pytest

from taskharbor.adapters.filters.lark_parser import LarkFilterParser
from taskharbor.adapters.interchange.formats import READ_FORMAT_NAMES, format_named
from taskharbor.adapters.interchange.recognition import format_in
from taskharbor.application.ports.interchange import TaskDraft
from taskharbor.application.search.cursors import Cursors
from taskharbor.domain.errors import TaskharborError
from taskharbor.domain.recurrence.rule_parser import recurrence_rule_from
from taskharbor.domain.search.order import order_from
from taskharbor.domain.search.words import words_of
from taskharbor.domain.tasks.links import links_from
from taskharbor.domain.values.duration import duration_from
from unit.interchange import test_apps
from unit.interchange.files import readings

SHORT = 2_000
"""Characters."""
NOW = datetime(2026, 11, 29, tzinfo=UTC)
LEEWAY = 2.6
"""How many times as much twice the input may take."""

LINES_OF_JSON = '{"title":"a","tags":["a","b"]}\n'
ICALENDAR = "BEGIN:VTODO\r\nUID:a\r\nSUMMARY:b\r\nEND:VTODO\r\n"
PUMPS = {
    "todotxt": ["a ", "+", "@a ", "a:b ", "\t", "(A) ", "x ", "a\n", "due:2026-01-01 "],
    "csv": ["a,", '"', '""', "a\n", ",\n", '"a,b"\r\n', "\r"],
    "icalendar": ["A", "A:b\r\n", " a\r\n", "BEGIN:VTODO\r\n", ICALENDAR, "A;B=c", '"', ",", "\\"],
    "jsonl": ["{", "[", LINES_OF_JSON, '"', "\\", "a\n", " "],
    "taskwarrior": ["{", "[", '{"description":"a"},', '{"description":"a"}\n', '"', "\\", "\n"],
}
OTHERS = ["{", "[", "[1,", '{"a":', '"', "a", " ", "a,b\n", '""', "\n", ","]
"""What the formats of apps are given."""

DOCUMENTS = {
    "google_tasks": test_apps.GOOGLE,
    "microsoft_todo": test_apps.GRAPH,
    "super_productivity": test_apps.SUPER,
    "trello": test_apps.TRELLO,
    "taskwarrior": [
        {"description": "a", "tags": ["b"], "annotations": [{"entry": "20261129T000000Z", "description": "c"}]}
    ],
}
TABLES = {
    "outlook": 1,
    "ticktick": 6,
    "todoist": 1,
}
"""How many lines the head of each has."""

READERS = {
    "filter": (lambda text: LarkFilterParser().read(text), ["(", "not ", "a ", '"', "id = 1 and ", "-", ","]),
    "cursor": (lambda text: Cursors(b"k" * 32).open(text, context="", now=NOW), ["a", "=", "-", "a.", "%"]),
    "format": (lambda text: format_in(text.encode()), [*OTHERS, "A:b\n", "x ", "BEGIN:VTODO\n"]),
    "links": (lambda text: links_from([text]), ["a", "http://", ":", "/", "@", "http://a.b/[", "%"]),
    "sort": (order_from, ["title,", "-", "due,", ","]),
    "words": (words_of, ["a", "a ", "ß", "-", "a'", "1.1", "ﬁ"]),
    "rule": (partial(recurrence_rule_from, "rrule"), ["FREQ=DAILY;", "BYDAY=", "MO,", "1,", ";", "=", "A"]),
    "duration": (partial(duration_from, "duration"), ["P", "1", "1D", "T1H", "P1W"]),
}


def lines_run(function, *arguments):
    """Return how many lines run until the function returns, or refuses what it is given."""
    count = 0

    def local(_frame, event, _argument):
        nonlocal count
        count += event == "line"
        return local

    def enter(_frame, _event, _argument):
        return local

    before = sys.gettrace()
    sys.settrace(enter)
    try:
        function(*arguments)
    except (TaskharborError, ValueError):
        pass
    finally:
        sys.settrace(before)
    return count


def read_all(name, data):
    reader = format_named(name).reader()
    for _ in chain(reader.feed(data), reader.end()):
        pass


def require_proportion(function, pump, size=SHORT):
    require_twice(lambda times: function(pump * (times * size // len(pump))), repr(pump))


def require_twice(function, what):
    function_of = partial(lines_run, function)
    function_of(1)  # what is loaded and compiled once
    short, long = function_of(1), function_of(2)
    assert long <= LEEWAY * short + 200, f"{what}: {short} lines, then {long}"


def longer(document, path, times):
    """Return a document with the list at `path` so many times as long."""
    if not path:
        return document * times
    place, *further = path
    changed = document.copy()
    changed[place] = longer(document[place], further, times)
    return changed


def lists_in(value, path=()):
    """Return the paths of all lists that are not empty."""
    found = [path] if isinstance(value, list) and value else []
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return found + [each for place, member in members for each in lists_in(member, (*path, place))]


@pytest.mark.parametrize("name", READ_FORMAT_NAMES)
def test_a_format_is_read_in_proportion_to_its_length(name):
    for pump in PUMPS.get(name, OTHERS):
        require_proportion(lambda text: read_all(name, text.encode()), pump)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_read_in_proportion_to_each_list_in_it(name):
    document = DOCUMENTS[name]
    assert any(isinstance(each, TaskDraft) for each in readings(name, json.dumps(document)))
    for path in lists_in(document):
        require_twice(
            lambda times, path=path: read_all(name, json.dumps(longer(document, path, 20 * times)).encode()), path
        )


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_read_in_proportion_to_its_rows(name):
    lines = test_apps.FILES[name].splitlines(keepends=True)
    head, rows = b"".join(lines[: TABLES[name]]), b"".join(lines[TABLES[name] :])
    assert sum(isinstance(each, TaskDraft) for each in readings(name, head + 20 * rows)) >= 20
    require_twice(lambda times: read_all(name, head + rows * 20 * times), name)


@pytest.mark.parametrize("name", READERS)
def test_a_text_is_read_in_proportion_to_its_length(name):
    read, pumps = READERS[name]
    for pump in pumps:
        require_proportion(read, pump)


def test_the_count_sees_what_grows_faster():
    def quadratic(text):
        for _ in text:
            for _ in text:
                pass

    with pytest.raises(AssertionError):
        require_proportion(quadratic, "a", 100)
