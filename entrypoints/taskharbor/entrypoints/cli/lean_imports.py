"""Imports libraries without what they would load besides and never use here: 13 MB in each worker.

Only where the process is ours. An application that embeds us shall find these libraries as it expects them.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Final

_UNUSED: Final[Mapping[str, Sequence[str]]] = {
    "structlog": ["rich", "greenlet"],  # for pretty tracebacks, and contexts of its own for Twisted
    "fastapi": ["python_multipart", "multipart"],  # for forms, of which no operation reads any
    "dependency_injector.containers": ["werkzeug", "yaml"],  # for Flask's views, and settings in YAML
}
_NEVER: Final = ("pydantic.v1", "regex")
"""FastAPI asks of each parameter and answer whether it is a model of Pydantic 1, and loads that to find out. Lark takes
`regex` where it is installed, for letters by their Unicode property, which our grammars do not name."""


@contextmanager
def _not_to_be_had(names: Sequence[str]) -> Iterator[None]:
    hidden = [name for name in names if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]  # how Python spells that a module is not to be had
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


for _library, _names in _UNUSED.items():
    with _not_to_be_had(_names):
        import_module(_library)
for _name in _NEVER:
    sys.modules.setdefault(_name, None)  # type: ignore[arg-type]  # as above
