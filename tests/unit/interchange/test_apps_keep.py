"""What an app says of a task, and a task here has no field for, is kept, and comes out in JSON Lines."""

import json

import pytest

from taskharbor.application.interchange.apply_draft import new_task_of
from taskharbor.application.ports.interchange import ListDraft, TaskDraft
from taskharbor.domain.tasks.progress import Progress
from unit.interchange.files import NOW, readings, written

GRAPH = {
    "id": "a", "title": "T", "importance": "urgent", "status": "waitingOnOthers", "isReminderOn": False,
    "body": {"content": "<b>x</b>", "contentType": "html"}, "bodyLastModifiedDateTime": "2026-01-01T00:00:00Z",
    "reminderDateTime": {"dateTime": "2026-12-01T09:00:00", "timeZone": "UTC"},
    "linkedResources": [{"id": "l", "webUrl": "https://example.org/", "applicationName": "Mail", "externalId": "7"}],
    "checklistItems": [{"id": "i", "displayName": "I", "mystery": 1}], "mystery": {"deep": [1]},
}  # fmt: skip
TRELLO = {
    "name": "B", "lists": [{"id": "l", "name": "Old", "closed": True}, {"id": "m", "name": "New"}],
    "cards": [
        {"id": "2", "name": "second", "idList": "l", "pos": 200.5, "mystery": "m", "badges": {"votes": 1},
         "cover": {"color": "red", "size": "normal"}, "customFieldItems": [{"value": {"number": "1"}}],
         "attachments": [{"name": "plan", "url": "https://example.org/p"}]},
        {"id": "1", "name": "first", "idList": "m", "pos": 100, "cover": {"color": None, "size": "normal"}},
    ],
    "checklists": [{"idCard": "1", "name": "C", "checkItems": [
        {"id": "b", "name": "then", "pos": 2, "idMember": "ann"}, {"id": "a", "name": "before", "pos": 1}]}],
}  # fmt: skip
GOOGLE = {
    "kind": "tasks#tasks",
    "items": [{"kind": "tasks#task", "id": "a", "title": "T", "task_type": "TASK", "mystery": 5, "position": "01",
               "assignmentInfo": {"surfaceType": "DOCUMENT"},
               "links": [{"type": "email", "description": "A mail", "link": "https://example.org/"}]}],
}  # fmt: skip
SUPER = {"task": {"entities": {"a": {"id": "a", "title": "T", "mystery": [1], "subTaskIds": ["b"], "timeSpent": 3}}}}
FILES = [
    ("microsoft_todo", json.dumps([GRAPH]), 0,
     {"importance": "urgent", "status": "waitingOnOthers", "body": {"contentType": "html"}, "mystery": {"deep": [1]},
      "reminderDateTime": GRAPH["reminderDateTime"], "linkedResources": GRAPH["linkedResources"],
      "bodyLastModifiedDateTime": "2026-01-01T00:00:00Z"}),
    ("microsoft_todo", json.dumps([GRAPH]), 1, {"mystery": 1}),
    ("trello", json.dumps(TRELLO), 0, None),
    ("trello", json.dumps(TRELLO), 1,
     {"mystery": "m", "cover": {"color": "red"}, "customFieldItems": [{"value": {"number": "1"}}],
      "attachments": {"plan": "https://example.org/p"}}),
    ("trello", json.dumps(TRELLO), 3, {"checklist": "C", "idMember": "ann"}),
    ("google_tasks", json.dumps(GOOGLE), 0,
     {"mystery": 5, "links": GOOGLE["items"][0]["links"], "assignmentInfo": {"surfaceType": "DOCUMENT"}}),
    ("super_productivity", json.dumps(SUPER), 0, {"mystery": [1], "timeSpent": 3}),
    ("todoist", "TYPE,CONTENT,AUTHOR,MYSTERY\ntask,T,Ann (1),m\n", 0, {"author": "Ann (1)", "mystery": "m"}),
    ("ticktick", "List Name,Title,Status,Order,Mystery\nL,T,7,3,m\n", 0, {"status": "7", "mystery": "m"}),
    ("outlook", "Subject,Due Date,Private,Mystery\nT,,False,m\n", 0, {"mystery": "m"}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "at", "kept"), FILES)
def test_what_is_not_understood_is_kept_and_comes_out_again(
    name: str, text: str, at: int, kept: dict[str, object] | None
):
    draft = [each for each in readings(name, text) if isinstance(each, TaskDraft)][at]
    assert draft.foreign == {name: kept}
    line = json.loads(written("jsonl", new_task_of(draft, 1, at=NOW)))
    assert line["foreign"] == ({name: kept} if kept else {})


def test_cards_and_items_of_trello_come_in_their_order_and_archived_lists_are_archived():
    found = readings("trello", json.dumps(TRELLO))
    assert [each.changes.title for each in found if isinstance(each, TaskDraft)] == [
        "first",
        "second",
        "before",
        "then",
    ]
    (archived,) = (each for each in found if isinstance(each, ListDraft))
    assert (archived.changes.name, archived.changes.archived) == ("B / Old", True)


def test_a_status_that_is_not_known_is_said_and_the_task_is_open():
    (draft,) = readings("ticktick", "List Name,Title,Status\nL,T,7\n")
    assert draft.changes.progress is Progress.NEEDS_ACTION
    assert draft.remarks == ("line 2 (status): it is none of 0, 1, 2 and -1: kept, and not read",)
