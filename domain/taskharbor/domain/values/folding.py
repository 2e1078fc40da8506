"""How text is compared where case and spelling of the same letters shall not matter."""

from typing import Final
from unicodedata import normalize

SORTED_LENGTH: Final = 256
"""By how many code points of its folded form a title is sorted."""


def folded(text: str) -> str:
    """Return `text` in NFKC and casefolded: by this titles and descriptions are compared.

    `STRASSE` and `Straße` are the same, so are `ﬁ` and `fi`. Accents stay: `Äpfel` is not `apfel`, except to a search
    for words. Folded texts are ordered by code point.
    """
    if text.isascii():
        return text.lower()
    return normalize("NFKC", normalize("NFKC", text).casefold())
