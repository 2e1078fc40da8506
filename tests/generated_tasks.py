"""Tasks as people have them, as many as wanted, always the same: for growth, and for tests of query plans.

Titles are real ones, from the histories of projects of this kind (`data/real_titles.txt`). The rest is spread
as in a list that has been in use for years: most old tasks are done, most open ones are due around now, a few tags
and lists hold most tasks.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from taskharbor.domain.identifiers import INBOX, ListId, TaskId
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.tasks.rank import natural_rank
from taskharbor.domain.tasks.tags import tag_key
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.calendar_time import AllDay, CalendarTime, Floating, Zoned
from taskharbor.domain.values.duration import duration_from
from taskharbor.domain.values.uid import Uid

TODAY: Final = date(2026, 12, 1)
"""The day on which the generated tasks are looked at: the due dates lie around it."""

LISTS: Final[tuple[ListId, ...]] = tuple(range(2, 14))
"""The lists beside the inbox that tasks are in; whether a store knows them is another matter."""

_LIST_WEIGHTS: Final = tuple(range(len(LISTS), 0, -1))
_TITLES: Final = Path(__file__).parent / "data" / "real_titles.txt"
_BEGINNING: Final = datetime(2023, 12, 1, tzinfo=UTC)
_YEARS: Final = timedelta(days=3 * 365)
_ZONES: Final = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "UTC")
_TAGS: Final = tuple(
    sorted(
        (
            *(
                "home",
                "work",
                "garden",
                "errand",
                "phone",
                "waiting",
                "someday",
                "urgent",
                "Büro",
                "Einkauf",
                "reading",
            ),
            *("finance", "health", "travel", "family", "school", "bug", "review", "release", "docs", "ops", "idea"),
            *(f"project-{number:02}" for number in range(40)),
        ),
        key=tag_key,
    )
)
_ESTIMATES: Final = tuple(duration_from("estimated_duration", text) for text in ("PT15M", "PT1H", "PT4H", "P1D"))


def generated_tasks(count: int, *, first_id: int = 1, seed: int = 0) -> Iterator[Task]:
    """Yield that many new tasks, with ids that rise from `first_id` by one.

    They were made in this order over three years. The same arguments give the same tasks.
    """
    generator = random.Random(seed)  # noqa: S311 - nothing secret is made
    for number in range(count):
        created = _BEGINNING + _YEARS * (number / count)
        title = generator.choice(_titles())
        yield _task(first_id + number, title, generator, created)


def task_of_each_title(*, seed: int = 0) -> Iterator[Task]:
    """Yield a task for each of the real titles, as it is and in the order of the file, with ids that rise from 1.

    The same seed gives the same tasks.
    """
    generator = random.Random(seed)  # noqa: S311 - nothing secret is made
    for number, title in enumerate(_titles()):
        created = _BEGINNING + _YEARS * (number / len(_titles()))
        yield replace(_task(number + 1, title, generator, created), title=title)


def creation_of(task: Task) -> Mapping[str, Any]:
    """Return what a client would send to make such a task; it needs action."""
    members: dict[str, Any] = {"title": task.title}
    if task.description is not None:
        members["description"] = task.description
    if task.priority:
        members["priority"] = task.priority
    if task.due is not None:
        members["due"] = task.due.as_json()
    if task.estimated_duration is not None:
        members["estimated_duration"] = task.estimated_duration.as_json()
    if task.tags:
        members["tags"] = list(task.tags)
    return members


def _task(id_: int, title: str, generator: random.Random, created: datetime) -> Task:
    chance = generator.random
    task = Task(
        id=id_,
        uid=_uid(created, generator),
        title=f"{title} (#{id_})" if chance() < 0.3 else title,  # noqa: PLR2004
        description=_description(generator) if chance() < 0.3 else None,  # noqa: PLR2004
        progress=Progress.NEEDS_ACTION,
        priority=generator.choice((1, 3, 5, 5, 9)) if chance() < 0.3 else 0,  # noqa: PLR2004
        due=_due(generator, created) if chance() < 0.6 else None,  # noqa: PLR2004
        estimated_duration=generator.choice(_ESTIMATES) if chance() < 0.15 else None,  # noqa: PLR2004
        tags=_tags(generator),
        list=INBOX if chance() < 0.5 else generator.choices(LISTS, _LIST_WEIGHTS)[0],  # noqa: PLR2004
        depends_on=_needed(id_, generator) if chance() < 0.03 else (),  # noqa: PLR2004
        rank=natural_rank(id_),
        created=created,
        updated=created,
    )
    age = (_BEGINNING + _YEARS - created) / _YEARS
    if chance() < 0.95 * age:  # the older, the likelier that it is done
        return _done(task, generator)
    if chance() < 0.1:  # noqa: PLR2004
        return replace(task, progress=Progress.IN_PROCESS, percent_complete=generator.randrange(5, 95, 5))
    return task


def _done(task: Task, generator: random.Random) -> Task:
    at = task.created + timedelta(hours=generator.expovariate(1 / 200))
    if generator.random() < 0.05:  # noqa: PLR2004
        return replace(task, progress=Progress.CANCELLED, updated=at)
    return replace(task, progress=Progress.COMPLETED, percent_complete=100, completed=at, updated=at)


def _due(generator: random.Random, created: datetime) -> CalendarTime:
    """Return when a task is due: most within weeks of the day it was made, some around today."""
    if generator.random() < 0.2:  # noqa: PLR2004
        day = TODAY + timedelta(days=int(generator.gauss(0, 30)))
    else:
        day = created.date() + timedelta(days=int(generator.expovariate(1 / 21)))
    kind = generator.random()
    if kind < 0.5:  # noqa: PLR2004
        return AllDay(day)
    wall = datetime.combine(day, time(generator.randrange(7, 22), generator.choice((0, 0, 15, 30, 45))))
    return Floating(wall) if kind < 0.65 else Zoned(wall, generator.choice(_ZONES))  # noqa: PLR2004


def _tags(generator: random.Random) -> tuple[str, ...]:
    """Return up to four tags, in order; the first are used much more often than the last."""
    count = generator.choices((0, 1, 2, 3, 4), (40, 30, 18, 8, 4))[0]
    places = set(generator.choices(range(len(_TAGS)), cum_weights=_tag_weights(), k=count))
    return tuple(_TAGS[place] for place in sorted(places))


def _needed(id_: TaskId, generator: random.Random) -> tuple[TaskId, ...]:
    """Return one or two of the tasks made shortly before."""
    ids = {id_ - generator.randrange(1, 50) for _ in range(generator.randrange(1, 3))}
    return tuple(sorted(each for each in ids if each >= 1))


def _description(generator: random.Random) -> str:
    return ". ".join(generator.choices(_titles(), k=generator.randrange(1, 5))) + "."


def _uid(created: datetime, generator: random.Random) -> Uid:
    """Return a UUID of version 7, as we make them, but from the generator."""
    milliseconds = int(created.timestamp() * 1000)
    number = milliseconds << 80 | generator.getrandbits(80)
    return Uid(str(UUID(int=number & ~(0xF << 76) & ~(0x3 << 62) | 0x7 << 76 | 0x2 << 62)))


@cache
def _titles() -> tuple[str, ...]:
    return tuple(line.strip() for line in _TITLES.read_text(encoding="utf-8").splitlines() if line.strip())


@cache
def _tag_weights() -> tuple[float, ...]:
    # By rank in the order above spread by a stride, so that the frequent ones are not all at the front.
    return tuple(accumulate(1 / (1 + (place * 17) % len(_TAGS)) for place in range(len(_TAGS))))
