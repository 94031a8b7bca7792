"""A bag (BagIt 1.0, RFC 8493) written from streams: whole and durable under its name, or not there at all."""

from __future__ import annotations

import datetime
import hashlib
import os
import shutil
import tempfile
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from ascertain.errors import AscertainError, UsageError

PAYLOAD = "data/"
MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"
_DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_CHUNK = 1024 * 1024
_OWN = frozenset({"bagit.txt", "bag-info.txt", MANIFEST, TAG_MANIFEST, "fetch.txt"})


@dataclass(frozen=True, slots=True)
class Written:
    """A file of a bag as it was written: its SHA-256 (hexadecimal) and its size in bytes."""

    digest: str
    size: int


@dataclass
class BagWriter:
    """A bag that is being filled; `files` are those written so far, by their paths in the bag."""

    folder: Path
    files: dict[str, Written] = field(default_factory=dict)
    _folded: dict[str, str] = field(default_factory=dict)

    def add(self, path: str, stream: BinaryIO) -> Written:
        """Write a file, streaming; what lies below `data/` is payload, all else a tag file.

        Raises ValueError for a path that some reader could refuse or take for another: out of the bag, written twice,
        different from another in letter case or normalisation alone.
        """
        with self.writing(path) as out:
            while chunk := stream.read(_CHUNK):
                out.write(chunk)
        return self.files[path]

    def add_bytes(self, path: str, data: bytes) -> Written:
        """Write a file from bytes. Raises ValueError as `add` does."""
        return self.add(path, BytesIO(data))

    @contextmanager
    def writing(self, path: str) -> Iterator[Hashing]:
        """A file to write to, hashed on the way, on the disk when the block ends. Raises ValueError as `add` does."""
        self._check(path)
        target = self.folder.joinpath(*path.split("/"))
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            out = Hashing(file)
            yield out
            file.flush()
            os.fsync(file.fileno())
        self.files[path] = out.written()

    def _check(self, path: str) -> None:
        parts = path.split("/")
        if any(part in ("", ".", "..") for part in parts) or path.startswith("~") or "\0" in path or "\\" in path:
            raise ValueError(f"{path!r} is no path of a bag")
        if path in _OWN or path.startswith(("manifest-", "tagmanifest-")):
            raise ValueError(f"{path!r} is written by the bag itself")
        if path != path.strip():  # some readers trim the lines of a manifest
            raise ValueError(f"{path!r} begins or ends with a space")
        path.encode("utf-8")
        folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
        other = self._folded.setdefault(folded, path)
        if other != path or path in self.files:
            raise ValueError(f"{path!r} and {other!r} could be one file on another system")

    def finish(self, info: Mapping[str, str], date: datetime.date) -> None:
        """Write what the bag says of itself. Raises ValueError for a tag with a line end in it."""
        payload = {path: one for path, one in self.files.items() if path.startswith(PAYLOAD)}
        tags = {path: one for path, one in self.files.items() if path not in payload}
        (self.folder / PAYLOAD).mkdir(exist_ok=True)
        oxum = f"{sum(one.size for one in payload.values())}.{len(payload)}"
        said = {**info, "Bagging-Date": date.isoformat(), "Payload-Oxum": oxum}
        for name, text in (
            ("bagit.txt", _DECLARATION),
            ("bag-info.txt", "".join(_tag(label, value) for label, value in said.items())),
            (MANIFEST, _lines(payload)),
        ):
            tags[name] = self._own(name, text)
        self._own(TAG_MANIFEST, _lines(tags))

    def _own(self, name: str, text: str) -> Written:
        data = text.encode("utf-8")
        with (self.folder / name).open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        return Written(hashlib.sha256(data).hexdigest(), len(data))


class Hashing:
    """A file to write to, which hashes what passes."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self._size = 0

    def write(self, data: bytes) -> None:
        """Write bytes."""
        self._digest.update(data)
        self._size += len(data)
        self._file.write(data)

    def written(self) -> Written:
        """What has passed."""
        return Written(self._digest.hexdigest(), self._size)


@contextmanager
def writing_bag(target: Path, info: Mapping[str, str], date: datetime.date) -> Iterator[BagWriter]:
    """A bag that gets its name when the block ends well; when it fails, nothing is left of it.

    `info` are the tags of bag-info.txt besides its Bagging-Date (`date`) and Payload-Oxum. Raises UsageError when
    something is there already or the place cannot be written to, AscertainError when the disk fails on the way.
    """
    if target.exists() or target.is_symlink():
        raise UsageError(f"{target} is there already", next_step="name a folder that does not exist yet")
    if not target.parent.is_dir():
        raise UsageError(f"there is no folder {target.parent}")
    try:
        private = Path(tempfile.mkdtemp(prefix=f".incoming-{target.name[:100]}-", dir=target.parent))
    except OSError as error:
        raise UsageError(f"{target.parent} cannot be written to: {error.strerror}") from error
    try:
        writer = BagWriter(private)
        yield writer
        writer.finish(info, date)
        private.chmod(0o755)
        for folder, _, _ in os.walk(private):
            _sync(Path(folder))
        private.rename(target)
        _sync(target.parent)
    except OSError as error:
        raise AscertainError(
            f"{target} could not be made: {error.strerror or error}",
            next_step="look at the room and rights of that disk",
        ) from error
    finally:
        shutil.rmtree(private, ignore_errors=True)


def encoded(path: str) -> str:
    """A path as a manifest of BagIt 1.0 writes it (RFC 8493, section 2.1.3)."""
    return path.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _lines(files: Mapping[str, Written]) -> str:
    return "".join(f"{one.digest}  {encoded(path)}\n" for path, one in sorted(files.items()))


def _tag(label: str, value: str) -> str:
    if not label or ":" in label or any(ord(c) < 32 for c in label + value) or value != value.strip():
        raise ValueError(f"{label!r}: {value!r} is no tag of bag-info.txt")
    return f"{label}: {value}\n"


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
