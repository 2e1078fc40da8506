"""Read the file of an import."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterable, AsyncIterator
from typing import Final
from uuid import UUID

from taskharbor.application.interchange.import_chunk import SHARE
from taskharbor.application.interchange.import_report import ImportReport
from taskharbor.application.ports.interchange import Format, ListDraft, ReadItem, Skipped, TaskDraft, Unreadable

MAX_TASKS: Final = 500_000
"""How many tasks one import takes: more are a mistake, or made to be a nuisance."""

MAX_LISTS: Final = 10_000
"""How many lists one import takes."""

MAX_REFUSED: Final = 10_000
"""After how many parts that cannot be taken an import gives up: it is not the format that it is said to be."""


class DraftReading:
    """What a file tells of tasks and lists, while it comes in.

    Attributes:
        list_drafts: what it has told of lists so far.
    """

    def __init__(self, format: Format, report: ImportReport) -> None:
        """Read a file in this format, and take note in the report of what is wrong or odd with it."""
        self.list_drafts: list[ListDraft] = []
        self._format = format
        self._report = report
        self._passed_over: Counter[str] = Counter()
        self._seen: set[bytes] = set()

    async def drafts(self, data: AsyncIterable[bytes]) -> AsyncIterator[TaskDraft]:
        """Yield each task that the file tells of, once. A file that is too long, or no such file, ends early."""
        taken = 0
        async for reading in self._readings(data):
            if isinstance(reading, TaskDraft):
                if self._has_come(reading):
                    continue
                taken += 1
                if taken > MAX_TASKS:
                    self._report.refuse(reading.place, f"an import takes at most {MAX_TASKS} tasks: it stopped here")
                    break
                for remark in reading.remarks:
                    place, _, message = remark.partition(": ")
                    self._report.remark(place, message)
                yield reading
            elif isinstance(reading, ListDraft):
                self._take_note_of(reading)
            elif isinstance(reading, Unreadable):
                self._report.refuse(reading.place, reading.reason)
                if self._report.refused == MAX_REFUSED:
                    self._report.refuse(reading.place, f"{MAX_REFUSED} parts could not be read: it stopped here")
                    break
            else:
                self._pass_over(reading)

    def _take_note_of(self, draft: ListDraft) -> None:
        if len(self.list_drafts) == MAX_LISTS:
            self._report.refuse(draft.place, f"an import takes at most {MAX_LISTS} lists")
        else:
            self.list_drafts.append(draft)

    def _has_come(self, draft: TaskDraft) -> bool:
        """Tell whether the file has told of this task before. What comes first counts, now and next time."""
        name = UUID(draft.uid).bytes
        if name in self._seen:
            self._report.remark(draft.place, f"the uid {draft.uid} comes twice: the first counts")
            return True
        self._seen.add(name)
        return False

    async def _readings(self, data: AsyncIterable[bytes]) -> AsyncIterator[ReadItem]:
        reader = self._format.reader()
        if reader is None:
            raise ValueError(f"{self._format.name} cannot be read")
        async for piece in data:
            for place, reading in enumerate(reader.feed(piece)):
                if place % SHARE == 0:
                    await asyncio.sleep(0)
                yield reading
        for reading in reader.end():
            yield reading

    def _pass_over(self, reading: Skipped) -> None:
        self._passed_over[reading.reason] += 1
        if self._passed_over[reading.reason] == 1:
            self._report.remark(reading.place, f"{reading.reason}: this and others like it are passed over")
