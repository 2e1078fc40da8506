"""The site of the documentation."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from docs.markdown_page import ALL_PAGES, REPOSITORY


@pytest.fixture
def build(tmp_path):
    """Builds the site from a copy of the pages."""
    shutil.copy(REPOSITORY / "zensical.toml", tmp_path)
    shutil.copytree(REPOSITORY / "docs", tmp_path / "docs")
    zensical = Path(sys.executable).with_name("zensical")
    command = [zensical, "build", "--strict"]
    return lambda: subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)


def test_the_site_is_built_without_a_warning(build, tmp_path):
    built = build()
    assert built.returncode == 0, built.stdout + built.stderr
    site = tmp_path / "site"
    for page in ALL_PAGES[1:]:  # the README is for the repository
        html = site / page.path.relative_to(REPOSITORY / "docs").with_suffix(".html")
        assert html.is_file()
        menu = "docs/adr/index.md" if page.path.parent.name == "adr" else "zensical.toml"
        listed = (REPOSITORY / menu).read_text()
        assert page.path.name in listed or page.name == menu, f"{page.name} is not listed in {menu}"
    assert 'class="mermaid"' in (site / "architecture.html").read_text()


@pytest.mark.long
def test_a_broken_link_fails_the_build(build, tmp_path):
    with (tmp_path / "docs" / "index.md").open("a") as page:
        page.write("\n[nowhere](nowhere.md)\n")
    assert build().returncode != 0


def test_the_tests_that_pages_name_exist():
    pages = [page.path for page in ALL_PAGES] + [REPOSITORY / "SECURITY.md"]
    named = {name for page in pages for name in re.findall(r"`(tests/[\w/]+\.py)", page.read_text())}
    assert len(named) > 20
    assert {name for name in named if not (REPOSITORY / name).exists()} == set()
