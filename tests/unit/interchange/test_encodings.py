"""A file is read whatever it is encoded in, and however its lines end, in every format."""

import json

import pytest

from unit.interchange.files import draft, readings, task, vtodo, written

WORDS = "Café “Łódź” 北京"
UID = "3b9d3c1e-7d0a-4a0c-8f55-0d2f8f3c1a11"
FILES = {
    "todotxt": f"{WORDS}\nAnother\n",
    "jsonl": "".join(f"{json.dumps({'title': title}, ensure_ascii=False)}\n" for title in (WORDS, "Another")),
    "icalendar": vtodo().replace("SUMMARY:Test", f"SUMMARY:{WORDS}"),
    "taskwarrior": json.dumps(
        [{"uuid": UID, "description": WORDS}, {"description": "Another"}], ensure_ascii=False, indent=1
    ),
    "todoist": f"TYPE,CONTENT\ntask,{WORDS}\ntask,Another\n",
    "ticktick": f"List Name,Title\nHome,{WORDS}\nHome,Another\n",
    "outlook": f"Subject,Due Date\n{WORDS},\nAnother,\n",
    "google_tasks": json.dumps(
        {"kind": "tasks#tasks", "items": [{"kind": "tasks#task", "id": "a", "title": WORDS}]}, ensure_ascii=False
    ),
    "microsoft_todo": json.dumps([{"id": "a", "title": WORDS}], ensure_ascii=False),
    "super_productivity": json.dumps(
        {"task": {"ids": ["a"], "entities": {"a": {"id": "a", "title": WORDS}}}}, ensure_ascii=False
    ),
    "trello": json.dumps({"cards": [{"id": "a", "name": WORDS}]}, ensure_ascii=False),
}


def titles(format: str, data: bytes, piece: int = 1 << 16) -> list[object]:
    return [each.changes.title for each in readings(format, data, piece=piece)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("piece", [1, 3, 1 << 16])
@pytest.mark.parametrize("name", FILES)
def test_a_byte_order_mark_says_how_a_file_is_encoded(name: str, piece: int, encoding: str):
    assert titles(name, FILES[name].encode(encoding), piece) == titles(name, FILES[name].encode())
    assert titles(name, FILES[name].encode())[0] == WORDS


@pytest.mark.parametrize("piece", [1, 1 << 16])
@pytest.mark.parametrize("name", FILES)
def test_bytes_that_are_no_utf_8_are_windows_1252_and_the_rest_of_the_file_is_what_it_was(name: str, piece: int):
    data = FILES[name].encode().replace("é".encode(), b"\xe9")
    assert titles(name, data, piece) == titles(name, FILES[name].encode())


@pytest.mark.parametrize("name", ["todotxt", "jsonl", "icalendar", "taskwarrior"])
def test_it_is_said_where_the_bytes_are_no_utf_8(name: str):
    (remark,) = readings(name, FILES[name].encode().replace("é".encode(), b"\xe9"))[0].remarks
    assert "Windows-1252" in remark


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("piece", [1, 2, 1 << 16])
@pytest.mark.parametrize("name", FILES)
def test_lines_may_end_in_any_way(name: str, piece: int, end: str):
    data = FILES[name].replace("\r\n", "\n").replace("\n", end).encode()
    assert titles(name, data, piece) == titles(name, FILES[name].encode())


@pytest.mark.parametrize("name", ["todoist", "ticktick", "outlook"])
@pytest.mark.parametrize("odd", "\x0b\x0c\x1c\x85\u2028\u2029")
def test_nothing_but_a_line_break_ends_a_row(name: str, odd: str):
    assert len(titles(name, FILES[name].replace("Café ", f"Café{odd}").encode())) == 2


def test_a_property_of_others_in_windows_1252_goes_out_again():
    data = vtodo("X-OTHER:Café").encode().replace("é".encode(), b"\xe9")
    assert "X-OTHER:Café\r\n" in written("icalendar", task("icalendar", data)).decode()
    assert draft("icalendar", data).remarks == ("line 7 (X-OTHER): is not UTF-8 at byte 11, but Windows-1252: read so",)
