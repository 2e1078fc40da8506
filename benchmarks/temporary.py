"""A place for databases, logs and lists of ids."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.signals import undisturbed


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Make a folder that is gone after the block, even if a signal arrives while it is being removed."""
    folder = Path(tempfile.mkdtemp(prefix="taskharbor-benchmark-"))
    try:
        yield folder
    finally:
        with undisturbed():
            shutil.rmtree(folder)
