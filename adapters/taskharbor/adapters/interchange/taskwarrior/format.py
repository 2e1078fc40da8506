"""The format `taskwarrior`."""

from taskharbor.adapters.interchange.taskwarrior.reading import TaskwarriorReader
from taskharbor.adapters.interchange.taskwarrior.writing import TaskwarriorWriter
from taskharbor.application.ports.interchange import Format


class TaskwarriorFormat(Format):
    """What `task export` writes and `task import` reads."""

    name = "taskwarrior"
    media_type = "application/json"
    suffixes = (".json",)

    def reader(self) -> TaskwarriorReader:
        """Return a reader for one file."""
        return TaskwarriorReader()

    def writer(self) -> TaskwarriorWriter:
        """Return a writer for one file."""
        return TaskwarriorWriter()
