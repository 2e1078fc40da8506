"""What a second worker brings: `python -m benchmarks.scaling`.

The load generator and PostgreSQL share the machine's cores with the workers, so on a machine of few cores the rate says
little; CPU per request says whether a second worker makes each request dearer, and so what more cores would bring.
"""

import argparse
import sys
from collections.abc import Sequence

from benchmarks.calls import CALLS
from benchmarks.failure import BenchmarkFailed
from benchmarks.lineup import OURS
from benchmarks.load import load_for
from benchmarks.plan import SMOKE_TASKS, Plan
from benchmarks.report import comparison, results_of
from benchmarks.rounds import play
from benchmarks.signals import exit_on_signals
from benchmarks.stores import STORES, open_stores

WORKERS = (1, 2)
SCALED = ("get", "page of 10 by skip", "page of 100 by skip", "change", "create")


def main() -> None:
    options = options_from(sys.argv[1:])
    exit_on_signals()
    plan = Plan(
        rounds=1 if options.smoke else options.rounds,
        seconds=1 if options.smoke else options.seconds,
        tasks=SMOKE_TASKS if options.smoke else options.tasks,
        calls=[call for call in CALLS if call.name in options.calls],
        stores=options.stores,
        contestants=[OURS.with_workers(workers) for workers in WORKERS],
        json=None,
        smoke=options.smoke,
    )
    try:
        with open_stores(plan.stores) as stores:
            samples = list(play(plan, stores, load_for(smoke=plan.smoke)))
    except BenchmarkFailed as failure:
        sys.exit(str(failure))
    print(comparison(plan, results_of(samples)))


def options_from(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scaling")
    names = [call.name for call in CALLS]
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=2, help="of load for each call of a round")
    parser.add_argument("--tasks", type=int, default=1000, help="that a store holds before the load")
    parser.add_argument("--calls", nargs="+", choices=names, default=list(SCALED), metavar="CALL")
    parser.add_argument("--stores", nargs="+", choices=STORES, default=list(STORES))
    parser.add_argument("--smoke", action="store_true", help="1 round, a handful of calls instead of wrk")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
