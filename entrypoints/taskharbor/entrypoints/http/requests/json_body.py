"""Read the JSON in a request body."""

import json
from collections.abc import Sequence
from typing import Final, TypeAlias, cast

from starlette.requests import Request

from taskharbor.application.documents.json_decoding import SHORT, InterruptibleDecoder, decoded
from taskharbor.entrypoints.http.requests.body import read_bytes
from taskharbor.entrypoints.http.requests.errors import InvalidRequest, MalformedJson
from taskharbor.entrypoints.http.requests.headers import require_media_type
from taskharbor.entrypoints.http.requests.validation import named


async def read_json(request: Request, accepted: Sequence[str], limit: int) -> object:
    """Return the JSON value in the body.

    Raises:
        UnsupportedMediaType: if it does not say to be in one of the `accepted` types.
        BodyTooLarge: as soon as it is known to have more than `limit` bytes.
        MalformedJson: if there is none.
        InvalidRequest: if an object has a key twice.
    """
    require_media_type(request.scope, accepted)  # so it is of no type that a page of any other site can send
    return await decoded(await read_bytes(request, limit), json_from)


def json_from(body: bytes) -> object:
    """Return the JSON value in `body`.

    Raises:
        MalformedJson: if there is none; NaN and Infinity are none (RFC 8259 section 6).
        InvalidRequest: if an object has a key twice, which is ambiguous (section 4).
    """
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise MalformedJson(f"it is not UTF-8 at byte {error.start}") from None
    try:
        return _decoded(text, _DECODER if len(body) <= SHORT else _LONG_DECODER)
    except _KeyTwice:
        place = _place_of_key_twice(_decoded(text, _FINDER))
    raise InvalidRequest.at(place, "is named more than once", code="duplicate")


def _decoded(text: str, decoder: json.JSONDecoder) -> object:
    try:
        found: object = decoder.decode(text)
    except json.JSONDecodeError as error:
        raise MalformedJson(f"{error.msg} at line {error.lineno} column {error.colno}") from None
    except RecursionError:
        raise MalformedJson("it is nested too deeply") from None
    except ValueError:
        # Python reads no integer of more than 4300 digits.
        raise MalformedJson("it has a number that is too long") from None
    return found


def _object_from(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _KeyTwice
    return found


def _refuse_constant(name: str) -> None:
    raise MalformedJson(f"{name} is not a JSON value")


class _KeyTwice(Exception):  # private to this module
    """Some object has a key twice."""


class _Ambiguous(dict[str, object]):
    """An object that has the key `twice` twice."""

    twice: str = ""


def _maybe_ambiguous(pairs: list[tuple[str, object]]) -> dict[str, object]:
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            found = _Ambiguous()
            found.twice = key
            return found
        seen.add(key)
    return dict(pairs)


def _place_of_key_twice(document: object) -> str:
    """Return where the first key is that is there twice."""
    left: list[tuple[_Path, object]] = [((None, "body"), document)]
    while left:
        path, value = left.pop()
        if isinstance(value, _Ambiguous):
            return _location((path, f".{named(value.twice)}"))
        if isinstance(value, dict):
            members = cast("dict[str, object]", value)
            left += [((path, f".{named(key)}"), member) for key, member in reversed(members.items())]
        elif isinstance(value, list):
            items = cast("list[object]", value)
            left += [((path, f"[{place}]"), item) for place, item in reversed(list(enumerate(items)))]
    raise AssertionError


def _location(path: "_Path") -> str:
    steps: list[str] = []
    further: _Path | None = path
    while further is not None:
        further, step = further
        steps.append(step)
    return "".join(reversed(steps))


_Path: TypeAlias = tuple["_Path | None", str]
"""The way to a value: that to the one around it, which many share, and the last step."""

_DECODER: Final = json.JSONDecoder(object_pairs_hook=_object_from, parse_constant=_refuse_constant)
_LONG_DECODER: Final = InterruptibleDecoder(object_pairs_hook=_object_from, parse_constant=_refuse_constant)
_FINDER: Final = InterruptibleDecoder(object_pairs_hook=_maybe_ambiguous, parse_constant=_refuse_constant)
