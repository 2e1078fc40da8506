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

from benchmarks.lineup import CONVENTIONAL, FLOOR, OURS
from benchmarks.markdown import markdown_table
from benchmarks.measurement import Measurement
from benchmarks.plan import Plan
from benchmarks.rounds import Sample

Results: TypeAlias = Mapping[tuple[str, str, str], Measurement]
"""The medians, by store, call and contestant."""

NOTHING = "-"
MISSING = "MISSING"
EXIT_WITH_MISSING = 3
"""The status of a run in which a contestant answered a call with an error."""


def medians(samples: Sequence[Sample]) -> Results:
    """Return the median over the rounds of each figure by itself."""
    together: dict[tuple[str, str, str], list[Measurement]] = defaultdict(list)
    for sample in samples:
        if sample.measured is not None:
            together[sample.store, sample.call, sample.contestant].append(sample.measured)
    return {
        key: Measurement(
            requests_per_second=median(each.requests_per_second for each in measured),
            p50=median(each.p50 for each in measured),
            p99=median(each.p99 for each in measured),
        )
        for key, measured in together.items()
    }


def missing(samples: Sequence[Sample]) -> Sequence[str]:
    """Return a line for each call that a contestant answered with an error, and what it said."""
    refusals = {(each.store, each.contestant, each.call): each.refusal for each in samples if each.measured is None}
    return [f"{MISSING}: {', '.join(place)}: {refusal}" for place, refusal in refusals.items()]


def comparison(plan: Plan, results: Results) -> str:
    """Return the table: per call and contestant requests/s, p50 and p99 in ms, then how many times as fast ours is."""
    names = [contestant.name for contestant in plan.contestants]
    rivals = [rival.name for rival in (CONVENTIONAL, FLOOR) if rival in plan.contestants and OURS in plan.contestants]
    header = ["store", "call"]
    header += [title for name in names for title in (f"{name} /s", "p50 ms", "p99 ms")]
    header += [f"ours / {rival}" for rival in rivals]
    rows = []
    for store in plan.stores:
        for call in plan.calls:
            ours = results.get((store, call.name, OURS.name))
            against = [results.get((store, call.name, rival)) for rival in rivals]
            cells = []
            for contestant in plan.contestants:
                nothing = MISSING if plan.call_for(contestant, call) else NOTHING
                cells += _cells(results.get((store, call.name, contestant.name)), nothing)
            rows.append([store, call.name, *cells, *(_ratio(ours, rival) for rival in against)])
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


def _cells(measured: Measurement | None, nothing: str) -> Sequence[str]:
    if measured is None:
        return [nothing] * 3
    return [f"{measured.requests_per_second:,.0f}", f"{measured.p50:.1f}", f"{measured.p99:.1f}"]


def _ratio(ours: Measurement | None, rival: Measurement | None) -> str:
    if ours is None or rival is None:
        return NOTHING
    return f"{ours.requests_per_second / rival.requests_per_second:.2f}"
