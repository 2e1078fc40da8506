import pytest

from taskharbor.application.calls import actor_from
from taskharbor.domain.errors import InvalidValue


@pytest.mark.parametrize("name", ["ada", "Ada Lovelace", "ada@example.org", "agent:7", "\u00e5sa", "x" * 255])
def test_a_line_of_text_names_an_actor(name: str) -> None:
    assert actor_from(name) == name


def test_nobody_need_say_who_they_are() -> None:
    assert actor_from(None) is None


@pytest.mark.parametrize("name", ["", "x" * 256, "a\nb", "a\0", "\ud800", 7])
def test_nothing_else_does(name: object) -> None:
    with pytest.raises(InvalidValue) as caught:
        actor_from(name)
    assert caught.value.field == "actor"
