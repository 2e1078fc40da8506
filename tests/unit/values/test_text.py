import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.values.text import MAX_DESCRIPTION_LENGTH, MAX_TITLE_LENGTH, description_from, title_from
from taskharbor.testing.strategies.tasks import descriptions, titles

CONTROLS = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0))]
SURROGATES = st.integers(0xD800, 0xDFFF).map(chr)


@given(titles())
def test_a_title_comes_out_as_it_went_in(title: str) -> None:
    assert title_from(title) == title


@given(titles(), st.text(" \u00a0\u2003\u3000", max_size=5), st.text(" \u00a0\u2003\u3000", max_size=5))
def test_white_space_around_a_title_is_trimmed(title: str, before: str, after: str) -> None:
    assert title_from(before + title + after) == title


@given(st.text())
def test_whatever_is_accepted_as_a_title_keeps_the_rules(text: str) -> None:
    try:
        title = title_from(text)
    except InvalidValue:
        assume(False)
    assert 1 <= len(title) <= 500
    assert title == title.strip()
    assert not set(title).intersection(CONTROLS)
    assert title.encode().decode() == title


@pytest.mark.parametrize("text", ["", " ", "\t\n", "\u00a0\u3000"])
def test_a_title_needs_a_character(text: str) -> None:
    with pytest.raises(InvalidValue, match=r"^title: must have at least 1 character"):
        title_from(text)


def test_a_title_has_up_to_500_characters_after_trimming() -> None:
    longest = "\U0001f600" * 500
    assert MAX_TITLE_LENGTH == 500
    assert title_from(f"  {longest}  ") == longest
    with pytest.raises(InvalidValue, match="has 501"):
        title_from(longest + "x")


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: f"U+{ord(control):04X}")
def test_a_title_has_no_control_characters(control: str) -> None:
    with pytest.raises(InvalidValue, match=f"control character .U.{ord(control):04X} at 1.") as caught:
        title_from(f"a{control}b")
    assert caught.value.field == "title"


@given(titles(), SURROGATES)
def test_a_lone_surrogate_is_refused(title: str, surrogate: str) -> None:
    with pytest.raises(InvalidValue, match="lone surrogate"):
        title_from(f"a{surrogate}b")
    with pytest.raises(InvalidValue, match="lone surrogate"):
        description_from(surrogate)


@given(descriptions())
def test_a_description_comes_out_as_it_went_in(description: str | None) -> None:
    assert description_from(description) == description


def test_a_description_is_not_trimmed_and_may_be_empty() -> None:
    assert description_from(" \n- a list\r\n\tindented ") == " \n- a list\r\n\tindented "
    assert description_from("") == ""


def test_a_description_has_up_to_65536_characters() -> None:
    longest = "\u6f22" * 65_536
    assert MAX_DESCRIPTION_LENGTH == 65_536
    assert description_from(longest) == longest
    with pytest.raises(InvalidValue, match="has 65537"):
        description_from(longest + "x")


@pytest.mark.parametrize("control", sorted(set(CONTROLS) - set("\t\n\r")), ids=lambda control: f"U+{ord(control):04X}")
def test_a_description_has_no_controls_but_tabs_and_line_breaks(control: str) -> None:
    with pytest.raises(InvalidValue, match="control character") as caught:
        description_from(f"a{control}b")
    assert caught.value.field == "description"
