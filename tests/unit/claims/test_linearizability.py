"""The check of histories of claims finds what a queue behind one lock could not have done."""

import pytest

from taskharbor.testing.claims.linearizability import (
    Operation,
    added,
    claimed,
    completed,
    is_linearizable,
    nothing_to_claim,
    refused,
    released,
)

ADDED = Operation(0, 1, added(1))

POSSIBLE = {
    "one after the other": [ADDED, Operation(2, 3, claimed(1, 2)), Operation(4, 5, completed(1, 2))],
    "a claim while the task comes": [Operation(0, 4, added(1)), Operation(1, 2, claimed(1, 2))],
    "nothing while the task comes": [Operation(0, 4, added(1)), Operation(1, 5, nothing_to_claim)],
    "nothing while another one claims": [ADDED, Operation(2, 6, claimed(1, 2)), Operation(3, 4, nothing_to_claim)],
    "claimed again after a release": [
        ADDED,
        Operation(2, 3, claimed(1, 2)),
        Operation(4, 8, released(1, 2)),
        Operation(5, 7, claimed(1, 4)),
        Operation(9, 10, refused(1, 2)),
    ],
}
IMPOSSIBLE = {
    "two have it": [ADDED, Operation(2, 5, claimed(1, 2)), Operation(3, 6, claimed(1, 3))],
    "claimed after it was done": [
        ADDED,
        Operation(2, 3, claimed(1, 2)),
        Operation(4, 5, completed(1, 2)),
        Operation(6, 7, claimed(1, 4)),
    ],
    "done twice": [
        ADDED,
        Operation(2, 3, claimed(1, 2)),
        Operation(4, 5, completed(1, 2)),
        Operation(4, 5, completed(1, 2)),
    ],
    "nothing though there is a task": [ADDED, Operation(2, 3, nothing_to_claim)],
    "refused though the claim holds": [ADDED, Operation(2, 3, claimed(1, 2)), Operation(4, 5, refused(1, 2))],
    "work under an old claim": [
        ADDED,
        Operation(2, 3, claimed(1, 2)),
        Operation(4, 5, released(1, 2)),
        Operation(6, 7, claimed(1, 4)),
        Operation(8, 9, completed(1, 2)),
    ],
}


@pytest.mark.parametrize("history", POSSIBLE.values(), ids=POSSIBLE)
def test_what_one_lock_could_have_done_is_linearizable(history: list[Operation]) -> None:
    assert is_linearizable(history)


@pytest.mark.parametrize("history", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_what_it_could_not_have_done_is_found(history: list[Operation]) -> None:
    assert not is_linearizable(history)
