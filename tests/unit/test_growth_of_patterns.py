"""No regular expression takes more than in proportion to its input, whatever that is. Steps are counted, not time."""

import ast
import importlib
import math
import pkgutil
import re
import sys
from functools import cache
from itertools import product
from pathlib import Path

import pytest

import taskharbor
from pattern_steps import Steps, TooManySteps, characters_of

SHORT = 40
LONG = 2 * SHORT
PER_CHARACTER = 60
"""More steps for each character than any of ours takes."""

WHOLE = {"fullmatch", "match"}


@cache
def names_of_patterns():
    """Every name of a compiled pattern of ours, with its module, and the pattern."""
    names: dict[str, re.Pattern] = {}
    for found in pkgutil.walk_packages(taskharbor.__path__, "taskharbor."):
        if (
            ".migrations" in found.name
            or found.name.startswith("taskharbor.testing")
            or found.name.endswith("__main__")
        ):
            continue
        module = importlib.import_module(found.name)
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern):
                names[f"{found.name.removeprefix('taskharbor.')}.{name}"] = value
    return names


def patterns():
    """Each pattern that is unlike the others, by its name."""
    distinct = {(each.pattern, each.flags): (name, each) for name, each in names_of_patterns().items()}
    return [pytest.param(name, each, id=name) for name, each in sorted(distinct.values(), key=lambda item: item[0])]


def is_only_tried_at_the_beginning(name):
    return methods_called().get(name.rpartition(".")[2], {"search"}) <= WHOLE


@cache
def methods_called():
    """What is called of each name of a pattern, anywhere. Only files that name one are parsed."""
    used: dict[str, set[str]] = {}
    names = {name.rpartition(".")[2] for name in names_of_patterns()}
    named = re.compile(rf"\b({'|'.join(sorted(names))})\.")
    texts = (path.read_text() for root in taskharbor.__path__ for path in Path(root).rglob("*.py"))
    for text in filter(named.search, texts):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                used.setdefault(node.value.id, set()).add(node.attr)
    return used


def steps(pattern, text, *, whole):
    most = PER_CHARACTER * LONG * 20
    counted = Steps(pattern, most=most)
    given = text if isinstance(pattern.pattern, str) else text.encode("latin-1", "replace")
    try:
        return counted.match(given) if whole else counted.search(given)
    except TooManySteps:
        return math.inf


@pytest.fixture(autouse=True)
def deep_recursion():
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)
    yield
    sys.setrecursionlimit(before)


def require_proportion(pattern, pumps, *, whole):
    for pump in pumps:
        for end in ("", "\x01"):
            short, long = (steps(pattern, pump * (size // len(pump)) + end, whole=whole) for size in (SHORT, LONG))
            assert long < PER_CHARACTER * LONG or long < 2.6 * short, f"{pump!r}: {short} steps, then {long}"


@pytest.mark.parametrize(("name", "pattern"), patterns())
def test_a_pattern_takes_steps_in_proportion_to_its_input(name, pattern):
    pumps = [*characters_of(pattern), "://a:", "%41", "1.1", "BYDAY="]
    require_proportion(pattern, pumps, whole=is_only_tried_at_the_beginning(name))


@pytest.mark.long
@pytest.mark.parametrize(("name", "pattern"), patterns())
def test_a_pattern_takes_steps_in_proportion_to_pairs_of_characters(name, pattern):
    pumps = map("".join, product(characters_of(pattern), repeat=2))
    require_proportion(pattern, pumps, whole=is_only_tried_at_the_beginning(name))


@pytest.mark.parametrize(
    ("pattern", "pump"),
    [(r"(?<=://)([^\s:/@?#\"']*):[^\s\"']*@", "://a:"), (r"(a+)+b", "a"), (r"\s+$", " "), (r"(.*)x(.*)y", "x")],
)
def test_the_count_sees_what_grows_faster(pattern, pump):
    short, long = (steps(re.compile(pattern), pump * size + "!", whole=False) for size in (SHORT, LONG))
    assert long == math.inf or long > 3 * short
