"""What the use cases have done, and what they are late with."""

import asyncio
from contextlib import suppress
from typing import Final

from prometheus_client import CollectorRegistry, Gauge

from taskharbor.application.errors import ConcurrentUpdate, StoreUnavailable, UidTaken
from taskharbor.application.ports.storage import Storage
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.identifiers import WorkspaceId
from taskharbor.entrypoints.metrics.increments import Increments

_UNNAMED: Final = "other"
"""Stands for what is no command: that a reminder was told, say."""

_PATIENCE_SECONDS: Final = 1.0


class UseCaseMetrics:
    """Commits, retries, webhooks, reminders, and the revision of one workspace."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._commits = Increments(
            "taskharbor_commits", "Commits of all workspaces.", ("command",), first=("create_task",), registry=registry
        )
        self._retries = Increments(
            "taskharbor_retries",
            "Pieces of business run again, by the code of the error that was the cause.",
            ("cause",),
            first=(ConcurrentUpdate.code, UidTaken.code),
            registry=registry,
        )
        self._attempts = Increments(
            "taskharbor_webhook_attempts",
            "Requests to webhooks.",
            ("outcome",),
            first=("delivered", "failed"),
            registry=registry,
        )
        self._fired = Increments(
            "taskharbor_reminders_fired",
            "Reminders that fired; late: more than a minute.",
            ("late",),
            first=("false", "true"),
            registry=registry,
        )
        self._watchers = Gauge(
            "taskharbor_feed_watchers",
            "Who waits for commits: streams, webhooks and waiting claims.",
            multiprocess_mode="livesum",
            registry=registry,
        )
        self._webhook_lag, self._reminders_due, self._reminder_lag, self._revision = (
            Gauge(name, text, multiprocess_mode="livemax", registry=registry)
            for name, text in (
                ("taskharbor_webhook_lag_seconds", "Age of the oldest commit that a webhook is still to be told."),
                ("taskharbor_reminders_due", "Reminders that are due and have not fired, up to 100 a workspace."),
                ("taskharbor_reminder_lag_seconds", "For how long the first of these has been due."),
                ("taskharbor_revision", "The revision of the workspace that is served."),
            )
        )

    def sample(self, use_cases: UseCases) -> None:
        """Publish the numbers of now."""
        signals, deliveries, reminders = use_cases.signals, use_cases.webhooks.deliveries, use_cases.reminders
        now = reminders.clock.now()
        due = [at for times in reminders.due.values() for at in times]
        self._commits.follow({command or _UNNAMED: count for command, count in signals.commits.items()})
        self._retries.follow(signals.retries)
        self._attempts.follow({"delivered": deliveries.delivered, "failed": deliveries.failed})
        self._fired.follow({str(late).lower(): count for late, count in reminders.fired.items()})
        self._watchers.set(signals.watchers)
        self._webhook_lag.set(deliveries.lag(now))
        self._reminders_due.set(len(due))
        self._reminder_lag.set(max((now - min(due, default=now)).total_seconds(), 0))

    async def ask(self, storage: Storage, workspace: WorkspaceId) -> None:
        """Ask for the revision; while the store is away, the last one stays."""
        with suppress(StoreUnavailable, TimeoutError):
            async with asyncio.timeout(_PATIENCE_SECONDS):
                self._revision.set((await storage.read_history_bounds(workspace)).revision)
