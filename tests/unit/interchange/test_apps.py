# ruff: noqa: E501  # files as they are
"""What apps export: every value is taken, or kept and said."""

import io
import json
import zipfile
from datetime import UTC, date, datetime

import pytest

from taskharbor.adapters.interchange.apps.todoist import TodoistReader
from taskharbor.adapters.interchange.apps.todoist_dates import parse_date
from taskharbor.adapters.interchange.formats import format_named
from taskharbor.application.interchange.apply_draft import new_task_of, with_initial
from taskharbor.application.ports.interchange import Skipped, TaskDraft, Unreadable
from taskharbor.domain.tasks.progress import Progress
from unit.interchange.files import NOW, drafts, readings

WEDNESDAY = date(2026, 11, 25)
TODOIST = """TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE,DATE_LANG,TIMEZONE,DURATION,DURATION_UNIT,DEADLINE
meta,view_style=list,,,,,,,,,,,
note,about the project,,,,,,,,,,,
task,Water the plants @home,"two
lines",1,1,Ann (1),Bob (2),every mon at 9am,en,Europe/Berlin,15,minute,
note,Use rain water,,,,Ann (1),,,,,,,
task,The ficus,,4,2,Ann (1),,,,,,,
section,Later,,,,,,,,,,,
task,Pay,,3,1,Ann (1),,2026-12-01,en,,,,2026-12-05
task,Pay,,2,1,Ann (1),,next full moon,en,,,,
"""
TICKTICK = """"Date: 2026-11-25+0000"
"Version: 7.1"
"Status:
0 Normal
1 Completed
2 Archived"
"Folder Name","List Name","Title","Kind","Tags","Content","Is Check list","Start Date","Due Date","Reminder","Repeat","Priority","Status","Created Time","Completed Time","Order","Timezone","Is All Day","Is Floating","Column Name","taskId","parentId"
"Home","Garden","Mow","TEXT","green, loud","the lawn","N","2026-12-01T08:00:00+0000","2026-12-01T09:00:00+0000","-PT30M","FREQ=WEEKLY;INTERVAL=2","5","0","2026-01-01T00:00:00+0000","","1","Europe/Berlin","false","false","Soon","2","1"
"","Garden","Plan","CHECKLIST","","why
▫one
▪two","Y","2026-11-30T23:00:00+0000","","","","0","2","2026-01-02T00:00:00+0000","2026-02-01T00:00:00+0000","1","Europe/Berlin","true","false","","1",""
"","Inbox","a note","NOTE","","","N","","","","","0","0","","","1","","","","","3",""
"""
GOOGLE = {
    "kind": "tasks#taskLists",
    "items": [
        {"kind": "tasks#tasks", "title": "Errands", "items": [
            {"kind": "tasks#task", "id": "c", "title": "Child", "status": "completed", "parent": "p",
             "completed": "2026-01-03T00:00:00.000Z", "created": "2026-01-01T00:00:00Z"},
            {"kind": "tasks#task", "id": "p", "title": "Parent", "status": "needsAction", "notes": "n", "starred": True,
             "due": "2026-12-01T00:00:00Z", "links": [{"type": "email", "link": "https://example.org/"}]},
            {"kind": "tasks#task", "id": "d", "title": "Gone", "status": "needsAction", "deleted": True},
            {"kind": "tasks#task", "title": "no id"},
        ]},
    ],
}  # fmt: skip
TRELLO = {
    "id": "b", "name": "Move", "idOrganization": None, "lists": [{"id": "l", "name": "Doing"}],
    "cards": [
        {"id": "5f0000000000000000000001", "name": "Pack", "desc": "boxes", "idList": "l", "closed": False,
         "labels": [{"name": "", "color": "red"}, {"name": "heavy"}], "due": "2026-12-01T09:00:00.000Z",
         "dueComplete": False, "dueReminder": 60, "attachments": [{"url": "https://example.org/a"}]},
        {"id": "5f0000000000000000000002", "name": "Old", "idList": "l", "closed": True},
    ],
    "checklists": [{"id": "k", "idCard": "5f0000000000000000000001", "name": "Boxes",
                    "checkItems": [{"id": "i", "name": "small", "state": "complete", "due": "2026-12-01T09:00:00Z",
                                    "dueReminder": "1440"}]}],
    "actions": [{"type": "commentCard", "date": "2026-01-01T00:00:00Z", "memberCreator": {"fullName": "Ann"},
                 "data": {"text": "hello", "card": {"id": "5f0000000000000000000001"}}}],
}  # fmt: skip
GRAPH = {
    "value": [{
        "id": "AAA", "title": "Report", "status": "inProgress", "importance": "high", "categories": ["work"],
        "body": {"content": "text", "contentType": "text"}, "isReminderOn": True,
        "dueDateTime": {"dateTime": "2026-12-01T00:00:00.0000000", "timeZone": "UTC"},
        "reminderDateTime": {"dateTime": "2026-12-01T09:00:00.0000000", "timeZone": "Pacific Standard Time"},
        "recurrence": {"pattern": {"type": "relativeMonthly", "interval": 2, "daysOfWeek": ["tuesday"],
                                   "index": "first"}, "range": {"type": "noEnd"}},
        "checklistItems": [{"id": "x", "displayName": "draft it", "isChecked": True}],
        "linkedResources": [{"webUrl": "https://example.org/m"}], "createdDateTime": "2026-01-01T00:00:00.1234567Z",
    }],
}  # fmt: skip
SUPER = {
    "data": {
        "task": {"ids": ["a", "b"], "entities": {
            "a": {"id": "a", "title": "Build", "projectId": "P", "tagIds": ["T", "TODAY"], "timeEstimate": 5400000,
                  "timeSpent": 7, "created": 1767225600000, "isDone": False, "dueDay": "2026-12-01", "repeatCfgId": "R",
                  "notes": "n", "subTaskIds": ["b"]},
            "b": {"id": "b", "title": "Test", "parentId": "a", "isDone": True, "doneOn": 1767312000000,
                  "created": 1767225600000, "tagIds": [], "dueWithTime": 1767312000000}}},
        "project": {"entities": {"P": {"id": "P", "title": "Shed"}}},
        "tag": {"entities": {"T": {"id": "T", "title": "wood"}}},
        "taskRepeatCfg": {"entities": {"R": {"repeatCycle": "WEEKLY", "repeatEvery": 2, "tuesday": True}}},
        "archiveYoung": {"task": {"ids": ["z"], "entities": {"z": {"id": "z", "title": "Old", "isDone": True}}}},
    },
}  # fmt: skip
OUTLOOK = (
    '"Subject","Start Date","Due Date","Reminder On/Off","Reminder Date","Reminder Time","Date Completed","% Complete",'
    '"Categories","Notes","Priority","Status","Role"\r\n'
    '"Grüße","11/30/2026","12/1/2026","True","11/30/2026","4:30:00 PM","","50","a;b","n","High","In Progress","boss"\r\n'
    '"Done","","31/31/2026","False","","","1/2/2026","100","","","Normal","Completed",""\r\n'
).encode("cp1252")
FILES = {
    "todoist": TODOIST.encode(),
    "ticktick": TICKTICK.encode(),
    "google_tasks": json.dumps(GOOGLE).encode(),
    "trello": json.dumps(TRELLO).encode(),
    "microsoft_todo": json.dumps(GRAPH).encode(),
    "super_productivity": json.dumps(SUPER).encode(),
    "outlook": OUTLOOK,
}


