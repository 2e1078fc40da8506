"""Files for the tests of the formats."""

from datetime import UTC, datetime
from pathlib import Path

from taskharbor.adapters.interchange.formats import format_named
from taskharbor.application.interchange.apply_draft import new_task_of
from taskharbor.application.ports.interchange import ReadItem, ReferenceNames, Skipped, TaskDraft, Unreadable
from taskharbor.domain.identifiers import INBOX
from taskharbor.domain.tasks.task import Task

DATA = Path(__file__).parents[2] / "data"
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def readings(format: str, data: bytes | str, *, piece: int = 1 << 16) -> list[ReadItem]:
    """Read a file that comes in pieces of this size."""
    data = data.encode() if isinstance(data, str) else data
    reader = format_named(format).reader()
    assert reader is not None
    found = [each for at in range(0, len(data), piece) for each in reader.feed(data[at : at + piece])]
    return [*found, *reader.end()]


def drafts(format: str, data: bytes | str) -> list[TaskDraft]:
    """Read a file in which every task can be read."""
    found = readings(format, data)
    assert not [each for each in found if isinstance(each, Unreadable)], found
    return [each for each in found if isinstance(each, TaskDraft)]


def draft(format: str, data: bytes | str) -> TaskDraft:
    """Read a file with one task."""
    (found,) = drafts(format, data)
    return found


def refusal(format: str, data: bytes | str) -> Unreadable:
    """Read a file of which nothing can be read."""
    (found,) = (each for each in readings(format, data) if not isinstance(each, Skipped))
    assert isinstance(found, Unreadable), found
    return found


def task(format: str, data: bytes | str) -> Task:
    """Read a file with one task, and make it."""
    return new_task_of(draft(format, data), 1, at=NOW)


def written(format: str, *tasks: Task, names: ReferenceNames | None = None) -> bytes:
    """Write a file."""
    writer = format_named(format).writer()
    around = names or ReferenceNames()
    return b"".join([writer.head(), *(writer.write(each, around).data for each in tasks), writer.tail()])


def losses(format: str, task: Task) -> tuple[str, ...]:
    """Tell what a format loses of a task."""
    return format_named(format).writer().write(task, ReferenceNames()).losses


def vtodo(*lines: str, uid: str = "3b9d3c1e-7d0a-4a0c-8f55-0d2f8f3c1a11") -> str:
    """Make a calendar with one VTODO that has these lines."""
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Test//EN", "BEGIN:VTODO", f"UID:{uid}", "SUMMARY:Test"]
    return "\r\n".join([*head, *lines, "END:VTODO", "END:VCALENDAR", ""])


def lists(**names: int) -> ReferenceNames:
    """Make surroundings with these lists."""
    return ReferenceNames(lists={INBOX: "Inbox", **{number: name for name, number in names.items()}})
