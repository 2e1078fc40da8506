"""What became of the broken stores of a module of teeth: they are tested once, whichever worker first asks."""

import fcntl
import json
from functools import partial

import pytest

from teeth import KeptBy, Outcomes


@pytest.fixture(scope="module")
def outcomes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    folder = tmp_path_factory.getbasetemp()
    if hasattr(request.config, "workerinput"):  # the workers of pytest-xdist have folders below one that they share
        folder = folder.parent
    file = folder / f"{request.module.__name__}.json"
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # until it is closed
        if not file.exists():
            tested = request.module.TEETH.outcomes(tmp_path_factory.mktemp("teeth"))
            file.write_text(json.dumps([[*test, outcome] for test, outcome in tested.items()]))
    return {(contract, promise): outcome for contract, promise, outcome in json.loads(file.read_text())}


@pytest.fixture
def kept_by(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> KeptBy:
    return partial(request.module.TEETH.kept_by, tmp_path_factory.mktemp("healthy"))
