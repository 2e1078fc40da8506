"""Writes today's output into the pages, for those who changed what is printed: `make pages`.

What a page shows is proof only if it was printed; copied by hand it soon was not.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

WIDTH: Final = 100


@dataclass
class Refreshed:
    """The text of a page in which some output is replaced."""

    text: str
    _places: list[tuple[int, str, str]] = field(default_factory=list)

    def replace(self, line: int, shown: str, output: str) -> None:
        """Note that what is shown from this line on is another text now."""
        self._places.append((line, shown, output))

    def write(self, path: Path) -> None:
        """Write the page, the last place first, so that line numbers stay good."""
        for line, shown, output in sorted(self._places, reverse=True):
            lines = self.text.splitlines(keepends=True)
            before, rest = "".join(lines[: line - 1]), "".join(lines[line - 1 :])
            if not shown:  # an empty output begins after the command, which may have several lines
                continue
            self.text = before + rest.replace(shown, _wrapped(output), 1)
        path.write_text(self.text)


def _wrapped(output: str) -> str:
    text = output.replace("\r\n", "\n").strip("\n")
    return "\n".join(piece for line in text.split("\n") for piece in _pieces(line)) + "\n"


def _pieces(line: str) -> list[str]:
    """Break JSON that is too long for the page after commas, and indent what follows."""
    pieces: list[str] = []
    while len(line) > WIDTH and line.lstrip()[:1] in {"{", "[", '"'}:
        end = line.rfind(",", 0, WIDTH) + 1 or line.find(",") + 1
        if not end or end == len(line):
            break
        pieces.append(line[:end])
        line = f" {line[end:]}"
    return [*pieces, line]
