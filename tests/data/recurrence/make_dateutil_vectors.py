"""Write `dateutil_vectors.json`: the expectations of python-dateutil's own tests of recurrence rules.

    pip download --no-binary :all: --no-deps python-dateutil==4.0.0 && tar xzf python_dateutil-4.0.0.tar.gz
    python tests/data/recurrence/make_dateutil_vectors.py python_dateutil-4.0.0/tests/test_rrule.py

The test file is run with an `rrule`, an `rruleset` and a `list` that remember how they were made, so what is written is
what those tests assert, and nothing that dateutil computes here. Each rule is written as the text of an RRULE.
"""

import json
import sys
import types
import unittest
from datetime import datetime
from importlib.metadata import version
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import dateutil.rrule

FREQUENCIES = ["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"]
PARTS = {
    "interval": "INTERVAL",
    "count": "COUNT",
    "bysetpos": "BYSETPOS",
    "bymonth": "BYMONTH",
    "bymonthday": "BYMONTHDAY",
    "byyearday": "BYYEARDAY",
    "byweekno": "BYWEEKNO",
    "byhour": "BYHOUR",
    "byminute": "BYMINUTE",
    "bysecond": "BYSECOND",
}


class RememberedRule(dateutil.rrule.rrule):
    def __init__(self, freq: int, **arguments: Any) -> None:
        super().__init__(freq, **arguments)
        self.arguments = {"freq": freq, **arguments}


class RememberedSet(dateutil.rrule.rruleset):
    """Only to be told apart from what dateutil makes by itself."""


class RememberedList(list[Any]):
    source: Any = None


def remembering_list(items: Any = ()) -> Any:
    result = RememberedList(items)
    result.source = items
    return result


def vector(source: Any) -> dict[str, Any]:
    """Return a rule or a set as RRULE, RDATE and EXDATE; a ValueError says why that cannot be."""
    rules, rdate, exdate = [source], [], []
    if isinstance(source, RememberedSet):
        if source._exrule:
            raise ValueError("EXRULE, which RFC 5545 does not have any more")
        rules, rdate, exdate = source._rrule, source._rdate, source._exdate
    if len(rules) != 1:
        raise ValueError("not exactly one RRULE")
    if not isinstance(rules[0], RememberedRule):
        raise ValueError("not made by rrule()")
    arguments = dict(rules[0].arguments)
    first = arguments.pop("dtstart", None)
    if not isinstance(first, datetime) or first.tzinfo is not None or first.microsecond:
        raise ValueError("does not begin at a local time in whole seconds")
    return {
        "first": first.isoformat(),
        "rrule": text(arguments),
        "rdate": [date.isoformat() for date in rdate],
        "exdate": [date.isoformat() for date in exdate],
    }


def text(arguments: dict[str, Any]) -> str:
    if arguments.get("byeaster") is not None:
        raise ValueError("BYEASTER, which RFC 5545 does not have")
    parts = [f"FREQ={FREQUENCIES[arguments['freq']]}"]
    if until := arguments.get("until"):
        if not isinstance(until, datetime) or until.tzinfo is not None:
            raise ValueError("does not end at a local time")
        parts.append(f"UNTIL={until:%Y%m%dT%H%M%S}")
    for name, part in PARTS.items():
        if (value := arguments.get(name)) is not None:
            values = value if isinstance(value, tuple | list | range) else (value,)
            parts.append(f"{part}={','.join(map(str, values))}")
    if (weekdays := arguments.get("byweekday")) is not None:
        values = weekdays if isinstance(weekdays, tuple | list) else (weekdays,)
        parts.append(f"BYDAY={','.join(map(weekday, values))}")
    if (week_start := arguments.get("wkst")) is not None:
        parts.append(f"WKST={weekday(week_start)}")
    return ";".join(parts)


def weekday(value: Any) -> str:
    if isinstance(value, int):
        return ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[value]
    name = repr(value)[:2]
    return f"{value.n}{name}" if value.n else name


def main(path: str) -> None:
    sys.modules.setdefault("freezegun", types.SimpleNamespace(freeze_time=lambda *_: lambda test: test))  # type: ignore[arg-type]  # only its decorator is used
    spec = spec_from_file_location("test_rrule", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    # The second is for rrulestr(), which makes its rules itself.
    for place in (module, dateutil.rrule):
        place.rrule, place.rruleset = RememberedRule, RememberedSet
    module.list = remembering_list
    vectors: list[dict[str, Any]] = []
    left_out: dict[str, str] = {}

    class Noting(unittest.TestCase):
        def assertEqual(self, first: Any, second: Any, msg: Any = None) -> None:  # noqa: ARG002, N802
            if isinstance(first, RememberedList) and isinstance(second, list):
                try:
                    expected = [date.isoformat() for date in second]
                    vectors.append({"test": self._testMethodName, **vector(first.source), "expected": expected})
                except ValueError as reason:
                    left_out[self._testMethodName] = str(reason)

    for case in (module.RRuleTest, module.RRuleSetTest):
        noting = type(case.__name__, (Noting,), {name: value for name, value in vars(case).items() if name[:2] != "__"})
        unittest.defaultTestLoader.loadTestsFromTestCase(noting).run(unittest.TestResult())
    seen = {}
    for entry in vectors:
        seen.setdefault(json.dumps({key: value for key, value in entry.items() if key != "test"}), entry)
    source = f"tests/test_rrule.py of python-dateutil {version('python-dateutil')}"
    lines = ",\n".join(json.dumps(entry) for entry in seen.values())
    out = Path(__file__).with_name("dateutil_vectors.json")
    out.write_text(
        f'{{"source": {json.dumps(source)},\n"left_out": {json.dumps(left_out)},\n"vectors": [\n{lines}\n]}}\n'
    )
    print(len(seen), "vectors,", len(left_out), "tests left out")


if __name__ == "__main__":
    main(sys.argv[1])
