"""Imports libraries without what they would load besides and never use here: 13 MB in each worker.

Only where the process is ours. An application that embeds us shall find these libraries as it expects them.
"""

import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Final

import taskharbor.entrypoints.cli.lean_container  # noqa: F401  # as those below
from taskharbor.entrypoints.cli.not_to_be_had import not_to_be_had

_UNUSED: Final[Mapping[str, Sequence[str]]] = {
    "structlog": ["rich", "greenlet"],  # for pretty tracebacks, and contexts of its own for Twisted
    "fastapi": ["python_multipart", "multipart"],  # for forms, of which no operation reads any
}
_NEVER: Final = ("pydantic.v1", "regex")
"""FastAPI asks of each parameter and answer whether it is a model of Pydantic 1, and loads that to find out. Lark takes
`regex` where it is installed, for letters by their Unicode property, which our grammars do not name."""


for _library, _names in _UNUSED.items():
    with not_to_be_had(_names):
        import_module(_library)
for _name in _NEVER:
    sys.modules.setdefault(_name, None)  # type: ignore[arg-type]  # as above
