"""Every benchmark runs from beginning to end. What it measures is for people to read, never for a test."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[3]
RUNS = {
    "comparison of two": ["benchmarks", "--stores", "sqlite", "--contestants", "floor", "taskharbor"],
    "comparison": ["benchmarks", "--stores", "sqlite"],
    "growth": ["benchmarks.growth", "--stores", "sqlite"],
    "batch": ["benchmarks.batch", "--stores", "sqlite"],
    "watching": ["benchmarks.watching", "--stores", "sqlite"],
    "scaling": ["benchmarks.scaling", "--stores", "sqlite"],
    "before and after": [
        *("benchmarks", "--stores", "sqlite", "--before", str(REPOSITORY), "--after", str(REPOSITORY)),
        *("--calls", "get", "change"),
    ],
    "startup": ["benchmarks.startup", "--stores", "sqlite", "--contestants", "taskharbor"],
    "in_process": ["benchmarks.in_process"],
    "whole_workspace": ["benchmarks.whole_workspace", "--stores", "sqlite", "memory"],
    "asgi": ["benchmarks.asgi"],
    "loop_stretches": ["benchmarks.loop_stretches"],
    "worst_requests": ["benchmarks.worst_requests"],
    "walk": ["benchmarks.walk"],
    "soak": ["benchmarks.soak", "--stores", "sqlite"],
    "capacity": ["benchmarks.capacity"],
}


QUICK = {"comparison of two", "batch", "in_process", "whole_workspace", "loop_stretches"}
"""The others start several servers or other processes, one after the other."""


@pytest.mark.parametrize(
    "arguments",
    [
        *(
            pytest.param(arguments, id=name, marks=[] if name in QUICK else [pytest.mark.long])
            for name, arguments in RUNS.items()
        ),
        pytest.param(["benchmarks"], id="comparison on both stores", marks=pytest.mark.long),
    ],
)
def test_a_benchmark_gets_every_call_answered(arguments: list[str], postgres_url: str) -> None:
    finished = run([*arguments, "--smoke"], postgres_url)

    assert finished.returncode == 0, finished.stderr
    assert "MISSING" not in finished.stdout
    assert finished.stdout.count("|") > 10  # a table


@pytest.mark.long
@pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is not installed")
def test_wrk_is_driven_as_the_smoke_run_drives_its_handful(postgres_url: str) -> None:
    options = "--rounds 1 --seconds 1 --tasks 200 --stores sqlite --contestants taskharbor --calls create change"

    finished = run(["benchmarks", *options.split()], postgres_url)

    assert finished.returncode == 0, finished.stderr


def test_without_wrk_a_benchmark_says_what_to_install(postgres_url: str) -> None:
    finished = run(["benchmarks", "--stores", "sqlite"], postgres_url, path="")

    assert finished.returncode == 2
    assert "apt-get install wrk" in finished.stderr


def run(arguments: list[str], postgres_url: str, *, path: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "TASKHARBOR_TEST_POSTGRES_URL": postgres_url}
    if path is not None:
        environment["PATH"] = path
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False)
