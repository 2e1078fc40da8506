"""Events of the audit in the log, beside those that the store keeps."""

import logging
from typing import Final

from taskharbor.application.ports.audit import AuditEvent, AuditSink

AUDIT: Final = "audit"
"""Where an event has who and what it is about."""

_LOG: Final = logging.getLogger("taskharbor.audit")
_REFUSALS: Final = frozenset({"refused", "unauthenticated"})


class AuditLog(AuditSink):
    """Logs each event under its name, with who and what; a refusal as a warning."""

    def tell(self, event: AuditEvent) -> None:
        """Log it."""
        who = event.principal
        about = {} if who is None else {"principal": who.qualified_id, "workspace": who.workspace}
        level = logging.WARNING if event.event in _REFUSALS else logging.INFO
        _LOG.log(level, event.event, extra={AUDIT: {**about, **event.details}})
