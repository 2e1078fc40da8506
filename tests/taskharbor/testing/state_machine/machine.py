"""Any store against the store in memory: a Hypothesis state machine over the use cases."""

import asyncio
from collections.abc import Callable

from taskharbor.application.ports.storage import Storage
from taskharbor.testing.scenes.effort import share_of_effort
from taskharbor.testing.state_machine.history import PastRules
from taskharbor.testing.state_machine.reading import ReadingRules
from taskharbor.testing.state_machine.relations import StructureRules
from taskharbor.testing.state_machine.tasks import TaskRules


class StorageMachine(TaskRules, StructureRules, PastRules, ReadingRules):
    """Does the same to a store and to the model of all stores: each answer and each refusal must be the same."""


def storage_machine(open_storage: Callable[[], Storage]) -> type[StorageMachine]:
    """Return a state machine that tests a new store in each of its runs, in an event loop of its own.

    `open_storage` makes the store, not yet opened. The machine's `TestCase` is collected by pytest.
    """

    class OwnLoopMachine(StorageMachine):
        def __init__(self) -> None:
            self._runner = asyncio.Runner()
            self._storage = open_storage()
            self._runner.run(self._storage.open())
            super().__init__(self._storage, self._runner.run)

        def teardown(self) -> None:
            self._runner.run(self._storage.aclose())
            self._runner.close()

    OwnLoopMachine.TestCase.settings = share_of_effort(3)
    return OwnLoopMachine
