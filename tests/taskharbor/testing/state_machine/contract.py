"""The state machine as one more test of the contract."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from taskharbor.application.ports.storage import Storage
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.effort import PATIENCE, share_of_effort
from taskharbor.testing.state_machine.machine import StorageMachine

R = TypeVar("R")

MANY: Final = 100
"""Examples: of a profile that tries harder."""


class StateMachineContract(Contract):
    """Whatever is done, in whatever order, the answers are those of the store in memory."""

    async def test_it_answers_and_refuses_as_the_store_in_memory_does(self, storage: Storage) -> None:
        loop = asyncio.get_running_loop()

        def run(work: Coroutine[Any, Any, R]) -> R:
            return asyncio.run_coroutine_threadsafe(work, loop).result(PATIENCE)

        class Machine(StorageMachine):
            def __init__(self) -> None:
                super().__init__(storage, run)

        # Hypothesis is synchronous: it works in a thread, the store stays in the event loop that opened it.
        effort = share_of_effort(3)
        steps = 30 if effort.max_examples < MANY else 64  # of 200 examples; not each is that long: 10,000 in all
        await asyncio.to_thread(
            run_state_machine_as_test, Machine, settings=settings(effort, stateful_step_count=steps)
        )
