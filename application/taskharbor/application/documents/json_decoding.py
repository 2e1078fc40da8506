"""Decode JSON that is so large that others must not wait for it."""

import asyncio
import json
from collections.abc import Callable
from json import scanner
from typing import Any, Final, TypeVar

T = TypeVar("T")
JsonText = TypeVar("JsonText", str, bytes)

SHORT: Final = 262_144
"""Up to how many bytes or characters JSON is decoded at once: that takes some milliseconds at most."""


class InterruptibleDecoder(json.JSONDecoder):
    """Decodes as its parent does, but other threads can run meanwhile.

    The parent decodes in C, and lets no other thread run until it is done. This one is several times slower, and only
    strings and numbers are left to C. It belongs in a thread of its own.
    """

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  # those of its parent
        super().__init__(**options)
        self.parse_object = json.decoder.JSONObject  # type: ignore[attr-defined]  # in Python, but not in its stubs
        self.parse_array = json.decoder.JSONArray  # type: ignore[attr-defined]
        self.scan_once = scanner.py_make_scanner(self)  # type: ignore[attr-defined]


async def decoded(data: JsonText, decode: Callable[[JsonText], T]) -> T:
    """Return what `decode` makes of data, in a thread if it is long."""
    return decode(data) if len(data) <= SHORT else await asyncio.to_thread(decode, data)
