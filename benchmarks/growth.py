"""Whether Taskharbor slows down as a workspace, or the number of workspaces, grows: `python -m benchmarks.growth`.

Every call in each scenario, as requests per second and as cost relative to the first: 1.00 is as fast, 2.00 takes
twice as long; then the same of the processor time of server and database, which other programs disturb less. With 200
workspaces, the one that is asked has as many tasks as each of the others.
"""

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.calls import FILTERED_PATH, GROWTH_CALLS, Call
from benchmarks.client import client_on
from benchmarks.cpu import Meter, database_process
from benchmarks.drawing import LARGEST_PAGE as LARGEST_DRAWN_PAGE
from benchmarks.drawing import Drawn, draw, read_drawn, write_drawn
from benchmarks.failure import BenchmarkFailed
from benchmarks.lineup import OURS, Launch
from benchmarks.load import Load, load_for
from benchmarks.markdown import markdown_table
from benchmarks.paths import LARGEST_PAGE, cursors_of
from benchmarks.report import EXIT_WITH_MISSING, MISSING
from benchmarks.servers import running
from benchmarks.signals import exit_on_signals
from benchmarks.stores import STORES, FreshDatabase, open_stores
from benchmarks.temporary import temporary_folder
from bulk_load import AT_ONCE, fill
from generated_tasks import generated_tasks
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE

MOST_DRAWN: Final = 20_000
"""How many tasks the calls of a round go to, so that wrk need not hold a million."""

PATIENCE: Final = {"TASKHARBOR_MAX_WAIT": "60"}
"""How the servers are set: a machine that is busy with other work makes requests late, and none is to be refused."""

DEEP_PAGES: Final = 50
"""How many places in the filtered list are asked for. They are spread over it, but for a list of more than 50,000."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """How much there is: so many workspaces with so many tasks in each."""

    tasks: int
    workspaces: int = 1

    def __str__(self) -> str:
        return f"{self.tasks:,}" if self.workspaces == 1 else f"{self.workspaces} x {self.tasks:,}"


SCENARIOS: Final = (
    Scenario(tasks=1_000),
    Scenario(tasks=100_000),
    Scenario(tasks=1_000_000),
    Scenario(tasks=1_000, workspaces=200),
)
SMOKE_SCENARIOS: Final = (Scenario(tasks=1_000), Scenario(tasks=1_500), Scenario(tasks=1_000, workspaces=3))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Requests per second, and the processor's seconds that each takes."""

    rate: float
    cpu: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledServer:
    """Our server on what a scenario asks for.

    Attributes:
        port: where it listens.
        meter: what it takes of the processor.
        drawn: for each round a file with what its requests ask for. The tasks that they change are open, and no other
            round touches them, so that every change does change something.
    """

    port: int
    meter: Meter
    drawn: Sequence[Path]

    def pace(self, call: Call, load: Load, round_: int, seconds: int) -> Pace:
        """Return how fast it answers these calls.

        Raises:
            BenchmarkFailed: if it answers with an error, or not in time.
        """
        with client_on(self.port) as client:
            client.send(call, read_drawn(self.drawn[round_])[0])
        began = sum(seconds or 0.0 for seconds in self.meter.read())
        measured = load(call, port=self.port, drawn=self.drawn[round_], seconds=seconds)
        taken = sum(seconds or 0.0 for seconds in self.meter.read()) - began
        return Pace(rate=measured.requests_per_second, cpu=taken / measured.requests)


def main() -> None:
    options = options_from(sys.argv[1:])
    exit_on_signals()
    load = load_for(smoke=options.smoke)
    try:
        with open_stores(options.stores) as stores:
            rows = [row for store in options.stores for row in rows_of(store, stores[store], options, load)]
    except BenchmarkFailed as failure:
        sys.exit(str(failure))
    rates = [f"{scenario} /s" for scenario in options.scenarios]
    costs = [f"cost at {scenario}" for scenario in options.scenarios[1:]]
    cpu = [f"CPU at {scenario}" for scenario in options.scenarios[1:]]
    print(markdown_table(["store", "call", *rates, *costs, *cpu], rows))
    if any(MISSING in row for row in rows):
        sys.exit(EXIT_WITH_MISSING)


