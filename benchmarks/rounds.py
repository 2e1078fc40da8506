"""The comparison: rounds in which the contestants take each call in turn, so that a slow minute hurts them all."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.calls import GET, Call
from benchmarks.client import client_on
from benchmarks.failure import NotAnswered
from benchmarks.lineup import Contestant
from benchmarks.load import Load
from benchmarks.measurement import Measurement
from benchmarks.plan import Plan
from benchmarks.seeding import seed, write_ids
from benchmarks.servers import running
from benchmarks.stores import FreshDatabase
from benchmarks.temporary import temporary_folder

WARM_UP_SECONDS: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One call to one contestant on one store in one round.

    Attributes:
        measured: what was measured, or None if the call was answered with an error.
        refusal: what the contestant said then.
    """

    round: int
    store: str
    contestant: str
    call: str
    measured: Measurement | None = None
    refusal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeededServer:
    """A contestant that holds tasks.

    Attributes:
        port: where it listens.
        ids: a file with the ids of its tasks.
        example: one of them.
    """

    contestant: Contestant
    port: int
    ids: Path
    example: int

    def measure(self, call: Call, load: Load, seconds: int) -> Measurement:
        """Try the call, then send it over and over.

        Raises:
            NotAnswered: if the contestant does not know it.
        """
        with client_on(self.port) as client:
            client.send(call, task_id=self.example)
        return load(call, port=self.port, ids=self.ids, seconds=seconds)


def play(plan: Plan, stores: Mapping[str, FreshDatabase], load: Load) -> Iterator[Sample]:
    """Yield the samples of all rounds as they are taken. All contestants run; one at a time has something to do."""
    for round_ in range(1, plan.rounds + 1):
        for store in plan.stores:
            with ExitStack() as stack:
                servers = [stack.enter_context(seeded(each, stores[store], plan, load)) for each in plan.contestants]
                for call in plan.calls:
                    for server in servers:
                        if understood := plan.call_for(server.contestant, call):
                            about = {"store": store, "contestant": server.contestant.name, "call": call.name}
                            try:
                                measured = server.measure(understood, load, plan.seconds)
                            except NotAnswered as refusal:
                                yield Sample(round=round_, refusal=str(refusal), **about)
                            else:
                                yield Sample(round=round_, measured=measured, **about)


@contextmanager
def seeded(contestant: Contestant, fresh_database: FreshDatabase, plan: Plan, load: Load) -> Iterator[SeededServer]:
    """Start a contestant, give it tasks, and warm it up."""
    with temporary_folder() as folder, fresh_database() as url, running(contestant, url) as server:
        with client_on(server.port) as client:
            ids = seed(client, contestant, plan.tasks)
        file = folder / "ids"
        write_ids(ids, file)
        load(GET, port=server.port, ids=file, seconds=WARM_UP_SECONDS)
        yield SeededServer(contestant=contestant, port=server.port, ids=file, example=ids[0])
