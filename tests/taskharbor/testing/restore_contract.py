"""For stores that are put back to a backup."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from taskharbor.application.ports.storage import Storage
from taskharbor.testing.scenes.bench import NOON, Bench
from taskharbor.testing.scenes.broken_promises import NamesItsPromises
from taskharbor.testing.scenes.read_marks import read_at_each_revision


@pytest.mark.asyncio
class RestoreContract(NamesItsPromises):
    """What was read before a restore is told from what was read of lost commits. Override `reopen` and `back_up`."""

    if not TYPE_CHECKING:  # an override may ask for fixtures of its own, which a type checker would take for a mistake

        @pytest.fixture
        def reopen(self) -> Callable[[], Storage]:
            """Returns, each time it is called, the same store once more, not yet opened: the same file, say."""
            raise NotImplementedError(f"{type(self).__name__} must override the fixture `reopen`")

        @pytest.fixture
        def back_up(self) -> Callable[[], Callable[[], None]]:
            """Makes a backup of the store, which is closed, when it is called; returns what restores it."""
            raise NotImplementedError(f"{type(self).__name__} must override the fixture `back_up`")

    async def test_tokens_and_cursors_of_lost_commits_are_refused_also_once_the_revisions_have_caught_up(
        self, reopen: Callable[[], Storage], back_up: Callable[[], Callable[[], None]]
    ) -> None:
        async with reopen() as storage:
            here = Bench(storage)
            kept = await read_at_each_revision(here, NOON)
        restore = back_up()
        async with reopen() as storage:
            lost = await read_at_each_revision(here.on(storage), NOON + timedelta(days=1))
        restore()
        for number in (0, 3, 9):  # behind what was lost, as far, farther
            async with reopen() as storage:
                here = here.on(storage)
                await read_at_each_revision(here, NOON + timedelta(days=2, hours=number), number=number)
                for read in kept:
                    await read.expect_taken(here)
                for read in lost:
                    await read.expect_tokens_refused(here)
                    await read.expect_cursors_refused(here)
