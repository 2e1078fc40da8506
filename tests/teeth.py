"""Runs the conformance kit on stores that are broken on purpose, as an outsider would run it."""

import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, TypeVar
from xml.etree import ElementTree as ET

import pytest
import pytest_asyncio
from _pytest.mark import ParameterSet

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_store import Changeset
from taskharbor.domain.identifiers import Revision
from taskharbor.domain.tasks.task import Task
from taskharbor.testing import StorageContract

S = TypeVar("S", bound=type[InMemoryStorage])

Outcomes = dict[tuple[str, str], str]
"""Of each contract and promise of a module that was tested: "kept", "broken" or "error"."""

Expected = Sequence[tuple[Path, str, str]]
"""File, contract and promise."""

KeptBy = Callable[[str], Outcomes]
"""Tests all that a contract of the module promises."""


class Teeth:
    """The broken stores of one module.

    Attributes:
        expected: contract and promise: each pair must be found broken.
        file: that of the module.
    """

    def __init__(self, module: dict[str, Any]) -> None:
        """Take the globals of a module, which gets a contract for each of its stores."""
        self.expected: list[tuple[str, str] | ParameterSet] = []
        self.file = Path(module["__file__"])
        self._module = module

    def breaks(self, *promises: str, found_late: Collection[str] = ()) -> Callable[[S], S]:
        """Have the decorated store tested: it must fail to keep these promises.

        Those that are found late, after seconds or hundreds of examples, are left to the long run.
        """

        def register(store: S) -> S:
            class Contract(StorageContract):
                @pytest_asyncio.fixture
                async def storage(self) -> AsyncIterator[Storage]:
                    async with store() as storage:
                        yield storage

            _leave(Contract, [*promises, *found_late])
            name = f"ContractOf{store.__name__}"
            self._module[name] = Contract
            self.expected.extend((name, promise) for promise in promises)
            self.expected.extend(pytest.param(name, promise, marks=pytest.mark.long) for promise in found_late)
            return store

        return register

    def kept_by(self, folder: Path, contract: str) -> Outcomes:
        """Test all that a contract promises, on a few examples: the stores that we ship are tested on more."""
        return _tested(folder, f"{self.file}::{contract}", examples=8)[self.file.stem]


def _leave(contract: type, promises: Iterable[str]) -> None:
    """Take all other promises from a contract, if it is to break any: pytest would collect all of them for one."""
    left = {promise.partition("[")[0] for promise in promises}
    for name in dir(contract) if left else ():
        if name.startswith("test_") and name not in left:
            setattr(contract, name, None)


def outcomes_of(expected: Expected, folder: Path) -> Mapping[str, Outcomes]:
    """Test what is expected to break, all in one process, which takes a second to start; return it by module."""
    return _tested(folder, *("::".join(map(str, each)) for each in expected), examples=1600)


class Rewrites(InMemoryStorage):
    """Stores tasks other than they are."""

    def rewrite(self, task: Task) -> Task:
        """Return what is stored for a task."""
        raise NotImplementedError

    async def commit(self, changes: Changeset) -> Revision:
        """Commit what is made of the tasks."""

        def rewritten(tasks: Iterable[Task]) -> tuple[Task, ...]:
            return tuple(self.rewrite(task) for task in tasks)

        return await super().commit(
            replace(changes, added=rewritten(changes.added), changed=rewritten(changes.changed))
        )


def _tested(folder: Path, *chosen: str, examples: int) -> Mapping[str, Outcomes]:
    """Run tests in a process of their own with an outsider's settings."""
    (folder / "pytest.ini").write_text(
        "[pytest]\nasyncio_default_fixture_loop_scope = function\npython_classes = ContractOf*\n"
    )
    # To find that a promise is broken is enough here; the simplest example of it would take a while.
    (folder / "no_shrinking.py").write_text(
        "from hypothesis import Phase, settings\n"
        "few = settings(phases=[Phase.generate], derandomize=True, report_multiple_bugs=False, "
        f"max_examples={examples})\n"
        "settings.register_profile('no shrinking', few)\n"
        "settings.load_profile('no shrinking')\n"
    )
    command = [sys.executable, "-m", "pytest", "-c", "pytest.ini", "--import-mode=importlib", "--quiet", *chosen]
    command += [
        f"--rootdir={Path(__file__).parent / 'contract'}",
        "-p",
        "no_shrinking",
        "-p",
        "no:cacheprovider",
        "--noconftest",
        "--tb=line",
    ]
    command += ["--junitxml=outcomes.xml", "-p", "pytest_asyncio.plugin"]
    # What an outsider needs, and none of the plugins of ours, which take half of the time to import.
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}, done.stdout + done.stderr
    outcomes: defaultdict[str, Outcomes] = defaultdict(dict)
    for case in ET.parse(folder / "outcomes.xml").iter("testcase"):
        *_, module, contract = case.attrib["classname"].split(".")
        outcomes[module][contract, case.attrib["name"]] = _outcome(case)
    return outcomes


_ACCIDENTS: Final = re.compile(r"(?:Attribute|Name|Type|Import|NotImplemented)Error\b")
"""What a store raises that is broken otherwise than on purpose: it uses what the store in memory no longer has, say."""


def _outcome(case: ET.Element) -> str:
    failure = case.find("failure")
    if case.find("error") is not None or (failure is not None and _ACCIDENTS.match(failure.get("message", ""))):
        return "error"
    return "kept" if failure is None else "broken"
