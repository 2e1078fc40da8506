"""Libraries load what they may be used with where that is installed, however little they are used with it."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager


@contextmanager
def not_to_be_had(names: Sequence[str]) -> Iterator[None]:
    """Have what the block imports do without these packages, unless they are loaded already."""
    hidden = [name for name in names if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]  # how Python spells that a module is not to be had
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