def read(format: str) -> list[TaskDraft]:
    return [each for each in readings(format, FILES[format]) if isinstance(each, TaskDraft)]


def made(draft: TaskDraft):
    return new_task_of(with_initial(draft), 1, at=NOW)


@pytest.mark.parametrize("format", FILES)
def test_the_same_file_makes_the_same_tasks_however_it_comes(format: str):
    assert readings(format, FILES[format], piece=7) == readings(format, FILES[format])
    names = [draft.uid for draft in read(format)]
    assert len(names) == len(set(names)) > 1 or format == "microsoft_todo"


def test_todoist_has_rules_in_words_labels_subtasks_sections_and_comments():
    reader = TodoistReader("Home [2203306141].csv", WEDNESDAY)
    list(reader.feed(FILES["todoist"]))
    found = list(reader.end())
    assert [each.reason for each in found if isinstance(each, Skipped)] == ["it is a comment on the project"]
    water, ficus, pay, again = (each for each in found if isinstance(each, TaskDraft))
    task = made(water)
    assert (task.title, task.description, task.tags, task.priority) == ("Water the plants", "two\nlines", ("home",), 1)
    assert task.due.as_json() == {"localDateTime": "2026-11-30T09:00:00", "timeZone": "Europe/Berlin"}
    assert task.recurrence.rule.text == "FREQ=WEEKLY;BYDAY=MO"
    assert (task.estimated_duration.as_json(), task.comments[0].author) == ("PT15M", "Ann")
    assert water.foreign["todoist"] == {"responsible": "Bob (2)", "author": "Ann (1)", "date": "every mon at 9am"}
    assert (water.list_name, ficus.parent, pay.list_name) == ("Home", water.uid, "Home / Later")
    assert (made(pay).start.local, made(pay).due.local) == ("2026-12-01", "2026-12-05")
    assert (again.uid != pay.uid, made(again).due) == (True, None)
    assert again.foreign["todoist"] == {"date": "next full moon", "author": "Ann (1)"}
    assert again.remarks == ("line 10 (date): it is no date that is certain: kept, and not read",)


