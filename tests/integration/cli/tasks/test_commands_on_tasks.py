"""What each command does, by what it answers programs."""

import asyncio
import json
import stat
import sys
from datetime import datetime, timedelta
from itertools import takewhile
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from taskharbor.entrypoints.embedded.opening import open_taskharbor

HERE = ZoneInfo("Europe/Berlin")


def titles(tasks):
    return [task["title"] for task in tasks]


def test_a_task_is_added_with_all_that_options_say(answer):
    answer("lists", "--add", "Home")
    parent = answer("add", "Garden")
    made = answer(
        *("add", "Water", "the", "plants", "--due", "2026-12-01", "--start", "2026-11-30 09:00", "--priority", "2"),
        *("--estimate", "PT30M", "--tag", "a,b", "--tag", "c", "--repeat", "FREQ=WEEKLY", "--description", "*All*"),
        *("--parent", str(parent["id"])),
    )
    assert made["title"] == "Water the plants"
    assert made["due"] == {"date": "2026-12-01"}
    assert made["start"] == {"localDateTime": "2026-11-30T09:00:00"}
    assert (made["priority"], made["estimated_duration"], made["tags"]) == (2, "PT30M", ["a", "b", "c"])
    assert (made["recurrence"]["rrule"], made["description"], made["parent"]) == ("FREQ=WEEKLY", "*All*", parent["id"])
    assert answer("add", "In a list", "--list", "home")["list"] != 1


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("2026-12", None),
        ("2026-12-01T18:30", {"localDateTime": "2026-12-01T18:30:00"}),
        ("2026-12-01T18:30:00Z", {"localDateTime": "2026-12-01T19:30:00", "timeZone": "Europe/Berlin"}),
        ("2026-02-30", None),
        ("soon", None),
    ],
)
def test_a_date_is_what_filters_understand(taskharbor, words, due):
    done = taskharbor("add", "x", "--due", words, "--json")
    if due is None:
        assert (done.exit_code, done.out) == (2, "")
        assert done.err.startswith("taskharbor: --due must be ")
    else:
        assert json.loads(done.out)["due"] == due


def test_a_date_can_be_counted_from_today_where_the_user_is(taskharbor):
    days = {datetime.now(HERE).date()}
    due = json.loads(taskharbor("add", "x", "--due", "today+7d", "--json").out)["due"]["date"]
    days.add(datetime.now(HERE).date())  # it may have become another meanwhile
    assert due in {str(day + timedelta(days=7)) for day in days}


def test_open_tasks_are_listed_by_due_date_then_priority(answer):
    for title, options in (
        ("never", []),
        ("late", ["--due", "2027-01-01"]),
        ("soon", ["--due", "2026-12-01"]),
        ("urgent", ["--priority", "1"]),
    ):
        answer("add", title, *options)
    done = answer("add", "done")
    answer("done", str(done["id"]))
    assert titles(answer("list")) == ["soon", "late", "urgent", "never"]
    assert titles(answer("list", "--all", "--sort=-id")) == ["done", "urgent", "soon", "late", "never"]
    assert titles(answer("list", "due:*", "--limit", "1")) == ["soon"]


def test_a_list_is_narrowed_by_list_tag_and_filter_together(answer):
    answer("lists", "--add", "Home")
    answer("add", "one", "--list", "Home", "--tag", "Red")
    answer("add", "two", "--list", "Home")
    answer("add", "three", "--tag", "red")
    assert titles(answer("list", "--list", "home")) == ["one", "two"]
    assert titles(answer("list", "--tag", "red")) == ["one", "three"]
    assert titles(answer("list", "--tag", "RED", "--list", "Home")) == ["one"]
    assert titles(answer("list", "title:hre OR title:one", "--tag", "red")) == ["one", "three"]
    assert titles(answer("search", "TW")) == ["two"]


def test_next_is_what_can_be_begun_most_urgent_first(answer):
    answer("add", "later", "--start", "today+7d", "--priority", "1")
    answer("add", "calm")
    answer("add", "urgent", "--priority", "1")
    found = answer("next")
    assert titles(found) == ["urgent", "calm"]
    assert found[0]["urgency"] > found[1]["urgency"]


