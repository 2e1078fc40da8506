"""How the values of a task are written in JSON: what its document and its history are made of."""

import json
from datetime import datetime
from json.encoder import encode_basestring
from typing import Final, Protocol

from taskharbor.domain.values.instant import instant_as_json


class _HasWireForm(Protocol):
    def as_json(self) -> object: ...


ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)

json_text: Final = ENCODER.encode
"""Return any JSON value as text. For known types the functions below are faster."""


string_text: Final = encode_basestring
"""Return a string as text."""


def instant_text(instant: datetime) -> str:
    """Return an instant as text."""
    return f'"{instant_as_json(instant)}"'


def value_text(value: _HasWireForm) -> str:
    """Return a value object as text."""
    return json_text(value.as_json())


def strings_text(strings: tuple[str, ...]) -> str:
    """Return strings as text."""
    return f"[{','.join(map(encode_basestring, strings))}]"


def numbers_text(numbers: tuple[int, ...]) -> str:
    """Return numbers as text."""
    return f"[{','.join(map(str, numbers))}]"
