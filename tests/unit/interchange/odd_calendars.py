"""Calendars such as programs write them, each odd in its own way. Made up here, after what their files look like."""

from typing import Final


def calendar(*parts: str, head: str = "PRODID:-//Odd//EN") -> str:
    """Make a calendar of components."""
    return "\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", head, *parts, "END:VCALENDAR"])


def todo(uid: str, *lines: str) -> str:
    """Make a VTODO."""
    return "\n".join(["BEGIN:VTODO", f"UID:{uid}", "DTSTAMP:20260101T000000Z", *lines, "END:VTODO"])


def alarm(*lines: str) -> str:
    """Make a VALARM."""
    return "\n".join(["BEGIN:VALARM", *lines, "END:VALARM"])


SYNOLOGY: Final = calendar(
    todo(
        "20190111T085501-5f79396d@172.18.0.1",
        "CREATED:20190111T085501",
        "LAST-MOD:20190111T085501",
        "SUMMARY:Date",
        "DTSTART;VALUE=DATE:20190112",
        "DUE;VALUE=DATE:20190112",
        "SEQUENCE:2",
        "PRIORITY:0",
        "PERCENT-COMPLETE:0",
        "STATUS:COMPLETED",
        "DESCRIPTION:",
        "LOCATION:",
        "PERCENT_COMPLETE:100",
        "TRANSP:TRANSPARENT",
    ),
    head="PRODID:-//Synology//EN",
)

OLD_NEXTCLOUD: Final = calendar(
    todo(
        "pc97f4hjce",
        "CREATED:20171116T011409",
        "LAST-MODIFIED:20171116T011447",
        "SUMMARY:Fourth",
        "PRIORITY:0",
        "PERCENT-COMPLETE:100",
        "X-OC-HIDESUBTASKS:0",
        "COMPLETED:20171116T011447",
        "STATUS:COMPLETED",
    ),
    head="PRODID:-//Nextcloud Tasks v0.9.5",
)

TASKS_ORG: Final = calendar(
    todo(
        "3071754526080170849",
        "CREATED:20220303T182204Z",
        "LAST-MODIFIED:20220303T182215Z",
        "SUMMARY:Test task",
        "CATEGORIES:Test tag,Work",
        "PRIORITY:5",
        "STATUS:NEEDS-ACTION",
        "DUE;TZID=Asia/Ho_Chi_Minh:20260814T110001",
        "RRULE:FREQ=DAILY;INTERVAL=1",
        "X-APPLE-SORT-ORDER:559033419",
        "X-MOZ-LASTACK:20260818T190429Z",
        "X-MOZ-SNOOZE-TIME:20260818T191929Z",
        alarm("TRIGGER;RELATED=END:PT0S", "ACTION:DISPLAY", "DESCRIPTION:Default Tasks.org description"),
        alarm("TRIGGER;RELATED=END:P1D", "ACTION:DISPLAY", "REPEAT:6", "DURATION:P1D", "DESCRIPTION:x"),
    ),
    head="PRODID:+//IDN tasks.org//android-120500//EN",
)

FAMILY: Final = calendar(
    todo(
        "ROOT",
        "SUMMARY:root",
        "COMPLETED:20201212T172558Z",
        "DESCRIPTION;GTGCNTMD5=d48ef99fb21adab7cf5ddd85a4ecf343:my description",
        "STATUS:NEEDS-ACTION",
    ),
    todo(
        "CHILD",
        "RELATED-TO;RELTYPE=PARENT:ROOT",
        "RELATED-TO;RELTYPE=CHILD:GRANDCHILD",
        "STATUS:COMPLETED",
        "SUMMARY:child",
    ),
    todo(
        "GRANDCHILD",
        "RELATED-TO;RELTYPE=PARENT:CHILD",
        "RELATED-TO;RELTYPE=SIBLING:OTHER",
        "RELATED-TO;RELTYPE=PARENT:ROOT",
        "SUMMARY:grandchild",
    ),
)

