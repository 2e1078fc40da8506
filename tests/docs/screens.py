"""Takes the pictures of the command line in docs/cli.md, from a real terminal: `make screens`."""

import fcntl
import io
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

IMAGES = Path(__file__).parents[2] / "docs" / "images"
PROGRAM = Path(sys.executable).with_name("taskharbor")
WIDTH, HEIGHT = 92, 30
# Readers' own fonts will do: none is loaded from elsewhere.
SVG = re.sub(r"@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)

SOON = date.today()  # noqa: DTZ011  # of whoever looks at the picture
PREPARATION = [
    ["lists", "--add", "Household"],
    *[
        ["add", *words, "-q"]
        for words in (
            [
                "Pay the rent",
                "--due",
                f"{SOON - timedelta(days=2)}",
                "-p",
                "1",
                "--list",
                "Household",
                "--tag",
                "money",
            ],
            ["Water the plants", "--due", "today", "--tag", "home", "--tag", "balcony", "--list", "Household"],
            ["Buy soil", "--parent", "4", "--tag", "shop"],
            ["Repot the cactus, which no longer fits on the window sill", "--parent", "4", "--due", "today+4d"],
            ["Call Ada about the offer", "--due", f"{SOON + timedelta(days=1)} 17:00", "-p", "3", "--tag", "phone"],
            ["Renew the passport", "--due", "today+13w", "--estimate", "PT1H"],
        )
    ],
    ["start", "6", "-q"],
]
SCREENS = {
    "cli-list": ["taskharbor list"],
    "cli-show": ["taskharbor show 6"],
    "cli-done": ["taskharbor done 4", "taskharbor done 5 6 --dry-run", "taskharbor lst"],
}


def typed(command: str, folder: Path) -> str:
    """Return what a terminal shows when a command is typed."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))
    environment = {**os.environ, "TERM": "xterm-256color", "PATH": f"{PROGRAM.parent}:{os.environ['PATH']}"}
    process = subprocess.Popen(
        ["sh", "-c", command], cwd=folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 65_536):
            shown += piece
    except OSError:  # how a terminal says on Linux that nobody writes to it any more
        pass
    process.wait()
    os.close(ours)
    return shown.decode().replace("\r\n", "\n")


def main() -> None:
    with TemporaryDirectory() as folder:
        for arguments in PREPARATION:
            subprocess.run([PROGRAM, *arguments], cwd=folder, check=True, capture_output=True)
        IMAGES.mkdir(exist_ok=True)
        for name, commands in SCREENS.items():
            console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
            for command in commands:
                console.print(Text(f"$ {command}"))
                console.print(Text.from_ansi(typed(command, Path(folder)).rstrip("\n")))
            svg = console.export_svg(title="taskharbor", code_format=SVG, unique_id=name)
            (IMAGES / f"{name}.svg").write_text(f"{svg.rstrip()}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
