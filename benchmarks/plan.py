"""What a comparison is to cover, from the command line."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.calls import CALLS, Call
from benchmarks.lineup import CONTESTANTS, OURS, Contestant
from benchmarks.stores import STORES

FEWEST_TASKS: Final = max(call.tasks or 1 for call in CALLS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Every round starts every contestant once on every store and sends it every call for `seconds`."""

    rounds: int
    seconds: int
    tasks: int
    calls: Sequence[Call]
    stores: Sequence[str]
    contestants: Sequence[Contestant]
    json: Path | None

    def calls_of(self, contestant: Contestant) -> Sequence[Call]:
        """Return the calls that this contestant can answer."""
        return [call for call in self.calls if contestant is OURS or not call.ours_only]


def plan_from(arguments: Sequence[str]) -> Plan:
    """Read the command line; leave the program with status 2 if it makes no sense."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Compare Taskharbor with others.")
    calls = {call.name: call for call in CALLS}
    contestants = {contestant.name: contestant for contestant in CONTESTANTS}
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=5, help="of load for each call of a round")
    parser.add_argument("--tasks", type=int, default=1000, help="that a store holds before the load")
    parser.add_argument("--calls", nargs="+", choices=calls, default=list(calls), metavar="CALL")
    parser.add_argument("--stores", nargs="+", choices=STORES, default=list(STORES))
    parser.add_argument("--contestants", nargs="+", choices=contestants, default=list(contestants))
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every measurement there")
    parser.add_argument("--smoke", action="store_true", help="1 round, 1 second, 200 tasks: does it still run?")
    options = parser.parse_args(arguments)
    if options.smoke:
        options.rounds, options.seconds, options.tasks = 1, 1, 200
    if options.tasks < FEWEST_TASKS or options.rounds < 1 or options.seconds < 1:
        parser.error(f"at least 1 round, 1 second and {FEWEST_TASKS} tasks are needed")
    return Plan(
        rounds=options.rounds,
        seconds=options.seconds,
        tasks=options.tasks,
        calls=[calls[name] for name in calls if name in options.calls],
        stores=options.stores,
        contestants=[contestants[name] for name in contestants if name in options.contestants],
        json=options.json,
    )
