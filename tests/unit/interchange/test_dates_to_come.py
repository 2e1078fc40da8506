"""Nothing that has happened is in the future, whatever a file says, and reading the file again changes nothing."""

import json

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.entrypoints.embedded.opening import open_taskharbor
from unit.interchange.files import vtodo

UID = "3b9d3c1e-7d0a-4a0c-8f55-0d2f8f3c1a11"
LATER = "2999-01-01T00:00:00Z"
COMMENT = {"id": 1, "text": "c", "created": LATER, "updated": LATER}
FILES = {
    "todotxt": "x 2999-01-01 2998-01-01 Done\n",
    "icalendar": vtodo("STATUS:COMPLETED", "COMPLETED:29990101T000000Z", "CREATED:29990101T000000Z", "COMMENT:c"),
    "taskwarrior": json.dumps(
        [{"uuid": UID, "description": "Done", "status": "completed", "end": "29990101T000000Z",
          "annotations": [{"entry": "29990101T000000Z", "description": "c"}]}]
    ),
    "jsonl": json.dumps({"uid": UID, "title": "Done", "progress": "completed", "completed": LATER, "created": LATER,
                         "updated": LATER, "comments": [COMMENT]}),
    "google_tasks": json.dumps({"kind": "tasks#tasks", "items": [
        {"kind": "tasks#task", "id": "a", "title": "Done", "status": "completed", "completed": LATER}]}),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
async def test_what_is_still_to_come_is_now_when_it_is_read_and_stays(name: str):
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        assert (await harbor.import_tasks(FILES[name].encode(), format=name)).created == 1
        task = await harbor.get_task(1)
        assert task.completed is not None
        assert task.completed.year < 2999
        for _ in range(2):
            again = await harbor.import_tasks(FILES[name].encode(), format=name)
            assert (again.updated, again.unchanged, again.id) == (0, 1, None)
        assert await harbor.get_task(1) == task
