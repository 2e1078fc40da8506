"""Formats of apps: a whole file is read, and none is written."""

from abc import abstractmethod
from collections.abc import Iterator
from typing import Final

from taskharbor.application.ports.interchange import Format, ReadItem, TaskReader, Unreadable

MAX_BYTES: Final = 33_554_432
"""How long a file can be that has to be read as a whole."""


class WholeFileReader(TaskReader):
    """Collects a file, and reads it when it is complete. Of one that is too long nothing is held."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._is_too_long = False

    def feed(self, data: bytes) -> Iterator[ReadItem]:
        """Go on with the next bytes."""
        if not self._is_too_long:
            self._data += data
            if len(self._data) > MAX_BYTES:
                self._is_too_long = True
                self._data.clear()
        return iter(())

    def end(self) -> Iterator[ReadItem]:
        """Yield the contents of the file."""
        if self._is_too_long:
            reason = f"it has more than {MAX_BYTES} bytes: nothing of it was read"
            yield Unreadable(place="file", reason=reason, is_last=True)
            return
        yield from self.items(bytes(self._data))

    @abstractmethod
    def items(self, data: bytes) -> Iterator[ReadItem]:
        """Yield the contents of a whole file."""
        ...


class ReadOnlyFormat(Format):
    """A format that is only read."""

    media_type = "application/json"
    suffixes: tuple[str, ...] = (".json",)

    def writer(self) -> None:
        """Return None: it is not written."""
        return
