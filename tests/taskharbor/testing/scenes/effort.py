"""How much the property tests of the kit try."""

from datetime import timedelta
from typing import Final

from hypothesis import HealthCheck, settings


def share_of_effort(share: int) -> settings:
    """Return settings with one `share`th of the examples of the Hypothesis profile that is loaded.

    An example here costs round trips, so a whole profile's worth would take minutes; load one with more
    `max_examples` to try harder.
    """
    return settings(
        max_examples=max(1, settings().max_examples // share),
        deadline=None,
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,  # each example works in a workspace of its own
            HealthCheck.differing_executors,  # the tests are inherited: that is the idea
            HealthCheck.too_slow,
        ],
    )


PATIENCE: Final = timedelta(seconds=30).total_seconds()
"""Seconds after which a store that does not answer counts as hanging."""
