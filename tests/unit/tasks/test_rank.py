"""Ranks: room between any two neighbours, short, never equal."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import MAX_ID
from taskharbor.domain.tasks.rank import Rank
from taskharbor.domain.tasks.rank_between import between, rank_from
from taskharbor.domain.tasks.rank_notation import MAX_RANK_LENGTH

MOVES = 10_000
AT_AN_END = 9
NEXT_TO_A_NEIGHBOUR = 19
BETWEEN_THE_LAST_TWO = 2_100

ids = st.integers(1, MAX_ID)


def a_gap():
    first = between(None, None, task_id=1)
    return first, between(first, None, task_id=2)


def squeeze(low, high, *, moves):
    for task_id in range(3, moves + 3):
        middle = between(low, high, task_id=task_id)
        low, high = (middle, high) if task_id % 2 else (low, middle)
    return low


def test_the_first_ranks_are_short():
    first, second = a_gap()

    assert (first, second) == ("a0.11", "a1.12")
    assert between(None, first, task_id=3) == "Zz.13"
    assert between(first, second, task_id=4) == "a0V.14"


@given(st.lists(st.tuples(st.floats(0, 1), ids), unique_by=lambda move: move[1], max_size=200))
def test_there_is_room_anywhere_and_ranks_sort_like_the_tasks(moves):
    ranks: list[Rank | None] = [None, None]
    for where, task_id in moves:
        gap = min(int(where * (len(ranks) - 1)), len(ranks) - 2)
        ranks.insert(gap + 1, between(ranks[gap], ranks[gap + 1], task_id=task_id))

    made = [rank for rank in ranks if rank is not None]
    assert all(one.encode() < other.encode() for one, other in pairwise(made))
    assert [rank_from(rank) for rank in made] == made


@given(st.data())
def test_moves_at_the_same_time_never_tie_and_leave_room_between_them(data):
    ranks: list[Rank | None] = [None, None]
    task_id = 0
    for _ in range(data.draw(st.integers(1, 12))):
        gap = data.draw(st.integers(0, len(ranks) - 2))
        together = []
        for _ in range(data.draw(st.integers(1, 4))):
            task_id += data.draw(st.integers(1, 100))
            together.append(between(ranks[gap], ranks[gap + 1], task_id=task_id))
        ranks[gap + 1 : gap + 1] = together  # ids ascend, and so do the ranks that they break the tie of

    made = [rank for rank in ranks if rank is not None]
    assert all(one.encode() < other.encode() for one, other in pairwise(made))
    assert [rank_from(rank) for rank in made] == made


@given(ids, ids)
def test_ties_are_broken_in_the_order_of_the_ids(one, other):
    first, second = a_gap()

    assert (between(first, second, task_id=one) < between(first, second, task_id=other)) == (one < other)


def test_between_two_that_tied_there_is_room_without_end():
    first, second = a_gap()
    low, high = between(first, second, task_id=3), between(first, second, task_id=4)
    for task_id in range(5, 1_000):
        middle = between(low, high, task_id=task_id)
        assert low < middle < high
        low, high = (low, middle) if task_id % 3 else (middle, high)


def test_10_000_tasks_put_first_or_last_have_short_ranks():
    first = last = between(None, None, task_id=1)
    for task_id in range(2, MOVES + 1):
        last, first = between(last, None, task_id=task_id), between(None, first, task_id=task_id)

        assert max(len(first), len(last)) <= AT_AN_END


@pytest.mark.parametrize("pattern", ["always left", "always right", "both ends in turn"])
def test_10_000_moves_next_to_a_neighbour_have_short_ranks(pattern):
    before, after = a_gap()
    leftmost = rightmost = between(before, after, task_id=3)
    for task_id in range(4, MOVES + 4):
        if pattern == "always left" or (pattern == "both ends in turn" and task_id % 2):
            leftmost = between(before, leftmost, task_id=task_id)
        else:
            rightmost = between(rightmost, after, task_id=task_id)

        assert max(len(leftmost), len(rightmost)) <= NEXT_TO_A_NEIGHBOUR
    assert before < leftmost < rightmost < after


def test_one_task_moved_10_000_times_to_the_same_place_has_a_short_rank():
    before, after = a_gap()
    for _ in range(MOVES):
        after = between(before, after, task_id=3)

        assert len(after) <= NEXT_TO_A_NEIGHBOUR


def test_10_000_moves_between_the_last_two_fit_an_index():
    assert len(squeeze(*a_gap(), moves=MOVES)) <= BETWEEN_THE_LAST_TWO < MAX_RANK_LENGTH


def test_where_there_is_no_room_left_it_says_so():
    inner = "a0VVVVVVVV" * (MAX_RANK_LENGTH // 10 - 2)
    low, high = rank_from(f"{inner}a0.11"), rank_from(f"{inner}a1.12")
    assert len(between(low, high, task_id=3)) < MAX_RANK_LENGTH
    with pytest.raises(InvalidValue, match="no room"):
        squeeze(low, high, moves=1_000)


def test_no_room_is_left_beyond_the_greatest_and_the_least_integer():
    with pytest.raises(InvalidValue, match="no room"):
        between(Rank(f"z{'z' * 26}.11"), None, task_id=2)
    with pytest.raises(InvalidValue, match="no room"):
        between(None, Rank(f"A{'0' * 26}.11"), task_id=2)


@pytest.mark.parametrize(
    "value",
    [
        *["", "a0", ".11", "a0.", "a0.01", "a0.1", "a0.21", "a0.111", "a.11", "b0.11", "0.11", "a00.11", "a0V0.11"],
        *["a0.11.12", "a0.11a0", "a0.11 ", "a0.11\n", "a0V-.11", "ä0.11", "a0.1!", "a0.99", "c0.11", "a0..11", "a0.a1"],
        *["a0.11" * 1_000, None, 5, "a0VVVVVVVVVV.11", "a0.1.", "a0.2.1"],
    ],
)
def test_what_between_would_never_return_is_no_rank(value):
    with pytest.raises(InvalidValue) as refused:
        rank_from(value)

    assert refused.value.field == "rank"


@given(st.text("09AZaz.1", max_size=30))
def test_any_other_text_is_refused_or_works_as_a_neighbour(text):
    try:
        rank = rank_from(text)
    except InvalidValue:
        return
    assert between(rank, None, task_id=7) > rank
    assert between(None, rank, task_id=7) < rank


def test_neighbours_must_be_in_their_order():
    first, second = a_gap()
    for before, after in ((second, first), (first, first)):
        with pytest.raises(InvalidValue):
            between(before, after, task_id=3)


@pytest.mark.parametrize("task_id", [0, -1, MAX_ID + 1])
def test_a_rank_is_for_a_task(task_id):
    with pytest.raises(ValueError, match="not the id of a task"):
        between(None, None, task_id=task_id)
