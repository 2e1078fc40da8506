"""How many there are of something to which commits add meanwhile."""

import math
from collections.abc import Sequence
from typing import TypeAlias

from taskharbor.application.store_turn import StoreTurn
from taskharbor.domain.frozen import frozen


class Count:
    """How many there are, and when they were counted.

    What a commit adds counts from before it begins, and what it takes away from after it has ended. Of a commit that is
    on its way while is counted nobody knows whether it was counted: then rather too many are taken to be there than too
    few, until the next count.

    Attributes:
        amount: how many there are, as far as is known.
        at: when they were counted, by the clock of who counts.
        took: seconds that this took.
        users: how many calls rely on it, so that it must not be forgotten.
        turn: is held by the one call that counts.
        generation: how often counting has begun or ended.
    """

    def __init__(self) -> None:
        self.amount = 0
        self.at = -math.inf
        self.took = 0.0
        self.users = 0
        self.turn = StoreTurn()
        self.generation = 0
        self._held = 0
        self._missed = 0

    def begin(self) -> None:
        """Begin to count."""
        self.generation += 1
        self._missed = self._held

    def end(self, amount: int, at: float) -> None:
        """Take what was counted for what is there."""
        self.generation += 1
        self.amount, self.at = amount + self._missed, at

    def hold(self, more: int) -> "Room":
        """Hold room for a commit that is about to begin."""
        self.users += 1
        self._add(max(more, 0))
        self._held += max(more, 0)
        return Room(self, more, self.generation)

    def settle(self, room: "Room", *, is_committed: bool) -> None:
        """Hold it no more: what was committed is there, and what was not is not."""
        self.users -= 1
        self._held -= max(room.more, 0)
        if not is_committed:
            self._add(-max(room.more, 0))
        elif room.generation == self.generation:
            self.amount += min(room.more, 0)

    def _add(self, more: int) -> None:
        self.amount += more
        self._missed += more


@frozen
class Room:
    """Room for what a commit adds: how much, and how often had been counted by then."""

    count: Count
    more: int
    generation: int


Held: TypeAlias = Sequence[Room]
"""What one commit holds."""
