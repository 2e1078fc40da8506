"""Keep passwords out of everything that people and logs get to see."""

import re
from typing import Final

MASK: Final = "***"

# Greedy up to the last @ of the word: a password that was not percent-encoded may hold one itself.
_CREDENTIALS = re.compile(r"(?<=://)([^\s:/@?#\"']*):[^\s\"']*@")
_PARAMETERS = re.compile(r"([?&](?:password|passwd|pwd|sslpassword)=)[^\s&\"']*", re.IGNORECASE)


def masked(text: str) -> str:
    """Return `text` with the password of every URL in it replaced by `***`."""
    if "://" not in text:
        return text
    return _PARAMETERS.sub(rf"\1{MASK}", _CREDENTIALS.sub(rf"\1:{MASK}@", text))
