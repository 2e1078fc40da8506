"""rrule.js as an oracle over random rules: see tests/data/recurrence/README.md."""

import json
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from random_rules import MOST, answers_of_rrule_js, random_rules
from series_of import series, with_the_first
from taskharbor.adapters.recurrence.periods import MAX_BARREN_YEARS

DATA = Path(__file__).parents[2] / "data" / "recurrence"
VECTORS = json.loads((DATA / "rrule_js_vectors.json").read_text())["vectors"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["rrule"])
def test_a_random_rule_makes_what_rrule_js_makes_of_it(vector):
    assert series(vector["rrule"], vector["first"], most=MOST) == list(with_the_first(vector))[:MOST]


def test_there_are_three_hundred_of_them_and_most_come_again():
    assert len(VECTORS) == 300
    assert sum(1 for vector in VECTORS if len(vector["expected"]) > 5) > 200


def agree(ours, theirs):
    """Whether both are the same, but for what comes after a hundred years without an occurrence: ours end there."""
    if ours == theirs:
        return True
    if not ours or ours != theirs[: len(ours)]:
        return False
    return int(theirs[len(ours)][:4]) - int(ours[-1][:4]) >= MAX_BARREN_YEARS


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        (["2026-01-01T09:00:00"], ["2026-01-01T09:00:00"], True),
        (["2026-01-01T09:00:00"], ["2026-01-01T09:00:00", "2126-01-01T09:00:00"], True),
        (["2026-01-01T09:00:00"], ["2026-01-01T09:00:00", "2125-01-01T09:00:00"], False),
        (["2026-01-02T09:00:00"], ["2026-01-01T09:00:00"], False),
        (["2026-01-01T09:00:00", "2126-01-01T09:00:00"], ["2026-01-01T09:00:00"], False),
    ],
)
def test_series_agree_as_far_as_the_next_hundred_years(ours, theirs, expected):
    assert agree(ours, theirs) is expected


@pytest.fixture
def rrule_js(tmp_path):
    """A folder with rrule from npm."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("node and npm are not installed")
    command = ["npm", "install", "--prefix", tmp_path, "--no-audit", "--no-fund", "rrule@2.8.1"]
    installed = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    if installed.returncode:
        pytest.skip(f"npm cannot install rrule: {installed.stderr.strip()[-200:]}")
    return tmp_path


@pytest.mark.long
def test_fresh_random_rules_make_what_rrule_js_makes_of_them(rrule_js):
    seed = random.SystemRandom().randrange(2**32)
    vectors = answers_of_rrule_js(random_rules(seed, 2000), rrule_js)

    wrong = [
        (vector["first"], vector["rrule"])
        for vector in vectors
        if vector["expected"] is not None
        and not agree(series(vector["rrule"], vector["first"], most=MOST), list(with_the_first(vector))[:MOST])
    ]

    assert wrong == [], f"with the seed {seed}"
