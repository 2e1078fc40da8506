"""The format of a file is recognised by what is in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskharbor.adapters.interchange.recognition import format_in, recognised
from unit.interchange.files import DATA
from unit.interchange.test_apps import FILES, backup


@pytest.mark.parametrize("format", FILES)
def test_what_apps_export_is_recognised_without_a_name(format: str):
    assert format_in(FILES[format]) == format


@pytest.mark.parametrize(
    ("head", "name", "format"),
    [
        (b"\xef\xbb\xbfBEGIN:VCALENDAR\r\n", "tasks.txt", "icalendar"),
        (b"\nbegin:vtodo\r\n", None, "icalendar"),
        (b'[\n{"id":1,"description":"a","entry":"20260101T000000Z","uuid":"x"}\n]', None, "taskwarrior"),
        (b'{"title": "a"}\n', None, "jsonl"),
        (b'{"kind": "list", "name": "a"}\n', "a.json", "jsonl"),
        (b"(A) call Mom\n", None, "todotxt"),
        (b"call Mom @phone\n", None, "todotxt"),
        (b"call Mom\n", "todo.txt", "todotxt"),
        (b"call Mom\n", None, None),
        (b"id,uid,title\r\n", "a.csv", "csv"),
        (b"TYPE;CONTENT\n", "a.csv", "todoist"),
        ("Subject\tDue Date\n".encode("utf-16"), None, "outlook"),
        (b"<html>@home", None, None),
        (b"\x00\x01 @a", None, None),
        (b"", None, None),
        (b"", "a.ics", "icalendar"),
        (b'"' * 70_000, None, None),
        (b"Subject,Due Date\rMow,1/1/2026\r", None, "outlook"),
        (b"\x15\xdf\r&\xec\x12-", None, None),
    ],
)
def test_formats_are_recognised(head: bytes, name: str | None, format: str | None):
    assert format_in(head, name) == format


def test_zips_and_the_files_of_other_programs_are_recognised():
    assert format_in(backup(Home=FILES["todoist"])) == "todoist"
    for suffix, name in (("ics", "icalendar"), ("txt", "todotxt")):
        for path in DATA.rglob(f"*.{suffix}"):
            if "real_titles" not in path.name and path.parent.name in {"vtodo", "todotxt"}:
                assert format_in(path.read_bytes(), path.name) == name, path


async def test_a_file_that_was_looked_at_is_whole():
    async def pieces():
        for number in range(10):
            yield b"(A) x\n" + b"%d" % number * 20_000

    name, again = await recognised(pieces())
    assert name == "todotxt"
    assert b"".join([piece async for piece in again]) == b"".join([piece async for piece in pieces()])


@given(st.binary(max_size=200) | st.text(st.sampled_from('\r\n\t\0",;a{[B\x0b\x1c\x85\u2028')).map(str.encode))
def test_whatever_a_file_begins_with_is_some_format_or_none(head: bytes):
    format_in(head)
