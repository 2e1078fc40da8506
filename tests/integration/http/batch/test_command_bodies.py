"""What the body of a batch can hold is what the registry says."""

from typing import get_args, get_type_hints

from taskharbor.application.commands.registry import COMMANDS
from taskharbor.entrypoints.http.batch.bodies import BODIES


def test_every_command_with_a_name_in_batches_has_a_body_that_says_this_name() -> None:
    wires = {kind.command: kind.wire for kind in COMMANDS.values() if kind.wire is not None}
    assert {*BODIES} == {*wires}
    for command, body in BODIES.items():
        assert wires[command] in get_args(get_type_hints(body.adapter._type)["command"])