IOS: Final = calendar(
    todo(
        "F87D9736-8ADE-47E4-AC46-638B5C86E7D0",
        "COMPLETED:20241016T020342Z",
        "CREATED:20241014T211812Z",
        "PERCENT-COMPLETE:100",
        "STATUS:COMPLETED",
        "SUMMARY:Example",
        "X-TEST-PROP;VALUE=INTEGER:10",
        "X-APPLE-SORT-ORDER:740793996",
        'X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-ADDRESS="1 A St\\nX";X-APPLE-RADIUS=1'
        '00;X-TITLE="Home, sweet: home":geo:37.3,-122.0',
        "X-APPLE-NOTE;X=^'a^n:FREE",
        alarm(
            "X-WR-ALARMUID:A",
            "UID:A",
            "TRIGGER;VALUE=DATE-TIME:20241015T090000Z",
            "ACTION:DISPLAY",
            "DESCRIPTION:Reminder",
            "ACKNOWLEDGED:20241015T090000Z",
        ),
    ),
    head="PRODID:-//Apple Inc.//iOS 18.0.1//EN",
)

WEEKLY: Final = (
    "DTSTART;TZID=Europe/Berlin:20260105T090000",
    "DUE;TZID=Europe/Berlin:20260105T100000",
    "RRULE:FREQ=WEEKLY;COUNT=10",
    "EXDATE;TZID=Europe/Berlin:20260119T090000,20260126T090000",
)
DONE: Final = todo(
    "M",
    "RECURRENCE-ID;TZID=Europe/Berlin:20260105T090000",
    "SUMMARY:M done",
    "DTSTART;TZID=Europe/Berlin:20260105T090000",
    "DUE;TZID=Europe/Berlin:20260105T100000",
    "STATUS:COMPLETED",
    "COMPLETED:20260105T090000Z",
)
MOVED: Final = todo(
    "M",
    "RECURRENCE-ID;TZID=Europe/Berlin:20260202T090000",
    "SUMMARY:M moved",
    "DTSTART;TZID=Europe/Berlin:20260203T090000",
    "DUE;TZID=Europe/Berlin:20260203T100000",
)
MICROSOFT: Final = "(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna"
VTIMEZONE: Final = f"""BEGIN:VTIMEZONE
TZID:{MICROSOFT}
BEGIN:STANDARD
DTSTART:16011028T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010325T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE"""

UNKNOWN: Final = (
    "GEO:37.4;-122.1",
    "CLASS:CONFIDENTIAL",
    'ATTENDEE;CN="A, B";PARTSTAT=NEEDS-ACTION;DELEGATED-TO="mailto:a@b","mailto:c@d":mailto:x@y',
    'ORGANIZER;SENT-BY="mailto:q@r":mailto:z@y',
    "ATTACH;ENCODING=BASE64;VALUE=BINARY;FMTTYPE=text/plain:aGVsbG8=",
    "RESOURCES:a,b",
    'LOCATION;VVENUE="x":Room',
    "COLOR:red",
    "CONFERENCE;VALUE=URI:tel:1",
    "REQUEST-STATUS:2.0;Success",
    "X-ALT-DESC;FMTTYPE=text/html:<b>x</b>",
    "UNKNOWN-THING;Q=1:v",
    "X_UNDERSCORE:1",
    "X-EMPTY:",
    "X-UTF;P=ü:ß",
    "EXRULE:FREQ=DAILY;INTERVAL=2",
)

ALARMS: Final = (
    ("ACTION:EMAIL", "ATTENDEE:mailto:a@b", "SUMMARY:s", "DESCRIPTION:d", "TRIGGER;RELATED=START:-P1W"),
    ("ACTION:DISPLAY", "TRIGGER;VALUE=DATE-TIME:20260101T070000Z", "DESCRIPTION:x"),
    ("ACTION:AUDIO", "TRIGGER;VALUE=DATE-TIME;TZID=Europe/Berlin:20260101T080000"),
    ("ACTION:PROCEDURE", "TRIGGER:-PT1H30M", "ATTACH:x"),
    ("ACTION:DISPLAY", "TRIGGER;RELATED=END;VALUE=DURATION:+PT5M"),
    ("TRIGGER:P0D",),
    ("TRIGGER:-PT0S", "ACTION:NONE"),
    ("TRIGGER:-PT15M", "ACKNOWLEDGED:20260101T000000Z", "RELATED-TO;RELTYPE=SNOOZE:A", "UID:B"),
    ("TRIGGER:-PT20M", "BEGIN:VLOCATION", "UID:1", "NAME:x", "END:VLOCATION"),
)

