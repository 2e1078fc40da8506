"""Lines of the log that were written in one turn of the event loop go out together."""

import asyncio
import atexit
from contextlib import suppress
from threading import Lock
from typing import Final, TextIO


class GroupedOutput:
    """Passes on to `stream` what is written to it: at once in threads without an event loop, else after the turn.

    A line alone is a call of the kernel, 3 microseconds of each request; under load one serves a dozen of them. Their
    order stays. A process that is killed loses the lines of its last turn, and all are lost once nobody reads them.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream: Final = stream
        self._texts: list[str] = []
        self._lock: Final = Lock()
        self._is_due = False
        atexit.register(self._write_out)

    def write(self, text: str) -> int:
        """Take a text."""
        self._texts.append(text)
        return len(text)

    def flush(self) -> None:
        """Write what has been taken, once this turn is over."""
        if self._is_due:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._write_out()
        else:
            self._is_due = True
            loop.call_soon(self._write_out)

    def isatty(self) -> bool:
        """Return whether people read along."""
        return self._stream.isatty()

    def _write_out(self) -> None:
        with self._lock:
            self._is_due = False
            texts, self._texts = self._texts, []
            if texts:
                # Whoever read the log may be gone. To report that would be one more line of the log, for ever.
                with suppress(OSError, ValueError):
                    self._stream.write("".join(texts))
                    self._stream.flush()
