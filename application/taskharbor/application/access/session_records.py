"""The records of browser sessions, under the digests of their secrets."""

import json
from typing import Final

from taskharbor.application.documents.json_encoding import json_text
from taskharbor.application.ports.record_store import Record
from taskharbor.domain.access.members import MemberId

SESSION: Final = "session"
"""The kind of the records."""

SESSION_PREFIX: Final = "ths_"


def session_document(member: MemberId, by: str) -> str:
    """Return the document of a session that `by` has begun: an issuer, or a link."""
    return json_text({"member": member, "by": by})


def session_member(record: Record) -> MemberId:
    """Return whose session it is."""
    member: MemberId = json.loads(record.document or "{}")["member"]
    return member
