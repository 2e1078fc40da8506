"""The samples of a comparison as one Markdown table, or as JSON."""

import json
import os
import platform
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import TypeAlias

from benchmarks.calls import Call
from benchmarks.markdown import markdown_table
from benchmarks.measurement import Figures
from benchmarks.plan import Plan
from benchmarks.rounds import Sample

Results: TypeAlias = Mapping[tuple[str, str, str], Sequence[Figures]]
"""What was measured in the rounds, by store, call and contestant."""

NOTHING = "-"
MISSING = "MISSING"
LATE = "late"
"""In place of a latency: the sender could not send so fast."""
EXIT_WITH_MISSING = 3
"""The status of a run in which a contestant answered a call with an error."""


def results_of(samples: Sequence[Sample]) -> Results:
    """Return what was measured of each contestant, round by round."""
    together: dict[tuple[str, str, str], list[Figures]] = defaultdict(list)
    for sample in samples:
        if sample.measured is not None:
            together[sample.store, sample.call, sample.contestant].append(sample.measured)
    return together


def missing(samples: Sequence[Sample]) -> Sequence[str]:
    """Return a line for each call that a contestant answered with an error, and what it said."""
    refusals = {(each.store, each.contestant, each.call): each.refusal for each in samples if each.measured is None}
    return [f"{MISSING}: {', '.join(place)}: {refusal}" for place, refusal in refusals.items()]


def comparison(plan: Plan, results: Results) -> str:
    """Return a table of the calls that ask for something else each time, and one of those that all ask alike."""
    varied = [call for call in plan.calls if not call.shared]
    shared = [call for call in plan.calls if call.shared]
    parts = []
    if varied:
        parts += ["Varied: each request asks for something else.\n", _table(plan, varied, results)]
    if shared:
        parts += ["Shared: all clients ask for the same, and may share a reading.\n", _table(plan, shared, results)]
    return "\n\n".join(parts).replace("\n\n\n", "\n\n")


def _table(plan: Plan, calls: Sequence[Call], results: Results) -> str:
    """Return a row for each call and contestant; the last contestant is the one that the others are compared with."""
    *_, ours = plan.contestants
    header = ["store", "call", "contestant", "/s", f"{ours.name} / it", "server CPU us", "database CPU us"]
    header += ["p50 at half ms", "p99 at half ms", "p99 at peak ms"]
    rows = []
    for store in plan.stores:
        for call in calls:
            for contestant in plan.contestants:
                if not plan.call_for(contestant, call):
                    continue
                measured = results.get((store, call.name, contestant.name), ())
                of_ours = results.get((store, call.name, ours.name), ())
                ratio = NOTHING if contestant is ours else _ratio(of_ours, measured)
                rows.append([store, call.name, contestant.name, *_cells(measured, ratio)])
    return markdown_table(header, rows)


def write_json(path: Path, plan: Plan, samples: Sequence[Sample]) -> None:
    """Write every sample, and what is needed to understand them."""
    document = {
        "machine": {"system": platform.system(), "architecture": platform.machine(), "cores": os.cpu_count()},
        "python": platform.python_version(),
        "rounds": plan.rounds,
        "seconds": plan.seconds,
        "tasks": plan.tasks,
        "samples": [asdict(sample) for sample in samples],
    }
    path.write_text(json.dumps(document, indent=2) + "\n")


def _cells(measured: Sequence[Figures], ratio: str) -> Sequence[str]:
    """Return the median over the rounds of each figure by itself."""
    if not measured:
        return [MISSING] * 7
    database = [each.database_cpu for each in measured if each.database_cpu is not None]
    return [
        f"{median(each.requests_per_second for each in measured):,.0f}",
        ratio,
        f"{median(each.server_cpu for each in measured):,.0f}",
        f"{median(database):,.0f}" if database else NOTHING,
        _milliseconds([each.half_p50 for each in measured]),
        _milliseconds([each.half_p99 for each in measured]),
        f"{median(each.p99 for each in measured):.1f}",
    ]


def _milliseconds(measured: Sequence[float | None]) -> str:
    known = [each for each in measured if each is not None]
    return f"{median(known):.1f}" if known else LATE


def _ratio(ours: Sequence[Figures], rival: Sequence[Figures]) -> str:
    """Return the median of the rounds' ratios: a slow minute hurts both sides of one."""
    ratios = [one.requests_per_second / other.requests_per_second for one, other in zip(ours, rival, strict=False)]
    return f"{median(ratios):.2f}" if ratios else NOTHING
