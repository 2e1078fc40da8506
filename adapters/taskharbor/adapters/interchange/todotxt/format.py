"""The format `todotxt`."""

from taskharbor.adapters.interchange.todotxt.reading import TodoTxtReader
from taskharbor.adapters.interchange.todotxt.writing import TodoTxtWriter
from taskharbor.application.ports.interchange import Format


class TodoTxtFormat(Format):
    """One task on each line."""

    name = "todotxt"
    media_type = "text/plain"
    suffixes = (".txt",)

    def reader(self) -> TodoTxtReader:
        """Return a reader for one file."""
        return TodoTxtReader()

    def writer(self) -> TodoTxtWriter:
        """Return a writer for one file."""
        return TodoTxtWriter()
