"""The JSON bodies of requests about webhooks."""

from collections.abc import Mapping
from typing import Annotated, Final, NotRequired

from pydantic import Field, TypeAdapter, with_config
from typing_extensions import TypedDict

from taskharbor.application.webhooks.webhook import EventKind
from taskharbor.entrypoints.http.schemas.bodies import STRICT
from taskharbor.entrypoints.http.search.bodies import FilterText, FilterTimeZone

_KINDS: Final = ", ".join(f"`{kind.value}`" for kind in EventKind)

Url = Annotated[str, Field(description="Where to: `https://` or `http://`, without credentials.")]
Events = Annotated[
    list[str] | None, Field(description=f"What is told, of {_KINDS}; all of tasks by default, and for null.")
]
SecretText = Annotated[
    str | None, Field(description="`whsec_` and 24 to 64 random bytes in base64; a new one by default, and for null.")
]
Since = Annotated[str, Field(description="The token after which to begin, as of `/changes`; `*` is the beginning.")]


@with_config(STRICT)
class NewWebhookBody(TypedDict):
    """A new webhook."""

    url: Url
    filter: NotRequired[FilterText | None]
    time_zone: NotRequired[FilterTimeZone | None]
    events: NotRequired[Events]
    secret: NotRequired[SecretText]
    since: NotRequired[Since | None]


@with_config(STRICT)
class ChangeWebhookBody(TypedDict, total=False):
    """A JSON Merge Patch (RFC 7396): what is named changes, the rest stays."""

    url: Url
    filter: FilterText | None
    time_zone: FilterTimeZone | None
    events: Events
    active: Annotated[bool, Field(description="False pauses it; true has it go on where it was, at once.")]


@with_config(STRICT)
class NewSecretBody(TypedDict, total=False):
    """Another secret."""

    secret: SecretText


@with_config(STRICT)
class ReplayBody(TypedDict):
    """Where to begin anew."""

    since: Since


NEW_WEBHOOK: Final = TypeAdapter(NewWebhookBody)
CHANGE_WEBHOOK: Final = TypeAdapter(ChangeWebhookBody)
NEW_SECRET: Final = TypeAdapter(NewSecretBody)
REPLAY: Final = TypeAdapter(ReplayBody)

_SERVICE: Final = "is set by the service, not by its callers"
NOT_OF_A_WEBHOOK: Final[Mapping[str, str]] = {
    **dict.fromkeys(("id", "state", "created", "updated", "delivery"), _SERVICE),
    "secret": "is renewed by POST /webhooks/{id}/secret",
}
NOT_OF_A_NEW_ONE: Final[Mapping[str, str]] = {name: why for name, why in NOT_OF_A_WEBHOOK.items() if name != "secret"}
