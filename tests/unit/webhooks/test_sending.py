"""Turns to call endpoints: those that hang keep no others waiting, nor does one workspace."""

import asyncio
from contextlib import AsyncExitStack

from taskharbor.application.webhooks.sending import Sending

SOON = 10


async def busy(sending: Sending, turns: AsyncExitStack, workspace: str, times: int, *, fails: bool = False) -> None:
    for _ in range(times):
        await turns.enter_async_context(sending.turn(workspace, fails=fails))


async def test_a_workspace_whose_turns_are_all_taken_keeps_no_other_waiting():
    sending = Sending(at_once=3, of_one=2)
    async with AsyncExitStack() as turns, asyncio.timeout(SOON):
        waiting = asyncio.create_task(busy(sending, turns, "one", 3))
        for _ in range(5):
            await asyncio.sleep(0)
        async with sending.turn("two", fails=False):
            assert not waiting.done()
        waiting.cancel()
        await asyncio.wait({waiting})


async def test_those_that_failed_keep_no_others_waiting():
    sending = Sending(at_once=2, of_one=2)
    async with AsyncExitStack() as turns, asyncio.timeout(SOON):
        await busy(sending, turns, "one", 2, fails=True)
        async with sending.turn("one", fails=False), sending.turn("two", fails=False):
            pass


async def test_no_more_than_so_many_are_called_at_once_and_the_next_one_when_a_turn_ends():
    sending = Sending(at_once=2, of_one=2)
    entered = asyncio.Event()

    async def call() -> None:
        async with sending.turn("three", fails=False):
            entered.set()

    async with AsyncExitStack() as turns:
        await busy(sending, turns, "one", 1)
        await busy(sending, turns, "two", 1)
        waiting = asyncio.create_task(call())
        for _ in range(5):
            await asyncio.sleep(0)
        assert not entered.is_set()
    async with asyncio.timeout(SOON):
        await waiting


async def test_a_call_that_is_cancelled_gives_its_turn_back():
    sending = Sending(at_once=1, of_one=1)

    async def hang() -> None:
        async with sending.turn("one", fails=False):
            await asyncio.Event().wait()

    hanging = [asyncio.create_task(hang()) for _ in range(2)]
    await asyncio.sleep(0)
    for each in hanging:
        each.cancel()
    await asyncio.wait(hanging)
    async with asyncio.timeout(SOON), sending.turn("one", fails=False):
        pass
