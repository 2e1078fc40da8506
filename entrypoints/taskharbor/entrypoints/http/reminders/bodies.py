"""The JSON bodies of requests about reminders."""

from typing import Annotated, Any, Final

from pydantic import TypeAdapter, with_config
from typing_extensions import TypedDict

from taskharbor.entrypoints.http.schemas import fields
from taskharbor.entrypoints.http.schemas.bodies import STRICT


@with_config(STRICT)
class SnoozeBody(TypedDict):
    """After how long the reminder fires again."""

    length: Annotated[Any, fields.SNOOZE]


SNOOZE: Final = TypeAdapter(SnoozeBody)