def options_from(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=2, help="of load for each call of a round")
    parser.add_argument("--most", type=int, default=SCENARIOS[2].tasks, help="leave out scenarios with more tasks")
    calls = [call.name for call in GROWTH_CALLS]
    parser.add_argument("--calls", nargs="+", choices=calls, default=calls, metavar="CALL")
    parser.add_argument("--stores", nargs="+", choices=STORES, default=list(STORES))
    parser.add_argument("--smoke", action="store_true", help="1 round, few tasks, a handful of calls instead of wrk")
    options = parser.parse_args(arguments)
    options.scenarios = [each for each in SCENARIOS if each.tasks * each.workspaces <= options.most]
    if options.smoke:
        options.rounds, options.seconds, options.scenarios = 1, 1, list(SMOKE_SCENARIOS)
    return options


def rows_of(store: str, fresh_database: FreshDatabase, options: argparse.Namespace, load: Load) -> Iterator[list[str]]:
    """Yield a row per call.

    A server for each scenario is kept running, so that the rounds can take them in turn. All rounds of a call come
    before the next call, because the last one, create, makes every workspace larger.
    """
    with ExitStack() as stack:
        filled = [
            stack.enter_context(filled_server(fresh_database, each, options.rounds)) for each in options.scenarios
        ]
        for call in GROWTH_CALLS:
            if call.name not in options.calls:
                continue
            try:
                rounds = [
                    [server.pace(call, load, round_, options.seconds) for server in filled]
                    for round_ in range(options.rounds)
                ]
            except BenchmarkFailed as failure:  # one call too many for a store must not cost the figures of the others
                print(f"{MISSING}: {store}, {call.name}: {failure}", file=sys.stderr)
                yield [store, call.name, *[MISSING] * (3 * len(filled) - 2)]
                continue
            rates = [median(each.rate for each in paces) for paces in zip(*rounds, strict=True)]
            print(f"{store}, {call.name}: {', '.join(f'{rate:,.0f}/s' for rate in rates)}", file=sys.stderr)
            # Of the costs, too, the median over the rounds: a slow minute hurts both sides of a ratio.
            others = range(1, len(filled))
            costs = [median(each[0].rate / each[place].rate for each in rounds) for place in others]
            costs += [
                median(each[place].cpu / each[0].cpu if each[0].cpu else 0 for each in rounds) for place in others
            ]
            yield [store, call.name, *(f"{rate:,.0f}" for rate in rates), *(f"{cost:.2f}" for cost in costs)]


@contextmanager
def filled_server(fresh_database: FreshDatabase, scenario: Scenario, rounds: int) -> Iterator[FilledServer]:
    """Fill a database, and start a server on it."""
    # The one that is asked comes first, so that it has the same tasks as where it is alone.
    asked = (DEFAULT_WORKSPACE, scenario.tasks)
    others = [(f"other-{number}", scenario.tasks) for number in range(1, scenario.workspaces)]
    with temporary_folder() as folder, fresh_database() as url:
        ids = fill(url, [asked, *others])[DEFAULT_WORKSPACE]
        drawn = drawn_for(ids, rounds)
        with running(replace(OURS, launch=launch_patient), url) as server:
            with client_on(server.port) as client:
                limit = min(LARGEST_PAGE, scenario.tasks // 200)
                places = cycle(cursors_of(FILTERED_PATH, client, at_most=DEEP_PAGES, limit=limit))
            files = [folder / f"drawn-{round_}" for round_ in range(rounds)]
            for file, requests in zip(files, drawn, strict=True):
                write_drawn([{**each, "cursor": next(places)} for each in requests], file)
            meter = Meter(server=server.pid, database=database_process(url))
            yield FilledServer(port=server.port, meter=meter, drawn=files)


def drawn_for(ids: Sequence[int], rounds: int) -> list[list[Drawn]]:
    """Return what the requests of each round ask for; `ids` are those of the tasks that can be completed, in order.

    The words are of titles that the smallest workspace has. `skip` is as much in each: to pass over more takes longer.
    """
    chance, smallest = random.Random(0), SCENARIOS[0].tasks
    titles = [task.title for task in generated_tasks(smallest)]
    chosen = sorted(chance.sample(ids, min(len(ids), MOST_DRAWN * rounds)))
    tasks = [
        {"id": id_, "title": titles[place % len(titles)], "revision": revision_of(id_)}
        for place, id_ in enumerate(chosen)
    ]
    drawn = [{**each, "skip": str(chance.randrange(smallest - LARGEST_DRAWN_PAGE))} for each in draw(tasks)]
    return [drawn[round_::rounds] for round_ in range(rounds)]


def launch_patient(port: int, url: str) -> Launch:
    launch = OURS.launch(port, url)
    return replace(launch, environment={**launch.environment, **PATIENCE})


def revision_of(task_id: int) -> int:
    """Return which commit of `fill` added a task."""
    return (task_id - 1) // AT_ONCE + 1


if __name__ == "__main__":
    main()
