"""todo.txt, line by line."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from pytodotxt import Task as TodoTxtTask

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.values.calendar_time import AllDay, Floating, Zoned
from taskharbor.entrypoints.embedded.opening import open_taskharbor
from unit.interchange.files import DATA, NOW, draft, drafts, lists, losses, readings, refusal, task, written

FILE = (DATA / "todotxt" / "todo.txt").read_bytes()


@pytest.mark.parametrize(
    ("line", "title", "priority"),
    [
        ("(A) Thank Mom @phone", "Thank Mom", 1),
        ("(C) 2026-03-01 Find ticket prices", "Find ticket prices", 3),
        ("(Z) Last", "Last", 9),
        ("(b) Get back to the boss", "(b) Get back to the boss", 0),
        ("xylophone lesson", "xylophone lesson", 0),
        ("X 2026-03-03 not done", "X 2026-03-03 not done", 0),
        ("x 2026-03-05 2026-03-01 Was important pri:A", "Was important", 1),
        ("Meet at 10:30 see https://example.org/a:b key:value", "Meet at 10:30 see https://example.org/a:b", 0),
        ("@GroceryStore", "@GroceryStore", 0),
        ("Learn how to add 2+2 soandso@example.com", "Learn how to add 2+2 soandso@example.com", 0),
    ],
)
def test_words_that_mean_nothing_else_are_the_title(line: str, title: str, priority: int):
    found = draft("todotxt", line).changes
    assert (found.title, found.priority) == (title, priority)


def test_each_part_of_a_line_is_right():
    found = draft("todotxt", "x 2026-03-05 2026-03-01 Call Mom +Family @phone @home due:2026-04-01 t:2026-03-25 a:b")
    assert found.changes.progress is Progress.COMPLETED
    assert found.completed == datetime(2026, 3, 5, tzinfo=UTC)
    assert found.created == datetime(2026, 3, 1, tzinfo=UTC)
    assert found.list_name == "Family"
    assert found.changes.tags == ["phone", "home"]
    made = task("todotxt", "Pay due:2026-04-01 t:2026-03-25")
    assert (made.start, made.due) == (AllDay(date(2026, 3, 25)), AllDay(date(2026, 4, 1)))


def test_a_date_with_a_time_is_a_floating_one():
    assert task("todotxt", "Pay due:2026-04-01T09:30").due == Floating(datetime(2026, 4, 1, 9, 30))  # noqa: DTZ001


async def test_the_file_comes_out_as_it_was_and_importing_it_again_changes_nothing():
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        report = await harbor.import_tasks(FILE, format="todotxt")
        assert (report.refused, report.created) == (0, 23)
        assert (await harbor.import_tasks(FILE, format="todotxt")).unchanged == 23
        exported = b"".join([piece async for piece in harbor.export_tasks(format="todotxt")])
    assert [line.strip() for line in exported.splitlines()] == [line.strip() for line in FILE.splitlines()]


async def test_pytodotxt_reads_in_the_export_what_it_read_in_the_file():
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        await harbor.import_tasks(FILE, format="todotxt")
        exported = b"".join([piece async for piece in harbor.export_tasks(format="todotxt")])
    parts = [[_parts_of(TodoTxtTask(line)) for line in file.decode().splitlines()] for file in (exported, FILE)]
    assert parts[0] == parts[1]


def test_a_changed_task_gets_a_new_line_and_stays_who_it_is():
    made = task("todotxt", "(B) Call @home Mom +Family +More due:2026-04-01 estimate:2h").complete(at=NOW)
    line = written("todotxt", replace(made, list=5), names=lists(Family=5)).decode()
    assert line.startswith("x 2026-11-25 2026-11-25 Call Mom +Family +More @home due:2026-04-01 pri:B estimate:2h uid:")
    again = draft("todotxt", line)
    assert again.uid == made.uid
    assert again.list_name == "Family"


def test_a_task_is_known_again_when_it_is_done_later():
    before = draft("todotxt", "(A) 2026-03-01 Call Mom @phone due:2026-04-01")
    assert draft("todotxt", "x 2026-03-02 2026-03-01 Call Mom @phone").uid == before.uid
    assert draft("todotxt", "2026-03-01 Call Dad").uid != before.uid


def test_the_same_line_twice_is_two_tasks():
    one, other = drafts("todotxt", "Same\nSame\n")
    assert one.uid != other.uid


@pytest.mark.parametrize(
    ("line", "title", "remark"),
    [
        (
            "Pay due:2026-02-30",
            "Pay",
            "line 1 (due): does not exist: day is out of range for month: kept, and not read",
        ),
        ("Pay due:friday", "Pay", "line 1 (due): must be a date such as 2026-12-01: kept, and not read"),
        ("Pay t:2026-02-02 due:2026-01-01", "Pay", "line 1 (t): is after due: kept, and not read as the start"),
        ("Pay rec:5x due:2026-01-01", "Pay", "line 1 (rec): 5x is no rule that is known here: kept"),
        (
            f"Pay @{'x' * 65}",
            "Pay",
            f"line 1: @{'x' * 40} is no tag here, as it must have at most 64 characters, has 65: kept",
        ),
        ("2026-13-01 Call", "2026-13-01 Call", "line 1: 2026-13-01 is no date: read as a part of the text"),
        ("x" * 501, "x" * 499 + "…", "line 1: its text is too long for a title, or has control characters: cut"),
        ("Ring a\x07bell", "Ring a bell", "line 1: its text is too long for a title, or has control characters: cut"),
    ],
)
def test_no_task_is_lost_for_the_sake_of_one_value_and_its_line_comes_out_again(line: str, title: str, remark: str):
    found = draft("todotxt", line)
    assert found.changes.title == title
    assert found.remarks == (remark,)
    assert written("todotxt", task("todotxt", line)).decode() == f"{line}\n"


def test_a_line_that_is_too_long_or_no_utf8_is_taken_as_far_as_it_can_be_read():
    long, latin = drafts("todotxt", b"x" * 70_000 + b"\nCaf\xe9\n")
    assert (long.changes.title, long.remarks[0]) == ("x" * 499 + "…", "line 1: it has more than 65536 bytes")
    assert (latin.changes.title, latin.remarks) == ("Café", ("line 2: it is not UTF-8 at byte 3, but Windows-1252",))


def test_what_is_no_text_is_refused():
    assert refusal("todotxt", "Call Mom".encode("utf-16-le")).reason == "it has NUL bytes, as no text in UTF-8 has"


def test_line_numbers_count_blank_lines():
    found = readings("todotxt", "one\n\n\r\nbad due:soon\r\nlast")
    assert [each.place for each in found] == ["line 1", "line 4", "line 5"]


def test_what_it_cannot_hold_is_said():
    made = task("todotxt", "x")
    assert losses("todotxt", made) == ()
    due = Zoned(datetime(2026, 12, 1, 9), "Europe/Berlin")  # noqa: DTZ001
    full = replace(
        made, title="Meet @home", description="long", due=due, tags=("two words",), progress=Progress.CANCELLED
    )
    assert losses("todotxt", full) == (
        "the title as it is: some of its words mean something else there",
        "the description",
        "that it was cancelled",
        "the time and zone of its due",
        "spaces in tags",
    )


def _parts_of(line: TodoTxtTask):
    values = {key: sorted(value) for key, value in line.attributes.items()}
    dates = (line.completion_date, line.creation_date)
    return (
        line.is_completed,
        line.priority,
        dates,
        line.bare_description().split(),
        line.projects,
        line.contexts,
        values,
    )
