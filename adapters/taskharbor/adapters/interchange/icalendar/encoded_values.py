"""Values as vCalendar 1.0 encodes them: older phones and calendars still write it. RFC 5545 knows only BASE64."""

import binascii
import quopri
from collections.abc import Mapping
from typing import Final

from taskharbor.adapters.interchange.encodings import text_from

_QUOTED_PRINTABLE: Final = frozenset({"QUOTED-PRINTABLE", "Q"})
_CHARSETS: Final = frozenset(
    {"utf-8", "us-ascii", "shift-jis", "euc-jp", "iso-2022-jp", "euc-kr", "gb2312", "gbk", "gb18030", "big5", "koi8-r"}
    | {f"iso-8859-{number}" for number in (*range(1, 12), *range(13, 17))}
    | {f"windows-{number}" for number in range(1250, 1259)}
)
"""Others are not what calendars use, and the decoders of some take the square of the time."""

_HEAD: Final = 200
_BASE64: Final = frozenset({"BASE64", "B"})


def is_quoted_printable(line: bytearray) -> bool:
    """Return whether a line says that its value is: then a = at its end means that it goes on."""
    return b"QUOTED-PRINTABLE" in bytes(line[:_HEAD]).upper().partition(b":")[0]


def decoded(value: str, parameters: Mapping[str, str]) -> str:
    """Return what a value means by its ENCODING and CHARSET; as it stands there if it has none, or is none of it."""
    encoding = parameters.get("ENCODING", "").upper()
    if encoding in _QUOTED_PRINTABLE:
        data = quopri.decodestring(value.encode())
    elif encoding in _BASE64 and parameters.get("VALUE", "TEXT").upper() == "TEXT":
        try:
            data = binascii.a2b_base64(value.encode(), strict_mode=True)
        except ValueError:
            return value
    else:
        return value
    name = parameters.get("CHARSET", "utf-8").lower().replace("_", "-")
    text = data.decode(name, errors="replace") if name in _CHARSETS else text_from(data)[0]
    return text.replace("\r\n", "\n").replace("\r", "\n")
