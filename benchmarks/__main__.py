"""Run the comparison and print its table."""

import sys

from benchmarks.failure import BenchmarkFailed
from benchmarks.plan import Plan, plan_from
from benchmarks.report import comparison, medians, write_json
from benchmarks.rounds import Sample, play
from benchmarks.signals import exit_on_signals
from benchmarks.stores import open_stores
from benchmarks.wrk import require_wrk


def main() -> None:
    plan = plan_from(sys.argv[1:])
    require_wrk()
    exit_on_signals()
    try:
        samples = samples_of(plan)
    except BenchmarkFailed as failure:
        sys.exit(str(failure))
    print(comparison(plan, medians(samples)))
    if plan.json is not None:
        write_json(plan.json, plan, samples)


def samples_of(plan: Plan) -> list[Sample]:
    """Play all rounds, with a line on standard error for each sample, for those who wait."""
    samples = []
    with open_stores(plan.stores) as stores:
        for sample in play(plan, stores):
            samples.append(sample)
            print(
                f"round {sample.round}: {sample.store}, {sample.contestant}, {sample.call}: "
                f"{sample.measured.requests_per_second:,.0f}/s",
                file=sys.stderr,
            )
    return samples


if __name__ == "__main__":
    main()
