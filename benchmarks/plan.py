"""What a comparison is to cover, from the command line."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.calls import CALLS, Call
from benchmarks.drawing import LARGEST_PAGE
from benchmarks.failure import BenchmarkFailed
from benchmarks.lineup import CONTESTANTS, REPOSITORY, Contestant, checkout
from benchmarks.stores import STORES

FEWEST_TASKS: Final = 2 * LARGEST_PAGE
SMOKE_TASKS: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Every round starts all contestants on each store; they take each call in turn, for `seconds` each."""

    rounds: int
    seconds: int
    tasks: int
    calls: Sequence[Call]
    stores: Sequence[str]
    contestants: Sequence[Contestant]
    json: Path | None
    smoke: bool

    def call_for(self, contestant: Contestant, call: Call) -> Call | None:
        """Return the call as this contestant understands it, or None if it has nothing of the kind."""
        if contestant.is_ours:
            return call
        lacks_it = call.ours_only or (call.four_fields and not contestant.is_narrow)
        return None if lacks_it else call.for_others()


def plan_from(arguments: Sequence[str]) -> Plan:
    """Read the command line; leave the program with status 2 if it makes no sense."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Compare Taskharbor with others.")
    calls = {call.name: call for call in CALLS}
    contestants = {contestant.name: contestant for contestant in CONTESTANTS}
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2, help="of load for each call of a round")
    parser.add_argument("--tasks", type=int, default=1000, help="that a store holds before the load")
    parser.add_argument("--calls", nargs="+", choices=calls, default=list(calls), metavar="CALL")
    parser.add_argument("--stores", nargs="+", choices=STORES, default=list(STORES))
    parser.add_argument("--contestants", nargs="+", choices=contestants, default=list(contestants))
    parser.add_argument(
        "--before", type=Path, metavar="CHECKOUT", help="compare that checkout's service with --after, and nothing else"
    )
    parser.add_argument(
        "--after", type=Path, metavar="CHECKOUT", default=REPOSITORY, help="by default this one; both need make setup"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every measurement there")
    parser.add_argument("--smoke", action="store_true", help="1 round, a handful of calls instead of wrk")
    options = parser.parse_args(arguments)
    if options.smoke:
        options.rounds, options.seconds, options.tasks = 1, 1, SMOKE_TASKS
    if options.tasks < FEWEST_TASKS or options.rounds < 1 or options.seconds < 1:
        parser.error(f"at least 1 round, 1 second and {FEWEST_TASKS} tasks are needed")
    taking_part = [contestants[name] for name in contestants if name in options.contestants]
    if options.before is not None:
        try:
            taking_part = [checkout("before", options.before), checkout("after", options.after)]
        except BenchmarkFailed as failure:
            parser.error(str(failure))
    return Plan(
        rounds=options.rounds,
        seconds=options.seconds,
        tasks=options.tasks,
        calls=[calls[name] for name in calls if name in options.calls],
        stores=options.stores,
        contestants=taking_part,
        json=options.json,
        smoke=options.smoke,
    )
