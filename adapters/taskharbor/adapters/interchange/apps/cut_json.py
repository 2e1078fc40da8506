"""JSON that ends before its end: what is whole of it."""

import re
from collections.abc import Collection
from typing import Final

_SIGN: Final = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[][{}:,]', re.DOTALL)
_CLOSES: Final = {"{": "}", "[": "]"}
_DEEPEST: Final = 20


def whole_part(text: str, items_of: Collection[str]) -> tuple[str, int] | None:
    """Return the document as it would be if it ended after its last whole item, and where in the text that is.

    Items are the members of the objects and arrays that have one of the names `items_of`, and of an array that is the
    whole document. None if there is no such item.
    """
    opened: list[tuple[str, bool]] = []  # what is open, and whether its members are items
    name, string = "", ""
    whole: tuple[int, str] | None = None
    for found in _SIGN.finditer(text):
        sign = found[0]
        if sign[0] == '"':
            string = sign[1:-1]  # or what there is of it: then no other sign comes
        elif sign == ":":
            name = string
        elif sign in _CLOSES:
            if len(opened) == _DEEPEST:
                break
            of_document = not opened and sign == "["
            # An item may have items: a list its tasks.
            holds = of_document or (name in items_of and all(_is_way(each) for each in opened))
            opened.append((sign, holds))
            name = ""
        elif sign in "}]":
            if not opened or _CLOSES[opened[-1][0]] != sign:
                break
            opened.pop()
            if opened and opened[-1][1]:
                whole = found.end(), "".join(_CLOSES[each] for each, _ in reversed(opened))
            if not opened:
                break
        else:
            name = ""
    return None if whole is None else (text[: whole[0]] + whole[1], whole[0])


def _is_way(each: tuple[str, bool]) -> bool:
    """Whether what is below may be items: any object, and an array of items."""
    return each[0] == "{" or each[1]
