"""What use cases need beside the store and the clock."""

from dataclasses import field
from datetime import timedelta
from typing import Final

from taskharbor.application.ports.audit import AuditSink, NoAudit
from taskharbor.application.ports.filter_parser import FilterParser, NoFilterParser
from taskharbor.application.ports.occurrences import NoOccurrences, Occurrences
from taskharbor.application.ports.quick_line import NoQuickLineReader, QuickLineReader
from taskharbor.application.ports.uids import NoUids, Uids
from taskharbor.application.quotas.quota_guard import QuotaGuard
from taskharbor.application.reminder_settings import ReminderSettings
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import TaskId, WorkspaceId
from taskharbor.domain.search.urgency_weights import DEFAULT_WEIGHTS, UrgencyWeights

AUDIT_RETENTION: Final = timedelta(days=365)


@frozen(kw_only=True)
class Services:
    """What a unit of work hands to whatever is carried out in it. A port that is left out refuses to work.

    Attributes:
        uids: makes uids for tasks that come without one.
        occurrences: expands recurrence rules.
        filters: reads filters.
        quotas: refuses what would make a workspace hold too much; None where there are no quotas.
        urgency_weights: what each property of a task counts for its urgency.
        reminders: how reminders are counted and told.
        being_claimed: the tasks that other calls of this process are about to claim.
        audit: is told what happens to access.
        audit_retention: how long the store keeps that.
        quick_lines: reads tasks off one line.
    """

    uids: Uids = field(default_factory=NoUids)
    occurrences: Occurrences = field(default_factory=NoOccurrences)
    filters: FilterParser = field(default_factory=NoFilterParser)
    quotas: QuotaGuard | None = None
    urgency_weights: UrgencyWeights = DEFAULT_WEIGHTS
    reminders: ReminderSettings = field(default_factory=ReminderSettings)
    being_claimed: set[tuple[WorkspaceId, TaskId]] = field(default_factory=set[tuple[WorkspaceId, TaskId]])
    audit: AuditSink = field(default_factory=NoAudit)
    audit_retention: timedelta = AUDIT_RETENTION
    quick_lines: QuickLineReader = field(default_factory=NoQuickLineReader)
