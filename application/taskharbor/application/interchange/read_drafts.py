"""Read the file of an import."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from itertools import chain
from typing import Final
from uuid import UUID

from taskharbor.application.interchange.import_report import ImportReport
from taskharbor.application.ports.interchange import (
    Format,
    ImportFile,
    ListDraft,
    ReadItem,
    Skipped,
    TaskDraft,
    Unreadable,
)
from taskharbor.application.turns import in_turns

MAX_TASKS: Final = 500_000
"""How many tasks one import takes: more are a mistake, or made to be a nuisance."""

MAX_LISTS: Final = 10_000
"""How many lists one import takes."""

MAX_REFUSED: Final = 10_000
"""After how many parts that cannot be taken an import gives up: it is not the format that it is said to be."""


class DraftReading:
    """The tasks and lists of a file, while it comes in.

    Attributes:
        list_drafts: its lists so far.
    """

    def __init__(self, report: ImportReport) -> None:
        """Read files, and take note in the report of what is wrong or odd with them."""
        self.list_drafts: list[ListDraft] = []
        self._report = report
        self._passed_over: Counter[str] = Counter()
        self._seen: set[bytes] = set()
        self._taken = 0
        self._is_full = False

    async def drafts(self, files: Iterable[ImportFile]) -> AsyncIterator[tuple[TaskDraft, Format]]:
        """Yield each task in the files, once, with its format; not all if there is no end to them."""
        for file in files:
            async for draft in self._drafts(file):
                yield draft, file.format
            if self._is_full:
                break

    async def _drafts(self, file: ImportFile) -> AsyncIterator[TaskDraft]:
        async for reading in self._readings(file):
            if isinstance(reading, TaskDraft):
                if self._has_come(reading):
                    continue
                self._taken += 1
                if self._taken > MAX_TASKS:
                    self._is_full = True
                    self._report.refuse(reading.place, f"an import takes at most {MAX_TASKS} tasks: it stopped here")
                    break
                self._remark(reading)
                yield reading
            elif isinstance(reading, ListDraft):
                self._remark(reading)
                self._take_note_of(reading)
            elif isinstance(reading, Unreadable):
                self._report.refuse(reading.place, reading.reason)
                if self._report.refused >= MAX_REFUSED:
                    self._is_full = True
                    self._report.refuse(reading.place, f"{MAX_REFUSED} parts could not be read: it stopped here")
                    break
            else:
                self._pass_over(reading)

    def _remark(self, reading: TaskDraft | ListDraft) -> None:
        for remark in reading.remarks:
            place, _, message = remark.partition(": ")
            self._report.remark(place, message)

    def _take_note_of(self, draft: ListDraft) -> None:
        if len(self.list_drafts) == MAX_LISTS:
            self._report.refuse(draft.place, f"an import takes at most {MAX_LISTS} lists")
        else:
            self.list_drafts.append(draft)

    def _has_come(self, draft: TaskDraft) -> bool:
        """Return whether the file has had this task before. The first one counts, now and next time."""
        name = UUID(draft.uid).bytes
        if name in self._seen:
            self._report.remark(draft.place, f"the uid {draft.uid} comes twice: the first counts")
            return True
        self._seen.add(name)
        return False

    async def _readings(self, file: ImportFile) -> AsyncIterator[ReadItem]:
        reader = file.format.reader()
        if reader is None:
            raise ValueError(f"{file.format.name} cannot be read")
        async for piece in file.data:
            await asyncio.sleep(0)
            async for reading in in_turns(reader.feed(piece)):
                yield _named(reading, file.name)
        rest = reader.end()
        # What is read as a whole takes its time until the first task is there.
        first = await asyncio.to_thread(next, rest, None)
        async for reading in in_turns(() if first is None else chain((first,), rest)):
            yield _named(reading, file.name)

    def _pass_over(self, reading: Skipped) -> None:
        self._passed_over[reading.reason] += 1
        if self._passed_over[reading.reason] == 1:
            self._report.remark(reading.place, f"{reading.reason}: this and others like it are passed over")


def _named(reading: ReadItem, name: str | None) -> ReadItem:
    """Return what was read with the name of its file before its place, if there are several files."""
    if name is None:
        return reading
    place = f"{name}, {reading.place}"
    if isinstance(reading, TaskDraft | ListDraft):
        return replace(reading, place=place, remarks=tuple(f"{name}, {remark}" for remark in reading.remarks))
    return replace(reading, place=place)
