"""Taskwarrior's JSON, recorded and from the real program."""

import json
import os
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.ports.interchange import TaskDraft
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.calendar_time import AllDay, Zoned
from taskharbor.entrypoints.embedded.opening import open_taskharbor
from unit.interchange.files import DATA, NOW, draft, drafts, losses, readings, refusal, task, written

EXPORT = (DATA / "taskwarrior" / "export.json").read_bytes()


def by_title():
    return {each.changes.title: each for each in drafts("taskwarrior", EXPORT)}


def test_each_attribute_of_the_recorded_export_is_right():
    milk = by_title()["Buy milk"]
    assert milk.changes.priority == 1
    assert milk.changes.due == Zoned(datetime(2026, 12, 1, 10), "UTC")  # noqa: DTZ001
    assert milk.changes.tags == ["apple", "shop"]
    assert milk.list_name == "Home.Kitchen"
    assert milk.created == datetime(2026, 11, 25, 2, 41, 8, tzinfo=UTC)
    assert milk.comments is not None
    assert [each.text for each in milk.comments] == ["call first https://example.org/x", "second note"]


@pytest.mark.parametrize(
    ("title", "progress"),
    [
        ("Plain", Progress.NEEDS_ACTION),
        ("Started", Progress.IN_PROCESS),
        ("Done one", Progress.COMPLETED),
        ("Deleted one", Progress.CANCELLED),
    ],
)
def test_the_status_is_the_progress(title: str, progress: Progress):
    assert by_title()[title].changes.progress is progress


def test_scheduled_is_the_start_and_wait_is_kept():
    found = by_title()["Wait for it"]
    assert found.changes.start == Zoned(datetime(2027, 1, 15), "UTC")  # noqa: DTZ001
    assert found.foreign == {"taskwarrior": {"wait": "20270101T000000Z"}}


def test_what_users_define_themselves_is_kept_with_its_type():
    kept = by_title()["With UDA"].foreign["taskwarrior"]
    assert isinstance(kept, dict)
    assert (kept["estimate"], kept["size"], kept["client"]) == ("PT2H", 3.5, "ACME, Inc.")


def test_dependencies_are_uids():
    found = by_title()
    assert set(found["Depends"].depends_on) == {found["Plain"].uid, found["Buy milk"].uid}


async def test_the_recorded_export_comes_out_as_it_was():
    assert _comparable(await _there_and_back(EXPORT)) == _comparable(EXPORT)


async def test_the_real_program_takes_back_what_it_exported_with_nothing_changed(tmp_path: Path):
    if not shutil.which("task"):
        pytest.skip("the program task (Debian's taskwarrior) is not installed")
    box = _Taskwarrior(tmp_path / "first")
    for command in (
        ["add", "Buy milk", "project:Home.Kitchen", "+shop", "+apple", "priority:H", "due:2026-12-01T10:00"],
        ["add", 'Écrire à Zoë ☕ "quoted"', "+zeta", "+alpha"],
        ["add", "Wait", "wait:2037-01-01", "due:2037-02-01", "scheduled:2037-01-15"],
        ["add", "Own attributes", "estimate:PT2H", "size:3.5", "client:ACME, Inc."],
        ["add", "Depends", "depends:1,2"],
        ["1", "annotate", "call first https://example.org/x"],
        ["2", "start"],
        ["add", "Done"],
        ["6", "done"],
        ["add", "Gone"],
        ["7", "delete"],
        ["add", "Weekly", "recur:weekly", "due:2036-12-05"],
        ["list"],
    ):
        box.run(*command)
    box.load(box.run("export"))  # a number with a fraction is spelt otherwise from then on
    before = box.run("export")
    ours = await _there_and_back(before)
    assert all(line.startswith(b" skip") for line in box.load(ours).splitlines()[1:])
    assert _comparable(box.run("export")) == _comparable(before)
    fresh = _Taskwarrior(tmp_path / "second")
    fresh.load(ours)
    assert _comparable(fresh.run("export")) == _comparable(before)