@pytest.mark.parametrize(
    ("words", "day", "time", "rule"),
    [
        ("2026-12-01", "2026-12-01", None, None),
        ("2026-12-01 09:30", "2026-12-01", "09:30", None),
        ("Dec 1 2026 4pm", "2026-12-01", "16:00", None),
        ("every day", "2026-11-25", None, "FREQ=DAILY"),
        ("daily at 12am", "2026-11-25", "00:00", "FREQ=DAILY"),
        ("every! 3 days", "2026-11-25", None, "FREQ=DAILY;INTERVAL=3"),
        ("every other week", "2026-11-25", None, "FREQ=WEEKLY;INTERVAL=2"),
        ("every weekday", "2026-11-25", None, "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ("every mon, fri at 20:00", "2026-11-27", "20:00", "FREQ=WEEKLY;BYDAY=MO,FR"),
        ("every 15th", "2026-12-15", None, "FREQ=MONTHLY;BYMONTHDAY=15"),
        ("every 1, 15", "2026-12-01", None, "FREQ=MONTHLY;BYMONTHDAY=1,15"),
        ("every last day", "2026-11-30", None, "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ("every 3rd friday", "2026-12-18", None, "FREQ=MONTHLY;BYDAY=3FR"),
        ("every jan 14", "2027-01-14", None, "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=14"),
        ("every evening", "2026-11-25", "19:00", "FREQ=DAILY"),
        ("every 29 feb", "2028-02-29", None, "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"),
        ("today", "2026-11-25", None, None),
        ("tomorrow", "2026-11-26", None, None),
        ("tom at 9am", "2026-11-26", "09:00", None),
        ("wednesday", "2026-12-02", None, None),
        ("fri 18:00", "2026-11-27", "18:00", None),
        ("next week", "2026-11-30", None, None),
        ("in 3 days", "2026-11-28", None, None),
        ("in 3 months", "2027-02-25", None, None),
        ("1 Dec", "2026-12-01", None, None),
        ("Dec 1st", "2026-12-01", None, None),
        ("24 Nov", "2027-11-24", None, None),
        ("29 feb", "2028-02-29", None, None),
        ("every day starting 1 Dec", "2026-12-01", None, "FREQ=DAILY"),
        ("every 3rd friday starting 1 jan 2027", "2027-01-15", None, "FREQ=MONTHLY;BYDAY=3FR"),
        ("every mon at 9am until 1 feb", "2026-11-30", "09:00", "FREQ=WEEKLY;BYDAY=MO;UNTIL=20270201"),
        ("every day from 2026-12-24 until 2026-12-31", "2026-12-24", None, "FREQ=DAILY;UNTIL=20261231"),
        ("every day for 3 weeks", "2026-11-25", None, "FREQ=DAILY;UNTIL=20261216"),
        ("every! 2 weeks ending dec 31", "2026-11-25", None, "FREQ=WEEKLY;INTERVAL=2;UNTIL=20261231"),
    ],
)
def test_what_is_certain_of_todoists_words_is_taken(words: str, day: str, time: str | None, rule: str | None):
    said = parse_date(words, WEDNESDAY)
    assert said is not None
    assert (said.day.isoformat(), said.time, said.rrule) == (day, time, rule)
    assert said.from_completion is words.startswith("every!")


@pytest.mark.parametrize(
    "words",
    [
        "30 feb",
        "31 nov 2026",
        "every day until may",
        "every 3rd day starting mon",
        "every day until",
        "every day until yesterday",
        "every day until 2026-11-01",
        "every day for ages",
        "every day from mon from tue",
        "every 30 feb",
        "every",
        "x" * 10_000,
    ],
)
def test_what_is_not_certain_of_todoists_words_is_not_taken(words: str):
    assert parse_date(words, WEDNESDAY) is None


def test_ticktick_has_check_lists_columns_reminders_and_zones():
    found = readings("ticktick", FILES["ticktick"])
    assert [each.reason for each in found if isinstance(each, Skipped)] == ["it is a note, not a task"]
    mow, plan, one, two = (each for each in found if isinstance(each, TaskDraft))
    task = made(mow)
    assert (task.priority, task.tags, mow.list_name, mow.parent) == (1, ("green", "loud"), "Garden / Soon", plan.uid)
    assert task.start.as_json() == {"localDateTime": "2026-12-01T09:00:00", "timeZone": "Europe/Berlin"}
    assert (task.recurrence.rule.text, task.reminders[0].as_json()["offset"]) == ("FREQ=WEEKLY;INTERVAL=2", "-PT30M")
    assert mow.foreign["ticktick"] == {"folder": "Home"}
    assert (made(plan).due.as_json(), made(plan).description) == ({"date": "2026-12-01"}, "why")
    assert made(plan).completed == datetime(2026, 2, 1, tzinfo=UTC)
    assert [(each.parent, made(each).progress) for each in (one, two)] == [
        (plan.uid, Progress.NEEDS_ACTION),
        (plan.uid, Progress.COMPLETED),
    ]


def test_google_tasks_have_parents_links_and_days():
    found = readings("google_tasks", FILES["google_tasks"])
    child, parent, nameless = (each for each in found if isinstance(each, TaskDraft))
    assert (nameless.changes.title, len(nameless.remarks)) == ("no id", 1)
    assert (child.parent, parent.list_name, parent.foreign["google_tasks"]) == (
        parent.uid,
        "Errands",
        {"starred": True},
    )
    assert (made(parent).due.as_json(), made(parent).links) == ({"date": "2026-12-01"}, ("https://example.org/",))
    assert made(child).completed == datetime(2026, 1, 3, tzinfo=UTC)
    assert [type(each) for each in found] == [TaskDraft, TaskDraft, Skipped, TaskDraft]


def test_a_board_of_trello_has_columns_labels_checklists_and_comments():
    pack, old, small = drafts("trello", FILES["trello"])
    task = made(pack)
    assert (pack.list_name, task.tags, small.parent) == ("Move / Doing", ("heavy", "red"), pack.uid)
    assert (task.due.as_json()["timeZone"], task.reminders[0].as_json()["offset"]) == ("UTC", "-PT60M")
    assert (task.comments[0].author, task.links) == ("Ann", ("https://example.org/a",))
    assert (made(old).progress, made(small).progress) == (Progress.CANCELLED, Progress.COMPLETED)
    assert made(small).reminders[0].as_json() == {"offset": "-PT1440M", "relativeTo": "due"}
    assert task.created.year == 2020


def test_microsoft_to_do_has_rules_zones_and_checklists():
    report, item = drafts("microsoft_todo", FILES["microsoft_todo"])
    task = made(report)
    assert (task.priority, task.progress, task.due.as_json()) == (1, Progress.IN_PROCESS, {"date": "2026-12-01"})
    assert task.recurrence.rule.text == "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU;BYSETPOS=1"
    assert task.reminders[0].as_json() == {"when": "2026-12-01T17:00:00Z"}
    assert (item.parent, made(item).progress) == (report.uid, Progress.COMPLETED)


def test_super_productivity_has_projects_estimates_and_archives():
    build, test, old = drafts("super_productivity", FILES["super_productivity"])
    task = made(build)
    assert (build.list_name, task.tags, task.estimated_duration.as_json()) == ("Shed", ("wood",), "PT5400S")
    assert task.recurrence.rule.text == "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"
    assert (test.parent, made(test).due.as_json()["localDateTime"]) == (build.uid, "2026-01-02T00:00:00")
    assert (build.foreign["super_productivity"], made(old).progress) == ({"timeSpent": 7}, Progress.COMPLETED)


@pytest.mark.parametrize(
    ("repeat", "rrule"),
    [
        ({"repeatCycle": "MONTHLY", "monthlyWeekOfMonth": 2, "monthlyWeekday": 4}, "FREQ=MONTHLY;BYDAY=2TH"),
        ({"repeatCycle": "MONTHLY", "monthlyWeekOfMonth": -1, "monthlyWeekday": 0}, "FREQ=MONTHLY;BYDAY=-1SU"),
        ({"repeatCycle": "MONTHLY", "monthlyWeekOfMonth": 9, "monthlyWeekday": 0}, "FREQ=MONTHLY"),
        ({"repeatCycle": "MONTHLY", "monthlyLastDay": True}, "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ({"repeatCycle": "DAILY", "rrule": "FREQ=WEEKLY;BYDAY=MO;COUNT=5"}, "FREQ=WEEKLY;BYDAY=MO;COUNT=5"),
        ({"repeatCycle": "DAILY", "deletedInstanceDates": ["2026-12-02", "soon"]}, "FREQ=DAILY"),
    ],
)
def test_super_productivity_says_which_day_of_a_month_or_the_whole_rule(repeat: dict[str, object], rrule: str):
    said = {"data": {
        "task": {"entities": {"a": {"id": "a", "title": "Build", "dueDay": "2026-12-01", "repeatCfgId": "R",
                                    "reminderId": "r"}}},
        "taskRepeatCfg": {"entities": {"R": {"repeatEvery": 1, **repeat}}},
        "reminders": [{"id": "r", "remindAt": 1767312000000}],
    }}  # fmt: skip
    (draft,) = drafts("super_productivity", json.dumps(said).encode())
    task = made(draft)
    assert task.recurrence.rule.text == rrule
    assert [each.as_json() for each in task.recurrence.exdate] == (
        [{"date": "2026-12-02"}] if "deletedInstanceDates" in repeat else []
    )
    assert [each.as_json() for each in task.reminders] == [{"when": "2026-01-02T00:00:00Z"}]


def test_outlook_has_the_work_of_a_task_and_keeps_the_rest():
    head = b'"Subject","Due Date","Total Work","Actual Work","Private","Sensitivity"\r\n'
    (one,) = drafts("outlook", head + b'"One","1/1/2026","90 minutes","2 hours","True","Confidential"\r\n')
    assert made(one).estimated_duration.as_json() == "PT90M"
    assert one.foreign["outlook"] == {"actual work": "2 hours", "private": "True", "sensitivity": "Confidential"}
    (two,) = drafts("outlook", head + b'"Two","1/1/2026","0 hours","0 hours","False","Normal"\r\n')
    assert (made(two).estimated_duration, two.foreign) == (None, {"outlook": None})


@pytest.mark.parametrize(
    ("said", "start", "due"),
    [
        ({"dueDay": "2026-12-01"}, None, "2026-12-01"),
        ({"dueDay": "2026-12-01", "dueWithTime": 1796191200000}, None, "2026-12-02T06:00:00"),
        ({"deadlineDay": "2026-12-05"}, None, "2026-12-05"),
        ({"dueDay": "2026-12-01", "deadlineDay": "2026-12-05"}, "2026-12-01", "2026-12-05"),
        (
            {"dueWithTime": 1796176800000, "deadlineWithTime": 1796191200000},
            "2026-12-02T02:00:00",
            "2026-12-02T06:00:00",
        ),
        ({"dueDay": None, "dueWithTime": None, "deadlineDay": None, "deadlineWithTime": None}, None, None),
    ],
)
def test_what_super_productivity_plans_before_a_deadline_begins_then(said, start, due):
    data = {"data": {"task": {"entities": {"a": {"id": "a", "title": "Build", **said}}}}}
    (draft,) = drafts("super_productivity", json.dumps(data).encode())
    task = made(draft)
    wire = [None if moment is None else moment.as_json() for moment in (task.start, task.due)]
    assert [each and (each.get("date") or each["localDateTime"]) for each in wire] == [start, due]
    assert draft.remarks == ()


@pytest.mark.parametrize(
    ("said", "priority"), [(3, 1), ("high", 1), (2, 5), ("medium", 5), (1, 9), ("low", 9), (None, 0), (7, 0)]
)
def test_priorities_of_super_productivity_are_numbers_or_words(said, priority):
    data = {"data": {"task": {"entities": {"a": {"id": "a", "title": "Build", "priority": said}}}}}
    (draft,) = drafts("super_productivity", json.dumps(data).encode())
    assert made(draft).priority == priority
    assert draft.foreign == {"super_productivity": {"priority": 7} if said == 7 else None}


def test_super_productivity_reminds_of_a_task_and_of_its_deadline():
    said = {"id": "a", "title": "Build", "remindAt": 1796176800000, "deadlineRemindAt": 1796191200000}
    (draft,) = drafts("super_productivity", json.dumps({"data": {"task": {"entities": {"a": said}}}}).encode())
    assert [each.as_json()["when"] for each in made(draft).reminders] == [
        "2026-12-02T02:00:00Z",
        "2026-12-02T06:00:00Z",
    ]


@pytest.mark.parametrize(
    ("due", "wire"),
    [
        ("2026-12-01T00:00:00.000Z", {"date": "2026-12-01"}),
        ("2026-12-01T22:00:00Z", {"localDateTime": "2026-12-01T22:00:00", "timeZone": "UTC"}),
        ("2026-12-01T09:30:00.000Z", {"localDateTime": "2026-12-01T09:30:00", "timeZone": "UTC"}),
        ("2026-12-01", {"date": "2026-12-01"}),
    ],
)
def test_a_time_of_google_tasks_is_an_instant_unless_it_is_midnight(due, wire):
    said = {"kind": "tasks#tasks", "title": "L", "items": [{"kind": "tasks#task", "id": "a", "title": "T", "due": due}]}
    (draft,) = drafts("google_tasks", json.dumps(said).encode())
    assert made(draft).due.as_json() == wire


def test_a_copied_card_of_trello_has_the_comments_of_the_first():
    card = "5f0000000000000000000001"
    copied = {"type": "copyCommentCard", "date": "2026-01-02T00:00:00Z", "memberCreator": {"fullName": "Bob"},
              "data": {"text": "copied", "card": {"id": card}, "cardSource": {"id": "5f0000000000000000000009"}}}  # fmt: skip
    board = {**TRELLO, "actions": [copied, *TRELLO["actions"]]}
    pack = drafts("trello", json.dumps(board).encode())[0]
    assert [(comment.author, comment.text) for comment in made(pack).comments] == [("Ann", "hello"), ("Bob", "copied")]


def test_google_tasks_may_be_of_one_list():
    data = json.dumps(GOOGLE["items"][0]).encode()
    found = [each.list_name for each in readings("google_tasks", data) if isinstance(each, TaskDraft)]
    assert found == ["Errands", "Errands", "Errands"]


def test_outlook_has_reminders_on_the_clock_on_the_wall_and_names_in_its_code_page():
    hello, done = drafts("outlook", FILES["outlook"])
    task = made(hello)
    assert (task.title, task.percent_complete, task.priority, task.tags) == ("Grüße", 50, 1, ("a", "b"))
    assert task.reminders[0].as_json() == {"offset": "-PT7H30M", "relativeTo": "due"}
    assert hello.foreign["outlook"] == {"role": "boss"}
    assert (made(done).completed.date(), made(done).due) == (date(2026, 1, 2), None)
    assert done.foreign["outlook"] == {"due date": "31/31/2026"}


def backup(**files: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.csv", content)
    return data.getvalue()


def test_a_backup_of_todoist_is_a_project_a_file():
    found = readings("todoist", backup(Home=FILES["todoist"], Work=b"TYPE,CONTENT\ntask,Phone\n"))
    tasks = [each for each in found if isinstance(each, TaskDraft)]
    assert [task.list_name for task in tasks] == ["Home", "Home", "Home / Later", "Home / Later", "Work"]
    assert tasks[-1].place == "Work.csv, line 2"


def test_a_zip_bomb_is_not_unpacked_and_a_broken_member_ends_only_itself():
    bomb = backup(Bomb=b"a" * 40_000_000, Work=b"TYPE,CONTENT\ntask,Phone\n")
    found = readings("todoist", bomb)
    assert "unpacks to more than" in found[0].reason
    assert found[1].changes.title == "Phone"
    whole = bytearray(backup(One=b"TYPE,CONTENT\ntask,One\n", Two=b"TYPE,CONTENT\ntask,Two\n"))
    whole[40] ^= 0xFF
    assert [type(each) for each in readings("todoist", bytes(whole))] == [Unreadable, TaskDraft]


@pytest.mark.parametrize("format", FILES)
@pytest.mark.parametrize("data", [b"", b"\0", b"{", b"[" * 200_000, b"null", b"[1]", b"PK\x03\x04", b'"', b'{"items":[1,{"items":[2]}]}',
    b'{"cards":[1,{"id":2}],"lists":1,"actions":[1],"checklists":[{"checkItems":[{}]}]}', b'{"value":[{"id":1,"title":[]}]}',
    b'{"task":{"entities":{"a":1,"b":{"created":1e308,"timeEstimate":1e308}}}}', b'a,title,subject,content\n"', b"\xff\xfea"])  # fmt: skip
def test_nonsense_is_said_and_never_raises(format: str, data: bytes):
    for each in readings(format, data):
        if isinstance(each, TaskDraft):
            assert made(each).title


def test_a_quote_that_is_never_closed_ends_only_its_line():
    found = readings("todoist", 'TYPE,CONTENT\ntask,One\ntask,"Two\ntask,Three\n')
    assert [type(each) for each in found] == [Unreadable, TaskDraft, TaskDraft]
    assert found[2].changes.title == "Three"


def test_what_is_too_long_is_cut_and_said():
    (found,) = drafts("todoist", f"TYPE,CONTENT,DESCRIPTION\ntask,{'x' * 600},{'y' * 200_000}\n")
    assert (len(made(found).title), len(made(found).description)) == (500, 65_536)
    assert len(found.remarks) == 2


def test_what_is_only_read_is_not_written():
    assert format_named("trello").writer() is None
