import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE, MAX_ID, is_task_id, workspace_from


@given(st.from_regex(r"[a-z0-9][a-z0-9._-]{0,63}", fullmatch=True))
def test_a_good_name_is_the_workspace_that_it_names(name: str) -> None:
    assert workspace_from(name) == name


@pytest.mark.parametrize(
    "name",
    ["", "A", "Default", ".a", "-a", "_a", "a b", "a/b", "a\n", "\u00e9", "\u0661", "a%", "x" * 65],
)
def test_any_other_name_is_refused(name: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        workspace_from(name)
    assert caught.value.field == "workspace"


@pytest.mark.parametrize(
    ("number", "can_be"), [(0, False), (-1, False), (1, True), (MAX_ID, True), (MAX_ID + 1, False)]
)
def test_an_id_is_positive_and_at_most_the_greatest(number: int, can_be: bool) -> None:
    assert is_task_id(number) is can_be


def test_there_is_a_default_workspace_with_a_good_name() -> None:
    assert workspace_from(DEFAULT_WORKSPACE) == "default"


def test_the_greatest_id_is_exact_as_a_json_number_of_64_bits() -> None:
    assert int(float(json.dumps(MAX_ID))) == MAX_ID
    assert float(MAX_ID + 1) == float(MAX_ID + 2)