@pytest.mark.parametrize("form", ["array", "lines", "pretty"])
@pytest.mark.parametrize("piece", [1, 10, 10_000])
def test_an_array_and_objects_one_after_the_other_are_read(form: str, piece: int):
    tasks = json.loads(EXPORT)
    text = {
        "array": json.dumps(tasks),
        "lines": "\n".join(map(json.dumps, tasks)),
        "pretty": json.dumps(tasks, indent=4, ensure_ascii=False),
    }[form]
    found = readings("taskwarrior", text, piece=piece)
    assert [replace(each, place="", remarks=()) for each in found] == [
        replace(each, place="", remarks=()) for each in drafts("taskwarrior", EXPORT)
    ]


@pytest.mark.parametrize(
    ("members", "remark"),
    [
        ({"description": 5}, "line 1 (description): there is none: called Untitled"),
        ({"status": "later"}, "line 1 (status): must be one of completed, deleted, pending, recurring, waiting: kept"),
        ({"due": "20261301T000000Z"}, "line 1 (due): does not exist: month must be in 1..12: kept, and not read"),
        ({"tags": {}}, "line 1 (tags): must be a list: kept, and not read"),
        ({"tags": ["a", ""]}, "line 1 (tags): '' is none, as it must have at least 1 character"),
        ({"annotations": [5]}, "line 1 (annotations[0]): left out"),
        (
            {"annotations": [{"description": "a\x07b"}]},
            "line 1 (annotations[0]): cut, or without its control characters",
        ),
        ({"project": "x" * 501}, "line 1 (project): cut to what the name of a list can be"),
        ({"uda": "x" * 60_000}, "line 1 (uda): it is too much to keep: left out"),
        ({"depends": "[5]"}, "line 1 (depends): must be a string: kept, and not read"),
    ],
)
def test_no_task_is_lost_for_the_sake_of_one_attribute(members: dict[str, object], remark: str):
    text = json.dumps({"description": "x", "status": "pending"} | members)
    (found,) = (each[: len(remark)] for each in draft("taskwarrior", text).remarks)
    assert found == remark
    assert draft("taskwarrior", written("taskwarrior", task("taskwarrior", text))).changes.title != ""


GOOD = '{"description":"good"}'


@pytest.mark.parametrize(
    ("broken", "titles", "refused"),
    [
        ('{"description":"a\nb","uda":"c\x07d"}', ["a b", "good"], 0),
        ('{"description":"a"', ["good"], 1),
        ('{"description":"a","tags":["b"', ["good"], 1),
        ('{"description":"a, "status":"pending"}', ["good"], 1),
        ("5", ["good"], 1),
        ('"text"', ["good"], 1),
        ('{"description":a}', ["good"], 1),
    ],
)
def test_a_broken_item_ends_only_itself(broken: str, titles: list[str], refused: int):
    found = readings("taskwarrior", f"[\n{broken},\n{GOOD}\n]\n")
    assert [each.changes.title for each in found if isinstance(each, TaskDraft)] == titles
    assert len(found) - len(titles) == refused
    assert found == readings("taskwarrior", f"[\n{broken},\n{GOOD}\n]\n", piece=1)


def test_dependencies_in_the_text_of_an_array_are_read():
    one = "0190b1f4-1234-7abc-8def-0123456789ab"
    assert draft("taskwarrior", json.dumps({"description": "x", "depends": f'["{one}"]'})).depends_on == (one,)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("hello", "there must be a JSON object here, or an array of them"),
        ('[{"description": "x"', "the file ends within the object of line 1"),
        ('{"a":' * 50 + "1" + "}" * 50, "it is nested more than 20 deep"),
        ('{"description": "' + "x" * 2_000_001 + '"}', "it has more than 2000000 characters"),
        ("{,}", "it is not JSON: "),
    ],
)
def test_what_is_no_json_is_refused(text: str, reason: str):
    assert refusal("taskwarrior", text).reason.startswith(reason)


