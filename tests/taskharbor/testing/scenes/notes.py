"""Small records to store."""

from datetime import datetime

from taskharbor.application.ports.record_store import Record

KIND = "kit-note"


LONGEST = 255


def note(key: str, document: str | None = '{"a":1}', *, kind: str = KIND, expires: datetime | None = None) -> Record:
    """Return a record that is not stored yet."""
    return Record(kind=kind, key=key, document=document, expires=expires)
