"""How far the deliveries of a webhook are, and who makes them."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, Self

from taskharbor.application.documents.json_encoding import json_text
from taskharbor.application.ports.webhook_sender import is_success
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import Revision
from taskharbor.domain.values.instant import instant_as_json, instant_of

STATE: Final = "webhook-state"
"""The kind of these records; each has the key of its webhook's."""

KEPT_ATTEMPTS: Final = 20


@frozen(kw_only=True)
class Attempt:
    """One request.

    Attributes:
        at: when it was made; aware, in UTC.
        revision: up to which commit it told; None for a test, and if that could not be found out.
        status: what the endpoint answered, or None.
        error: why it did not, or None.
        seconds: how long that took.
    """

    at: datetime
    revision: Revision | None
    status: int | None = None
    error: str | None = None
    seconds: float = 0

    @property
    def is_success(self) -> bool:
        """Whether the endpoint has taken it."""
        return is_success(self.status)

    def as_json(self) -> dict[str, Any]:
        """Return the wire form."""
        return {
            "at": instant_as_json(self.at),
            "revision": self.revision,
            "status": self.status,
            "error": self.error,
            "seconds": round(self.seconds, 3),
        }


@frozen
class Lease:
    """The right of one process to deliver.

    Attributes:
        holder: the name of the process.
        until: when it ends, unless it is renewed.
    """

    holder: str
    until: datetime

    def keeps_out(self, other: str, now: datetime) -> bool:
        """Return whether another process must wait."""
        return self.holder != other and now < self.until


@frozen(kw_only=True)
class DeliveryState:
    """The durable cursor of a webhook.

    Attributes:
        token: what came before it has been delivered.
        revision: the commit of the last delivery, or the one where it began.
        replays: how often it was put back.
        failing_since: when the delivery that is due failed first, or None.
        failures: how often it has failed.
        next_attempt: when it is tried again, or None.
        lease: who delivers.
        attempts: the last ones, the latest first.
    """

    token: str
    revision: Revision
    replays: int = 0
    failing_since: datetime | None = None
    failures: int = 0
    next_attempt: datetime | None = None
    lease: Lease | None = None
    attempts: tuple[Attempt, ...] = ()

    def leased(self, holder: str, until: datetime) -> Self:
        """Return it with a lease."""
        return replace(self, lease=Lease(holder, until))

    def delivered(self, token: str, revision: Revision, attempt: Attempt) -> Self:
        """Return it after a success."""
        return replace(
            self,
            token=token,
            revision=revision,
            failing_since=None,
            failures=0,
            next_attempt=None,
            attempts=self._with(attempt),
        )

    def failed(self, attempt: Attempt, *, pause: timedelta) -> Self:
        """Return it after a failure. The lease ends: whoever is there then tries again."""
        return replace(
            self,
            failing_since=self.failing_since or attempt.at,
            failures=self.failures + 1,
            next_attempt=attempt.at + pause,
            lease=None,
            attempts=self._with(attempt),
        )

    def put_to(self, token: str, revision: Revision) -> Self:
        """Return it with another place to go on from, at once."""
        return replace(
            self,
            token=token,
            revision=revision,
            replays=self.replays + 1,
            failing_since=None,
            failures=0,
            next_attempt=None,
            lease=None,
        )

    def at_once(self) -> Self:
        """Return it with what is due to be tried at once, and three days to go."""
        return replace(self, failing_since=None, failures=0, next_attempt=None)

    def document(self) -> str:
        """Return it as its record keeps it."""
        return json_text(
            {
                "token": self.token,
                "revision": self.revision,
                "replays": self.replays,
                "failing_since": self.failing_since and instant_as_json(self.failing_since),
                "failures": self.failures,
                "next_attempt": self.next_attempt and instant_as_json(self.next_attempt),
                "lease": self.lease and [self.lease.holder, instant_as_json(self.lease.until)],
                "attempts": [attempt.as_json() for attempt in self.attempts],
            }
        )

    @classmethod
    def of(cls, document: str) -> Self:
        """Return the state that a record keeps."""
        said = json.loads(document)
        lease = said["lease"]
        return cls(
            token=said["token"],
            revision=said["revision"],
            replays=said["replays"],
            failing_since=said["failing_since"] and instant_of(said["failing_since"]),
            failures=said["failures"],
            next_attempt=said["next_attempt"] and instant_of(said["next_attempt"]),
            lease=lease and Lease(lease[0], instant_of(lease[1])),
            attempts=tuple(Attempt(**{**one, "at": instant_of(one["at"])}) for one in said["attempts"]),
        )

    def _with(self, attempt: Attempt) -> tuple[Attempt, ...]:
        return (attempt, *self.attempts[: KEPT_ATTEMPTS - 1])
