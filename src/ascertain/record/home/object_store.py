"""Objects in a bucket of S3-compatible storage, under the same names as in a folder.

An upload is whole or not there. What is there is not written again. A store that changes bytes is found out by
`ascertain verify`, which hashes what it gives back.
"""

from __future__ import annotations

import hashlib
import io
import tempfile
from collections.abc import Iterator
from typing import IO, Any, BinaryIO

from ascertain.errors import RecordDamaged
from ascertain.record.home.bucket import PART, Bucket
from ascertain.record.home.objects import Kept, checked_name, is_name, missing

_CHUNK = 1024 * 1024


class BucketObjects:
    """The objects of one record under one prefix of one bucket."""

    def __init__(self, bucket: Bucket) -> None:
        self.bucket = bucket

    def incoming(self) -> BucketIncoming:
        """A batch to put objects into."""
        return BucketIncoming(self.bucket)

    def put(self, data: bytes) -> str:
        """Keep these bytes, durably, and return their name."""
        return self.incoming().put(data)

    def open(self, name: str) -> BinaryIO:
        """An object to read from, not yet checked against its name. Raises RecordDamaged when it is missing."""
        size = self.bucket.size_of(key_of(name))
        if size is None:
            raise missing(name)
        return io.BufferedReader(_Ranges(self.bucket, name, size), PART)

    def get(self, name: str) -> bytes:
        """An object's bytes, re-hashed on the way. Raises RecordDamaged when they are gone or changed."""
        try:
            data = b"".join(self.bucket.chunks(key_of(name)))
        except FileNotFoundError as error:
            raise missing(name) from error
        if hashlib.sha256(data).hexdigest() != name:
            raise RecordDamaged(f"object {name} has been altered", next_step="run `ascertain verify`")
        return data

    def has(self, name: str) -> bool:
        """Whether there is an object of this name, altered or not."""
        return self.bucket.size_of(key_of(name)) is not None

    def hash_of(self, name: str) -> str | None:
        """The hash of the bytes that now lie under a name; None when there are none."""
        digest = hashlib.sha256()
        try:
            for chunk in self.bucket.chunks(key_of(name)):
                digest.update(chunk)
        except FileNotFoundError:
            return None
        return digest.hexdigest()

    def names(self) -> Iterator[str]:
        """The names of all objects that are there, in order."""
        for key in self.bucket.listed():
            name = key.replace("/", "", 1)
            if key[2:3] == "/" and is_name(name):
                yield name

    def discard(self, name: str) -> None:
        """Take an object away, durably; it need not be there. Versions that the bucket keeps of it stay."""
        self.bucket.delete(key_of(name))


class BucketIncoming:
    """Objects on their way into a bucket: each is durable when it is put."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    def put(self, data: bytes) -> str:
        """Keep these bytes and return their name. The same bytes again cost nothing."""
        name = hashlib.sha256(data).hexdigest()
        self._send(name, len(data), io.BytesIO(data))
        return name

    def put_file(self, stream: BinaryIO) -> Kept:
        """Keep a stream's bytes, from where it stands to its end, in memory that does not grow with them.

        A name is known only when all bytes were seen, so they wait in a file of this machine's own.
        """
        with tempfile.SpooledTemporaryFile(PART) as waiting:
            digest, size = hashlib.sha256(), 0
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
                waiting.write(chunk)
                size += len(chunk)
            waiting.seek(0)
            self._send(digest.hexdigest(), size, waiting)
        return Kept(digest.hexdigest(), size)

    def settle(self) -> None:
        """Nothing is left to do: the store answered for each object."""

    def _send(self, name: str, size: int, file: IO[bytes]) -> None:
        key = key_of(name)
        if self._is_there(name, size):
            return
        if size <= PART:
            self._bucket.create(key, file.read())
        else:
            upload: Any = _Checked(file, name)
            self._bucket.upload(key, upload)
        if not self._is_there(name, size):
            raise RecordDamaged(f"the object store took object {name} and does not have it")

    def _is_there(self, name: str, size: int) -> bool:
        there = self._bucket.size_of(key_of(name))
        if there is not None and there != size:
            raise RecordDamaged(
                f"object {name} has been altered: {there:,} bytes lie in the store, not {size:,}",
                next_step="run `ascertain verify`",
            )
        return there is not None


class _Checked(io.RawIOBase):
    """A file that is uploaded: at its end its hash must be the name, otherwise the upload ends in an error."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._file = file
        self._name = name
        self._digest = hashlib.sha256()

    def readable(self) -> bool:
        """Yes."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """Bytes. Raises OSError at an end that is not the name's."""
        data = self._file.read(size)
        self._digest.update(data)
        if not data and self._digest.hexdigest() != self._name:
            raise OSError(f"the bytes of object {self._name} changed while they were sent")
        return data


class _Ranges(io.RawIOBase):
    """An object as a file: read by ranges, so that nothing is fetched that nobody asks for."""

    def __init__(self, bucket: Bucket, name: str, size: int) -> None:
        self._bucket = bucket
        self._name = name
        self._size = size
        self._at = 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """Where the next byte is read."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a byte."""
        self._at = max(0, offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence])
        return self._at

    def readinto(self, buffer: Any, /) -> int:
        """Fill a buffer from the store. Raises RecordDamaged when the object is gone."""
        end = min(self._at + len(buffer), self._size)
        if end <= self._at:
            return 0
        data = self._bucket.read(key_of(self._name), self._at, end)
        if data is None:
            raise missing(self._name)
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def key_of(name: str) -> str:
    """Where an object lies under the prefix. Raises ValueError for anything that is not 64 hexadecimal digits."""
    checked_name(name)
    return f"{name[:2]}/{name[2:]}"
