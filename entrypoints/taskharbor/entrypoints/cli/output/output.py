"""Where a command writes its answer, and in which form."""

import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cached_property
from shutil import get_terminal_size
from typing import TYPE_CHECKING, TextIO
from zoneinfo import ZoneInfo

from taskharbor.entrypoints.cli.output.formats import TABLE, Document, written
from taskharbor.entrypoints.cli.output.local_zone import local_zone_name

if TYPE_CHECKING:
    from rich.console import Console

_NO_TERMINAL_WIDTH = 10_000
"""In a pipe no line is folded: programs look at it."""


class Output:
    """Standard output, in a format.

    Attributes:
        format: one of the `FORMATS`.
        is_quiet: whether what was changed is not shown.
    """

    def __init__(self, format: str, *, is_quiet: bool = False, time_zone: str | None = None) -> None:
        self.format = format
        self.is_quiet = is_quiet
        self._time_zone = time_zone

    @cached_property
    def zone_name(self) -> str:
        """The time zone in which days begin and end."""
        return self._time_zone or local_zone_name()

    @property
    def zone(self) -> ZoneInfo:
        """Its rules."""
        from taskharbor.domain.values.time_zone import zone  # noqa: PLC0415

        return zone(self.zone_name)

    @property
    def now(self) -> datetime:
        """The present instant."""
        return datetime.now(UTC)

    @property
    def width(self) -> int | None:
        """How wide the terminal is; None if it is none."""
        return get_terminal_size().columns if sys.stdout.isatty() else None

    def show(
        self,
        documents: Callable[[], Sequence[Document]],
        table: Callable[[], object],
        *,
        single: bool = False,
    ) -> None:
        """Write documents, or the table that shows them. Only what is needed is made."""
        if self.format != TABLE:
            sys.stdout.write(written(documents(), self.format, single=single))
        elif not self.is_quiet:
            console_on(sys.stdout).print(table())

    def say(self, sentence: str) -> None:
        """Write a sentence for people beside the answer."""
        if self.format == TABLE and not self.is_quiet:
            print(sentence, file=sys.stderr)


def console_on(stream: TextIO) -> "Console":
    """Return a console: in colour on a terminal, unless `NO_COLOR` is set; as wide as it needs in a pipe."""
    from rich.console import Console  # noqa: PLC0415  # it takes time to load

    is_terminal = stream.isatty()
    return Console(
        file=stream,
        width=None if is_terminal or "COLUMNS" in os.environ else _NO_TERMINAL_WIDTH,
        highlight=False,
        markup=False,
        emoji=False,
        force_terminal=None if is_terminal else False,
        no_color=bool(os.environ.get("NO_COLOR")) or None,
    )
