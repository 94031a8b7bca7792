"""The members of a tar, read forward, block by block, in bounded memory.

Written out here because the standard library's reader takes a header of any length into memory, searches it with
patterns that take quadratic time, goes back to where a negative size tells it to, and ends in silence at a damaged
header. This one reads ustar, GNU long names and pax records, and names what it does not read.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ascertain.errors import ItemFailed
from ascertain.preserve.archives.tar_headers import BLOCK, Header, parse_header, parse_pax
from ascertain.preserve.limits import CHUNK_BYTES, Allowance, Readable
from ascertain.preserve.member import Member, NotTaken, Seen
from ascertain.preserve.names import remarks_on, written_name

METHOD: Final = "tar"
_EXTENSION_LIMIT_BYTES: Final = 1024 * 1024  # a long name, or the records about one member
_EXTENSIONS_LIMIT: Final = 16  # such headers in front of one member
_SIZE_DIGITS: Final = 18
_LAST_MOMENT: Final = 253_402_300_799  # the end of the year 9999
_EMPTY: Final = bytes(BLOCK)
_NOT_FILES: Final = {
    b"1": ("link", "a hard link to {}"),
    b"2": ("link", "a symbolic link to {}"),
    b"3": ("special", "a character device"),
    b"4": ("special", "a block device"),
    b"6": ("special", "a named pipe"),
    b"S": ("unsupported", "a sparse file, which is not unpacked"),
    b"M": ("unsupported", "the rest of a file that began in another archive"),
}


def tar_members(source: Readable, allowance: Allowance) -> Iterator[Member | NotTaken]:
    """The members of a tar, in order; its folders are no members.

    Raises ItemFailed where the tar is damaged, cut off or larger than is allowed: what came before is whole.
    """
    blocks, seen = _Blocks(source, allowance), Seen()
    while (header := _next_header(blocks)) is not None:
        if header.kind == b"5":
            continue
        allowance.take_member()
        yield _one(header, blocks, seen)
        blocks.skip_data()
    blocks.refuse_more()


class _Blocks:
    """A tar as blocks, and the data of the member that is being read."""

    def __init__(self, source: Readable, allowance: Allowance) -> None:
        self._source = source
        self._allowance = allowance
        self._left = 0
        self._padding = 0

    def read(self, size: int) -> bytes:
        """So many bytes, or fewer at the end."""
        found = bytearray()
        while len(found) < size and (some := self._source.read(min(size - len(found), CHUNK_BYTES))):
            found += some
        self._allowance.take_bytes(len(found))
        return bytes(found)

    def whole(self, size: int) -> bytes:
        """So many bytes. Raises ItemFailed (`damaged`) when there are fewer."""
        found = self.read(size)
        if len(found) < size:
            raise ItemFailed("damaged", "the archive is cut off")
        return found

    def begin_data(self, size: int) -> None:
        """From here on come so many bytes of data, filled up to whole blocks."""
        self._left, self._padding = size, -size % BLOCK

    def data(self) -> Iterator[bytes]:
        """The data, in chunks."""
        while self._left:
            chunk = self.whole(min(self._left, CHUNK_BYTES))
            self._left -= len(chunk)
            yield chunk

    def skip_data(self) -> None:
        """Go on to behind the data."""
        for _ in self.data():
            pass
        self.whole(self._padding)
        self._padding = 0

    def extension(self, size: int) -> bytes:
        """The data of a header that says something of the next. Raises ItemFailed when it is large."""
        if size > _EXTENSION_LIMIT_BYTES:
            raise ItemFailed("limit", f"a header of the archive is {size:,} bytes long")
        self.begin_data(size)
        found = b"".join(self.data())
        self.skip_data()
        return found

    def refuse_more(self) -> None:
        """Raise ItemFailed when anything but zeros follows the end mark."""
        while found := self.read(CHUNK_BYTES):
            if found.strip(b"\0"):
                raise ItemFailed("damaged", "more bytes follow the mark that ends the archive")


@dataclass(slots=True)
class _Said:
    """What the headers in front of a member say of it."""

    name: bytes | None = None
    link: bytes | None = None
    size: int | None = None
    sparse: bool = False

    def take_records(self, records: Mapping[bytes, bytes]) -> None:
        """What pax records say; most of what they can say does not matter here."""
        self.name = records.get(b"path", self.name)
        self.link = records.get(b"linkpath", self.link)
        self.sparse = self.sparse or any(key.startswith(b"GNU.sparse.") for key in records)
        if b"size" in records:
            digits = records[b"size"]
            if not digits.isdigit() or len(digits) > _SIZE_DIGITS:
                raise ItemFailed("damaged", "a header of the archive holds a size that is none")
            self.size = int(digits)


def _next_header(blocks: _Blocks) -> Header | None:
    """The header of the next member, with all that was said of it; None at the end mark.

    What a global pax header says is left out: it names comments and owners.
    """
    said = _Said()
    for _ in range(_EXTENSIONS_LIMIT):
        block = blocks.read(BLOCK)
        if block == _EMPTY:
            return None
        if len(block) < BLOCK:
            raise ItemFailed("damaged", "the archive has no mark at its end: members may be missing")
        header = parse_header(block)
        if header.kind in (b"x", b"X"):
            said.take_records(parse_pax(blocks.extension(header.size)))
        elif header.kind == b"L":
            said.name = blocks.extension(header.size).partition(b"\0")[0]
        elif header.kind == b"K":
            said.link = blocks.extension(header.size).partition(b"\0")[0]
        elif header.kind in (b"g", b"V"):
            blocks.extension(header.size)
        else:
            return _settled(header, said, blocks, block)
    raise ItemFailed("damaged", f"more than {_EXTENSIONS_LIMIT} headers stand in front of one member")


def _settled(header: Header, said: _Said, blocks: _Blocks, block: bytes) -> Header:
    size = header.size if said.size is None else said.size
    header = Header(
        header.name if said.name is None else said.name,
        b"S" if said.sparse else header.kind,
        size if header.holds_bytes else 0,
        header.link if said.link is None else said.link,
        header.modified,
    )
    if block[156:157] == b"S":
        _skip_map(blocks, block[482])
    blocks.begin_data(header.size)
    return header


def _skip_map(blocks: _Blocks, more: int) -> None:
    """Go past the blocks in which GNU's old form says where a sparse file has its holes."""
    while more:
        more = blocks.whole(BLOCK)[504]


def _one(header: Header, blocks: _Blocks, seen: Seen) -> Member | NotTaken:
    name = written_name(header.name)
    if header.kind in _NOT_FILES:
        why, words = _NOT_FILES[header.kind]
        return NotTaken(name, why, words.format(written_name(header.link)))
    if header.kind not in (b"0", b"7"):
        return NotTaken(name, "unsupported", f"a member of an unknown kind ({written_name(header.kind)})")
    remarks = remarks_on(header.name) + seen.remarks(header.name)
    facts = {"modified": _moment(header.modified), "remarks": ", ".join(remarks)}
    return Member(name, blocks.data(), METHOD, {key: value for key, value in facts.items() if value})


def _moment(seconds: int | None) -> str:
    """A time of modification, as the archive says it; nothing where it is none."""
    if seconds is None or seconds > _LAST_MOMENT:
        return ""
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
