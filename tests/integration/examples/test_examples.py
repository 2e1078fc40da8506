"""Each example runs as a reader would run it, and prints what it promises."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[3] / "examples"

TELLING = {
    "bring_your_own_store.py": "1. Try another store: completed",
    "embed_memory.py": "Refused: Task 1 has revision 3, not 1",
    "embed_sqlite.py": "2. Read paper 1, since 20",
    "mount_in_fastapi.py": "Tasks of the team: ['Plan the party']",
}


def run(name: str, folder: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TASKHARBOR_")}
    done = subprocess.run(
        [sys.executable, "-W", "error", EXAMPLES / name],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_every_example_is_run_here():
    needs_servers = ["tasks_in_etcd.py"]  # tests/contract/test_etcd.py starts them
    assert sorted(path.name for path in EXAMPLES.glob("*.py")) == sorted([*TELLING, *needs_servers])


@pytest.mark.parametrize("name", TELLING)
def test_an_example_runs_and_prints_what_it_promises(name, tmp_path):
    assert TELLING[name] in run(name, tmp_path)


def test_the_example_on_sqlite_finds_its_tasks_again(tmp_path):
    for times in (1, 2):
        recorded = run("embed_sqlite.py", tmp_path)
        assert (recorded.count("Write the daily report"), recorded.count("Read paper 1")) == (1, times)
