"""What is found out by sending a call over and over."""

from dataclasses import dataclass
from typing import Final

CONNECTIONS: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """What one run of a load saw; the latencies are in milliseconds."""

    requests: int
    requests_per_second: float
    p50: float
    p99: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All that is measured of a call: at the peak, with the CPU that it took, and at half of the peak.

    Attributes:
        requests_per_second: the peak.
        p99: in milliseconds, at the peak.
        server_cpu: microseconds of a request, of the server's processes.
        database_cpu: of the database's, or None if it has none of its own on this machine.
        half_p50: in milliseconds, from the moment at which a request was due; None if the sender could not keep up.
        half_p99: likewise; infinite if so many were not answered as asked.
    """

    requests_per_second: float
    p99: float
    server_cpu: float
    database_cpu: float | None
    half_p50: float | None
    half_p99: float | None
