"""The JSON bodies of requests about claims."""

from typing import Annotated, Any, Final, NotRequired

from pydantic import TypeAdapter, with_config
from typing_extensions import TypedDict

from taskharbor.entrypoints.http.schemas import fields
from taskharbor.entrypoints.http.schemas.bodies import STRICT
from taskharbor.entrypoints.http.search.bodies import (
    FilterSaved,
    FilterSort,
    FilterText,
    FilterTimeZone,
    FilterWords,
)

Holder = Annotated[str, fields.HOLDER]
Lease = Annotated[Any, fields.LEASE]


@with_config(STRICT)
class ClaimBody(TypedDict, total=False):
    """Who claims the task, and for how long."""

    holder: Holder
    lease: Lease


@with_config(STRICT)
class ClaimNextBody(ClaimBody):
    """Which tasks are meant, in which order, who claims the first of them, and for how long."""

    filter: NotRequired[FilterText]
    q: NotRequired[FilterWords]
    saved: NotRequired[FilterSaved]
    sort: NotRequired[FilterSort]
    time_zone: NotRequired[FilterTimeZone]


@with_config(STRICT)
class RenewBody(TypedDict, total=False):
    """For how long from now."""

    lease: Lease


CLAIM: Final = TypeAdapter(ClaimBody)
CLAIM_NEXT: Final = TypeAdapter(ClaimNextBody)
RENEW: Final = TypeAdapter(RenewBody)