def test_the_rest_is_read_after_a_bomb():
    bomb = '{"a":' * 50 + "1" + "}" * 50
    found = readings("taskwarrior", f'[{bomb},\n{{"description":"good"}}]')
    assert found[1].place == "line 2"


def test_a_description_that_no_title_can_hold_comes_out_whole():
    text = "a\nb " + "x" * 600
    found = task("taskwarrior", json.dumps({"description": text}))
    assert len(found.title) == 500
    assert json.loads(written("taskwarrior", found))[0]["description"] == text
    assert json.loads(written("taskwarrior", replace(found, title="new")))[0]["description"] == "new"


def test_what_it_cannot_hold_is_said():
    made = task("taskwarrior", '{"description": "x"}')
    full = replace(
        made, description="long", links=("https://example.org/",), priority=2, due=AllDay(date(2026, 12, 1)), parent=7
    )
    assert losses("taskwarrior", full) == (
        "the description",
        "links",
        "the exact priority",
        "of what it is a part",
        "the kind and zone of its due",
    )
    assert losses("taskwarrior", made) == ()


def test_old_lists_of_dependencies_are_read():
    one, other = "0190b1f4-1234-7abc-8def-0123456789ab", "0190b1f4-1234-7abc-8def-0123456789ac"
    assert draft("taskwarrior", f'{{"description":"x","depends":"{one},{other}"}}').depends_on == (one, other)


def test_an_urgency_or_an_id_is_nothing_to_keep():
    assert draft("taskwarrior", '{"description":"x","id":3,"urgency":2.5}').foreign == {"taskwarrior": None}


class _Taskwarrior:
    """A box with the real program."""

    def __init__(self, place: Path) -> None:
        (place / "data").mkdir(parents=True)
        settings = (DATA / "taskwarrior" / "taskrc").read_text()
        (place / "taskrc").write_text(f"{settings}\ndata.location={place}/data\n")
        self._environment = {**os.environ, "TASKRC": f"{place}/taskrc", "TASKDATA": f"{place}/data", "TZ": "UTC"}
        self._place = place

    def run(self, *arguments: str) -> bytes:
        command = ["task", "rc.confirmation=no", "rc.verbose=nothing", *arguments]
        return subprocess.run(command, env=self._environment, capture_output=True, check=True, timeout=30).stdout

    def load(self, export: bytes) -> bytes:
        (self._place / "tasks.json").write_bytes(export)
        return self.run("import", str(self._place / "tasks.json"))


async def _there_and_back(export: bytes) -> bytes:
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        report = await harbor.import_tasks(export, format="taskwarrior")
        assert (report.refused, report.created) == (0, len(json.loads(export)))
        assert (await harbor.import_tasks(export, format="taskwarrior")).unchanged == report.created
        return b"".join([piece async for piece in harbor.export_tasks(format="taskwarrior")])


def _comparable(export: bytes) -> list[dict[str, object]]:
    tasks = json.loads(export)
    for each in tasks:
        each.pop("urgency", None)
        each.pop("id", None)
        if "depends" in each:
            each["depends"].sort()
    return sorted(tasks, key=lambda each: each["uuid"])


def test_a_task_of_ours_is_written_as_taskwarrior_has_it():
    made = Task.create(id=1, uid="0190b1f4-1234-7abc-8def-0123456789ab", title="Test", at=NOW)
    assert written("taskwarrior", made).decode() == (
        '[\n{"description":"Test","entry":"20261125T120000Z","modified":"20261125T120000Z","status":"pending",'
        '"uuid":"0190b1f4-1234-7abc-8def-0123456789ab"}\n]\n'
    )


def test_an_annotation_whose_entry_is_no_date_is_a_comment_without_one():
    said = [{"uuid": "0190b1f4-1234-7abc-8def-0123456789ab", "description": "Test", "status": "pending",
             "annotations": [{"entry": "soon", "description": "note"}]}]  # fmt: skip
    found = draft("taskwarrior", json.dumps(said))
    assert [(comment.text, comment.created) for comment in found.comments] == [("note", None)]
    assert found.remarks == ("line 1 (annotations[0]): its entry is no date: kept, and not read",)
