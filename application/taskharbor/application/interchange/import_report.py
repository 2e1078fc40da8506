"""What became of an import."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from taskharbor.application.ports.interchange import TaskDraft
from taskharbor.domain.errors import TaskharborError, counted
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import TaskId
from taskharbor.domain.values.uid import Uid

MAX_LISTED: Final = 1_000
"""How many places a report names at most, of each sort; all are counted."""


@frozen
class Finding:
    """A remark on a place in the file."""

    place: str
    message: str


@dataclass(slots=True, kw_only=True)
class ImportReport:
    """What became of an import.

    Attributes:
        id: by which the import can be undone; None if it has written nothing.
        created: how many tasks are new.
        updated: how many were there, and say something else now.
        unchanged: how many were there, and said the same.
        refused: how many parts of the file could not be taken; `problems` says which and why.
        problems: the first of them.
        remarked: how many remarks there are.
        remarks: the first of them: what was taken with a change, or is kept for its program without being understood.
    """

    id: Uid | None = None
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    problems: list[Finding] = field(default_factory=list[Finding])
    remarked: int = 0
    remarks: list[Finding] = field(default_factory=list[Finding])

    def refuse(self, place: str, reason: str) -> None:
        """Take note of a part that cannot be taken."""
        self.refused += 1
        if len(self.problems) < MAX_LISTED:
            self.problems.append(Finding(place, reason))

    def count(self, outcomes: Iterable[str]) -> None:
        """Take note of what became of tasks: each was `created`, `updated` or left `unchanged`."""
        for name in outcomes:
            setattr(self, name, getattr(self, name) + 1)

    def add(self, outcome: "ChunkOutcome") -> None:
        """Take note of what became of some drafts."""
        for problem in outcome.problems:
            self.refuse(problem.place, problem.message)
        for remark in outcome.remarks:
            self.remark(remark.place, remark.message)
        self.count(outcome.outcomes.values())

    def remark(self, place: str, message: str) -> None:
        """Take note of something worth saying."""
        self.remarked += 1
        if len(self.remarks) < MAX_LISTED:
            self.remarks.append(Finding(place, message))


class ImportRefused(TaskharborError):
    """An atomic import failed. `report` says why; it counts no tasks."""

    code = "import_refused"

    def __init__(self, report: ImportReport) -> None:
        first = report.problems[0]
        super().__init__(
            f"{counted(report.refused, 'part')} of the file could not be imported, so nothing was; "
            f"first: {first.place}: {first.message}"
        )
        self.report = report


Outcome: TypeAlias = Literal["created", "updated", "unchanged"]


@dataclass(slots=True)
class ChunkOutcome:
    """What became of some drafts.

    Attributes:
        outcomes: of each draft that was taken, by its uid.
        problems: what could not be taken.
        remarks: what was taken with a change.
        postponed: drafts that name a task which has not come yet.
        named: the uids of tasks that are known by names which others can have too.
        lines: which tasks these are.
        renamed: the uids of such tasks by those that the file gives them, where these differ.
        settled: the uids of tasks whose lines were edited, by those under which they were held.
        held: drafts with names that no task has: lines that are new, or were edited.
        is_written: whether something was written.
    """

    outcomes: dict[Uid, Outcome] = field(default_factory=dict[Uid, Outcome])
    problems: list[Finding] = field(default_factory=list[Finding])
    remarks: list[Finding] = field(default_factory=list[Finding])
    named: set[Uid] = field(default_factory=set[Uid])
    lines: set[TaskId] = field(default_factory=set[TaskId])
    renamed: dict[Uid, Uid] = field(default_factory=dict[Uid, Uid])
    settled: dict[Uid, Uid] = field(default_factory=dict[Uid, Uid])
    held: list[TaskDraft] = field(default_factory=list[TaskDraft])
    postponed: list[TaskDraft] = field(default_factory=list[TaskDraft])
    is_written: bool = False

    def add(self, other: "ChunkOutcome") -> None:
        """Add what became of others."""
        self.outcomes |= other.outcomes
        self.problems += other.problems
        self.remarks += other.remarks
        self.postponed += other.postponed
        self.named |= other.named
        self.lines |= other.lines
        self.renamed |= other.renamed
        self.settled |= other.settled
        self.held += other.held
