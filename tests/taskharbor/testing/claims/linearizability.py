"""Whether a history of claims is one that a queue behind one lock could have had.

The check is that of Wing and Gong (Testing and Verifying Concurrent Objects, 1993), with the memory of Lowe (Testing
for Linearizability, 2017): whatever has been put in order already, in the same state, need not be tried again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from taskharbor.domain.identifiers import Revision, TaskId


@dataclass(frozen=True, slots=True)
class Queue:
    """What a queue holds.

    Attributes:
        free: the tasks that can be claimed.
        held: the tasks that are claimed, each with the fence of its claim.
    """

    free: frozenset[TaskId] = frozenset()
    held: frozenset[tuple[TaskId, Revision]] = frozenset()


Step: TypeAlias = Callable[[Queue], Queue | None]
"""What an operation makes of a queue; None if it could not have had its answer there."""


@dataclass(frozen=True, slots=True)
class Operation:
    """Something that was asked and answered.

    Attributes:
        asked: when, on a clock that all share.
        answered: when.
        step: what it did.
    """

    asked: int
    answered: int
    step: Step


def added(task: TaskId) -> Step:
    """Return the step of a task that is new."""
    return lambda queue: Queue(queue.free | {task}, queue.held)


def claimed(task: TaskId, fence: Revision) -> Step:
    """Return the step of a claim that got a task."""
    return lambda queue: Queue(queue.free - {task}, queue.held | {(task, fence)}) if task in queue.free else None


def nothing_to_claim(queue: Queue) -> Queue | None:
    """Take the step of a claim that got nothing."""
    return None if queue.free else queue


def completed(task: TaskId, fence: Revision) -> Step:
    """Return the step of work that was done under a claim."""
    return lambda queue: Queue(queue.free, queue.held - {(task, fence)}) if (task, fence) in queue.held else None


def released(task: TaskId, fence: Revision) -> Step:
    """Return the step of a claim that was given back."""

    def step(queue: Queue) -> Queue | None:
        if (task, fence) not in queue.held:
            return None
        return Queue(queue.free | {task}, queue.held - {(task, fence)})

    return step


def refused(task: TaskId, fence: Revision) -> Step:
    """Return the step of work that was refused since its claim had ended."""
    return lambda queue: None if (task, fence) in queue.held else queue


def is_linearizable(history: Sequence[Operation]) -> bool:
    """Return whether the operations could have been carried out one by one, each between its question and answer."""
    everything = (1 << len(history)) - 1
    seen: set[tuple[int, Queue]] = set()
    paths: list[tuple[int, Queue]] = [(0, Queue())]
    while paths:
        done, queue = paths.pop()
        if done == everything:
            return True
        left = [place for place in range(len(history)) if not done >> place & 1]
        first_answer = min(history[place].answered for place in left)
        for place in left:
            if history[place].asked > first_answer:
                continue  # another one had its answer before this was asked
            after = history[place].step(queue)
            if after is None:
                continue
            path = done | 1 << place, after
            if path not in seen:
                seen.add(path)
                paths.append(path)
    return False
