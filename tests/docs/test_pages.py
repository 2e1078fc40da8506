"""Every snippet of the pages is tried out."""

import pytest

from docs.markdown_page import PAGES, Page

NOT_RUN = {("README.md", "it is what runs this page"), ("docs/performance.md", "it takes minutes")}
"""The few that a test cannot run, by page, with their reason. A new one must be worth it."""


def test_what_a_page_says_gives_what_it_shows(reader):
    reader.follow()


def test_every_snippet_is_of_a_kind_that_is_tried_out(page):
    tried_out, shown = {"console", "js", "python", "text", "tree"}, {"ini", "mermaid"}
    assert {snippet.language for snippet in page.snippets} <= tried_out | shown


def test_a_program_that_a_page_has_saved_is_used_on_it(page):
    typed = [command.text for snippet in page.runnable if snippet.language == "console" for command in snippet.commands]
    for file in filter(None, [snippet.file for snippet in page.runnable]):
        assert any(file.removesuffix(".py") in command for command in typed), f"{file} is saved and never run"


def test_what_is_not_run_is_listed_here():
    assert {(page.name, snippet.not_run) for page in PAGES for snippet in page.snippets if snippet.not_run} == NOT_RUN


@pytest.mark.parametrize(
    "wrong",
    [
        "```console\n$ echo yes\nno\n```\n",
        "```console\n$ echo yes\n```\n",
        "```console\n$ export A=yes\n$ echo $A\nno\n```\n",
        "```python\nprint('yes')\n```\n\n```text\nno\n```\n",
        "```python\nassert 'yes' == 'no'\n```\n",
    ],
)
def test_a_page_that_shows_what_is_not_so_is_noticed(wrong, read, tmp_path):
    (tmp_path / "page.md").write_text(wrong)
    with pytest.raises(AssertionError):
        read(Page(tmp_path / "page.md")).follow()
