"""What callers see of webhooks."""

from collections.abc import Sequence

from taskharbor.application.ports.record_store import RecordKey, RecordStore
from taskharbor.application.webhooks.delivery_state import STATE, DeliveryState
from taskharbor.application.webhooks.webhook import KIND, Webhook
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import SERVICE_WORKSPACE


@frozen(kw_only=True)
class WebhookView:
    """A webhook and how far its deliveries are.

    Attributes:
        webhook: what is told to whom.
        delivery: how far.
    """

    webhook: Webhook
    delivery: DeliveryState


@frozen(kw_only=True)
class WebhookPage:
    """Some webhooks by id. `next_after` is `after` for the next page; None on the last one."""

    items: Sequence[WebhookView]
    next_after: str | None


async def read_views(store: RecordStore, keys: Sequence[str]) -> Sequence[WebhookView]:
    """Return those of the webhooks that exist, in the order of the keys of their records.

    Raises:
        StoreUnavailable: if the store cannot be asked.
    """
    wanted = [RecordKey(kind, key) for key in keys for kind in (KIND, STATE)]
    found = await store.load_records(SERVICE_WORKSPACE, wanted) if wanted else {}
    views: list[WebhookView] = []
    for key in keys:
        webhook, state = found.get(RecordKey(KIND, key)), found.get(RecordKey(STATE, key))
        if webhook is not None and state is not None and webhook.document and state.document:
            views.append(
                WebhookView(webhook=Webhook.of(key, webhook.document), delivery=DeliveryState.of(state.document))
            )
    return views
