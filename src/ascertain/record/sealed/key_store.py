"""The keys of sealed exhibits in a bucket, beside the objects: every workstation of a team opens and erases the same.

A bucket that keeps versions, copies itself elsewhere or locks what it holds keeps a destroyed key too; no program that
may only write and delete can reach that.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from ascertain.record.home.bucket import Bucket
from ascertain.record.sealed.exhibit_keys import checked_key_name, is_key_name


class BucketKeys:
    """Keys and marks under one prefix of one bucket."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    def put(self, name: str, data: bytes) -> None:
        """Keep these bytes under this name, durably, all of them or none."""
        self._bucket.write(checked_key_name(name), data)

    def get(self, name: str) -> bytes | None:
        """The bytes of this name; None when there are none."""
        try:
            return b"".join(self._bucket.chunks(checked_key_name(name)))
        except FileNotFoundError:
            return None

    def destroy(self, name: str) -> None:
        """Write over these bytes and take them away; they need not be there."""
        size = self._bucket.size_of(checked_key_name(name))
        if size is not None:
            self._bucket.write(name, secrets.token_bytes(size))
            self._bucket.delete(name)

    def names(self, exhibit: str = "") -> Iterator[str]:
        """The names that are there, in order: all of them, or one exhibit's."""
        for name in sorted(self._bucket.listed(exhibit)):
            if is_key_name(name):
                yield name

    def forget(self, exhibit: str) -> None:
        """Destroy all that lies with an exhibit."""
        for name in list(self.names(exhibit)):
            self.destroy(name)

    def clear_away(self) -> None:
        """Nothing is ever half-written: an upload is whole or not there."""
