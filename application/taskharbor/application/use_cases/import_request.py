"""What tells one import from another: the file, too, though it comes in pieces and is kept nowhere."""

from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """What was asked for.

    Attributes:
        format: the name of the format.
        atomic: whether all or nothing was to be taken.
        digest: the SHA-256 of the file, in hexadecimal.
    """

    format: str
    atomic: bool
    digest: str


class DigestedFile:
    """Passes on the pieces of a file, once, and knows afterwards what was in it."""

    def __init__(self, pieces: AsyncIterable[bytes]) -> None:
        self._pieces = aiter(pieces)
        self._digest = sha256()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._pieces:
            self._digest.update(piece)
            yield piece

    async def digest(self) -> str:
        """Read what nobody has read yet, and return the SHA-256 of the whole."""
        async for piece in self._pieces:
            self._digest.update(piece)
        return self._digest.hexdigest()
