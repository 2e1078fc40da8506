"""How a command ends when it cannot do its work."""

import sys
from typing import ClassVar

from taskharbor.entrypoints.settings.masking import masked


class CommandFailed(Exception):
    """A command gives up. The message is one sentence for the person at the keyboard.

    Attributes:
        exit_code: one of those below, which docs/operations.md lists.
    """

    SYSTEM: ClassVar = 1
    """The operating system refuses something."""
    USAGE: ClassVar = 2
    """A setting, an argument or a value is wrong."""
    STORE: ClassVar = 3
    """The store or the server cannot be used."""
    DATA: ClassVar = 4
    """A part of a file could not be taken."""
    NOT_FOUND: ClassVar = 5
    """There is no such task, list or commit, or several that could be meant."""
    REFUSED: ClassVar = 6
    """A rule is against it, something has changed meanwhile, or it was not confirmed."""
    DENIED: ClassVar = 7
    """The token is not accepted, or does not allow it."""
    INTERRUPTED: ClassVar = 130
    """Ctrl+C."""

    def __init__(self, reason: str, *, exit_code: int) -> None:
        super().__init__(reason)
        self.exit_code = exit_code

    def report(self) -> int:
        """Write the sentence to stderr, on one line, without passwords and what commands terminals; return the code."""
        sentence = " ".join(str(self).split())
        shown = "".join(letter if letter.isprintable() else "\ufffd" for letter in masked(sentence))
        print(f"taskharbor: {shown}", file=sys.stderr, flush=True)
        return self.exit_code
