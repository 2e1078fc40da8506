"""The files in a zip, each within bounds: what a few bytes unpack to can be anything."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final, NamedTuple

from taskharbor.application.ports.interchange import Unreadable

MAX_MEMBERS: Final = 2_000
MAX_MEMBER_BYTES: Final = 33_554_432
MAX_TOTAL_BYTES: Final = 134_217_728
"""How much all members that are read unpack to at most."""

_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED: Final = 1
_PIECE: Final = 65_536


class Member(NamedTuple):
    """A file in a zip."""

    name: str
    data: bytes


def members_of(data: bytes, *, suffix: str) -> Iterator[Member | Unreadable]:
    """Yield the files whose names end so. What it says of sizes is not believed: no more is unpacked than allowed."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        yield Unreadable(place="file", reason=f"it is no zip: {str(error)[:200]}", is_last=True)
        return
    left = MAX_TOTAL_BYTES
    wanted = [each for each in archive.infolist() if not each.is_dir() and each.filename.lower().endswith(suffix)]
    if not wanted:
        yield Unreadable(place="file", reason=f"the zip has no file whose name ends with {suffix}", is_last=True)
    for number, each in enumerate(wanted):
        name = each.filename[:200]
        if number == MAX_MEMBERS:
            yield Unreadable(place=name, reason=f"the zip has more than {MAX_MEMBERS} files: it stopped here")
            return
        if each.compress_type not in _METHODS or each.flag_bits & _ENCRYPTED:
            yield Unreadable(place=name, reason="it is encrypted, or not compressed as zips are by default")
            continue
        content = _content(archive, each, min(MAX_MEMBER_BYTES, left))
        if isinstance(content, str):
            yield Unreadable(place=name, reason=content)
            left -= min(MAX_MEMBER_BYTES, left)
        else:
            left -= len(content)
            yield Member(name, content)


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> bytes | str:
    found = bytearray()
    try:
        with archive.open(member) as file:
            while piece := file.read(_PIECE):
                found += piece
                if len(found) > most:
                    return f"it unpacks to more than {most} bytes, which is all that is left to it"
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        return f"it cannot be unpacked: {str(error)[:200]}"
    return bytes(found)