def test_progress_goes_forth_and_back(answer):
    task = str(answer("add", "x")["id"])
    assert answer("start", task)[0]["progress"] == "in-process"
    assert answer("done", task)[0]["is_completed"] is True
    assert answer("start", task, "--stop")[0]["progress"] == "needs-action"
    assert answer("rm", task)[0]["title"] == "x"
    assert answer("list") == []
    assert titles(answer("restore")) == ["x"]
    assert titles(answer("restore", task)) == titles(answer("list")) == ["x"]


def test_several_tasks_are_changed_in_one_commit_or_none_is(answer, taskharbor):
    ids = [str(answer("add", title)["id"]) for title in "abc"]
    assert len({task["revision"] for task in answer("done", *ids[:2])}) == 1
    refused = taskharbor("done", ids[2], "99")
    assert (refused.exit_code, refused.err) == (5, "taskharbor: there is no task 99\n")
    assert titles(answer("list")) == ["c"]


def test_a_rule_that_is_against_it_is_named_with_the_option(answer, taskharbor):
    top = answer("add", "top")
    answer("add", "part", "--parent", str(top["id"]))
    refused = taskharbor("done", str(top["id"]))
    assert refused.exit_code == 6
    assert "--subtasks complete or --subtasks leave" in refused.err
    assert taskharbor("done", str(top["id"]), "--subtasks", "complete", "-q").exit_code == 0
    assert taskharbor("rm", str(top["id"])).exit_code == 6


def test_a_uid_is_known_by_its_beginning_if_that_is_unique(answer, taskharbor):
    first, second = answer("add", "one"), answer("add", "two")
    letters = zip(first["uid"], second["uid"], strict=True)
    common = "".join(letter for letter, _ in takewhile(lambda pair: pair[0] == pair[1], letters))
    assert titles(answer("show", first["uid"])) == ["one"]
    assert titles(answer("show", second["uid"][:-1].upper(), str(first["id"]))) == ["two", "one"]
    ambiguous = taskharbor("show", common)
    assert ambiguous.exit_code == 5
    assert f"2 uids begin with {common}" in ambiguous.err
    assert "(one)" in ambiguous.err
    assert taskharbor("show", "ffff").exit_code == 5
    assert taskharbor("show", "ffff-ffff").exit_code == 5
    assert taskharbor("show", "one").exit_code == 2


def test_of_many_uids_that_begin_alike_the_first_are_named_and_all_counted(answer, taskharbor):
    async def add() -> None:
        async with open_taskharbor("sqlite:///tasks.db") as harbor:
            for number in range(7):
                await harbor.create_task(title=f"task {number}", uid=f"abcdef00-0000-4000-8000-00000000000{number}")
            await harbor.create_task(title="another", uid="abcdef01-0000-4000-8000-000000000000")

    asyncio.run(add())
    refused = taskharbor("show", "ABCDEF00")
    assert refused.exit_code == 5
    assert "7 uids begin with ABCDEF00, those of tasks 1 (task 0), 2 (task 1)" in refused.err
    assert "and 2 more" in refused.err
    assert titles(answer("show", "abcdef01")) == ["another"]


def test_ids_come_from_standard_input(answer, type_in):
    ids = [answer("add", title)["id"] for title in "abc"]
    type_in("\n".join(map(str, ids)).encode())
    assert titles(answer("tag", "-", "+x")) == ["a", "b", "c"]
    type_in(b"first\n\n  second  \n")
    assert titles(answer("add", "-", "--tag", "idea")) == ["first", "second"]


@pytest.mark.parametrize("arguments", [("show", "-"), ("add", "-")])
def test_standard_input_that_is_no_utf_8_is_refused(taskharbor, type_in, arguments):
    taskharbor("add", "x")
    type_in(b"1\n\xff\xfe\n")
    refused = taskharbor(*arguments)
    assert (refused.exit_code, refused.err) == (2, "taskharbor: standard input is not UTF-8: byte 3 is 0xff\n")


