"""The requests of the recorded session, in order: every operation of the API, and what each refuses.

A request is a method, a path with its query, a body (JSON, or text for a file) and headers. `Idempotency-Key` comes
by itself with what changes something. These stand for what was answered before: `NEXT` for the `next` link, `{next}`
for the token of a page of changes, `{^}` for the latest revision, and a title or name in braces for the id of its task
or list.
"""

from typing import Any, Final, TypeAlias

from taskharbor.domain.values.uid import uid_named

Step: TypeAlias = tuple[str, str] | tuple[str, str, Any] | tuple[str, str, Any, dict[str, str]]

NEXT: Final = "@next"

_UID: Final = "0190b1f4-1234-7abc-8def-0123456789{:02x}"
_FULL: Final = {
    "title": "Water the plants",
    "uid": _UID.format(1),
    "description": "The *cactus* too \u00e9\U0001f335",
    "priority": 5,
    "start": {"localDateTime": "2026-03-15T09:00:00", "timeZone": "Europe/Berlin"},
    "due": {"localDateTime": "2026-03-16T18:00:00", "timeZone": "Europe/Berlin"},
    "estimated_duration": "PT15M",
    "tags": ["Balcony", "home"],
    "links": ["https://example.org/plants"],
    "reminders": [{"offset": "-PT1H", "relativeTo": "due"}, {"when": "2026-03-16T12:00:00Z"}],
}
_DAILY: Final = {
    "title": "Take the pills",
    "due": {"date": "2026-03-02"},
    "recurrence": {"rrule": "FREQ=DAILY;COUNT=9", "overdue": "catch-up"},
}
_MONTHLY: Final = {
    "title": "Pay the rent",
    "start": {"localDateTime": "2026-03-01T08:00:00"},
    "due": {"localDateTime": "2026-03-31T18:00:00"},
    "recurrence": {"rrule": "FREQ=MONTHLY;BYMONTHDAY=-1", "rdate": [], "anchor": "schedule"},
}
_BY_COMPLETION: Final = {
    "title": "Cut the hair",
    "due": {"date": "2026-03-20"},
    "recurrence": {"rrule": "FREQ=WEEKLY;INTERVAL=6", "anchor": "completion"},
}
_MERGE: Final = {"Content-Type": "application/merge-patch+json"}

