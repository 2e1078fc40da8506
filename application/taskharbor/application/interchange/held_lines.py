"""Lines that are new in a file, held until it is known which of them were only edited: when the file has ended."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Final

from taskharbor.application.interchange.import_chunk import NewLines, take_chunk
from taskharbor.application.interchange.import_lists import ListNames
from taskharbor.application.interchange.import_report import ChunkOutcome
from taskharbor.application.interchange.lines.line_readings import recognised, remember
from taskharbor.application.interchange.mirrors import Mirrors
from taskharbor.application.ports.interchange import Format, TaskDraft
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.identifiers import TaskId
from taskharbor.domain.values.uid import Uid

MAX_HELD: Final = 1_000
"""How many lines can have been edited; if more are new, it is another file."""


@dataclass(slots=True)
class HeldLines:
    """What has come so far of the files of one format whose tasks have no uids.

    Attributes:
        format: the format.
        drafts: the lines that no task is yet.
        known: the tasks that the others are.
    """

    format: Format
    drafts: list[TaskDraft] = field(default_factory=list[TaskDraft])
    known: set[TaskId] = field(default_factory=set[TaskId])

    def add(self, outcome: ChunkOutcome) -> None:
        """Take note of what became of some lines."""
        self.drafts += outcome.held
        self.known |= outcome.lines

    async def conclude(
        self, last: Collection[TaskId], import_id: Uid, lists: ListNames, uow: UnitOfWork
    ) -> ChunkOutcome:
        """Take what was held, lines that were edited as the tasks that they were, and remember what is in the file.

        Args:
            last: the tasks that the last lines are, which were taken in this unit of work.
            import_id: by which that is remembered if the file is new.
            lists: the lists of the workspace.
            uow: the unit of work.
        """
        known = {*self.known, *last}
        found = await recognised(self.drafts, known, uow, Mirrors(self.format, lists, uow).described)
        drafts = [replace(draft, uid=found.uids.get(draft.uid, draft.uid)) for draft in self.drafts]
        outcome = await take_chunk(drafts, self.format, lists, uow, renamed=found.uids, new_lines=NewLines.SETTLED)
        outcome.settled = dict(found.uids)
        outcome.remarks[:0] = found.remarks
        await remember(known | outcome.lines, found.lines_of, f"{import_id}:{self.format.name}", uow)
        return outcome
