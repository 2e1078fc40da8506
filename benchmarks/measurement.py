"""What is found out by sending a call over and over."""

from dataclasses import dataclass
from typing import Final

CONNECTIONS: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """What one run of a load saw; the latencies are in milliseconds."""

    requests_per_second: float
    p50: float
    p99: float
