"""An endpoint that wants to be told of commits."""

import base64
import binascii
import json
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Final, Self
from urllib.parse import urlsplit

from taskharbor.application.documents.json_encoding import json_text
from taskharbor.application.live.read_commits import WatchedCommits
from taskharbor.domain.errors import InvalidValue, TaskharborError
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import WorkspaceId
from taskharbor.domain.values.instant import instant_as_json, instant_of
from taskharbor.domain.values.primitives import string_from

KIND: Final = "webhook"
"""The kind of the records that hold them, in the workspace of the service: they change no revision of tasks."""

MAX_WEBHOOKS: Final = 10_000
"""How many a workspace can have."""

MAX_URL_LENGTH: Final = 2048
SECRET_PREFIX: Final = "whsec_"  # noqa: S105  # what Standard Webhooks begins them with
SECRET_LIVES_ON: Final = timedelta(hours=24)
"""How long an old secret still signs after a new one was made."""

KEPT: Final = datetime(9999, 1, 1, tzinfo=UTC)
"""When the records expire: never. What has an end is left out of the history, where secrets must not be."""

_ID_BYTES: Final = 8
_FEWEST_BYTES, _MOST_BYTES = 24, 64


class WebhookNotFound(TaskharborError, LookupError):
    """The workspace has no such webhook."""

    code = "webhook_not_found"

    def __init__(self, webhook_id: str) -> None:
        super().__init__("Webhook not found")
        self.webhook_id = webhook_id


class TooManyWebhooks(TaskharborError):
    """The workspace has as many webhooks as it can have."""

    code = "too_many_webhooks"

    def __init__(self) -> None:
        super().__init__(f"A workspace can have at most {MAX_WEBHOOKS:,} webhooks")


class EventKind(Enum):
    """What can be told."""

    TASK_CREATED = "task.created"
    TASK_CHANGED = "task.changed"
    TASK_COMPLETED = "task.completed"
    TASK_DELETED = "task.deleted"
    LIST_CHANGED = "list.changed"


TASK_EVENTS: Final = tuple(kind for kind in EventKind if kind is not EventKind.LIST_CHANGED)


class WebhookState(Enum):
    """Whether deliveries are made."""

    ACTIVE = "active"
    PAUSED = "paused"
    GONE = "gone"
    """The endpoint has answered 410."""
    FAILED = "failed"
    """It could not be reached for three days."""


@frozen
class Secret:
    """A key that signs deliveries.

    Attributes:
        text: `whsec_` and 24 to 64 bytes in base64.
        until: when it signs no more, or None.
    """

    text: str
    until: datetime | None = None

    def __repr__(self) -> str:
        return "Secret(***)"

    @property
    def key(self) -> bytes:
        """The bytes."""
        return base64.b64decode(self.text.removeprefix(SECRET_PREFIX))


@frozen(kw_only=True)
class Webhook:
    """What is to be told to whom.

    Attributes:
        id: its name.
        workspace: whose commits.
        url: where it is told.
        filter: which tasks, in text form; None for all.
        time_zone: where the days of the filter begin, or None for UTC.
        events: what of them.
        state: whether deliveries are made.
        secrets: what signs them, the newest first.
        created: when it was made; aware, in UTC.
        updated: when it was last changed.
    """

    id: str
    workspace: WorkspaceId
    url: str
    filter: str | None = None
    time_zone: str | None = None
    events: tuple[EventKind, ...] = TASK_EVENTS
    state: WebhookState = WebhookState.ACTIVE
    secrets: tuple[Secret, ...]
    created: datetime
    updated: datetime

    @property
    def key(self) -> str:
        """By what its record is found."""
        return f"{self.workspace} {self.id}"

    @property
    def asked(self) -> WatchedCommits:
        """Which commits are told."""
        return WatchedCommits(filter=self.filter, time_zone=self.time_zone, lists=EventKind.LIST_CHANGED in self.events)

    def secrets_at(self, now: datetime) -> list[Secret]:
        """Return those that sign now."""
        return [secret for secret in self.secrets if secret.until is None or secret.until > now]

    def renewed(self, secret: Secret, *, at: datetime) -> Self:
        """Return it with a new secret; the one before it signs for another day."""
        old = [replace(one, until=one.until or at + SECRET_LIVES_ON) for one in self.secrets_at(at)]
        return replace(self, secrets=(secret, *old[:4]), updated=at)

    def document(self) -> str:
        """Return it as its record keeps it."""
        return json_text(
            {
                "url": self.url,
                "filter": self.filter,
                "time_zone": self.time_zone,
                "events": [event.value for event in self.events],
                "state": self.state.value,
                "secrets": [[one.text, one.until and instant_as_json(one.until)] for one in self.secrets],
                "created": instant_as_json(self.created),
                "updated": instant_as_json(self.updated),
            }
        )

    @classmethod
    def of(cls, key: str, document: str) -> Self:
        """Return the webhook that a record keeps."""
        said = json.loads(document)
        workspace, _, webhook_id = key.partition(" ")
        return cls(
            id=webhook_id,
            workspace=workspace,
            url=said["url"],
            filter=said["filter"],
            time_zone=said["time_zone"],
            events=tuple(map(EventKind, said["events"])),
            state=WebhookState(said["state"]),
            secrets=tuple(Secret(text, until and instant_of(until)) for text, until in said["secrets"]),
            created=instant_of(said["created"]),
            updated=instant_of(said["updated"]),
        )


def new_id() -> str:
    """Return a name that nobody guesses."""
    return secrets.token_hex(_ID_BYTES)


def secret_from(value: object) -> Secret:
    """Return `value` as a secret of Standard Webhooks, or a new one for None.

    Raises:
        InvalidValue: for `secret`.
    """
    if value is None:
        return Secret(SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode())
    text = string_from("secret", value)
    try:
        size = len(base64.b64decode(text.removeprefix(SECRET_PREFIX), validate=True))
    except (binascii.Error, ValueError):
        size = 0
    if not text.startswith(SECRET_PREFIX) or not _FEWEST_BYTES <= size <= _MOST_BYTES:
        raise InvalidValue("secret", "must be whsec_ followed by 24 to 64 random bytes in base64")
    return Secret(text)


def url_from(value: object) -> str:
    """Return `value` as the URL of an endpoint.

    Raises:
        InvalidValue: for `url`.
    """
    url = string_from("url", value)
    if len(url) > MAX_URL_LENGTH or not url.isascii() or not url.isprintable() or " " in url:
        raise InvalidValue("url", f"must have at most {MAX_URL_LENGTH} ASCII characters, percent-encoded")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise InvalidValue("url", "must be a URL with a host and, perhaps, a port") from None
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        raise InvalidValue("url", "must begin with https:// or http:// and name a host")
    if parts.username is not None or parts.password is not None or "#" in url:
        raise InvalidValue("url", "must have no user, password or fragment")
    return url


def events_from(value: Sequence[str] | None) -> tuple[EventKind, ...]:
    """Return what is to be told, without doubles; all that happens to tasks for None.

    Raises:
        InvalidValue: for `events`.
    """
    if value is None:
        return TASK_EVENTS
    known = {kind.value: kind for kind in EventKind}
    if not value or any(one not in known for one in value):
        raise InvalidValue("events", f"must be one or more of {', '.join(known)}")
    return tuple(dict.fromkeys(known[one] for one in value))
