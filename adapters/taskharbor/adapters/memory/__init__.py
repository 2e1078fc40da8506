"""Tasks in the memory of this process: no dependency, no file, gone at the end."""

from taskharbor.adapters.memory.storage import InMemoryStorage

__all__ = ["InMemoryStorage"]
