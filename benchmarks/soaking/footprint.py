"""Memory and open files of a server over time."""

import asyncio
from dataclasses import dataclass
from statistics import median

import psutil


@dataclass(frozen=True, slots=True)
class Footprint:
    """Medians of the first and the last third of the time that is judged: that after the first quarter.

    Attributes:
        memory_at_first: bytes.
        memory_at_last: bytes.
        files_at_first: open files and connections.
        files_at_last: the same.
    """

    memory_at_first: float
    memory_at_last: float
    files_at_first: float
    files_at_last: float


async def watch(pid: int, *, every: float) -> Footprint:
    """Look every so many seconds until cancelled; return what was seen."""
    process = psutil.Process(pid)
    memory: list[int] = []
    files: list[int] = []
    try:
        while True:
            memory.append(process.memory_info().rss)
            files.append(process.num_fds())
            await asyncio.sleep(every)
    except asyncio.CancelledError:
        judged = slice(len(memory) // 4, None)
        (first, last), (files_first, files_last) = _ends(memory[judged]), _ends(files[judged])
        return Footprint(first, last, files_first, files_last)


def _ends(values: list[int]) -> tuple[float, float]:
    third = max(1, len(values) // 3)
    return median(values[:third]), median(values[-third:])
