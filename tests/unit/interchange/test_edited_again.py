"""A file without uids that is read again after people and programs have worked on it changes only what was changed."""

import json

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.interchange import held_lines
from taskharbor.application.interchange import import_tasks as importing
from taskharbor.entrypoints.embedded.harbor import Harbor
from taskharbor.entrypoints.embedded.opening import open_taskharbor


async def take(harbor: Harbor, data: str, format: str = "todotxt", **options: bool) -> tuple[int, int, int]:
    report = await harbor.import_tasks(data.encode(), format=format, **options)
    assert report.problems == []
    return report.created, report.updated, report.unchanged


async def titles(harbor: Harbor) -> list[str]:
    return [each.title for each in (await harbor.find_tasks(limit=200)).items]


EDITS = [
    ("a letter", "Call Mom +f\nPay rent\n", "Call Mum +f\nPay rent\n"),
    ("words added", "Pay rent\nCall Mom\n", "Pay the rent for March\nCall Mom\n"),
    ("the only line", "Buy milk\n", "Buy oat milk\n"),
    ("reordered, too", "Call Mom\nPay rent\nWater plants\n", "Water all plants\nPay rent\nCall Mom\n"),
    ("dated, too", "Call Mom\nPay rent\n", "2026-03-01 Call Mom\nPay rent\n"),
    ("done, too", "Call Mom\nPay rent\n", "x 2026-03-01 Call Mum\nPay rent\n"),
    ("of one day", "2026-03-01 Call Mom on Friday\nPay\n", "2026-03-01 Phone Mom on Friday\nPay\n"),
    ("two at once", "Fix the door\nFix the roof\nPay rent\n", "Fix the doors\nFix the roofs\nPay rent\n"),
]


@pytest.mark.parametrize("options", [{}, {"atomic": True}])
@pytest.mark.parametrize(("what", "first", "second"), EDITS)
async def test_a_line_whose_text_was_edited_is_the_same_task(what, first, second, options):
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        made, _, _ = await take(harbor, first, **options)
        created, updated, unchanged = await take(harbor, second, **options)
        assert (created, updated + unchanged) == (0, made), what
        assert await take(harbor, second, **options) == (0, 0, made)
        exported = b"".join([piece async for piece in harbor.export_tasks(format="todotxt")]).decode()
        assert sorted(exported.splitlines()) == sorted(second.splitlines())
        if not second.startswith("x "):  # what is done is not opened again by a line with another text
            assert await take(harbor, first, **options) == (0, updated, unchanged)


NO_EDITS = [
    ("another file", "Call Mom\nBuy milk\nPay rent\n", "Call Tom\nWrite report\n"),
    ("another text", "Buy milk\nPay rent\n", "Buy bread\nPay rent\n"),
    ("made on another day", "2026-03-01 Call Mom\nPay rent\n", "2026-03-08 Call Mom\nPay rent\n"),
    ("done before", "x 2026-03-01 Call Mom\nPay rent\n", "Call Mum\nPay rent\n"),
    ("still there", "Call Mom\nPay rent\n", "Call Mom\nCall Mum\nPay rent\n"),
]


@pytest.mark.parametrize(("what", "first", "second"), NO_EDITS)
async def test_a_line_that_says_something_else_is_another_task(what, first, second):
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        await take(harbor, first)
        before = await titles(harbor)
        created, updated, _ = await take(harbor, second)
        assert (created > 0, updated) == (True, 0), what
        assert (await titles(harbor))[: len(before)] == before
        assert (await take(harbor, second))[:2] == (0, 0)


async def test_a_task_keeps_its_line_while_others_get_its_old_name():
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        await take(harbor, "Call Mom\nPay rent\n")
        await take(harbor, "Call Mum\nPay rent\n")
        assert await take(harbor, "Call Mom\nPay rent\nCall Mum\n") == (1, 0, 2)
        assert await titles(harbor) == ["Call Mum", "Pay rent", "Call Mom"]
        for _ in range(2):
            assert await take(harbor, "Call Mum\nCall Mom\nPay rent\n") == (0, 0, 3)


async def test_what_was_done_here_with_a_task_stays_when_its_line_is_edited():
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        await take(harbor, "Call Mom\nPay rent\n")
        await harbor.change_task(1, description="her new number", tags=["phone"])
        report = await harbor.import_tasks(b"Call Mum\nPay rent\n", format="todotxt")
        assert [(each.place, each.message) for each in report.remarks] == [
            ("line 1", "taken for the task 1 with another text: Call Mom")
        ]
        task = await harbor.get_task(1)
        assert (task.title, task.description) == ("Call Mum", "her new number")
        assert report.id is not None
        await harbor.undo_import(report.id)
        assert (await harbor.get_task(1)).title == "Call Mom"
        assert (await take(harbor, "Call Mom\nPay rent\n"))[0] == 0


