"""The parameters of operations on webhooks."""

from typing import Final

from taskharbor.entrypoints.http.requests.parameter import TEXT, Parameter, text
from taskharbor.entrypoints.http.requests.parameters import in_query, limit_of

DEFAULT_WEBHOOKS: Final = 100

WEBHOOK_ID: Final = Parameter(
    name="webhook_id",
    where="path",
    schema=TEXT,
    description="The id of the webhook.",
    parse=text,
    example="5f0c9e8d7b6a4321",
    is_required=True,
)
WEBHOOKS_AFTER: Final = in_query("after", "Start after the webhook with this id.", TEXT, text)
WEBHOOKS_LIMIT: Final = limit_of("webhooks", default=DEFAULT_WEBHOOKS)