_ICALENDAR: Final = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//EN
BEGIN:VTODO
UID:first@example.org
DTSTAMP:20260301T120000Z
SUMMARY:Call the plumber
DUE;VALUE=DATE:20260305
PRIORITY:1
CATEGORIES:home,tap
X-MOOD:bad
BEGIN:VALARM
ACTION:DISPLAY
DESCRIPTION:Now
TRIGGER:-PT15M
END:VALARM
END:VTODO
BEGIN:VTODO
UID:second@example.org
DTSTAMP:20260301T120000Z
SUMMARY:Buy a washer
RELATED-TO:first@example.org
STATUS:COMPLETED
COMPLETED:20260301T100000Z
END:VTODO
END:VCALENDAR
""".replace("\n", "\r\n")
_TASKWARRIOR: Final = (
    '[{"uuid":"0190b1f4-1234-7abc-8def-0123456789f0","description":"Sort the post","status":"pending",'
    '"entry":"20260301T090000Z","due":"20260310T000000Z","project":"Paper","tags":["desk"],"priority":"H",'
    '"annotations":[{"entry":"20260301T091500Z","description":"the blue pile first"}],"udaown":"kept"}]'
)
_TODOTXT: Final = "(A) 2026-02-28 Phone the bank @desk +Paper due:2026-03-09\nx 2026-03-01 2026-02-27 Post the letter\n"
_JSONL: Final = (
    '{"uid":"0190b1f4-1234-7abc-8def-0123456789e0","title":"Read the book","tags":["sofa"]}\n'
    '{"uid":"0190b1f4-1234-7abc-8def-0123456789e1","title":"","tags":["sofa"]}\n'
    "not JSON\n"
)
_PDF: Final = {"Content-Type": "application/pdf"}


_UNDONE: Final = uid_named("import default undone")


def _import(name: str, file: str, media_type: str, more: str = "") -> Step:
    return ("POST", f"/import?format={name}{more}", file, {"Content-Type": media_type})


_TASKS: Final[list[Step]] = [
    ("GET", "/tasks/"),
    ("GET", "/changes?since=*"),
    ("POST", "/tasks/", {"title": "Plain"}),
    ("POST", "/tasks/", _FULL),
    ("POST", "/tasks/", _FULL | {"title": "Another"}),
    ("POST", "/tasks/", {"title": "Done before", "progress": "completed", "due": {"date": "2026-02-01"}}),
    ("POST", "/tasks/", {"title": " "}),
    ("POST", "/tasks/", {"title": "a", "colour": "red"}),
    ("POST", "/tasks/", {"title": 7}),
    ("POST", "/tasks/", "{"),
    ("POST", "/tasks/", "{}", _PDF),
    ("POST", "/tasks/", {"title": "In the future", "due": {"date": "2026-13-01"}}),
    ("POST", "/tasks/?colour=red", {"title": "a"}),
    ("POST", "/tasks/", {"title": "a"}, {"Idempotency-Key": "a b"}),
    ("POST", "/tasks/", {"title": "Another request"}, {"Idempotency-Key": "step-3"}),
    ("GET", "/tasks/1"),
    ("GET", "/tasks/2"),
    ("HEAD", "/tasks/2"),
    ("GET", "/tasks/1", None, {"If-None-Match": '"1"'}),
    ("GET", "/tasks/99"),
    ("GET", "/tasks/x"),
    ("GET", "/nowhere"),
    ("PUT", "/tasks/1", {"title": "a"}),
    ("PATCH", "/tasks/1", {"title": "Plainer", "priority": 1}),
    ("PATCH", "/tasks/1", {"title": "Plainest"}, _MERGE | {"If-Match": '"1"'}),
    ("PATCH", "/tasks/1", {"title": "Plainest"}, _MERGE | {"If-Match": '"4"'}),
    ("PATCH", "/tasks/1", {"description": "x", "due": {"date": "2026-04-01"}}, {"If-Match": "*"}),
    ("PATCH", "/tasks/1", {"description": None}, {"If-Match": "nonsense"}),
    ("PATCH", "/tasks/1", {"description": None, "percent_complete": 40}),
    ("PATCH", "/tasks/99", {"title": "a"}),
    ("PATCH", "/tasks/1?completed=true"),
    ("PATCH", "/tasks/1?completed=false"),
    ("POST", "/tasks/1/start"),
    ("POST", "/tasks/1/cancel"),
    ("POST", "/tasks/1/reopen"),
    ("POST", "/tasks/1/complete"),
    ("POST", "/tasks/1/reopen", None, {"If-Match": '"1"'}),
    ("POST", "/tasks/1/reopen"),
    ("POST", "/tasks/99/complete"),
    ("GET", "/tasks/2/urgency"),
    ("GET", "/tasks/2/urgency?time_zone=Mars/Olympus"),
]

_COMMENTS: Final[list[Step]] = [
    ("GET", "/tasks/1/comments"),
    ("POST", "/tasks/1/comments", {"text": "The *blue* can leaks", "author": "Zo\u00eb"}),
    ("POST", "/tasks/1/comments", {"text": "So buy another"}),
    ("POST", "/tasks/1/comments", {"text": ""}),
    ("POST", "/tasks/99/comments", {"text": "a"}),
    ("PATCH", "/tasks/1/comments/1", {"text": "The *green* can leaks"}),
    ("PATCH", "/tasks/1/comments/9", {"text": "a"}),
    ("GET", "/tasks/1/comments"),
    ("DELETE", "/tasks/1/comments/2"),
    ("DELETE", "/tasks/1/comments/2"),
]

_LISTS: Final[list[Step]] = [
    ("GET", "/lists/"),
    ("POST", "/lists/", {"name": "Garden", "colour": "#1e90ff", "description": "Out there"}),
    ("POST", "/lists/", {"name": "House"}),
    ("POST", "/lists/", {"name": "Attic", "archived": False}),
    ("POST", "/lists/", {"name": "Shed", "colour": "very green"}),
    ("GET", "/lists/{Garden}"),
    ("GET", "/lists/99"),
    ("GET", "/lists/?limit=2"),
    ("GET", NEXT),
    ("PATCH", "/lists/{Garden}", {"name": "The garden", "colour": None}),
    ("PATCH", "/lists/{Garden}", {"name": "a"}, {"If-Match": '"1"'}),
    ("PATCH", "/lists/1", {"archived": True}),
    ("POST", "/tasks/", {"title": "Mow the lawn", "list": "{Garden}", "tags": ["green"]}),
    ("POST", "/tasks/", {"title": "Rake the leaves", "list": "{Garden}"}),
    ("POST", "/tasks/", {"title": "Sweep the floor", "list": "{House}"}),
    ("POST", "/tasks/", {"title": "Nowhere", "list": 99}),
    ("DELETE", "/lists/1"),
    ("DELETE", "/lists/{House}"),
    ("DELETE", "/lists/{House}?move_to={Garden}"),
    ("DELETE", "/lists/{Attic}?tasks=delete"),
    ("DELETE", "/lists/{Attic}"),
]

_RELATIONS: Final[list[Step]] = [
    ("POST", "/tasks/", {"title": "Repaint the fence", "list": "{Garden}"}),
    ("POST", "/tasks/", {"title": "Buy the paint", "parent": "{Repaint the fence}"}),
    (
        "POST",
        "/tasks/",
        {"title": "Sand the boards", "parent": "{Repaint the fence}", "depends_on": ["{Buy the paint}"]},
    ),
    ("POST", "/tasks/", {"title": "Below nothing", "parent": 99}),
    ("PATCH", "/tasks/{Buy the paint}", {"depends_on": ["{Sand the boards}"]}),
    ("PATCH", "/tasks/{Repaint the fence}", {"parent": "{Sand the boards}"}),
    ("POST", "/tasks/{Sand the boards}/complete"),
    ("POST", "/tasks/{Repaint the fence}/complete"),
    ("DELETE", "/tasks/{Repaint the fence}"),
    ("POST", "/tasks/{Sand the boards}/complete?dependencies=ignore"),
    ("POST", "/tasks/{Repaint the fence}/complete?subtasks=complete"),
    ("POST", "/tasks/{Repaint the fence}/reopen"),
    ("POST", "/tasks/{Rake the leaves}/move", {"before": "{Mow the lawn}"}),
    ("POST", "/tasks/{Rake the leaves}/move", {"first": True}),
    ("POST", "/tasks/1/move", {"list": "{Garden}", "last": True}),
    ("POST", "/tasks/{Sweep the floor}/move", {"parent": "{Repaint the fence}"}),
    ("POST", "/tasks/{Sweep the floor}/move", {"before": "{Mow the lawn}", "after": "{Rake the leaves}"}),
    ("POST", "/tasks/{Repaint the fence}/move", {"parent": "{Sweep the floor}"}),
    ("DELETE", "/tasks/{Repaint the fence}?subtasks=keep"),
    ("POST", "/tasks/{Repaint the fence}/restore"),
    ("PATCH", "/tasks/{Sand the boards}", {"parent": "{Repaint the fence}"}),
    ("DELETE", "/tasks/{Repaint the fence}?subtasks=delete"),
    ("GET", "/tasks/{Repaint the fence}"),
    ("GET", "/trash"),
    ("GET", "/trash?limit=1"),
    ("GET", NEXT),
    ("POST", "/tasks/{Sand the boards}/restore"),
    ("POST", "/tasks/2/restore"),
]

_RECURRENCE: Final[list[Step]] = [
    ("POST", "/tasks/", _DAILY),
    ("POST", "/tasks/", _MONTHLY),
    ("POST", "/tasks/", _BY_COMPLETION),
    ("POST", "/tasks/", {"title": "a", "recurrence": {"rrule": "FREQ=DAILY"}}),
    ("POST", "/tasks/", {"title": "a", "due": {"date": "2026-03-02"}, "recurrence": {"rrule": "FREQ=NEVER"}}),
    ("GET", "/tasks/{Take the pills}/occurrences?limit=3"),
    ("GET", NEXT),
    ("GET", "/tasks/{Pay the rent}/occurrences?from=2026-05-01&to=2026-08-01"),
    ("GET", "/tasks/1/occurrences"),
    ("POST", "/tasks/{Take the pills}/complete"),
    ("POST", "/tasks/{Take the pills}/skip"),
    ("POST", "/tasks/{Take the pills}/complete?occurrence=2026-03-05"),
    ("POST", "/tasks/{Take the pills}/complete?occurrence=2026-01-05"),
    ("POST", "/tasks/{Pay the rent}/skip?time_zone=Europe/Berlin"),
    ("POST", "/tasks/{Cut the hair}/complete"),
    ("POST", "/tasks/1/skip"),
    ("GET", "/tasks/{Take the pills}"),
]

_BATCHES: Final[list[Step]] = [
    (
        "POST",
        "/batch",
        {
            "commands": [
                {"command": "create", "title": "Pack", "uid": _UID.format(0x40), "due": {"date": "2026-03-07"}},
                {"command": "create", "title": "Socks", "uid": _UID.format(0x41)},
                {"command": "comment", "uid": _UID.format(0x40), "text": "light", "author": "ada"},
                {"command": "comment", "uid": _UID.format(0x40), "text": "lighter"},
                {"command": "edit-comment", "uid": _UID.format(0x40), "comment_id": 1, "text": "lightest"},
                {"command": "delete-comment", "uid": _UID.format(0x40), "comment_id": 2},
                {"command": "change", "id": "{Mow the lawn}", "priority": 9},
                {"command": "start", "id": "{Mow the lawn}"},
                {"command": "cancel", "id": "{Rake the leaves}"},
                {"command": "reopen", "id": "{Rake the leaves}"},
                {"command": "complete", "id": "{Sweep the floor}"},
                {"command": "skip", "id": "{Pay the rent}"},
                {"command": "move", "id": "{Mow the lawn}", "last": True},
                {"command": "delete", "id": 3},
                {"command": "restore", "id": 3},
                {"command": "create-list", "name": "Trip", "colour": "#00ff00"},
                {"command": "change-list", "id": "{Garden}", "description": "Behind the house"},
                {"command": "save-filter", "name": "soon", "filter": "due < today+7d", "sort": "due"},
                {"command": "save-filter", "name": "gone", "q": "a"},
                {"command": "change-filter", "name": "soon", "new_name": "Soon", "time_zone": "Europe/Berlin"},
                {"command": "delete-filter", "name": "gone"},
                {"command": "change-matching", "filter": "tags:green", "changes": {"priority": 2}, "max_affected": 9},
            ]
        },
    ),
    (
        "POST",
        "/batch",
        {
            "atomic": False,
            "commands": [
                {"command": "create", "title": "Kept"},
                {"command": "create", "title": "Twice", "uid": _UID.format(1)},
                {"command": "change", "id": 99, "title": "a"},
                {"command": "change", "id": 1, "if_match": 1, "title": "a"},
                {"command": "change", "id": 1, "due": {"date": "never"}},
                {"command": "change", "id": 1, "list": 99},
                {"command": "edit-comment", "id": 1, "comment_id": 9, "text": "a"},
                {"command": "complete", "id": "{Socks}", "dependencies": "ignore"},
                {"command": "skip", "id": 1},
                {"command": "delete-list", "id": 1, "tasks": "delete"},
                {"command": "delete-list", "id": 99, "tasks": "delete"},
                {"command": "change-list", "id": "{Garden}", "if_match": 1, "name": "a"},
                {"command": "save-filter", "name": "Soon", "filter": "id > 0"},
                {"command": "change-filter", "name": "Soon", "if_match": 1, "filter": "id > 0"},
                {"command": "delete-filter", "name": "nothing"},
                {"command": "change-matching", "filter": "id > 0", "changes": {"priority": 2}, "max_affected": 1},
                {"command": "change-matching", "filter": "id >", "changes": {"priority": 2}, "max_affected": 1},
                {"command": "change-matching", "filter": "id = 2", "changes": {"parent": 99}, "max_affected": 5},
                {"command": "undo", "revision": 9999},
                {"command": "undo", "revision": 3},
                {"command": "create", "title": "Top", "uid": _UID.format(0x50)},
                {"command": "create", "title": "Under it", "parent": _UID.format(0x50)},
                {"command": "complete", "uid": _UID.format(0x50)},
                {"command": "delete", "uid": _UID.format(0x50)},
                {"command": "create", "title": "Later", "uid": _UID.format(0x51), "depends_on": [1]},
                {"command": "complete", "uid": _UID.format(0x51)},
                {
                    "command": "create",
                    "title": "More",
                    "parent": _UID.format(0x50),
                    "due": {"date": "2026-03-02"},
                    "recurrence": {"rrule": "FREQ=DAILY"},
                },
                {"command": "complete", "uid": _UID.format(0x50), "subtasks": "complete"},
            ],
        },
    ),
    ("POST", "/batch", {"commands": [{"command": "create", "title": "a"}, {"command": "complete", "id": 99}]}),
    ("POST", "/tasks/quick", {"text": "Call Ada 2026-12-24 5pm #phone !2 remind 1h before //about the fence"}),
    ("POST", "/tasks/quick", {"text": "Pay rent every 1st", "time_zone": "Europe/Berlin", "dry_run": True}),
    ("POST", "/tasks/quick", {"text": "Clean up @attic"}),
    ("POST", "/batch", {"dry_run": True, "commands": [{"command": "create", "title": "Perhaps"}]}),
    ("POST", "/batch", {"commands": [{"command": "change-list", "id": "{Trip}", "archived": True}]}),
    ("POST", "/batch", {"commands": [{"command": "delete-list", "id": "{Trip}", "tasks": "delete"}]}),
    ("POST", "/batch", {"commands": []}),
    ("POST", "/batch", {"commands": [{"command": "dance"}]}),
    ("POST", "/tasks/bulk", {"filter": "tags:green", "changes": {"priority": 3}, "max_affected": 9}),
    ("POST", "/tasks/bulk", {"filter": "tags:green", "changes": {"priority": 4}, "max_affected": 9, "dry_run": True}),
    ("POST", "/tasks/bulk", {"filter": "id > 0", "changes": {"priority": 3}, "max_affected": 1}),
    ("POST", "/tasks/bulk", {"filter": "id = 2", "changes": {"parent": 99}, "max_affected": 5}),
    ("POST", "/tasks/bulk", {"q": "nothing like it", "changes": {"title": "a"}, "max_affected": 5}),
    ("POST", "/tasks/bulk", {"changes": {"title": "a"}, "max_affected": 5}),
]

_SEARCH: Final[list[Step]] = [
    ("POST", "/filters/", {"name": "green", "filter": "tags:green AND is_open:true", "sort": "-priority"}),
    ("POST", "/filters/", {"name": "words", "q": "paint", "time_zone": "Europe/Berlin"}),
    ("POST", "/filters/", {"name": "green", "filter": "id > 0"}),
    ("POST", "/filters/", {"name": "wrong", "filter": "id >"}),
    ("GET", "/filters/"),
    ("GET", "/filters/green"),
    ("GET", "/filters/none"),
    ("PATCH", "/filters/green", {"name": "Green", "sort": None}),
    ("PATCH", "/filters/Green", {"filter": "tags:green"}, {"If-Match": '"1"'}),
    ("DELETE", "/filters/words"),
    ("DELETE", "/filters/words"),
    ("GET", "/tasks/?saved=Green"),
    ("GET", "/tasks/?saved=none"),
    ("GET", "/tasks/?filter=priority%20%3E%200&sort=-priority,due&fields=id,title,priority,urgency&count=true"),
    ("GET", "/tasks/?filter=id%20%3E%200&sort=title&fields=id,title&limit=4"),
    ("GET", NEXT),
    ("GET", NEXT),
    ("GET", "/tasks/?filter=is_open%3Atrue&sort=-urgency&fields=id,urgency&limit=3"),
    ("GET", NEXT),
    ("GET", "/tasks/?filter=id%20%3E"),
    ("GET", "/tasks/?filter=colour%20%3D%20red"),
    ("GET", "/tasks/?sort=colour"),
    ("GET", "/tasks/?cursor=nonsense"),
    ("GET", "/tasks/?q=the%20fence&fields=id,title"),
    ("GET", "/tasks/?filter=due%20%3C%20today%2B7d&time_zone=Asia/Tokyo&fields=id,due"),
    ("GET", "/tasks/?limit=3"),
    ("GET", NEXT),
    ("GET", "/tasks/?skip=2&limit=2"),
    ("GET", "/tasks/?limit=0"),
    ("GET", "/tasks/?colour=red"),
    ("GET", "/tasks/facets"),
    ("GET", "/tasks/facets?filter=is_open%3Atrue&time_zone=Europe/Berlin"),
]

_FILES: Final[list[Step]] = [
    _import("icalendar", _ICALENDAR, "text/calendar"),
    _import("icalendar", _ICALENDAR, "text/calendar"),
    _import("taskwarrior", _TASKWARRIOR, "application/json"),
    _import("todotxt", _TODOTXT, "text/plain"),
    _import("jsonl", _JSONL, "application/jsonl"),
    _import("jsonl", _JSONL, "application/jsonl", "&atomic=true"),
    _import("jsonl", _JSONL.partition("\n")[0].replace("Read", "Finish"), "application/jsonl", "&atomic=true"),
    _import("csv", "id\n1\n", "text/csv"),
    _import("nonsense", "", "text/plain"),
    *[("GET", f"/export?format={name}") for name in ("icalendar", "taskwarrior", "todotxt", "jsonl", "csv")],
    *[("GET", f"/export/losses?format={name}") for name in ("icalendar", "taskwarrior", "todotxt", "jsonl", "csv")],
    ("GET", "/export?format=nonsense"),
]

_HISTORY: Final[list[Step]] = [
    ("GET", "/tasks/1/history"),
    ("GET", "/tasks/1/history?limit=2"),
    ("GET", NEXT),
    ("GET", "/tasks/99/history"),
    ("GET", "/tasks/1/history?limit=0"),
    ("GET", "/tasks/1?as_of=1"),
    ("GET", "/tasks/1?as_of=2026-03-01T12:00:30Z"),
    ("GET", "/tasks/1?as_of=2026-02-01T12:00:30Z"),
    ("GET", "/tasks/?as_of=12&limit=3"),
    ("GET", NEXT),
    ("GET", "/tasks/?as_of=20&filter=priority%20%3E%200&limit=1"),
    ("GET", NEXT),
    ("GET", "/tasks/?as_of=soon"),
    ("POST", "/commits/9999/undo"),
    ("POST", "/commits/x/undo"),
    ("PATCH", "/tasks/2", {"title": "By mistake", "tags": [], "due": None, "reminders": []}),
    ("POST", "/commits/{^}/undo"),
    ("POST", "/commits/{^}/undo"),
    ("POST", "/commits/{^}/undo"),
    ("PATCH", "/tasks/2", {"priority": 8}),
    ("PATCH", "/tasks/2", {"priority": 7, "description": "changed since"}),
    ("POST", "/commits/4/undo"),
    (
        "POST",
        "/import?dry_run=true&file_name=Home.csv",
        "TYPE,CONTENT\ntask,Mend the gate\n",
        {"Content-Type": "text/csv"},
    ),
    ("POST", "/import", "(A) Mend the gate\n", {"Content-Type": "text/plain", "Idempotency-Key": "undone"}),
    ("POST", f"/imports/{_UNDONE}/undo"),
    ("POST", "/imports/x/undo"),
    ("POST", "/commits/1/undo"),
    ("POST", "/lists/", {"name": "Made by mistake"}),
    ("POST", "/commits/{^}/undo"),
    ("POST", "/filters/", {"name": "by mistake", "filter": "id > 0"}),
    ("POST", "/commits/{^}/undo"),
    ("POST", "/tasks/bulk", {"filter": "tags:green", "changes": {"tags": ["grey"]}, "max_affected": 9}),
    ("POST", "/commits/{^}/undo"),
    ("POST", "/batch", {"commands": [{"command": "undo", "revision": "{^}"}, {"command": "undo", "revision": 3}]}),
    ("GET", "/tasks/?q=sort&fields=id,title,revision"),
    ("GET", "/tasks/{Sort the post}/history"),
    ("POST", "/commits/{^}/undo"),
    ("GET", "/tasks/{Sort the post}"),
    ("POST", "/lists/", {"name": "Stays"}),
    ("POST", "/tasks/", {"title": "In what stays", "list": "{Stays}"}),
    ("POST", "/tasks/", {"title": "Plain"}, {"Idempotency-Key": "step-3"}),
    ("DELETE", "/lists/{Stays}?tasks=delete", None, {"Idempotency-Key": "the-list-goes"}),
    ("DELETE", "/lists/{Stays}?tasks=delete", None, {"Idempotency-Key": "the-list-goes"}),
    ("GET", "/changes?since=*&limit=5"),
    ("GET", "/changes?since={next}&limit=5"),
    ("GET", "/changes?since=nonsense"),
    ("GET", "/changes"),
    ("DELETE", "/tasks/2"),
    ("GET", "/tasks/2"),
    ("GET", "/trash"),
    ("GET", "/lists/"),
    ("GET", "/filters/"),
    ("GET", "/tasks/?limit=1000"),
    ("GET", "/health/live"),
    ("GET", "/health/ready"),
    ("HEAD", "/events?since=*&filter=is_open"),
    ("GET", "/events?since=nonsense"),
    ("POST", "/webhooks/", {"url": "https://8.8.8.8/hook", "filter": "is_open", "events": ["task.completed"]}),
    ("POST", "/webhooks/", {"url": "http://10.0.0.1/hook", "events": []}),
    ("GET", "/webhooks/"),
    ("GET", "/webhooks/{webhook}"),
    ("PATCH", "/webhooks/{webhook}", {"active": False, "url": "http://127.0.0.1:9/hook"}),
    ("PATCH", "/webhooks/{webhook}", {"active": False}),
    ("POST", "/webhooks/{webhook}/secret"),
    ("POST", "/webhooks/{webhook}/replay", {"since": "1"}),
    ("POST", "/webhooks/{webhook}/replay", {"since": "999"}),
    ("GET", "/webhooks/{webhook}/attempts"),
    ("DELETE", "/webhooks/{webhook}"),
    ("POST", "/webhooks/{webhook}/test"),
]

_CLAIMS: Final[list[Step]] = [
    ("POST", "/undo", {"actor": "nobody", "since": 0, "dry_run": True}),
    ("POST", "/undo", {"actor": "", "since": 0}),
    ("POST", "/undo", {"actor": "nobody", "since": "yesterday"}),
    ("POST", "/tasks/", {"title": "Renew the passport", "reminders": [{"when": "2099-01-01T09:00:00Z"}]}),
    ("GET", "/reminders?limit=1"),
    ("GET", "/reminders?before=2026-03-02T00:00:00Z"),
    ("GET", "/reminders?before=tomorrow"),
    ("POST", "/tasks/{Renew the passport}/reminders/2099-01-01T09:00:00Z/snooze", {"length": "PT1H"}),
    ("POST", "/tasks/{Renew the passport}/reminders/2099-01-01T09:00:00Z/dismiss"),
    ("POST", "/lists/", {"name": "Queue"}),
    ("POST", "/tasks/", {"title": "First in the queue", "list": "{Queue}"}),
    ("POST", "/tasks/claim", {"filter": 'list = "Queue"', "holder": "bot-1"}),
    ("POST", "/tasks/claim", {"filter": 'list = "Queue"', "holder": "bot-2"}),
    ("GET", "/tasks/{First in the queue}"),
    ("GET", "/tasks/?filter=claimed_until%20%3E%20now&fields=id,claim"),
    ("POST", "/tasks/{First in the queue}/claim", {"holder": "bot-2"}),
    ("POST", "/tasks/{First in the queue}/start"),
    ("POST", "/tasks/{First in the queue}/start", None, {"If-Claim": "{fence}"}),
    ("POST", "/tasks/{First in the queue}/start", None, {"If-Claim": "1"}),
    ("POST", "/tasks/{First in the queue}/start", None, {"If-Claim": "one"}),
    ("POST", "/tasks/{First in the queue}/renew", {"lease": "PT10M"}, {"If-Claim": "{fence}"}),
    ("POST", "/tasks/{First in the queue}/renew", {"lease": "P1Y"}, {"If-Claim": "{fence}"}),
    ("POST", "/tasks/{First in the queue}/renew", {"lease": "P2D"}),
    ("POST", "/tasks/{First in the queue}/release"),
    ("POST", "/tasks/{First in the queue}/release", None, {"If-Claim": "{fence}"}),
    ("POST", "/tasks/{First in the queue}/claim", {"lease": "PT1M"}),
    ("POST", "/tasks/{First in the queue}/claim", {"holder": "bot-2", "lease": "PT1M"}),
    ("POST", "/tasks/{First in the queue}/release", None, {"If-Claim": "{fence}"}),
    (
        "POST",
        "/batch",
        {
            "commands": [
                {"command": "claim", "id": "{First in the queue}", "holder": "bot-2", "lease": "PT1M"},
                {"command": "complete", "id": "{First in the queue}"},
            ]
        },
    ),
    ("POST", "/tasks/{First in the queue}/claim", {"holder": "bot-1"}),
    ("GET", "/tasks/{First in the queue}/history?limit=3"),
    ("POST", "/tasks/claim?wait=61", {"holder": "bot-1"}),
    ("POST", "/tasks/claim", {"holder": "bot-1", "sort": "colour"}),
    ("POST", "/tasks/claim", {"holder": "bot-1", "filter": "colour = red"}),
]

_SIGNED: Final = {"Authorization": "Bearer {token}"}

ACCESS: Final[list[Step]] = [
    ("GET", "/me"),
    ("GET", "/workspaces/"),
    ("GET", "/workspaces/default"),
    ("POST", "/workspaces/", {"id": "team", "name": "The team", "owner": "ada"}),
    ("POST", "/workspaces/", {"id": "team"}),
    ("POST", "/workspaces/", {"id": "A team"}),
    ("GET", "/workspaces/nowhere/tasks/"),
    ("POST", "/workspaces/team/tasks/", {"title": "In the team"}),
    ("GET", "/workspaces/team/tasks/?limit=1"),
    ("GET", "/workspaces/team/members/"),
    ("PUT", "/workspaces/team/members/bob", {"role": "viewer", "name": "Bob"}),
    ("PUT", "/workspaces/team/members/ada", {"role": "viewer"}),
    ("PUT", "/workspaces/team/members/Bob", {"role": "boss"}),
    ("DELETE", "/workspaces/team/members/bob"),
    ("DELETE", "/workspaces/team/members/bob"),
    ("POST", "/members/leave"),
    ("POST", "/workspaces/team/tokens/", {"name": "backup", "scope": "read", "expires_in": 3600}),
    ("GET", "/me", None, _SIGNED),
    ("GET", "/tasks/?fields=id,title", None, _SIGNED),
    ("GET", "/workspaces/default/tasks/", None, _SIGNED),
    ("POST", "/tasks/", {"title": "No"}, _SIGNED),
    ("GET", "/audit", None, _SIGNED),
    ("GET", "/workspaces/team/tokens/"),
    ("DELETE", "/workspaces/team/tokens/{of the secret}"),
    ("DELETE", "/workspaces/team/tokens/{of the secret}"),
    ("GET", "/me", None, _SIGNED),
    ("GET", "/me", None, {"Authorization": "Bearer th_nonsense"}),
    ("POST", "/workspaces/team/invitations/", {"role": "owner"}),
    ("GET", "/workspaces/team/invitations/"),
    ("POST", "/invitations/accept", {"secret": "{secret}"}),
    ("POST", "/invitations/accept", {"secret": "{secret}", "id": "ada"}),
    ("POST", "/invitations/accept", {"secret": "{secret}", "id": "eve"}),
    ("POST", "/invitations/accept", {"secret": "{secret}", "id": "mallory"}),
    ("POST", "/members/leave", None, _SIGNED),
    ("POST", "/workspaces/team/invitations/", {"role": "editor"}),
    ("DELETE", "/workspaces/team/invitations/{of the secret}"),
    ("PATCH", "/workspaces/team", {"name": "All of us", "archived": True}),
    ("POST", "/workspaces/team/tasks/", {"title": "Too late"}),
    ("DELETE", "/workspaces/team"),
    ("GET", "/workspaces/team/audit"),
    ("DELETE", "/workspaces/team?without_export=team"),
    ("GET", "/workspaces/team"),
]

STEPS: Final[list[Step]] = [
    *_TASKS,
    *_COMMENTS,
    *_LISTS,
    *_RELATIONS,
    *_RECURRENCE,
    *_BATCHES,
    *_SEARCH,
    *_FILES,
    *_HISTORY,
    *_CLAIMS,
    *ACCESS,
]
