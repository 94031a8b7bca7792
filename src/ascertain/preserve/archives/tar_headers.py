"""One header of a tar: ustar and its elders (POSIX.1-2017, pax), with the numbers of GNU tar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ascertain.errors import ItemFailed

BLOCK: Final = 512
_BLANKED: Final = slice(148, 156)  # the checksum counts its own field as spaces
_LARGEST: Final = 2**63 - 1
_LENGTH_DIGITS: Final = 10


@dataclass(frozen=True, slots=True)
class Header:
    """What a header says; names and links are bytes as they stand there. `modified` is seconds since 1970."""

    name: bytes
    kind: bytes
    size: int
    link: bytes
    modified: int | None

    @property
    def holds_bytes(self) -> bool:
        """Whether blocks of data follow. Links, devices, folders and pipes have none, whatever their size says."""
        return self.kind not in (b"1", b"2", b"3", b"4", b"5", b"6")


def parse_header(block: bytes) -> Header:
    """A header from its 512 bytes. Raises ItemFailed (`damaged`) when they are none."""
    if number(block[_BLANKED]) not in _sums(block):
        raise ItemFailed("damaged", "a header of the archive is damaged: its checksum is wrong")
    name, prefix = _text(block[:100]), _text(block[345:500])
    if block[257:263] == b"ustar\0" and prefix:
        name = prefix + b"/" + name
    kind = block[156:157].replace(b"\0", b"0")
    if kind == b"0" and name.endswith(b"/"):  # how tars older than 1988 say that it is a folder
        kind = b"5"
    return Header(name, kind, number(block[124:136]), _text(block[157:257]), _moment(block[136:148]))


def number(digits: bytes) -> int:
    """A number of a header: octal digits, or GNU's base 256. Raises ItemFailed (`damaged`) for what is none."""
    if digits[:1] == b"\x80":
        value = int.from_bytes(digits[1:], "big")
    else:
        octal = digits.partition(b"\0")[0].strip(b" ")
        if octal.strip(b"01234567"):
            raise ItemFailed("damaged", "a header of the archive holds a number that is none")
        value = int(octal or b"0", 8)
    if value > _LARGEST:
        raise ItemFailed("damaged", "a header of the archive holds a number that is too large")
    return value


def parse_pax(data: bytes) -> Mapping[bytes, bytes]:
    """The records of a pax header, `LENGTH KEY=VALUE`. Raises ItemFailed (`damaged`) when they are none."""
    records: dict[bytes, bytes] = {}
    data, at = data.rstrip(b"\0"), 0
    while at < len(data):
        digits = data[at : at + _LENGTH_DIGITS + 1].partition(b" ")[0]
        length = int(digits) if digits.isdigit() and len(digits) <= _LENGTH_DIGITS else 0
        record = data[at + len(digits) + 1 : at + length]
        key, equals, value = record.partition(b"=")
        if not equals or not record.endswith(b"\n") or at + length > len(data):
            raise ItemFailed("damaged", "a header of the archive is damaged: a pax record is none")
        records[key] = value[:-1]
        at += length
    return records


def _moment(digits: bytes) -> int | None:
    """Seconds since 1970; None for a field that cannot be read, which is no reason to refuse a member."""
    try:
        return number(digits)
    except ItemFailed:
        return None


def _sums(block: bytes) -> tuple[int, int]:
    """The checksum, and the one of old tars, which took bytes as signed."""
    blanked = block[:148] + b" " * 8 + block[156:]
    return sum(blanked), sum(blanked) - 256 * sum(byte > 127 for byte in blanked)


def _text(field: bytes) -> bytes:
    return field.partition(b"\0")[0]
