"""What is sent to an endpoint: a body, and the headers that sign it (Standard Webhooks)."""

import base64
import hmac
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from taskharbor.application.documents.json_encoding import json_text
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.lists.list_records import list_as_json
from taskharbor.application.live.commit_event import EventItem, ListItem, NoLongerMatching, RemovedList
from taskharbor.application.webhooks.webhook import EventKind, Secret, Webhook
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import Revision
from taskharbor.domain.values.instant import instant_as_json


@frozen(kw_only=True)
class Message:
    """One delivery.

    Attributes:
        id: the same for each attempt at the same delivery.
        body: JSON.
        token: what came before it is delivered with it.
        revision: the last commit that it tells.
        since: when the first commit that it tells was made; aware, in UTC.
    """

    id: str
    body: bytes
    token: str
    revision: Revision
    since: datetime

    def headers(self, secrets: Iterable[Secret], now: datetime) -> Mapping[str, str]:
        """Return the headers of an attempt that is made now."""
        timestamp = str(int(now.timestamp()))
        signed = f"{self.id}.{timestamp}.".encode() + self.body
        return {
            "content-type": "application/json",
            "user-agent": "taskharbor",
            "webhook-id": self.id,
            "webhook-timestamp": timestamp,
            "webhook-signature": " ".join(f"v1,{_signature(secret, signed)}" for secret in secrets),
        }


def message_of(type_: str, webhook: Webhook, now: datetime, **data: Any) -> bytes:  # noqa: ANN401  # JSON
    """Return a body of this type."""
    whole = {
        "type": type_,
        "timestamp": instant_as_json(now),
        "data": {"webhook": webhook.id, "workspace": webhook.workspace, **data},
    }
    return json_text(whole).encode()


def item_as_json(item: EventItem, kinds: Iterable[EventKind]) -> dict[str, Any]:
    """Return a changed task as `/events` tells it, with what happened to it."""
    found: dict[str, Any]
    if isinstance(item, TaskView):
        found = json.loads(item.as_json())
    else:
        found = {"id": item.id, "uid": item.uid, "revision": item.revision}
        if isinstance(item, NoLongerMatching):
            found["matches"] = False
        else:
            found["deleted"] = instant_as_json(item.deleted)
    return found | {"events": [kind.value for kind in kinds]}


def list_item_as_json(item: ListItem) -> dict[str, Any]:
    """Return a changed list."""
    if isinstance(item, RemovedList):
        return {"id": item.id, "revision": item.revision, "deleted": instant_as_json(item.deleted)}
    return list_as_json(item)


def _signature(secret: Secret, signed: bytes) -> str:
    return base64.b64encode(hmac.digest(secret.key, signed, "sha256")).decode()
