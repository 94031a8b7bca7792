"""Writes WARC 1.1 (ISO 28500:2017), a gzip member a record, with a digest on every record.

Blocks are written as they are given, byte by byte: a library that parses and re-writes HTTP headers would give back
other bytes than the server sent. Bytes in, bytes out: the same records give the same file.
"""

from __future__ import annotations

import datetime
import hashlib
import uuid
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

VERSION = "WARC/1.1"
_PIECE = 256 * 1024
_NAMESPACE = uuid.UUID("6f0a9a0e-9d3d-5a3c-9f29-0f0c3f3f7d11")  # ours; so that the same capture gives the same ids

Block = Callable[[], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Written:
    """Where a record lies in its file (bytes, compressed), and its id."""

    record_id: str
    offset: int
    length: int


class WarcWriter:
    """Writes records to a stream. `seed` makes the ids of this file its own."""

    def __init__(self, out: BinaryIO, seed: str) -> None:
        self._out, self._seed = out, seed
        self._offset = self._number = 0

    def write(
        self,
        kind: str,
        date: datetime.datetime,
        content_type: str,
        block: Block,
        *,
        uri: str = "",
        headers: Iterable[tuple[str, str]] = (),
    ) -> Written:
        """Write a record. `block` is called twice: a record's head has the digest of what follows it."""
        digest, size = hashlib.sha256(), 0
        for piece in block():
            digest.update(piece)
            size += len(piece)
        record_id = self._new_id(kind, digest.hexdigest())
        lines = [
            VERSION,
            f"WARC-Type: {kind}",
            f"WARC-Record-ID: {record_id}",
            f"WARC-Date: {warc_date(date)}",
            *([f"WARC-Target-URI: {uri}"] if uri else []),
            *(f"{name}: {value}" for name, value in headers),
            f"WARC-Block-Digest: sha256:{digest.hexdigest()}",
            f"Content-Type: {content_type}",
            f"Content-Length: {size}",
        ]
        if any("\r" in line or "\n" in line for line in lines):
            raise ValueError("a line break in a WARC header")
        head = "\r\n".join(lines).encode("utf-8") + b"\r\n\r\n"
        return self._member(record_id, head, block)

    def _new_id(self, kind: str, digest: str) -> str:
        self._number += 1
        return f"<urn:uuid:{uuid.uuid5(_NAMESPACE, f'{self._seed}/{self._number}/{kind}/{digest}')}>"

    def _member(self, record_id: str, head: bytes, block: Block) -> Written:
        packer = zlib.compressobj(6, zlib.DEFLATED, zlib.MAX_WBITS | 16)
        start = self._offset
        for piece in _chain((head,), block(), (b"\r\n\r\n",)):
            self._put(packer.compress(piece))
        self._put(packer.flush())
        return Written(record_id, start, self._offset - start)

    def _put(self, data: bytes) -> None:
        self._out.write(data)
        self._offset += len(data)


def warc_date(moment: datetime.datetime) -> str:
    """A time as WARC 1.1 has it: UTC, to the microsecond."""
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def of_bytes(data: bytes) -> Block:
    """A block of these bytes."""
    return lambda: (data,)


def of_file(path: Path) -> Block:
    """A block of a file's bytes."""

    def pieces() -> Iterator[bytes]:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece

    return pieces


def _chain(*parts: Iterable[bytes]) -> Iterator[bytes]:
    for part in parts:
        yield from part
