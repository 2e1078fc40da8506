"""The JSON of answers that are long: that of a batch of 15 MB must not keep others waiting."""

import json
from typing import Any, Final

from taskharbor.application.documents.json_decoding import SHORT, InterruptibleDecoder, decoded
from taskharbor.application.documents.json_encoding import ENCODER
from taskharbor.application.turns import in_turns

_INTERRUPTIBLE: Final = InterruptibleDecoder()


async def json_text_in_turns(value: object) -> str:
    """Return what `json_text` does, with turns for others."""
    return "".join([piece async for piece in in_turns(ENCODER.iterencode(value))])


async def json_value_of(text: str) -> Any:  # noqa: ANN401  # JSON
    """Return the value of a text, which is read in a thread if it is long."""
    return await decoded(text, json.loads if len(text) <= SHORT else _INTERRUPTIBLE.decode)