@pytest.mark.parametrize("most", [2, 1000])
async def test_a_long_file_is_known_again_in_commits_of_any_size(monkeypatch: pytest.MonkeyPatch, most: int):
    monkeypatch.setattr(importing, "MAX_CHUNK", 7)
    monkeypatch.setattr(held_lines, "MAX_HELD", most)
    monkeypatch.setattr(importing, "MAX_HELD", most)
    lines = [f"Task number {number} of the {'xyz'[number % 3] * 9} kind" for number in range(30)]
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        assert await take(harbor, "\n".join(lines)) == (30, 0, 0)
        edited = [f"{line} indeed" if at % 7 == 3 else line for at, line in enumerate(lines)]
        assert await take(harbor, "\n".join(edited)) == ((4, 0, 26) if most == 2 else (0, 4, 26))
        assert (await take(harbor, "\n".join(edited)))[:2] == (0, 0)
        others = [f"{word} else" for word in ("Something", "Nothing", "Anything")]
        assert await take(harbor, "\n".join([*others, *edited])) == (3, 0, 30)
        assert (await titles(harbor))[-3:] == others


async def test_of_two_files_each_is_known_again():
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        home, work = "Call Mom\nPay rent\nBuy milk\n", "Write report\nAsk Tom\nTidy desk\n"
        await take(harbor, home)
        await take(harbor, work)
        assert await take(harbor, home.replace("Mom", "Mum")) == (0, 1, 2)
        assert await take(harbor, work.replace("Tom", "Tim")) == (0, 1, 2)
        together = home.replace("Mom", "Mama") + work.replace("Tom", "Tim")
        assert await take(harbor, together) == (0, 1, 5)


OTHERS = {
    "jsonl": lambda title, priority: "".join(
        f"{json.dumps({'title': each, 'priority': priority})}\n" for each in (title, "Another", "Another")
    ),
    "taskwarrior": lambda title, priority: json.dumps(
        [{"description": each, "priority": "HML"[priority]} for each in (title, "Another", "Another")]
    ),
    "icalendar": lambda title, priority: "\r\n".join(
        [
            "BEGIN:VCALENDAR",
            *(
                line
                for each in (title, "Another", "Another")
                for line in ("BEGIN:VTODO", f"SUMMARY:{each}", f"PRIORITY:{priority}", "END:VTODO")
            ),
            "END:VCALENDAR",
            "",
        ]
    ),
    "outlook": lambda title, priority: (
        "Subject,Priority\n"
        + "".join(f"{each},{('Low', 'Normal', 'High')[priority]}\n" for each in (title, "Another", "Another"))
    ),
    "ticktick": lambda title, priority: (
        "List Name,Title,Priority\n"
        + "".join(f"Home,{each},{(1, 3, 5)[priority]}\n" for each in (title, "Another", "Another"))
    ),
    "todoist": lambda title, priority: (
        "TYPE,CONTENT,PRIORITY,INDENT\n"
        + "".join(f"task,{each},{priority + 1},1\n" for each in (title, "Another", "Another"))
    ),
}


@pytest.mark.parametrize("name", OTHERS)
async def test_whatever_the_format_a_task_without_a_uid_is_known_again_when_it_was_edited(name: str):
    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        assert await take(harbor, OTHERS[name]("Call Mom", 1), name) == (3, 0, 0)
        assert await take(harbor, OTHERS[name]("Call Mom", 1), name) == (0, 0, 3)
        assert (await take(harbor, OTHERS[name]("Call Mum", 1), name))[:2] == (0, 1)
        assert (await take(harbor, OTHERS[name]("Call Mum", 2), name))[:2] == (0, 3)
        assert (await take(harbor, OTHERS[name]("Call Mum", 2), name))[:2] == (0, 0)
        assert await titles(harbor) == ["Call Mum", "Another", "Another"]


async def test_subtasks_follow_a_task_whose_words_were_edited():
    def rows(title: str) -> str:
        return (
            f"TYPE,CONTENT,INDENT\ntask,{title},1\ntask,First step,2\ntask,Second step,2\n"
            "task,Other,1\ntask,First step,2\n"
        )

    async with open_taskharbor(storage=InMemoryStorage()) as harbor:
        assert await take(harbor, rows("Paint the door"), "todoist") == (5, 0, 0)
        created, updated, _ = await take(harbor, rows("Paint the doors"), "todoist")
        assert (created, updated) == (0, 1)
        assert (await take(harbor, rows("Paint the doors"), "todoist"))[:2] == (0, 0)
        assert [each.parent for each in (await harbor.find_tasks(limit=9)).items] == [None, 1, 1, None, 4]
