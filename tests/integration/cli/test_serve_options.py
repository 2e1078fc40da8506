"""`taskharbor serve` reads its options as Typer would."""

from typing import Any

import typer
from hypothesis import example, given
from hypothesis import strategies as st

from taskharbor.entrypoints.cli import commands, serving
from taskharbor.entrypoints.cli.serve_options import FLAGS, VALUES, serve_options

OPTIONS = sorted([*VALUES, *FLAGS])
WORDS = st.sampled_from(
    [*OPTIONS, *(f"{option}=5" for option in OPTIONS), "--port=", "0", "", "a=b", "-h", "--", "--por"]
)


def command_of_typer():
    group: Any = typer.main.get_command(commands.app)
    return group.commands["serve"]


def read_by_typer(arguments):
    """What it hands over, or None if it ends with its help or a mistake."""
    handed_over = []
    command = command_of_typer()
    original, serving.serve = serving.serve, handed_over.append
    try:
        command(arguments, standalone_mode=False)
    except typer.exceptions.TyperException:
        return None
    finally:
        serving.serve = original
    return handed_over[0] if handed_over else None


@given(st.lists(WORDS, max_size=5))
@example(["--port", "0", "--port=1", "--migrate", "--no-migrate", "--insecure-no-auth", "--database-url", "a=b"])
@example([])
def test_what_is_read_is_what_typer_reads(arguments):
    found = serve_options(arguments)
    assert found is None or found == read_by_typer(arguments)


def test_every_option_is_known():
    parameters = command_of_typer().params
    named = {name for each in parameters for name in (*each.opts, *each.secondary_opts)}
    assert named - {"--help"} == {*OPTIONS}
    for option in VALUES:
        assert serve_options([option, "5"]) == read_by_typer([option, "5"]) is not None
    for option in FLAGS:
        assert serve_options([option]) == read_by_typer([option]) is not None
