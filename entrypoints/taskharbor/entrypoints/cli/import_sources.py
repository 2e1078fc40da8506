"""The files that `taskharbor import` is given: by their names, in folders, from standard input."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from taskharbor.adapters.interchange.formats import (
    ALL_FORMAT_NAMES,
    READ_FORMAT_NAMES,
    format_named,
    format_of_file,
)
from taskharbor.adapters.interchange.recognition import HEAD, format_in
from taskharbor.application.ports.interchange import Format, ImportFile
from taskharbor.domain.errors import InvalidValue
from taskharbor.entrypoints.cli.failure import CommandFailed

PIECE: Final = 65_536

STANDARD: Final = "-"
"""The name that means standard input or output."""


class Source(NamedTuple):
    """A file with its format, and how it is named to the user."""

    path: Path | None
    shown: str
    head: bytes
    format: str

    @property
    def size(self) -> int | None:
        """How many bytes it has, if that is known."""
        return None if self.path is None else self.path.stat().st_size


def sources_of(names: Sequence[str], format: str | None) -> tuple[list[Source], list[str]]:
    """Return the files, those in folders by their names; and of these the ones whose format is not clear, left out.

    Raises:
        CommandFailed: if one cannot be read, or the format of one that is named is not clear.
    """
    found: list[Source] = []
    unclear: list[str] = []
    for name in names:
        if name == STANDARD:
            head = sys.stdin.buffer.read(HEAD)
            found.append(Source(None, name, head, _format_of(name, head, format)))
        elif Path(name).is_dir():
            for path in _files_in(Path(name)):
                head = _head(path)
                kind = format or format_in(head, path.name)
                if kind is None or kind not in READ_FORMAT_NAMES:
                    unclear.append(str(path))
                else:
                    found.append(Source(path, str(path), head, kind))
        else:
            head = _head(Path(name))
            found.append(Source(Path(name), name, head, _format_of(name, head, format)))
    return found, unclear


def files_of(sources: Sequence[Source], advance: Callable[[int], None]) -> list[ImportFile]:
    """Return the files to be read, with progress reports.

    Raises:
        CommandFailed: if there is no such format, or it needs a library that is not installed.
    """
    named = len(sources) > 1
    return [
        ImportFile(
            format=chosen(source.format, source.shown),
            data=_pieces(source, advance),
            name=source.shown if named else None,
        )
        for source in sources
    ]


def chosen(name: str, file_name: str | None = None) -> Format:
    """Return a format.

    Raises:
        CommandFailed: if there is none of this name, or it needs a library that is not installed.
    """
    try:
        return format_named(name, file_name=file_name)
    except InvalidValue as invalid:
        raise CommandFailed(f"--format {invalid.reason}", exit_code=CommandFailed.USAGE) from None
    except ImportError as missing:
        raise CommandFailed(str(missing), exit_code=CommandFailed.USAGE) from None


def _files_in(folder: Path) -> Iterator[Path]:
    """Return the files of a folder and those below that can have tasks, hidden ones left out."""
    for path in sorted(folder.rglob("*")):
        is_hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if not is_hidden and path.is_file() and format_of_file(path) is not None:
            yield path


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(HEAD)
    except OSError as refusal:
        raise CommandFailed(f"cannot read {path}: {refusal.strerror}", exit_code=CommandFailed.SYSTEM) from None


def _format_of(file: str, head: bytes, format: str | None) -> str:
    name = format or format_in(head, None if file == STANDARD else file)
    names = ", ".join(READ_FORMAT_NAMES)
    if name is None:
        raise CommandFailed(
            f"the format of {file} is not recognised by its name or content: pass --format, one of {names}",
            exit_code=CommandFailed.USAGE,
        )
    if name in ALL_FORMAT_NAMES and name not in READ_FORMAT_NAMES:
        raise CommandFailed(
            f"{name} can only be exported; formats that can be imported: {names}", exit_code=CommandFailed.USAGE
        )
    return name


async def _pieces(source: Source, advance: Callable[[int], None]) -> AsyncIterator[bytes]:
    if source.path is None:
        yield source.head
        while piece := await asyncio.to_thread(sys.stdin.buffer.read, PIECE):
            yield piece
        return
    with await asyncio.to_thread(source.path.open, "rb") as file:
        while piece := await asyncio.to_thread(file.read, PIECE):
            yield piece
            advance(len(piece))
