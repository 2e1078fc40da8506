"""Run the comparison and print its table."""

import sys

from benchmarks.failure import BenchmarkFailed
from benchmarks.load import load_for
from benchmarks.plan import Plan, plan_from
from benchmarks.report import EXIT_WITH_MISSING, comparison, missing, results_of, write_json
from benchmarks.rounds import Sample, play
from benchmarks.signals import exit_on_signals
from benchmarks.stores import open_stores


def main() -> None:
    plan = plan_from(sys.argv[1:])
    exit_on_signals()
    try:
        samples = samples_of(plan)
    except BenchmarkFailed as failure:
        sys.exit(str(failure))
    print(comparison(plan, results_of(samples)))
    if plan.json is not None:
        write_json(plan.json, plan, samples)
    if lines := missing(samples):
        print("\n".join(lines), file=sys.stderr)
        sys.exit(EXIT_WITH_MISSING)


def samples_of(plan: Plan) -> list[Sample]:
    """Play all rounds, with a line on standard error for each sample, for those who wait."""
    load = load_for(smoke=plan.smoke)
    samples = []
    with open_stores(plan.stores) as stores:
        for sample in play(plan, stores, load):
            samples.append(sample)
            said = f"{sample.measured.requests_per_second:,.0f}/s" if sample.measured else "MISSING"
            print(
                f"round {sample.round}: {sample.store}, {sample.contestant}, {sample.call}: {said}",
                file=sys.stderr,
            )
    return samples


if __name__ == "__main__":
    main()
