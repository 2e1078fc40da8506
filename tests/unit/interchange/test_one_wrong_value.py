"""What apps export, with one value that is something else: no task is lost for it, and it is kept or said."""

import copy
import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest

from taskharbor.application.ports.interchange import ReadItem, TaskDraft, Unreadable
from unit.interchange.files import readings
from unit.interchange.test_apps import FILES, GOOGLE, GRAPH, OUTLOOK, SUPER, TICKTICK, TODOIST, TRELLO, made

SIGN = "sign-7"
WRONG = (f"nonsense {SIGN}", {"a": SIGN})
MORE_WRONG = ([SIGN], True, [{"a": SIGN}], -1, 10**40, 1e308, "x" * 99_999, "\0", "\ud800", "31/31/2026", "-P1D")
TAKEN = {"items": [{**GOOGLE["items"][0], "items": GOOGLE["items"][0]["items"][:2]}]}
JSON = {"google_tasks": TAKEN, "trello": TRELLO, "microsoft_todo": GRAPH, "super_productivity": SUPER}

OF_NO_TASK = frozenset({"kind", "type", "idOrganization", "pos", "ids", "subTaskIds"})
"""What says nothing of a task."""

NAMES = frozenset({"id", "idCard", "parent", "parentId", "deleted"})
"""By what tasks are known, and name each other: taken whatever it is."""

PARTS = frozenset(
    {
        "items",
        "lists",
        "cards",
        "checklists",
        "checkItems",
        "actions",
        "data",
        "card",
        "value",
        "checklistItems",
        "body",
    }
    | {"task", "entities", "project", "tag", "taskRepeatCfg", "archiveYoung", "labels", "memberCreator", "P", "R", "T"}
    | {"a", "b", "z", "range"}
)
"""What other values are in, and may be absent."""


def leaves(node: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    members = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for name, member in members:
        yield from leaves(member, (*way, name))
        yield (*way, name)


def with_value(document: Any, way: tuple[Any, ...], value: Any) -> bytes:
    changed = copy.deepcopy(document)
    at = changed
    for name in way[:-1]:
        at = at[name]
    at[way[-1]] = value
    return json.dumps(changed).encode()


def tasks(found: list[ReadItem]) -> list[TaskDraft]:
    return [each for each in found if isinstance(each, TaskDraft)]


def refused(found: list[ReadItem]) -> list[Unreadable]:
    return [each for each in found if isinstance(each, Unreadable)]


def remarks(found: list[ReadItem]) -> int:
    return len(refused(found)) + sum(len(task.remarks) for task in tasks(found))


@pytest.mark.parametrize("wrong", [WRONG, pytest.param(MORE_WRONG, marks=pytest.mark.long)])
@pytest.mark.parametrize("format", JSON)
def test_a_wrong_value_of_an_app_loses_no_task_and_is_kept_or_said(format: str, wrong: tuple[object, ...]):
    before = readings(format, json.dumps(JSON[format]))
    for way in leaves(JSON[format]):
        is_part = way[-1] in PARTS or isinstance(way[-1], int)
        for value in wrong:
            found = readings(format, with_value(JSON[format], way, value))
            assert all(made(task).title for task in tasks(found))
            is_fewer = len(tasks(found)) < len(tasks(before))
            assert not is_fewer or (is_part and len(refused(found)) > len(refused(before))), (way, value)
            if SIGN in str(value) and not is_part and not (OF_NO_TASK | NAMES) & {*way}:
                # A name that several tasks share is said, and kept by none.
                assert SIGN in str(found) or remarks(found) > remarks(before), (way, value)


@pytest.mark.parametrize(
    "wrong",
    [
        (f"nonsense {SIGN}",),
        pytest.param(("9" * 30, "-1", "31/31/2026", "\x07", "x" * 99_999, '"'), marks=pytest.mark.long),
    ],
)
@pytest.mark.parametrize(
    ("format", "text", "at", "passed_over"),
    [
        ("todoist", TODOIST, 1, {"date_lang"}),
        ("ticktick", TICKTICK, 4, {"order", "taskid"}),
        ("outlook", OUTLOOK.decode("cp1252"), 1, {"reminder time", "reminder date"}),
    ],
)
def test_a_wrong_value_of_a_table_loses_no_task_and_is_kept_or_said(
    format: str, text: str, at: int, passed_over: set[str], wrong: tuple[str, ...]
):
    rows = list(csv.reader(io.StringIO(text, newline="")))
    before = readings(format, FILES[format])
    names = [name.lower() for name in rows[at - 1]]
    of_tasks = [number for number, row in enumerate(rows) if number >= at and row[0] not in {"meta", "note", "section"}]
    for number in (number for number in of_tasks if "NOTE" not in rows[number]):
        for column, name in enumerate(names):
            for value in wrong:
                table = io.StringIO()
                csv.writer(table).writerows(
                    [*rows[:number], [*rows[number][:column], value, *rows[number][column + 1 :]], *rows[number + 1 :]]
                )
                found = readings(format, table.getvalue().encode())
                assert all(made(task).title for task in tasks(found))
                # The items of a check list are lines of its contents.
                assert len(tasks(found)) >= len(tasks(before)) or name == "content", (number, name, value)
                if SIGN in value and name not in passed_over:
                    assert SIGN in str(found), (number, name)


@pytest.mark.parametrize(
    ("format", "document", "title"),
    [
        ("google_tasks", {"kind": "tasks#tasks", "items": [{"kind": "tasks#task", "title": "T"}] * 2}, "title"),
        ("trello", {"name": "B", "cards": [{"name": "T"}] * 2}, "name"),
        ("microsoft_todo", {"value": [{"displayName": "L", "tasks": [{"title": "T"}] * 2}]}, "title"),
    ],
)
def test_a_task_without_an_id_is_known_by_its_words(format: str, document: dict[str, Any], title: str):
    one, two = tasks(readings(format, json.dumps(document)))
    assert one.uid != two.uid
    assert one.remarks[0].endswith("(id): it has none: it is known by its words")
    assert [each.uid for each in tasks(readings(format, json.dumps(document)))] == [one.uid, two.uid]


def test_a_row_of_todoist_of_no_type_that_is_known_is_a_task():
    one, two = tasks(readings("todoist", "TYPE,CONTENT\nepic,One\n,Two\n"))
    assert (one.changes.title, two.changes.title) == ("One", "Two")
    assert one.remarks == ("line 2 (type): it is none of task, section and note: kept, and not read",)