ODD: Final[dict[str, str]] = {
    "synology": SYNOLOGY,
    "old nextcloud": OLD_NEXTCLOUD,
    "tasks.org": TASKS_ORG,
    "family": FAMILY,
    "ios": IOS,
    "series": calendar(todo("M", "SUMMARY:M", *WEEKLY), DONE, MOVED),
    "series, the occurrence first": calendar(DONE, MOVED, todo("M", "SUMMARY:M", *WEEKLY)),
    "series of days": calendar(
        todo("M", "SUMMARY:M", "DUE;VALUE=DATE:20260914", "RRULE:FREQ=WEEKLY"),
        todo("M", "RECURRENCE-ID;VALUE=DATE:20260914", "SUMMARY:Edit"),
        todo("M", "RECURRENCE-ID;RANGE=THISANDFUTURE:20260921T000000Z", "SUMMARY:Future"),
    ),
    "the rest of a series, of which only the title is said": calendar(
        todo("M", "SUMMARY:M", "DUE;VALUE=DATE:20260914", "RRULE:FREQ=WEEKLY"),
        todo("M", "RECURRENCE-ID;RANGE=THISANDFUTURE;VALUE=DATE:20260921", "SUMMARY:Future"),
    ),
    "an occurrence in a zone that is another one, and its series without a time": calendar(
        VTIMEZONE.replace(MICROSOFT, "America/Chicago"),
        todo("M", "SUMMARY:M", "RRULE:FREQ=DAILY"),
        todo(
            "M",
            "SUMMARY:O",
            "DUE;TZID=America/Chicago:20260701T090000",
            "RECURRENCE-ID;TZID=America/Chicago:20260701T090000",
        ),
    ),
    "microsoft": calendar(
        VTIMEZONE,
        todo("u1", "SUMMARY:1", f'DTSTART;TZID="{MICROSOFT}":20260701T090000', "DURATION:PT1H30M"),
        todo("u2", "SUMMARY:2", 'DUE;TZID="Romance Standard Time":20260701T090000'),
        todo("u3", "SUMMARY:3", "DUE;TZID=India Standard Time:20260701T090000"),
        todo("u4", "SUMMARY:4", "DUE;TZID=/mozilla.org/20050126_1/Europe/Berlin:20260701T090000"),
        todo("u5", "SUMMARY:5", "DUE;TZID=Europe/Berlin:20260701T090000Z"),
        todo("u6", "SUMMARY:6", "DUE;TZID=:20260701T090000"),
    ),
    "folded": calendar(
        todo(
            "f",
            "SUMMARY:Long\n  folded\n\t tabbed",
            "DESCRIPTION:äöü\n \n  x\\nline2\\Nline3\\; \\, \\\\ end",
            'X-A;P="a\n  b":v',
            "DUE;VALUE=\n DATE:20260101",
        )
    ),
    "dates": calendar(
        todo(
            "d",
            "SUMMARY:e",
            "DTSTART;VALUE=DATE:20260101",
            "RRULE:FREQ=DAILY;COUNT=5",
            "EXDATE;VALUE=DATE:20260102,20260103",
            "EXDATE:20260104T000000Z",
            "RDATE;VALUE=PERIOD:20260110T000000Z/PT1H,20260112T000000Z/20260112T010000Z",
            "RDATE;VALUE=DATE:20260120",
        )
    ),
    "times in zones": calendar(
        todo(
            "z",
            "SUMMARY:e",
            "DTSTART;TZID=Europe/Berlin:20260101T090000",
            "RRULE:FREQ=DAILY;UNTIL=20260201",
            "EXDATE;TZID=America/New_York:20260102T030000",
            "EXDATE:20260103T090000",
            "RDATE;VALUE=PERIOD;TZID=Europe/Berlin:20260110T090000/PT1H",
        )
    ),
    "floating times": calendar(
        todo(
            "z",
            "SUMMARY:e",
            "DTSTART:20260101T090000",
            "RRULE:FREQ=DAILY;UNTIL=20260201T080000Z",
            "EXDATE:20260103T090000Z",
            "EXDATE;TZID=Europe/Berlin:20260104T090000",
        )
    ),
    "rules": calendar(
        todo("r1", "SUMMARY:two", "DTSTART:20260101T090000", "RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY"),
        todo("r2", "SUMMARY:no start", "RRULE:FREQ=DAILY"),
        todo("r4", "SUMMARY:lower", "DUE;VALUE=DATE:20260101", "RRULE:freq=daily;interval=1;byday=mo,tu"),
        todo("r5", "SUMMARY:empty", "DUE;VALUE=DATE:20260101", "RRULE:"),
        todo("r6", "SUMMARY:parameter", "DUE;VALUE=DATE:20260101", "RRULE;X-P=1:FREQ=DAILY;COUNT=3;"),
    ),
    "twice": calendar(todo("u1", "SUMMARY:A"), todo("u1", "SUMMARY:A"), todo("u1", "SUMMARY:B"))
    + "\n"
    + calendar(todo("u2", "SUMMARY:C"), head="X-WR-CALNAME:Two")
    + "\n\n"
    + calendar(todo("u3", "SUMMARY:D"), head="X-WR-CALNAME:Three"),
    "empty": calendar(
        "BEGIN:VTODO\nUID:\nSUMMARY:\nDESCRIPTION:\nDUE:\nDTSTART:\nPRIORITY:\nCATEGORIES:\nSTATUS:\n"
        "PERCENT-COMPLETE:\nCOMPLETED:\nURL:\nRELATED-TO:\nRRULE:\nEXDATE:\nDURATION:\nCREATED:\nLAST-MODIFIED:\n"
        "COMMENT:\nEND:VTODO",
        todo("u4", "SUMMARY:\\n\\n"),
    ),
    "parameters": calendar(
        todo(
            "p",
            'SUMMARY;LANGUAGE=de;ALTREP="cid:x":Grüße\\, Welt\\; a\\\\b:c',
            'DESCRIPTION;ALTREP="data:text/html,%3Cb%3E";FMTTYPE=text/html:x\\nY',
            "CATEGORIES;LANGUAGE=en:a\\,b,c,,d\\;e",
            "CATEGORIES:f\\\\\\,g,A\\,B",
            "URL;VALUE=URI:https://e.org/?a=b;c=d,e",
            "PRIORITY;X-A=b:3",
            "DUE;X-FOO=1;VALUE=DATE-TIME;TZID=Europe/Berlin:20260101T090000",
            "COMMENT;LANGUAGE=fr:salut",
            "STATUS;X-S=1:IN-PROCESS",
            "PERCENT-COMPLETE;X-P=2:40",
            *UNKNOWN,
        )
    ),
    "alarms": calendar(
        todo(
            "a",
            "SUMMARY:al",
            "DTSTART;TZID=Europe/Berlin:20260101T090000",
            "DUE;TZID=Europe/Berlin:20260101T100000",
            *(alarm(*lines) for lines in ALARMS),
        )
    ),
    "korganizer": calendar(
        todo(
            "k",
            "SUMMARY:ko",
            "RELATED-TO:par",
            "DTSTART;TZID=Europe/Berlin:20260101T090000",
            "DUE;TZID=Europe/Berlin:20260101T100000",
            "RRULE:FREQ=DAILY",
            "X-KDE-LIBKCAL-DTRECURRENCE;TZID=Europe/Berlin:20260103T090000",
        ),
        todo("par", "SUMMARY:parent"),
    ),
    "lower case": "begin:vcalendar\nversion:2.0\nbegin:vtodo\nuid:l1\nsummary:low\ndue;value=date:20260101\n"
    "status:completed\nx-foo:1\nend:vtodo\nend:vcalendar",
}
