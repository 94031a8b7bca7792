"""Checks a WARC by what each record says of itself. What another tool passes over in silence is named here.

`warcio check` returns 0 for a record without a digest, and FastWARC's digest pass leaves damaged records out.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from ascertain.preserve.warc.digests import WEAK, Digest, parse_digest
from ascertain.preserve.warc.reading import Block, Head, read_warc
from ascertain.preserve.warc.report import Report

MOST_BYTES = 64 * 1024**3
_TYPES = frozenset(
    "warcinfo response request metadata resource revisit conversion continuation".split()
)  # ISO 28500:2017, section 6
_LONGEST_HTTP_HEAD = 256 * 1024
_MOST_IDS = 5_000_000
_ARC = b"filedesc://"


@dataclass(frozen=True, slots=True)
class Content:
    """A record as the index and the pages of a package may name it."""

    file: str
    offset: int
    kind: str
    url: str


class WarcCheck:
    """The check of one or several WARCs whose findings go into one report.

    covered: the bytes are under a digest of a package, so that a record without its own is a note.
    """

    def __init__(self, report: Report, *, covered: bool = False, seen: Callable[[Content], None] | None = None) -> None:
        self._report, self._covered, self._seen = report, covered, seen
        self._ids: set[int] = set()

    def check(self, file: BinaryIO, name: str, most: int = MOST_BYTES) -> None:
        """Check one file."""

        def begin(head: Head) -> Block:
            return self._begin(head, name)

        read_warc(file, name, self._report, begin, most)

    def _begin(self, head: Head, name: str) -> Block:
        report = self._report
        report.records[head.kind or "without a type"] += 1
        if head.kind not in _TYPES:
            report.note("unknown-type", head.where, f"a record of type {head.kind[:40]!r}")
        self._judge_id(head)
        url = self._judge_address(head)
        if head.get("warc-truncated"):
            report.note(
                "truncated-capture", head.where, f"cut when it was captured ({head.get('warc-truncated')[:40]})"
            )
        if head.kind == "continuation" or head.get("warc-segment-number"):
            report.note("segment", head.where, "a record in segments, which are not joined: its payload is not checked")
        if self._seen is not None:
            self._seen(Content(name, head.offset, head.kind, url))
        return _Digests(head, report, covered=self._covered)

    def _judge_id(self, head: Head) -> None:
        """The same id twice: two records of which a reader may choose either."""
        key = int.from_bytes(hashlib.sha256(head.get("warc-record-id").encode("utf-8", "replace")).digest()[:8], "big")
        if key in self._ids:
            reason = f"a second record with the id {head.get('warc-record-id')[:80]}"
            told = self._report.note if head.kind == "warcinfo" else self._report.bad
            told("same-id", head.where, reason)
        elif len(self._ids) < _MOST_IDS:
            self._ids.add(key)

    def _judge_address(self, head: Head) -> str:
        url = head.get("warc-target-uri")
        if url.startswith("<") and url.endswith(">"):
            self._report.note("address", head.where, "the address stands in angle brackets, as wget writes it")
            url = url[1:-1]
        if any(c.isspace() for c in url):
            self._report.note("address", head.where, f"an address with spaces: {url[:80]!r}")
        if not url and head.kind in ("response", "resource", "request", "revisit", "conversion"):
            self._report.bad("bad-header", head.where, "a record of content without an address")
        return url


class _Digests(Block):
    """A record's digests, worked out while its block is read."""

    def __init__(self, head: Head, report: Report, *, covered: bool) -> None:
        self._head, self._report, self._covered = head, report, covered
        self._block = self._stated("warc-block-digest")
        self._payload = self._stated("warc-payload-digest") if _has_payload(head) else None
        self._block_hash = self._block.begin() if self._block else None
        self._payload_hash = self._payload.begin() if self._payload else None
        self._plain_hash = self._payload.begin() if self._payload else None
        self._http = head.get("content-type").lower().replace(" ", "").startswith("application/http")
        self._waiting: bytes | None = b"" if self._http else None
        self._chunks: _Chunks | None = None

    def piece(self, data: bytes) -> None:
        """Some more of the block."""
        if self._block_hash is not None:
            self._block_hash.update(data)
        if self._payload_hash is None:
            return
        if self._waiting is not None:
            data = self._after_head(self._waiting + data)
        if data:
            self._payload_hash.update(data)
            if self._chunks is not None and self._plain_hash is not None:
                for plain in self._chunks.feed(data):
                    self._plain_hash.update(plain)

    def end(self, whole: bool) -> None:
        """Compare."""
        if not whole:
            return  # that it is not is a finding of its own
        if self._waiting is not None and self._payload_hash is not None:
            self._report.note("no-http", self._head.where, "no end of HTTP headers: the payload is not told apart")
            self._payload = None
        self._compare("block", self._block, [self._block_hash])
        self._compare("payload", self._payload, [self._payload_hash, self._plain_hash if self._chunks else None])
        if self._block is None and self._payload is None:
            self._miss()
        elif self._block is None and self._http:
            self._report.note("no-block-digest", self._head.where, "the HTTP headers are under no digest")

    def _stated(self, name: str) -> Digest | None:
        text = self._head.get(name)
        if not text:
            return None
        if sum(1 for key, _ in self._head.headers if key == name) > 1:
            self._report.bad("bad-digest", self._head.where, f"{name} stands there more than once")
        digest = parse_digest(text)
        if digest is None:
            self._report.bad("bad-digest", self._head.where, f"{name} {text[:80]!r} is no digest that is known")
            return None
        self._report.algorithms[digest.algorithm] += 1
        if digest.algorithm in WEAK:
            self._report.note("weak-digest", self._head.where, f"{digest.algorithm} shows damage, not forgery")
        return digest

    def _after_head(self, data: bytes) -> bytes:
        """What follows the HTTP headers, once they are whole."""
        end = data.find(b"\r\n\r\n")
        if end < 0:
            self._waiting = data if len(data) <= _LONGEST_HTTP_HEAD else None
            return b""
        self._waiting = None
        if b"transfer-encoding: chunked" in data[:end].lower():
            self._chunks = _Chunks()
        return data[end + 4 :]

    def _compare(self, what: str, digest: Digest | None, hashes: list[hashlib._Hash | None]) -> None:
        if digest is None:
            return
        if digest.value in [one.digest() for one in hashes if one is not None]:
            self._report.matched += 1
        else:
            reason = f"the {what} does not hash to the {digest.algorithm} that the record says"
            self._report.bad("digest-mismatch", self._head.where, reason)

    def _miss(self) -> None:
        self._report.unchecked += 1
        reason = "a record without a digest: nothing says what its bytes must be"
        bears_nothing = self._head.kind in ("warcinfo", "revisit") or self._head.length == 0
        if bears_nothing or self._covered:
            self._report.note("no-digest", self._head.where, reason)
        else:
            self._report.bad("no-digest", self._head.where, reason)


