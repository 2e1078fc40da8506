"""Instants in their wire form: RFC 3339 in UTC, RFC 8984 section 1.4.4."""

from datetime import datetime


def instant_as_json(instant: datetime) -> str:
    """Return an aware instant in UTC as text with `Z`, with a fraction of six digits if there is one."""
    return f"{instant.isoformat()[:-6]}Z"


def instant_of(text: str) -> datetime:
    """Return the instant of a text that `instant_as_json` has made."""
    return datetime.fromisoformat(text)
