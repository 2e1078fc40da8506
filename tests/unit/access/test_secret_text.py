"""What scanners know our secrets by, and what is kept of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskharbor.domain.access.secret_text import RANDOM_BITS, digest_of, is_secret, secret_text, without_secrets

bits = st.integers(0, 2**RANDOM_BITS - 1)


@given(bits)
def test_a_secret_is_known_by_its_prefix_its_length_and_its_checksum(random: int) -> None:
    text = secret_text("th_", random)
    assert len(text) == 36
    assert is_secret("th_", text)
    assert not is_secret("thi_", text)


@given(bits, st.integers(3, 35), st.sampled_from("0aZ9"))
def test_another_character_anywhere_shows(random: int, place: int, other: str) -> None:
    text = secret_text("th_", random)
    changed = text[:place] + other + text[place + 1 :]
    assert is_secret("th_", changed) == (changed == text)


@given(bits, bits)
def test_no_two_secrets_are_the_same(one: int, two: int) -> None:
    assert (secret_text("th_", one) == secret_text("th_", two)) == (one == two)


@pytest.mark.parametrize(
    "text", ["", "th_", "th_" + "0" * 33, "th_" + "0" * 32, "th_" + "é" * 33, "th_\ud800", "TH_" + "0" * 33, "th_ "]
)
def test_nothing_else_is_a_secret(text: str) -> None:
    assert not is_secret("th_", text)


def test_what_is_kept_is_a_digest() -> None:
    assert digest_of("th_x") == "2929c7ab78b5dc99d11d6d296ce573e831e36631986144dda4147034594afd59"


@pytest.mark.parametrize("prefix", ["th_", "thi_", "thl_", "ths_"])
def test_a_secret_that_was_taken_for_an_id_is_masked(prefix):
    secret = secret_text(prefix, 2**160 - 1)
    assert without_secrets(f"/tokens/{secret}/") == f"/tokens/{prefix}***/"
    assert without_secrets(f"x{secret},{secret}") == f"x{prefix}***,{prefix}***"


def test_nothing_else_is_masked():
    for text in ("/tasks/1", "/workspaces/with_underscores/tasks/", "/tokens/th_short", "/lists/the_list"):
        assert without_secrets(text) == text