class _Chunks:
    """HTTP's chunked coding undone, for digests that were made without it. Ends quietly where it is broken."""

    def __init__(self) -> None:
        self._line, self._left, self._over = b"", 0, False

    def feed(self, data: bytes) -> list[bytes]:
        """What comes out."""
        found = []
        while data and not self._over:
            if self._left:
                piece, data = data[: self._left], data[self._left :]
                self._left -= len(piece)
                found.append(piece)
                continue
            at = data.find(b"\n")
            self._line += data if at < 0 else data[:at]
            data = b"" if at < 0 else data[at + 1 :]
            if at >= 0:
                self._size()
        return found

    def _size(self) -> None:
        text, self._line = self._line.strip().split(b";")[0], b""
        if not text:
            return
        try:
            self._left = int(text, 16)
        except ValueError:
            self._over = True
        self._over = self._over or self._left <= 0


def _has_payload(head: Head) -> bool:
    """Whether the payload digest is about bytes that this record holds. A revisit's is about another's."""
    return head.kind != "revisit" and not head.get("warc-segment-number") and head.kind != "continuation"


def check_warc(file: BinaryIO, name: str, most: int = MOST_BYTES) -> Report:
    """Check a WARC from a partner. Never raises for what is in it."""
    file.seek(0)
    if _is_arc(file.read(4096)):
        report = Report("arc")
        report.bad("arc", name, "an ARC file, the format before WARC: it has no digests, so nothing can be checked")
        return report
    report = Report("warc")
    WarcCheck(report).check(file, name, most)
    return report


def _is_arc(begin: bytes) -> bool:
    if begin.startswith(b"\x1f\x8b"):
        try:
            begin = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(begin, 64)
        except zlib.error:
            return False
    return begin.startswith(_ARC)
