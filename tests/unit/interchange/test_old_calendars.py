"""vCalendar 1.0, as older phones and groupware write it."""

from unit.interchange.files import draft, readings, task, written

OLD = """BEGIN:VCALENDAR\r
VERSION:1.0\r
BEGIN:VTODO\r
UID:old\r
SUMMARY;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:Caf=C3=A9 =\r
=E2=98=95\r
DESCRIPTION;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:one=0D=0Atw=F6=3D\r
X-OTHER;ENCODING=QUOTED-PRINTABLE:=41=42\r
DUE:20260101T100000Z\r
PRIORITY:1\r
END:VTODO\r
BEGIN:VTODO\r
UID:next\r
SUMMARY;ENCODING=BASE64:Q2Fmw6k=\r
DESCRIPTION;ENCODING=QUOTED-PRINTABLE;CHARSET=x-none:=E9\r
END:VTODO\r
END:VCALENDAR\r
"""


def test_encoded_texts_are_decoded_and_go_out_as_they_are_today():
    old, following = readings("icalendar", OLD)
    assert (old.changes.title, old.changes.description) == ("Café ☕", "one\ntwö=")
    assert (following.changes.title, following.changes.description) == ("Café", "é")
    exported = written(
        "icalendar", task("icalendar", OLD.split("BEGIN:VTODO\r\nUID:next", maxsplit=1)[0] + "END:VCALENDAR\r\n")
    ).decode()
    assert "SUMMARY:Café ☕\r\n" in exported
    assert "X-OTHER;ENCODING=QUOTED-PRINTABLE:=41=42\r\n" in exported
    again = draft("icalendar", exported)
    assert (again.changes.title, again.changes.description) == ("Café ☕", "one\ntwö=")


def test_in_pieces_of_any_size_it_is_the_same():
    assert readings("icalendar", OLD, piece=1) == readings("icalendar", OLD)
