"""Random recurrence rules, the same for one seed on every machine, and what rrule.js makes of them."""

import json
import random
import subprocess
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

ORACLE = Path(__file__).parent / "data" / "recurrence" / "rrule_js_oracle.cjs"
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST = 25
"""How many occurrences are compared of each rule."""


def random_rules(seed: int, number: int) -> list[dict[str, str]]:
    """Return that many rules, each with its first occurrence."""
    dice = random.Random(seed)
    return [_random_rule(dice) for _ in range(number)]


def answers_of_rrule_js(rules: Sequence[dict[str, str]], folder: Path) -> list[dict[str, Any]]:
    """Return the rules, each with the occurrences that the rrule.js installed in a folder makes."""
    oracle = folder / ORACLE.name
    oracle.write_text(ORACLE.read_text())
    asked = json.dumps({"most": MOST, "rules": list(rules)})
    answer = subprocess.run(["node", oracle], input=asked, capture_output=True, text=True, check=True, cwd=folder)
    return [{**rule, "expected": expected} for rule, expected in zip(rules, json.loads(answer.stdout), strict=True)]


def _random_rule(dice: random.Random) -> dict[str, str]:
    first = datetime(1990, 1, 1) + timedelta(seconds=dice.randrange(60 * 365 * 86_400))
    frequency = dice.choice(["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY"])
    parts = [f"FREQ={frequency}"]
    if dice.random() < 0.5:
        parts.append(f"INTERVAL={dice.choice([1, 2, 2, 3, 4, 5, 7, 12, 30])}")
    by = [*_days(dice, frequency), *_times(dice, frequency)]
    # rrule.js takes the first week to begin with the first occurrence. It repeats what two positions name, and counts
    # from the other end where there is no such position.
    if by and frequency != "WEEKLY" and dice.random() < 0.25:
        by.append(f"BYSETPOS={dice.choice([1, -1])}")
    parts += by
    if dice.random() < 0.3:
        parts.append(f"WKST={dice.choice(WEEKDAYS)}")
    if dice.random() < 0.3:
        parts.append(f"COUNT={dice.randrange(1, 20)}")
    elif dice.random() < 0.3:
        parts.append(f"UNTIL={first + timedelta(days=dice.randrange(3000)):%Y%m%dT%H%M%S}")
    return {"first": first.isoformat(), "rrule": ";".join(parts)}


def _days(dice: random.Random, frequency: str) -> list[str]:
    parts = []
    if dice.random() < 0.3:
        parts.append(f"BYMONTH={_some(dice, range(1, 13), 4)}")
    if frequency != "WEEKLY" and dice.random() < 0.3:
        parts.append(f"BYMONTHDAY={_some(dice, [*range(1, 32), -1, -2, -15, -31], 5)}")
    if frequency in {"YEARLY", "HOURLY"} and dice.random() < 0.15:
        parts.append(f"BYYEARDAY={_some(dice, [1, 59, 60, 100, 200, 365, 366, -1, -60, -366], 5)}")
    if frequency == "YEARLY" and len(parts) < 2 and dice.random() < 0.2:
        parts.append(f"BYWEEKNO={_some(dice, range(2, 52), 4)}")
        if dice.random() < 0.6:
            parts.append(f"BYDAY={_some(dice, WEEKDAYS, 4)}")
    elif dice.random() < 0.4:
        numbers = {"YEARLY": [1, 2, 20, -1, -20], "MONTHLY": [1, 2, 3, 5, -1, -5]}.get(frequency)
        if numbers and dice.random() < 0.5:
            parts.append(f"BYDAY={_some(dice, [f'{nth}{day}' for nth in numbers for day in WEEKDAYS], 3)}")
        else:
            parts.append(f"BYDAY={_some(dice, WEEKDAYS, 5)}")
    return parts


def _times(dice: random.Random, frequency: str) -> list[str]:
    parts = []
    if dice.random() < 0.2:
        parts.append(f"BYHOUR={_some(dice, range(24), 3)}")
    if dice.random() < 0.2:
        parts.append(f"BYMINUTE={_some(dice, range(60), 2)}")
    if frequency != "HOURLY" and dice.random() < 0.1:
        parts.append(f"BYSECOND={_some(dice, range(60), 2)}")
    return parts


def _some(dice: random.Random, values: Sequence[object], most: int) -> str:
    # In order, as rrule.js keeps times as they are given.
    places = sorted(dice.sample(range(len(values)), dice.randrange(1, most + 1)))
    return ",".join(str(values[place]) for place in places)
