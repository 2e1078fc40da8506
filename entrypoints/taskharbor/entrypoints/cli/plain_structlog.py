"""Imports structlog without rich: which is only for pretty tracebacks and would take 4 MB in each worker.

Only where the process is ours. An application that embeds us shall find structlog as it expects it.
"""

import sys

if "structlog" not in sys.modules and "rich" not in sys.modules:
    sys.modules["rich"] = None  # type: ignore[assignment]  # how Python spells that a module is not to be had
    try:
        import structlog  # noqa: F401
    finally:
        del sys.modules["rich"]
