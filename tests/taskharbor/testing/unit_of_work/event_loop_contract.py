"""The event loop is shared: no call blocks it while waiting for a disk, a network or a lock."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import Any, Final, TypeAlias

import pytest

from taskharbor.application.errors import ConcurrentUpdate
from taskharbor.application.ports.housekeeping import Cutoffs
from taskharbor.testing.scenes.bench import LATER, NOON, Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.entries import recorded
from taskharbor.testing.scenes.notes import note
from taskharbor.testing.scenes.story import Story

Call: TypeAlias = Callable[[], Awaitable[object]]

_TRIES: Final = 12
_FEW: Final = 0.005
"""Seconds for which the loop may stand still in a call about a few tasks."""
_A_THOUSAND: Final = 0.25
"""Seconds for which it may in a commit of a thousand, which has to be put into words."""


class EventLoopContract(Contract):
    """The shortest of many tries counts, so that a busy machine is not taken for a store that blocks."""

    async def test_the_loop_goes_on_during_a_commit(self, here: Bench) -> None:
        changesets: list[dict[str, Any]] = []
        for n, task in enumerate(await here.add_many(_TRIES)):
            added, done, record = await here.new_task(), task.complete(at=LATER), await here.put(note(f"{n}"))
            written = {"added": [added], "changed": [done], "records": [replace(record, document="0")]}
            changesets.append({**written, "history": [recorded(added), recorded(done, task)]})
        await _must_not_block("commit", [partial(here.commit, **parts) for parts in changesets], at_most=_FEW)

    async def test_the_loop_goes_on_during_a_commit_that_is_refused(self, here: Bench) -> None:
        stale = await here.add()
        await here.change(stale.begin(at=LATER))

        async def commit_in_vain() -> None:
            with pytest.raises(ConcurrentUpdate):
                await here.change(stale.complete(at=LATER))

        await _must_not_block("commit, when it refuses,", [commit_in_vain] * _TRIES, at_most=_FEW)

    async def test_the_loop_goes_on_during_a_commit_of_a_thousand(self, here: Bench) -> None:
        commits: list[Call] = []
        for _ in range(3):
            added = [await here.new_task(f"task {n}") for n in range(1000)]
            commits.append(partial(here.commit, added=added, history=[recorded(task) for task in added]))
        await _must_not_block("commit of a thousand tasks", commits, at_most=_A_THOUSAND)
        of_records: list[Call] = [
            partial(here.commit, records=[note(f"{n} {number}") for number in range(1000)]) for n in range(3)
        ]
        await _must_not_block("commit of a thousand records", of_records, at_most=_A_THOUSAND)

    async def test_the_loop_goes_on_during_any_other_call(self, here: Bench) -> None:
        story = await Story.starting_in(here, commits=3, bystanders=2)
        for changes in story.changesets:
            await here.storage.commit(changes)
        store, workspace = here.storage, here.workspace
        calls: dict[str, Call] = {
            name: partial(question, store, workspace) for name, question in story.about.questions().items()
        }
        calls["next_task_id"] = lambda: store.next_task_id(workspace)
        calls["ping"] = store.ping
        calls["list_workspaces"] = lambda: store.list_workspaces(after="", limit=10)
        cutoffs = Cutoffs(deleted=NOON, expired=NOON, recorded=NOON)
        calls["purge"] = lambda: store.purge(workspace, cutoffs, limit=10)
        for name, call in calls.items():
            await _must_not_block(name, [call] * _TRIES, at_most=_FEW)


async def _must_not_block(name: str, calls: list[Call], *, at_most: float) -> None:
    shortest = float("inf")
    for call in calls:
        shortest = min(shortest, await _longest_stop_of_the_loop(call))
        if shortest <= at_most:
            return
    pytest.fail(
        f"{name} blocked the event loop for {shortest * 1000:.1f} ms or more in each of {len(calls)} "
        f"tries; {at_most * 1000:.0f} ms are too many. What waits (for a file, a socket, a lock) belongs into a thread "
        "or behind an await.",
        pytrace=False,
    )


async def _longest_stop_of_the_loop(call: Call) -> float:
    """Return the longest time in seconds for which a call blocked the event loop."""
    loop = asyncio.get_running_loop()
    longest, last, ticking = 0.0, perf_counter(), True

    def tick() -> None:
        nonlocal longest, last
        now = perf_counter()
        longest, last = max(longest, now - last), now
        if ticking:
            loop.call_soon(tick)

    loop.call_soon(tick)
    try:
        await call()
    finally:
        ticking = False
    return max(longest, perf_counter() - last)
