"""Tokens: by which words, tags and dependencies are found, each in its own workspace."""

from dataclasses import replace
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from generated_tasks import generated_tasks
from taskharbor.application.store_kit.search_tokens import (
    SCOPE_LENGTH,
    dependency_token,
    index_tokens,
    tag_token,
    word_token,
)
from taskharbor.domain.search.words import WORD_OVERHEAD

TASK = replace(
    next(generated_tasks(1)), title="Buy milk", description=None, comments=(), tags=("At Home",), depends_on=(7,)
)


def test_a_task_has_a_token_of_each_word_tag_and_dependency():
    words = {word_token("default", word) for word in ("buy", "milk", "at", "home")}
    tokens = {*words, tag_token("default", "at home"), dependency_token("default", 7)}
    assert sorted(index_tokens("default", TASK)) == sorted(tokens)


def test_a_task_without_words_has_no_token():
    assert index_tokens("default", replace(TASK, title="?", tags=(), depends_on=())) == []


def test_the_tokens_of_two_workspaces_differ():
    assert set(index_tokens("home", TASK)).isdisjoint(index_tokens("work", TASK))


@given(st.text(min_size=1), st.text())
def test_the_token_of_a_beginning_is_the_beginning_of_the_token(beginning, rest):
    assert word_token("default", beginning + rest).startswith(word_token("default", beginning))


@given(st.from_regex(r"[a-z0-9][a-z0-9._-]{0,63}", fullmatch=True), st.text(max_size=64))
def test_a_token_is_no_longer_than_what_is_counted_for_a_word(workspace, word):
    assert len(word_token(workspace, word).encode("utf-8", "surrogatepass")) <= WORD_OVERHEAD + len(
        word.encode("utf-8", "surrogatepass")
    )


def test_of_a_thousand_workspaces_hardly_two_begin_their_tokens_alike():
    begin = {dependency_token(f"tenant-{number}", 1)[:SCOPE_LENGTH] for number, _ in zip(count(), range(1000))}
    assert len(begin) >= 998
