"""The records of browser sessions, under the digests of their secrets."""

import json
from datetime import datetime, timedelta
from typing import Final

from taskharbor.application.documents.json_encoding import json_text
from taskharbor.application.ports.record_store import Record
from taskharbor.domain.access.members import MemberId

SESSION: Final = "session"
"""The kind of the records."""

SESSION_PREFIX: Final = "ths_"

SESSION_LIFE: Final = timedelta(days=14)


def session_document(member: MemberId, by: str) -> str:
    """Return the document of a session that `by` has begun: an issuer, or a link."""
    return json_text({"member": member, "by": by})


def session_member(record: Record) -> MemberId:
    """Return whose session it is."""
    member: MemberId = json.loads(record.document or "{}")["member"]
    return member


def good_session(record: Record, signed_out: datetime | None) -> tuple[MemberId, datetime] | None:
    """Return whose session it is and until when; None if it has ended, also by its member's signing out everywhere."""
    if record.document is None or record.expires is None:
        return None
    began = record.expires - SESSION_LIFE
    return None if signed_out is not None and began <= signed_out else (session_member(record), record.expires)
