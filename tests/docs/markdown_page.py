"""A page of the documentation: its snippets, tables and links, in the order in which a reader meets them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

REPOSITORY = Path(__file__).parents[2]

_NOT_RUN = re.compile(r"<!-- not run: (.+) -->\s*")
_FILE = re.compile(r"# (\S+\.py)\n")


@dataclass(frozen=True)
class Command:
    """Something to type, and what is shown then."""

    line: int
    text: str
    shown: str


@dataclass(frozen=True)
class Snippet:
    """A fenced block. `not_run` is the reason, for those few that a test cannot run."""

    line: int
    language: str
    text: str
    not_run: str | None

    @property
    def file(self) -> str | None:
        """The name under which readers save it, if it begins with one."""
        name = _FILE.match(self.text)
        return name[1] if name else None

    @property
    def commands(self) -> list[Command]:
        """What a console snippet has readers type: after `$ `, and `> ` on the lines that continue it."""
        commands: list[Command] = []
        typing = False
        for number, line in enumerate(self.text.splitlines(keepends=True), self.line + 1):
            last = commands[-1] if commands else None
            if line.startswith("$ "):
                commands.append(Command(number, line[2:], ""))
                typing = True
            elif last is None:
                raise ValueError(f"line {number} shows something before a command was typed")
            elif typing and line.startswith("> "):
                commands[-1] = Command(last.line, last.text + line[2:], "")
            else:
                commands[-1] = Command(last.line, last.text, last.shown + line)
                typing = False
        return commands


@dataclass(frozen=True)
class Page:
    path: Path

    @property
    def name(self) -> str:
        inside = self.path.is_relative_to(REPOSITORY)
        return self.path.relative_to(REPOSITORY).as_posix() if inside else self.path.name

    @cached_property
    def tokens(self) -> list[Token]:
        return MarkdownIt("commonmark").enable("table").parse(self.path.read_text())

    @cached_property
    def snippets(self) -> list[Snippet]:
        return list(self._find_snippets())

    @property
    def runnable(self) -> list[Snippet]:
        return [snippet for snippet in self.snippets if snippet.not_run is None]

    @property
    def links(self) -> list[str]:
        inline = [child for token in self.tokens for child in token.children or ()]
        return [str(token.attrs["href"]) for token in inline if token.type == "link_open"]

    @property
    def headings(self) -> set[str]:
        """How links name the headings: in lower case, with hyphens for spaces and without punctuation."""
        pairs = pairwise(self.tokens)
        titles = [text.content for opening, text in pairs if opening.type == "heading_open"]
        return {re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in titles}

    def table(self, *header: str) -> list[list[str]]:
        """Return the rows of the table that begins with this header, as text without marks."""
        rows: list[list[str]] = []
        tables: list[list[list[str]]] = []
        for token in self.tokens:
            if token.type == "table_open":
                rows = []
                tables.append(rows)
            elif token.type == "tr_open":
                rows.append([])
            elif token.type == "inline" and token.level == 4 and rows:
                rows[-1].append("".join(child.content for child in token.children or ()))
        return next(rows[1:] for rows in tables if rows[0] == list(header))

    def _find_snippets(self) -> Iterator[Snippet]:
        for before, token in pairwise([None, *self.tokens]):
            if token is None or token.type not in {"fence", "code_block"}:
                continue
            reason = _NOT_RUN.fullmatch(before.content) if before and before.type == "html_block" else None
            yield Snippet(
                line=(token.map or [0])[0] + 1,
                language=token.info,
                text=token.content,
                not_run=reason[1] if reason else None,
            )


ALL_PAGES = [Page(path) for path in (REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").rglob("*.md")))]

# The guide to the kit is run by tests/contract/test_guide.py.
PAGES = [page for page in ALL_PAGES if page.snippets and page.path.name != "conformance-kit.md"]
