"""What became of some drafts."""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from taskharbor.application.interchange.import_report import Finding
from taskharbor.application.ports.interchange import TaskDraft
from taskharbor.domain.values.uid import Uid

Outcome: TypeAlias = Literal["created", "updated", "unchanged"]


@dataclass(slots=True)
class ChunkOutcome:
    """What became of some drafts.

    Attributes:
        outcomes: of each draft that was taken, by its uid.
        problems: what could not be taken.
        postponed: drafts that name a task which has not come yet.
    """

    outcomes: dict[Uid, Outcome] = field(default_factory=dict[Uid, Outcome])
    problems: list[Finding] = field(default_factory=list[Finding])
    postponed: list[TaskDraft] = field(default_factory=list[TaskDraft])
