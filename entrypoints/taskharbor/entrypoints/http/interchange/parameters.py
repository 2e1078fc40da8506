"""The parameters of imports and exports."""

from typing import Final

from taskharbor.adapters.interchange.formats import FORMAT_NAMES, READ_FORMAT_NAMES, format_named
from taskharbor.application.ports.interchange import Format
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.values.uid import Uid, uid_from
from taskharbor.entrypoints.http.requests.errors import InvalidRequest
from taskharbor.entrypoints.http.requests.parameter import TEXT, Parameter, one_of, text
from taskharbor.entrypoints.http.requests.parameters import in_query

EXAMPLE_ID: Final = Uid("0190b1f4-1234-7abc-8def-0123456789ab")
_TRUTH: Final = {"true": True, "false": False}


def _truth(text: str, location: str) -> bool:
    if text not in _TRUTH:
        raise InvalidRequest.at(location, "must be true or false", code="wrong_type")
    return _TRUTH[text]


def _read_format(text: str, _: str) -> str:
    format_named(text)  # refused before anything is read
    return text


def _written_format(text: str, location: str) -> Format:
    if text in READ_FORMAT_NAMES and text not in FORMAT_NAMES:
        one_of(FORMAT_NAMES)(text, location)
    return format_named(text)


def _import_id(text: str, location: str) -> Uid:
    try:
        return uid_from(text)
    except InvalidValue as invalid:
        raise InvalidRequest.at(location, invalid.reason, code="invalid_value") from None


READ_FORMAT: Final = in_query(
    "format",
    "The format of the file; without it, it is recognised by what is in it.",
    TEXT | {"enum": list(READ_FORMAT_NAMES)},
    _read_format,
    example="icalendar",
)
WRITTEN_FORMAT: Final = Parameter(
    name="format",
    schema=TEXT | {"enum": list(FORMAT_NAMES)},
    description="The format of the file.",
    parse=_written_format,
    example="icalendar",
    is_required=True,
)
FILE_NAME: Final = in_query(
    "file_name", "What the file is called: of a CSV of Todoist the name of the project.", TEXT, text, example="Home.csv"
)
DRY_RUN: Final = in_query(
    "dry_run",
    "Whether to write nothing, and only report what would be written.",
    {"type": "boolean", "default": False},
    _truth,
)
ATOMIC: Final = in_query(
    "atomic",
    "Whether to import nothing if something cannot be imported.",
    {"type": "boolean", "default": False},
    _truth,
)
IMPORT_ID: Final = Parameter(
    name="import_id",
    where="path",
    schema=TEXT | {"format": "uuid"},
    description="The `id` of the import.",
    parse=_import_id,
    example=EXAMPLE_ID,
    is_required=True,
)
