"""A disk that loses power: what was not synced is there, or is not, or in part."""

from collections.abc import Sequence
from pathlib import Path
from random import Random

from e2e.promises.traced import Call

SECTOR = 512
"""Bytes that a disk writes whole or not at all."""


class Disk:
    """Some files, as they would be found after the power has failed."""

    def __init__(self) -> None:
        self._files: dict[str, _File] = {}

    def take(self, call: Call) -> None:
        """Do what a program asked for."""
        if call.name == "unlink":
            self._files.pop(call.path, None)
            return
        file = self._files.setdefault(call.path, _File())
        if call.name == "sync":
            file.sync()
        else:
            file.pending.append(call)

    def cut_off(self, folder: Path, random: Random) -> None:
        """Write what is left of the files into a folder."""
        for name, file in self._files.items():
            (folder / name).write_bytes(file.after_a_cut(random))


class _File:
    def __init__(self) -> None:
        self.durable = bytearray()
        self.pending: list[Call] = []

    def sync(self) -> None:
        _apply(self.durable, self.pending)
        self.pending.clear()

    def after_a_cut(self, random: Random) -> bytes:
        content = bytearray(self.durable)
        how = random.choice(("nothing", "everything", "some", "torn"))
        if how == "everything":
            _apply(content, self.pending)
        elif how == "some":
            _apply(content, [call for call in self.pending if random.random() < 1 / 2])
        elif how == "torn" and self.pending:
            *whole, last = self.pending[: random.randint(1, len(self.pending))]
            _apply(content, whole)
            sectors = random.randint(0, len(last.data) // SECTOR)
            _apply(content, [Call("write", last.path, last.offset, last.data[: sectors * SECTOR])])
        return bytes(content)


def _apply(content: bytearray, calls: Sequence[Call]) -> None:
    for call in calls:
        if call.name == "truncate":
            del content[call.offset :]
        elif call.data:
            content.extend(bytes(max(0, call.offset - len(content))))
            content[call.offset : call.offset + len(call.data)] = call.data