def test_tags_are_added_and_removed(answer):
    task = str(answer("add", "x", "--tag", "Old", "--tag", "kept")["id"])
    assert answer("tag", task, "+new", "--remove", "old")[0]["tags"] == ["kept", "new"]


def test_tasks_are_moved_and_keep_their_order(answer):
    ids = [str(answer("add", title)["id"]) for title in "abcd"]
    answer("move", ids[2], ids[3], "--first")
    assert titles(answer("list", "--sort", "rank")) == ["c", "d", "a", "b"]
    answer("move", ids[2], ids[3], "--after", ids[0])
    assert titles(answer("list", "--sort", "rank")) == ["a", "c", "d", "b"]
    assert answer("move", ids[3], "--parent", ids[0])[0]["parent"] == int(ids[0])
    assert answer("move", ids[3], "--parent", "none")[0]["parent"] is None


def test_options_change_tasks_and_none_takes_a_value_away(answer):
    task = str(answer("add", "x", "--due", "today", "--estimate", "PT1H", "--tag", "a")["id"])
    (changed,) = answer("edit", task, "--title", "y", "--due", "none", "--estimate", "none", "--tag", "none", "-p", "0")
    assert (changed["title"], changed["due"], changed["estimated_duration"], changed["tags"]) == ("y", None, None, [])


@pytest.fixture
def editor(monkeypatch, tmp_path):
    """Makes an editor of a script that gets the file as $1."""

    def make(script: str) -> None:
        path = tmp_path / "editor"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("EDITOR", str(path))
        monkeypatch.delenv("VISUAL", raising=False)
        monkeypatch.setenv("TMPDIR", str(tmp_path))
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    return make


def test_one_task_is_changed_in_the_editor(answer, editor, tmp_path):
    task = str(answer("add", "old", "--tag", "a", "--due", "2026-12-01 09:00")["id"])
    editor(
        "sed -i -e 's/^title: .*/title: new/' -e 's/^tags: .*/tags: b, c/' -e 's/^due: .*/due:/' $1; echo text >> $1"
    )
    (changed,) = answer("edit", task)
    assert (changed["title"], changed["tags"], changed["due"]) == ("new", ["b", "c"], None)
    assert changed["description"] == "text"
    assert list(tmp_path.glob("task-*")) == []
    editor("true")
    assert answer("edit", task) == []


def test_what_cannot_be_read_from_the_editor_stays_in_a_file(answer, taskharbor, editor, tmp_path):
    task = str(answer("add", "old")["id"])
    editor("sed -i 's/^due:.*/due: 2026-02-30/' $1")
    refused = taskharbor("edit", task)
    assert refused.exit_code == 2
    (left,) = tmp_path.glob("task-*")
    assert f"your text is in {left}" in refused.err
    editor("exit 3")
    assert taskharbor("edit", task).exit_code == 1
    assert titles(answer("list")) == ["old"]


def test_a_change_meanwhile_is_not_overwritten_from_the_editor(answer, taskharbor, editor):
    task = str(answer("add", "old")["id"])
    command = Path(sys.executable).with_name("taskharbor")
    editor(f"{command} tag {task} +meanwhile --quiet; sed -i 's/^title: .*/title: mine/' $1")
    refused = taskharbor("edit", task)
    assert refused.exit_code == 6
    assert titles(answer("list", "--tag", "meanwhile")) == ["old"]


def test_the_last_commit_is_undone_unless_another_is_named(answer):
    task = str(answer("add", "x")["id"])
    done = answer("done", task)[0]["revision"]
    answer("lists", "--add", "Home")
    undone = answer("undo", "--yes")
    assert undone["records"][0]["action"] == "removed"
    assert answer("undo", str(done), "--dry-run")["undone"][0]["task"] == int(task)
    assert answer("list") == []
    assert answer("undo", str(done))["revision"] is not None
    assert titles(answer("list")) == ["x"]


def test_the_log_says_what_was_done_the_latest_first(answer):
    task = str(answer("add", "x")["id"])
    other = str(answer("add", "y")["id"])
    answer("start", task)
    answer("rm", other)
    assert [entry["command"] for entry in answer("log", task)] == ["start_task", "create_task"]
    assert [(entry["task"], entry["command"]) for entry in answer("log")] == [
        (int(other), "delete_task"),
        (int(task), "start_task"),
    ]


