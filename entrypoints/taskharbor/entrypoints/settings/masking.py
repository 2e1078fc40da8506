"""Keep passwords and tokens out of everything that people and logs get to see."""

import re
from typing import Final

from taskharbor.domain.access.secret_text import without_secrets

MASK: Final = "***"

# A path that a client requested is masked too, so none of these may look at a character more than a few times.
_WORD: Final = re.compile(r"[^\s\"']+")
_USER: Final = re.compile(r"://[^\s:/@?#\"']*:")
_PARAMETERS: Final = re.compile(r"([?&](?:password|passwd|pwd|sslpassword)=)[^\s&\"']*", re.IGNORECASE)


def masked(text: str) -> str:
    """Return `text` with `***` for the password of every URL, and for what is secret of each of our tokens."""
    text = without_secrets(text)
    if "://" not in text:
        return text
    return _PARAMETERS.sub(rf"\1{MASK}", _WORD.sub(_without_password, text))


def _without_password(found: re.Match[str]) -> str:
    word = found[0]
    # Up to the last @ of the word: a password that was not percent-encoded may hold one itself.
    end = word.rfind("@")
    user = _USER.search(word, 0, end) if end > 0 else None
    return word if user is None else f"{word[: user.end()]}{MASK}{word[end:]}"
