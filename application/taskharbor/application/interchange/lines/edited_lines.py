"""Which of the lines that are new in a file are lines that were edited: those that say most of what a lost one said."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Final

from taskharbor.application.interchange.mirrors import Mirrored
from taskharbor.application.ports.interchange import TaskDraft
from taskharbor.application.turns import in_turns
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.unset import UNSET

_ALIKE: Final = 0.65
"""Of two titles: which share of their trigrams they have in common, or of the words of the shorter one."""

_ALIKE_OF_ONE_DAY: Final = 0.5
"""The same for two that were made on the same day, as their lines say."""

_OF_LETTERS: Final = 0.15
"""How much more letters than trigrams two titles have in common by chance."""

_CANDIDATES: Final = 3
"""How many lost lines are looked at for a new one."""

_TOO_COMMON: Final = 200
"""Trigrams that more lost lines have say nothing, and would cost too much."""

_MAY_BE_DONE: Final = frozenset({Progress.COMPLETED, Progress.CANCELLED, UNSET})
_LONGEST: Final = 200
_WORD: Final = re.compile(r"\w+")


async def matching(drafts: Sequence[TaskDraft], lost: Sequence[Task], mirrored: Mirrored) -> dict[int, Task]:
    """Return which of the tasks whose lines are gone each draft is, by its place; most are none.

    Args:
        drafts: the lines that are new.
        lost: the tasks whose lines are gone.
        mirrored: says how the format has a task.
    """
    index: defaultdict[str, list[int]] = defaultdict(list)
    titles: list[Counter[str]] = []
    async for at, task in in_turns(enumerate(lost)):
        titles.append(_trigrams(task.title))
        for trigram in titles[at]:
            index[trigram].append(at)
    pairs: list[tuple[float, int, int]] = []
    async for place, draft in in_turns(enumerate(drafts)):
        title = str(draft.changes.title)
        mine = _trigrams(title)
        telling = (places for trigram in mine if len(places := index.get(trigram, ())) <= _TOO_COMMON)
        shared = Counter(at for places in telling for at in places)
        for at, _ in shared.most_common(_CANDIDATES):
            task = lost[at]
            points = max(_share(mine, titles[at]), _share_of_words(title, task.title), _as_typed(title, task.title))
            if points >= await _least(draft, task, mirrored):
                pairs.append((-points, place, at))
    found: dict[int, Task] = {}
    used: set[int] = set()
    for _, place, at in sorted(pairs):
        if place not in found and at not in used:
            found[place] = lost[at]
            used.add(at)
    return found


async def _least(draft: TaskDraft, task: Task, mirrored: Mirrored) -> float:
    """Return how much a line must have in common with a task to be its own; more than all if it cannot be.

    A task that is done is not opened again by another line.
    """
    if draft.changes.progress not in _MAY_BE_DONE and not task.is_open:
        return 2
    created = (await mirrored(task)).created
    if created is None or draft.created is None:
        return _ALIKE
    return _ALIKE_OF_ONE_DAY if created.date() == draft.created.date() else 2


def _trigrams(text: str) -> Counter[str]:
    padded = f"  {' '.join(text[:_LONGEST].casefold().split())} "
    return Counter(padded[at : at + 3] for at in range(len(padded) - 2))


def _share(one: Counter[str], two: Counter[str]) -> float:
    return 2 * (one & two).total() / (one.total() + two.total())


def _as_typed(one: str, two: str) -> float:
    """Return how much of two titles is the same in order: of short ones a letter changes a third of the trigrams."""
    texts = (one[:_LONGEST].casefold(), two[:_LONGEST].casefold())
    return SequenceMatcher(None, *texts, autojunk=False).ratio() - _OF_LETTERS


def _share_of_words(one: str, two: str) -> float:
    """Return 0.9 if the words of one title are all in the other, else 0."""
    words, others = (frozenset(_WORD.findall(text[:_LONGEST].casefold())) for text in (one, two))
    return 0.9 if words and others and (words <= others or others <= words) else 0.0
