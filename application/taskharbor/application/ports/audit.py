"""The port to which is said what happens to access: who was let in or refused, and who changed what others may do."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Protocol, TypeAlias

from taskharbor.application.principal import Principal
from taskharbor.domain.frozen import frozen

AuditDetails: TypeAlias = Mapping[str, str | int | None]
"""Ids, roles and counts by name. No secret is ever among them, nor what people wrote."""


@frozen(kw_only=True)
class AuditEvent:
    """Something that happened.

    Attributes:
        at: when; aware, in UTC.
        event: what: the name of a command such as `create_token`, or another word.
        principal: who did it; None for a stranger.
        details: what it was about.
    """

    at: datetime
    event: str
    principal: Principal | None
    details: AuditDetails = field(default_factory=dict[str, str | int | None])


class AuditSink(Protocol):
    """Where events go besides the store: a log, say."""

    @abstractmethod
    def tell(self, event: AuditEvent) -> None:
        """Take note of an event that has happened. It must not raise, nor wait."""
        ...


class NoAudit(AuditSink):
    """Takes no note."""

    def tell(self, event: AuditEvent) -> None:
        """Do nothing."""
