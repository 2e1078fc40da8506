"""What became of the broken stores of a module of teeth: they are tested once, when it is first asked."""

from functools import partial

import pytest

from teeth import KeptBy, Outcomes


@pytest.fixture(scope="module")
def outcomes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    return request.module.TEETH.outcomes(tmp_path_factory.mktemp("teeth"))


@pytest.fixture
def kept_by(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> KeptBy:
    return partial(request.module.TEETH.kept_by, tmp_path_factory.mktemp("healthy"))
