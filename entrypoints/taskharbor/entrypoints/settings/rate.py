"""How often something may happen, as an operator writes it: `600/minute`."""

import re
from typing import Annotated, Final, NamedTuple

from pydantic import BeforeValidator
from pydantic_settings import NoDecode

_SECONDS: Final = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
_RATE: Final = re.compile(rf"([1-9][0-9]{{0,8}})/({'|'.join(_SECONDS)})", re.IGNORECASE)


class Rate(NamedTuple):
    """So many in each window of so many seconds."""

    quota: int
    seconds: int

    def __str__(self) -> str:
        unit = next(unit for unit, seconds in _SECONDS.items() if seconds == self.seconds)
        return f"{self.quota}/{unit}"


def _rate_from(value: object) -> object:
    if not isinstance(value, str):
        return value
    if value.lower() == "off":
        return None
    found = _RATE.fullmatch(value)
    if found is None:
        raise ValueError("must be a number per second, minute, hour or day, such as 600/minute, or off")
    return Rate(int(found[1]), _SECONDS[found[2].lower()])


RateSetting = Annotated[Rate | None, NoDecode, BeforeValidator(_rate_from)]
"""None means that there is no limit."""
