"""What callers see of webhooks."""

from collections.abc import Sequence
from dataclasses import dataclass

from taskharbor.application.webhooks.delivery_state import DeliveryState
from taskharbor.application.webhooks.webhook import Webhook


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookView:
    """A webhook and how far its deliveries are.

    Attributes:
        webhook: what is told to whom.
        delivery: how far.
    """

    webhook: Webhook
    delivery: DeliveryState


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookPage:
    """Some webhooks by id. `next_after` is `after` for the next page; None on the last one."""

    items: Sequence[WebhookView]
    next_after: str | None
