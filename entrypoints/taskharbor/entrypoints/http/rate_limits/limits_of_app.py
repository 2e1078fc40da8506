"""The limits that the settings set."""

from typing import Self

from taskharbor.domain.frozen import frozen
from taskharbor.entrypoints.http.rate_limits.counters import Counters, ProcessCounters
from taskharbor.entrypoints.http.rate_limits.limiter import Failures, RateLimit
from taskharbor.entrypoints.http.rate_limits.shared_counters import SharedCounters
from taskharbor.entrypoints.settings.settings import Settings


@frozen
class LimitsOfApp:
    """What callers may do how often; None means without a limit.

    Attributes:
        counters: to be closed with the app.
        per_address: requests from one address.
        per_caller: requests of one principal.
        failures: wrong tokens and sign-ins from one address; where nobody has to sign in there are none.
    """

    counters: Counters
    per_address: RateLimit | None
    per_caller: RateLimit | None
    failures: Failures | None

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the limits of an app with these settings."""
        store = settings.rate_limit_store
        counters = ProcessCounters() if store is None else SharedCounters(store.get_secret_value())
        address, caller, failures = settings.rate_limit_per_address, settings.rate_limit, settings.failed_sign_ins
        return cls(
            counters,
            None if address is None else RateLimit("address", address, counters),
            None if caller is None else RateLimit("caller", caller, counters),
            None if failures is None or settings.auth == "local" else Failures(failures, counters),
        )
