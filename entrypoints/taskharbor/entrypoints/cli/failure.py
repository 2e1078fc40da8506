"""How a command ends when it cannot do its work."""

import sys
from typing import ClassVar

from taskharbor.entrypoints.settings.masking import masked


class CommandFailed(Exception):
    """A command gives up. The message is one sentence for the person at the keyboard.

    Attributes:
        exit_code: 1 when the operating system refuses something, 2 for wrong settings or arguments, 3 when the store
            cannot be used, 4 when a part of a file could not be taken.
    """

    SYSTEM: ClassVar = 1
    USAGE: ClassVar = 2
    STORE: ClassVar = 3
    DATA: ClassVar = 4

    def __init__(self, reason: str, *, exit_code: int) -> None:
        super().__init__(reason)
        self.exit_code = exit_code

    def report(self) -> int:
        """Write the sentence to stderr, on one line and without passwords; return the exit code."""
        sentence = " ".join(str(self).split())
        print(f"taskharbor: {masked(sentence)}", file=sys.stderr, flush=True)
        return self.exit_code
