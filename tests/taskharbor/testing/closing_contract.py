"""A store that is closed answers, or says that it is away: never with an error of its driver, and never not at all."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from taskharbor.application.errors import ConcurrentUpdate, StoreUnavailable
from taskharbor.application.ports.housekeeping import Cutoffs
from taskharbor.testing.scenes.bench import LATER, NOON, Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.effort import PATIENCE
from taskharbor.testing.scenes.entries import recorded
from taskharbor.testing.scenes.notes import note
from taskharbor.testing.scenes.story import Story

Call = Callable[[], Awaitable[object]]


class ClosingContract(Contract):
    """The only error of a closed store is `StoreUnavailable`."""

    async def test_a_call_after_closing_is_answered_or_raises_store_unavailable(self, here: Bench) -> None:
        calls = await _calls(here)
        await here.storage.aclose()
        wrong = {name: problem for name, call in calls.items() if (problem := await _problem_of(call()))}
        assert not wrong, "after aclose() each call must answer, or raise StoreUnavailable"

    async def test_a_call_during_closing_is_answered_or_raises_store_unavailable(self, here: Bench) -> None:
        calls = await _calls(here)
        waiting = {name: asyncio.create_task(_problem_of(call())) for name, call in calls.items()}
        await asyncio.sleep(0)  # each of them has begun
        async with asyncio.timeout(PATIENCE):
            await here.storage.aclose()
            wrong = {name: problem for name, task in waiting.items() if (problem := await task)}
        assert not wrong, "while aclose() runs each call must answer, or raise StoreUnavailable"

    async def test_many_commits_while_the_store_is_being_closed_are_answered_or_refused(self, here: Bench) -> None:
        new = [await here.new_task(f"task {n}") for n in range(100)]
        waiting = [asyncio.create_task(_problem_of(here.commit(added=[task]))) for task in new]
        for _ in range(3):
            await asyncio.sleep(0)
        async with asyncio.timeout(PATIENCE):
            await here.storage.aclose()
            wrong = {problem for task in waiting if (problem := await task)}
        assert not wrong, "a commit that was sent must be answered, or raise StoreUnavailable"


async def _calls(here: Bench) -> dict[str, Call]:
    """Return every call of the port."""
    story = await Story.starting_in(here, commits=3, bystanders=2)
    for changes in story.changesets:
        await here.storage.commit(changes)
    store, workspace = here.storage, here.workspace
    calls: dict[str, Call] = {
        name: partial(question, store, workspace) for name, question in story.about.questions().items()
    }
    new, task = await here.new_task(), (await here.add_many(1))[0]
    done = task.complete(at=LATER)
    cutoffs = Cutoffs(deleted=LATER, expired=NOON, recorded=LATER)
    return calls | {
        "commit of a new task": lambda: here.commit(added=[new], history=[recorded(new)]),
        "commit of a changed task": lambda: here.commit(changed=[done], history=[recorded(done, task)]),
        "commit of a record": lambda: here.commit(records=[note("after closing")]),
        "next_task_id": lambda: store.next_task_id(workspace),
        "next_task_id of a new workspace": lambda: store.next_task_id(here.another().workspace),
        "ping": store.ping,
        "list_workspaces": lambda: store.list_workspaces(after="", limit=10),
        "purge": lambda: store.purge(workspace, cutoffs, limit=10),
    }


async def _problem_of(attempt: Awaitable[object]) -> str | None:
    """Return what is wrong with how a call ended, or None."""
    try:
        async with asyncio.timeout(PATIENCE):
            await attempt
    except (StoreUnavailable, ConcurrentUpdate):  # one that forgets everything refuses what relies on it
        return None
    except TimeoutError:
        return f"no answer within {PATIENCE:.0f} s"
    except Exception as error:  # noqa: BLE001  # whatever a driver raises
        return f"{type(error).__module__}.{type(error).__qualname__}: {error}"
    return None
