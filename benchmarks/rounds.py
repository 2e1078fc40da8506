"""The comparison: rounds in which the contestants take each call in turn, so that a slow minute hurts them all."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.calls import GET, Call
from benchmarks.client import client_on
from benchmarks.cpu import Meter, database_process
from benchmarks.drawing import Drawn, draw, write_drawn
from benchmarks.failure import NotAnswered
from benchmarks.half_load import half_load
from benchmarks.lineup import Contestant
from benchmarks.load import HANDFUL, Load
from benchmarks.measurement import Figures
from benchmarks.plan import Plan
from benchmarks.seeding import seeded_tasks
from benchmarks.servers import running
from benchmarks.stores import FreshDatabase, vacuum
from benchmarks.temporary import temporary_folder

WARM_UP_SECONDS: Final = 1
AT_HALF: Final = 4
"""One of so many tasks is asked for at half of the peak, the others at the peak."""
FEWEST_REQUESTS: Final = 20
SMOKE_SECONDS: Final = 0.03
MICROSECONDS: Final = 1_000_000


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
    measured: Figures | None = None
    refusal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeededServer:
    """A contestant that holds tasks.

    Attributes:
        port: where it listens.
        meter: reads the processor time that it and its database take.
        drawn: a file with what the requests at the peak ask for.
        drawn_at_half: what those at half of it ask for, of other tasks, so that every change does change something.
    """

    contestant: Contestant
    port: int
    meter: Meter
    drawn: Path
    drawn_at_half: Sequence[Drawn]

    def measure(self, call: Call, load: Load, seconds: int) -> Figures:
        """Try the call, send it as fast as it is answered, then at half of that rate.

        Raises:
            NotAnswered: if the contestant does not know it.
        """
        with client_on(self.port) as client:
            client.send(call, self.drawn_at_half[0])
        server_before, database_before = self.meter.read()
        peak = load(call, port=self.port, drawn=self.drawn, seconds=seconds)
        server_after, database_after = self.meter.read()
        half = half_load(
            call,
            port=self.port,
            drawn=self.drawn_at_half[1:],
            rate=max(FEWEST_REQUESTS, peak.requests_per_second / 2),
            seconds=seconds if peak.requests > HANDFUL else SMOKE_SECONDS,
        )
        database = None if database_before is None or database_after is None else database_after - database_before
        return Figures(
            requests_per_second=peak.requests_per_second,
            p99=peak.p99,
            server_cpu=(server_after - server_before) / peak.requests * MICROSECONDS,
            database_cpu=None if database is None else database / peak.requests * MICROSECONDS,
            half_p50=half and half[0],
            half_p99=half and half[1],
        )


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
            drawn = draw(seeded_tasks(client, contestant, plan.tasks))
        vacuum(url)
        file = folder / "drawn"
        write_drawn(drawn[len(drawn) // AT_HALF :], file)
        load(GET, port=server.port, drawn=file, seconds=WARM_UP_SECONDS)
        yield SeededServer(
            contestant=contestant,
            port=server.port,
            meter=Meter(server=server.pid, database=database_process(url)),
            drawn=file,
            drawn_at_half=drawn[: len(drawn) // AT_HALF],
        )
