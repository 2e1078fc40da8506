"""Whatever the order in which calls are interleaved, cut off and asked again, what is promised holds.

The whole application runs on the memory store, in virtual time, as two processes that share it. Each call of the store
takes a random while; callers hang up at any await and ask again; whoever delivers webhooks dies and another takes over.
A seed is a schedule: `simulate(SEED)` with PYTHONHASHSEED=0 runs it again.
"""

import asyncio
import random
from collections.abc import Mapping
from datetime import timedelta
from itertools import count, pairwise
from random import Random

import pytest

from simulation.actors import Counter, Follower, Receiver, Writer
from simulation.delayed_storage import DelayedStorage, Delays
from simulation.virtual_time import JumpingClock, run
from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.principal import system_in
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.list_tasks import ListTasks
from taskharbor.application.use_cases.application import UseCases
from taskharbor.application.webhooks.manage_webhooks import CreateWebhook
from taskharbor.application.webhooks.schedule import Schedule
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE
from taskharbor.domain.tasks.task import Task
from taskharbor.testing import FakeUids
from taskharbor.testing.claims.claim_history_contract import Claimant
from taskharbor.testing.claims.linearizability import Operation, is_linearizable

SECOND = timedelta(seconds=1)
SCHEDULE = Schedule(pauses=(SECOND,), lease=3 * SECOND, attempt=SECOND, after_an_outage=SECOND)
TASKS_OF_A_WRITER = 3
ADDED_BY_A_COUNTER = 3


class Service:
    """Two processes on one store, and what came out."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        random.seed(seed)  # the pauses of the application
        self.receiver = Receiver(self.random)
        self.store = DelayedStorage(InMemoryStorage(), Delays(self.random))
        uids = FakeUids()
        self.processes = [
            UseCases(self.store, clock=JumpingClock(self.random), uids=uids, webhook_sender=self.receiver)
            for _ in range(2)
        ]

    def any_process(self) -> UseCases:
        return self.random.choice(self.processes)


def simulate(seed: int) -> None:
    """Run one schedule, and check what is promised."""
    run(_schedule(Service(seed)))


async def _schedule(service: Service) -> None:
    await service.store.open()
    counted = await service.processes[0].execute(CreateTask(title="counted"))
    await service.processes[0].webhooks.create(
        CreateWebhook(url="https://receiver.example/"), system_in(DEFAULT_WORKSPACE)
    )
    writers = [Writer(f"writer {n}", service.any_process(), service.random) for n in range(3)]
    counters = [Counter(f"counter {n}", service.any_process(), service.random) for n in range(2)]
    follower = Follower(service.any_process(), service.random)
    claims: list[Operation] = []
    clock = count()
    claimants = [Claimant(service.any_process(), "claims", service.random, clock, claims) for _ in range(3)]
    since = await service.processes[0].live.latest_token(DEFAULT_WORKSPACE)
    in_background = [asyncio.create_task(follower.work(since)), asyncio.create_task(_deliver(service))]
    await asyncio.gather(
        *(writer.work(TASKS_OF_A_WRITER) for writer in writers),
        *(counter.work(counted.id, ADDED_BY_A_COUNTER) for counter in counters),
        *(claimant.work(5) for claimant in claimants),
    )
    page = await service.processes[0].list_tasks(ListTasks(limit=1000))
    tasks = {view.id: view for view in page.items}
    last = max(view.revision for view in page.items)
    async with asyncio.timeout(1000):
        while not follower.seen or follower.seen[-1] < last or not _delivered(service.receiver, last):  # noqa: ASYNC110
            await asyncio.sleep(1)  # of virtual time
    for task in in_background:
        task.cancel()
    await asyncio.gather(*in_background, return_exceptions=True)

    made = {title: task_id for writer in writers for title, task_id in writer.made.items()}
    assert {view.title: view.id for view in tasks.values() if view.id != counted.id} == made, "one task for each key"
    assert tasks[counted.id].description == str(2 * ADDED_BY_A_COUNTER), "no lost update"
    assert last == 1 + len(made) + 2 * ADDED_BY_A_COUNTER, "one commit for each call that was answered"
    assert all(one < other for one, other in pairwise(follower.seen)), "commits are told in order, once"
    assert {view.revision for view in tasks.values()} <= {1, *follower.seen}, "no commit is missed"
    _require_in_order(service.receiver, tasks)
    assert is_linearizable(claims)
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == {asyncio.current_task()}, "nothing is left running"


async def _deliver(service: Service) -> None:
    """Deliver in one process or both; they die without a word, and others begin."""
    while True:
        delivering = [asyncio.create_task(process.webhooks.deliver(SCHEDULE)) for process in service.processes]
        victim = service.random.randrange(2)
        try:
            await asyncio.sleep(service.random.uniform(0, 5))
            delivering[victim].cancel()
            await asyncio.sleep(service.random.uniform(0, 5))
        finally:
            for each in delivering:
                each.cancel()
            await asyncio.gather(*delivering, return_exceptions=True)


def _delivered(receiver: Receiver, revision: int) -> bool:
    return any(taken["revision"] == revision for taken in receiver.taken)


def _require_in_order(receiver: Receiver, tasks: Mapping[int, Task]) -> None:
    reached = 1
    told: set[tuple[int, int]] = set()
    for taken in receiver.taken:
        assert taken["previous"] <= reached, "no delivery is skipped"
        reached = max(reached, taken["revision"])
        told |= {(item["id"], item["revision"]) for item in taken["items"]}
    assert {(view.id, view.revision) for view in tasks.values() if view.revision > 1} <= told


@pytest.mark.parametrize("seed", range(10))
def test_what_is_promised_holds_in_any_schedule(seed):
    simulate(seed)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_what_is_promised_holds_in_10000_schedules():
    for seed in range(10, 10_010):
        try:
            simulate(seed)
        except BaseException as failure:
            failure.add_note(f"the schedule is that of seed {seed}")
            raise
