"""The JSON body of a quick add."""

from typing import Annotated, Final, NotRequired

from pydantic import Field, TypeAdapter, with_config
from typing_extensions import TypedDict

from taskharbor.entrypoints.http.schemas.bodies import STRICT


@with_config(STRICT)
class QuickAddBody(TypedDict):
    """A line, and how it is read."""

    text: Annotated[
        str,
        Field(description="A title, and behind it dates, times, recurrence, `#tags`, `@list`, `!1`, `~15m`, `//note`."),
    ]
    time_zone: NotRequired[
        Annotated[
            str | None,
            Field(
                description="The IANA name of the time zone in which it was written. Without one, days are those of "
                "UTC and times are floating."
            ),
        ]
    ]
    language: NotRequired[Annotated[str, Field(description="That of the words for times: `en` or `de`.")]]
    dry_run: NotRequired[Annotated[bool, Field(description="Whether only to say how the line is understood.")]]


QUICK_ADD: Final[TypeAdapter[QuickAddBody]] = TypeAdapter(QuickAddBody)
