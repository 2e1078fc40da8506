"""UUIDs of version 7: RFC 9562 section 5.7."""

import os
import time
from typing import Final

from taskharbor.application.ports.uids import Uids
from taskharbor.domain.values.uid import Uid

_VARIANTS: Final = dict(zip("0123456789abcdef", "89ab" * 4, strict=True))
"""What becomes of a random digit where the variant stands, two bits of it."""


class Uuid7Uids(Uids):
    """Makes UUIDs that sort by the millisecond in which they were made, which keeps index pages dense."""

    def new(self) -> Uid:
        """Return a new UUIDv7: 48 bits of Unix milliseconds, 74 random bits."""
        # The standard library has uuid.uuid7 from Python 3.14 on, and the core depends on nothing else.
        time_ms = f"{time.time_ns() // 1_000_000:012x}"
        noise = os.urandom(10).hex()
        return Uid(f"{time_ms[:8]}-{time_ms[8:]}-7{noise[:3]}-{_VARIANTS[noise[3]]}{noise[4:7]}-{noise[7:19]}")
