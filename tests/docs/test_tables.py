"""What the pages list is all that there is."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs.markdown_page import ALL_PAGES, REPOSITORY, Page
from docs.terminal import environment_in
from taskharbor.application.ports.storage import Storage
from taskharbor.entrypoints.cli.failure import CommandFailed
from taskharbor.entrypoints.embedded.harbor import Harbor
from taskharbor.entrypoints.http import create_app
from taskharbor.entrypoints.http.responses.problem_types import PROBLEM_TYPES
from taskharbor.entrypoints.settings.settings import Settings

ARCHITECTURE = Page(REPOSITORY / "docs" / "architecture.md")
HTTP_API = Page(REPOSITORY / "docs" / "http-api.md")
EMBEDDING = Page(REPOSITORY / "docs" / "embedding.md")
OPERATIONS = Page(REPOSITORY / "docs" / "operations.md")
STORAGE = Page(REPOSITORY / "docs" / "storage.md")


def test_the_guide_lists_the_settings_that_the_command_lists(tmp_path):
    environment = {
        name: value for name, value in environment_in(tmp_path).items() if not name.startswith("TASKHARBOR_")
    }
    command = [Path(sys.executable).with_name("taskharbor"), "settings"]
    listed = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    settings = re.findall(r"(TASKHARBOR_\w+)=.*\n    (.+) \[default: (.*)\]\n", listed)
    assert OPERATIONS.table("Variable", "Default", "Meaning") == [
        [name, default, text] for name, text, default in settings
    ]


def test_the_guide_lists_every_route():
    described = create_app(Settings(database_url="memory://")).openapi()["paths"]
    routes = {
        (method.upper(), path, next(status for status in operation["responses"] if status.startswith("2")))
        for path, operations in described.items()
        for method, operation in operations.items()
    }
    listed = HTTP_API.table("Method", "Path", "Does", "Success")
    assert {(method, path, status) for method, path, _, status in listed} == routes
    assert len(listed) == len(routes)


def test_the_guide_lists_every_code_of_an_error():
    listed = [(int(status), code) for status, code, _ in HTTP_API.table("Status", "Code", "Means")]
    assert sorted(listed) == sorted({(kind.status, error.code) for error, kind in PROBLEM_TYPES.items()})


def test_the_guide_lists_every_call():
    listed = re.findall(r"(\w+)\(", " ".join(call for call, _ in EMBEDDING.table("Call", "Does")))
    calls = {
        name: value
        for cls in Harbor.__mro__
        if cls is not object
        for name, value in vars(cls).items()
        if name[0] != "_"
    }
    assert set(listed) == {name for name, value in calls.items() if callable(value)}


def test_the_guide_lists_every_method_of_a_storage():
    listed = {method.partition("(")[0] for method, _ in STORAGE.table("Method", "Promises")}
    assert listed == Storage.__abstractmethods__


def test_the_guide_lists_every_exit_code():
    listed = [int(code) for code, _ in OPERATIONS.table("Exit code", "Means")]
    assert listed == [0, *sorted(code for name, code in vars(CommandFailed).items() if name.isupper())]


def test_the_tree_names_what_is_there():
    [tree] = [snippet for snippet in ARCHITECTURE.snippets if snippet.language == "tree"]
    for path in re.findall(r"^\S+|\S+/testing/", tree.text, re.MULTILINE):
        assert (REPOSITORY / path).is_dir(), path


def test_a_target_of_make_that_a_page_names_exists():
    makefile = (REPOSITORY / "Makefile").read_text()
    for page in ALL_PAGES:
        for target in re.findall(r"(?:`|\$ )make ([\w.-]+)", page.path.read_text()):
            assert f"\n{target}:" in makefile, f"{page.name} names make {target}"


def test_make_serve_is_the_command_that_the_pages_are_tried_out_with():
    assert re.search(
        r"^serve:.*\n\t@exec \$\(BIN\)/taskharbor serve \$\(ARGS\)$",
        (REPOSITORY / "Makefile").read_text(),
        re.MULTILINE,
    )


def test_the_tests_that_make_runs_by_name_exist():
    named = re.findall(r"(tests/[\w/]+\.py)(?:::(\w+))?", (REPOSITORY / "Makefile").read_text())
    assert len(named) > 2
    for file, test in named:
        assert f"def {test}" in (REPOSITORY / file).read_text(), f"{file}::{test}"


@pytest.mark.parametrize("page", ALL_PAGES, ids=lambda page: page.name)
def test_a_link_leads_somewhere(page):
    for link in page.links:
        if not link.startswith("http"):
            path, _, heading = link.partition("#")
            target = page.path.parent / path if path else page.path
            assert target.exists(), f"{page.name} links to {link}"
            assert not heading or heading in Page(target).headings, f"{page.name} links to {link}"


FRONT_DOORS = {
    "taskharbor.client",
    "taskharbor.adapters.memory",
    "taskharbor.application.ports",
    "taskharbor.entrypoints.embedded",
    "taskharbor.entrypoints.http",
    "taskharbor.testing",
}
A_CONTRACT = re.compile(r"taskharbor\.testing\.(\w+\.)?(\w+_contract|strategies)")
"""The parts of the kit can be run on their own."""


@pytest.mark.parametrize("page", ALL_PAGES, ids=lambda page: page.name)
def test_a_page_imports_only_from_the_front_doors(page):
    modules = set(re.findall(r"(?:^|`)(?:from|import) (taskharbor[\w.]*)", page.path.read_text(), re.MULTILINE))
    assert {module for module in modules if not A_CONTRACT.fullmatch(module)} <= FRONT_DOORS
