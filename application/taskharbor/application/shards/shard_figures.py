"""How busy several stores are together."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest

from taskharbor.application.ports.store_figures import StoreFigures


def figures_together(of_each: Mapping[str, StoreFigures]) -> StoreFigures:
    """Return the figures of all of them: pools by the name of the store and their own, groups added up."""
    groups: Sequence[int] = ()
    for figures in of_each.values():
        groups = [one + other for one, other in zip_longest(groups, figures.groups, fillvalue=0)]
    pools = {f"{name}:{pool}": found for name, each in of_each.items() for pool, found in each.pools.items()}
    return StoreFigures(pools=pools, groups=groups)
