"""One prefix of one bucket of S3-compatible storage, and what its server says in words for a person.

Bytes go with their SHA-256, part by part, so that a store that checks refuses what was damaged on the way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import cached_property
from typing import IO, Any

import obstore
from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    NotFoundError,
    PermissionDeniedError,
    UnauthenticatedError,
)
from obstore.store import S3Store

from ascertain.errors import AccessRefused, AscertainError, Unreachable, UsageError

PART = 8 * 1024 * 1024
_AT_ONCE = 4  # parts in flight: the memory that an upload takes is so many parts
_CHUNK = 1024 * 1024
_NOT_THERE = (FileNotFoundError, NotFoundError)


class Bucket:
    """Bytes by their keys. Every call raises AccessRefused, Unreachable, or AscertainError for a bucket that is not."""

    def __init__(self, address: str, configuration: Mapping[str, Any]) -> None:
        """`s3://BUCKET/PREFIX`; the configuration is obstore's (endpoint, region, credentials), over the environment's.

        Connects to nothing yet. Raises UsageError for an address that is none.
        """
        name, _, prefix = address.removeprefix("s3://").rstrip("/").partition("/")
        if not address.startswith("s3://") or not name or {"", ".", ".."} & set(prefix.split("/")[1:]):
            raise UsageError(f"{address!r} is no address of objects", next_step="write s3://BUCKET/PREFIX")
        self.address = address
        self._name = name
        self._is_known = False
        self._prefix = prefix
        self._configuration = configuration

    @cached_property
    def _store(self) -> S3Store:
        return _store(self._name, self._prefix, self._configuration)

    def size_of(self, key: str) -> int | None:
        """How many bytes lie under a key; None when none do."""
        with self._in_words():
            try:
                return int(obstore.head(self._store, key)["size"])
            except _NOT_THERE:
                self._look()
                return None

    def read(self, key: str, start: int, end: int) -> bytes | None:
        """Bytes from `start` to before `end`; None when there are none of this key."""
        with self._in_words():
            try:
                return bytes(obstore.get_range(self._store, key, start=start, end=end))
            except _NOT_THERE:
                self._look()
                return None

    def chunks(self, key: str) -> Iterator[bytes]:
        """All bytes of a key, some at a time. Raises FileNotFoundError when there are none."""
        with self._in_words():
            try:
                found = obstore.get(self._store, key)
            except _NOT_THERE:
                self._look()
                found = None
            if found is not None:
                yield from (bytes(chunk) for chunk in found.stream(min_chunk_size=_CHUNK))
        if found is None:
            raise FileNotFoundError(key)

    def create(self, key: str, data: bytes) -> None:
        """Put bytes under a key unless some lie there, which a store that knows conditions sees to."""
        with self._in_words():
            try:
                obstore.put(self._store, key, data, mode="create", use_multipart=False)
            except AlreadyExistsError:
                pass  # somebody else was first, or an answer got lost and it was sent twice
            except BaseError as error:
                if "NotImplemented" not in str(error):
                    raise
                obstore.put(self._store, key, data, use_multipart=False)

    def write(self, key: str, data: bytes) -> None:
        """Put bytes under a key, over what lies there."""
        with self._in_words():
            obstore.put(self._store, key, data, use_multipart=False)

    def upload(self, key: str, file: IO[bytes]) -> None:
        """Put a file's bytes under a key, in parts; whole or not at all."""
        with self._in_words():
            obstore.put(self._store, key, file, use_multipart=True, chunk_size=PART, max_concurrency=_AT_ONCE)

    def delete(self, key: str) -> None:
        """Take away what lies under a key, if anything does. Versions that the bucket keeps of it stay."""
        with self._in_words():
            try:
                obstore.delete(self._store, key)
            except _NOT_THERE:
                self._look()

    def listed(self, below: str = "") -> Iterator[str]:
        """The keys under the prefix, or in a folder below it, in their order."""
        with self._in_words():
            for some in obstore.list(self._store, below or None):
                yield from (found["path"] for found in some)

    def _look(self) -> None:
        """Nothing there may mean that the bucket is not there: a listing tells the two apart, asked once."""
        if not self._is_known:
            next(iter(obstore.list(self._store, chunk_size=1)), None)
            self._is_known = True

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except (BaseError, OSError) as error:
            raise self._told(error) from error

    def _told(self, error: Exception) -> AscertainError:
        said = str(error).partition("Debug source:")[0]
        if isinstance(error, PermissionDeniedError | UnauthenticatedError) or "403 Forbidden" in said:
            return AccessRefused(
                f"the object store refuses access to {self.address} ({_reason(said)})",
                next_step="set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or write ~/.aws/credentials",
            )
        if "NoSuchBucket" in said or "InvalidBucketName" in said:
            return AscertainError(
                f"the object store has no bucket {self._name}", next_step="make it there, or look at the address"
            )
        if any(sign in said for sign in _AWAY):
            return Unreachable(
                f"the object store of {self.address} does not answer ({_reason(said)})",
                next_step="nothing that was acknowledged is lost; try again",
            )
        return AscertainError(f"the object store of {self.address} refuses: {_reason(said)}")


_AWAY = (
    "error sending request", "connection", "timed out", "timeout", "ServiceUnavailable", "SlowDown", "InternalError",
    "502 Bad Gateway", "503 Service", "504 Gateway",
)  # fmt: skip


def _store(name: str, prefix: str, configuration: Mapping[str, Any]) -> S3Store:
    plain = str(configuration.get("endpoint", "")).startswith("http://")
    whole: Any = {"checksum_algorithm": "SHA256", "unsigned_payload": False, **configuration}
    return S3Store(
        name,
        prefix=prefix or None,
        config=whole,
        client_options={"allow_http": plain, "connect_timeout": "5s", "timeout": "10m", "user_agent": "ascertain"},
        retry_config={"max_retries": 4, "retry_timeout": timedelta(seconds=30)},
    )


def _reason(said: str) -> str:
    """The store's own words in a library's error."""
    code, _, rest = said.partition("<Code>")[2].partition("</Code>")
    if code:
        message = rest.partition("<Message>")[2].partition("</Message>")[0]
        return f"{code}: {message}" if message else code
    return said.partition("\n")[0].rpartition(": ")[2][:200]
