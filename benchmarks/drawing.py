"""What each request asks for: drawn by a seeded generator, so that every run and every contestant gets the same.

A file has the names of the values in its first line, and in each of the others those of one request.
"""

import random
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

Drawn = Mapping[str, str]
"""The values of one request, by their placeholders."""

LARGEST_PAGE: Final = 100
"""A drawn page of so many is full, wherever it begins."""

_FIRST_DAY: Final = date(2025, 1, 1)
_DAYS: Final = 700
_WORD: Final = re.compile(r"[a-z]{4,}")


def draw(tasks: Sequence[Mapping[str, Any]], *, seed: int = 0) -> list[Drawn]:
    """Return what the requests to a contestant with these tasks ask for, one for each task in random order.

    `after` is the id of a task, `skip` a number of tasks, `token` where the feed of changes was at a task, `word` one
    of a title, and `day` one before which enough tasks are due.
    """
    chance = random.Random(seed)
    words = [word for task in tasks for word in _WORD.findall(task["title"].lower())]
    drawn = []
    for task in chance.sample(tasks, len(tasks)):
        before = tasks[chance.randrange(len(tasks) - LARGEST_PAGE)]
        drawn.append(
            {
                "id": str(task["id"]),
                "skip": str(chance.randrange(len(tasks) - LARGEST_PAGE)),
                "after": str(before["id"]),
                "token": f"{before.get('revision', 0)}.{before['id']}",
                "word": chance.choice(words),
                "day": str(_FIRST_DAY + timedelta(days=chance.randrange(_DAYS))),
            }
        )
    return drawn


def write_drawn(drawn: Sequence[Drawn], path: Path) -> None:
    """Write the values for those who send the requests."""
    lines = [drawn[0].keys(), *(each.values() for each in drawn)]
    path.write_text("".join(f"{' '.join(line)}\n" for line in lines))


def write_ids(ids: Sequence[int], path: Path) -> None:
    """Write nothing but ids, in an order that is random and always the same."""
    write_drawn([{"id": str(id_)} for id_ in random.Random(0).sample(ids, len(ids))], path)


def read_drawn(path: Path) -> list[Drawn]:
    """Return what was written."""
    names, *lines = (line.split() for line in path.read_text().splitlines())
    return [dict(zip(names, line, strict=True)) for line in lines]