def test_changes_are_watched_from_a_revision_on(answer, taskharbor):
    answer("add", "x")
    answer("add", "y")
    answer("rm", "1")
    seen = taskharbor("watch", "--since", "0", "--count", "2", "--format", "jsonl")
    assert [json.loads(line).get("title", "gone") for line in seen.out.splitlines()] == ["y", "gone"]


def test_lists_say_how_many_open_tasks_they_have(answer):
    answer("lists", "--add", "Home")
    answer("add", "x", "--list", "Home")
    assert [(each["name"], each["open_tasks"]) for each in answer("lists")] == [("Inbox", 0), ("Home", 1)]


def test_a_dry_run_writes_nothing(answer):
    task = str(answer("add", "x")["id"])
    assert answer("add", "y", "--dry-run")["title"] == "y"
    assert answer("done", task, "--dry-run")[0]["is_completed"] is True
    assert answer("rm", task, "-n")[0]["title"] == "x"
    assert answer("edit", task, "--title", "z", "-n")[0]["title"] == "z"
    answer("lists", "--add", "Home", "-n")
    assert titles(answer("list")) == ["x"]
    assert len(answer("lists")) == 1


def test_many_tasks_are_changed_only_if_that_is_confirmed(answer, taskharbor):
    for title in "abcd":
        answer("add", title)
    refused = taskharbor("done", "--filter", "is_open")
    assert (refused.exit_code, refused.err) == (
        6,
        "taskharbor: Complete 4 tasks, from a to d? Confirm with --yes\n",
    )
    assert len(answer("done", "--filter", "is_open", "--yes")) == 4


def test_a_list_that_is_not_there_is_suggested(answer, taskharbor):
    answer("lists", "--add", "Household")
    refused = taskharbor("add", "x", "--list", "Houshold")
    assert refused.exit_code == 5
    assert refused.err == "taskharbor: there is no list called Houshold; did you mean Household?\n"
    answer("lists", "--add", "household")
    assert "name one by its number" in taskharbor("add", "x", "--list", "household").err


def test_a_task_is_claimed_and_done_under_its_claim(answer, taskharbor):
    answer("add", "one", "--tag", "bots")
    answer("add", "two")
    (claimed,) = answer("claim", "--filter", "tags:bots", "--holder", "bot-1", "--lease", "PT1M")
    fence = str(claimed["claim"]["fence"])
    assert taskharbor("claim", "--filter", "tags:bots").exit_code == 5
    refused = taskharbor("done", "1")
    assert refused.exit_code == 6
    assert "Task 1 is claimed by bot-1 until " in refused.err
    assert answer("claim", "1", "--renew", "--fence", fence)[0]["claim"]["holder"] == "bot-1"
    assert "bot-1 until" in taskharbor("show", "1").out
    assert answer("done", "1", "--fence", fence)[0]["is_completed"] is True
    assert answer("claim", "2")[0]["claim"]["holder"].count("@") == 1
    assert answer("claim", "2", "--release", "--force")[0].get("claim") is None
    assert answer("done", "2")[0]["is_completed"] is True


def test_a_line_becomes_a_task_and_says_what_each_part_was_taken_for(answer, taskharbor):
    added = answer("quick", "Call Ada 2030-12-24 5pm #phone !2", "--dry-run")
    assert added["task"]["title"] == "Call Ada"
    assert added["task"]["due"] == {"localDateTime": "2030-12-24T17:00:00", "timeZone": "Europe/Berlin"}
    assert [(part["field"], part["text"]) for part in added["taken"]] == [
        ("due", "2030-12-24 5pm"),
        ("tags", "#phone"),
        ("priority", "!2"),
    ]
    shown = taskharbor("quick", "Anna", "anrufen", "morgen", "--language", "de")
    assert (shown.exit_code, shown.err) == (0, "due: morgen\nAdded 1 task.\n")
    assert taskharbor("quick", "x 2026-02-30").exit_code == 2
    assert taskharbor("quick", "x", "--language", "tlh").exit_code == 2
