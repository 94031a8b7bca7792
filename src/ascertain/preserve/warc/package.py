"""Checks a WACZ from a partner: the zip, the manifest, every hash, every record, the index, the pages, the signature.

`wacz validate` passes an invalid signature unless it is told to look at it, and looks at no record.
"""

from __future__ import annotations

import json
import tempfile
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

from ascertain.preserve.warc.checking import MOST_BYTES, Content, WarcCheck
from ascertain.preserve.warc.manifest import check_hash, check_manifest
from ascertain.preserve.warc.report import Report
from ascertain.preserve.warc.signature import TimeCheck
from ascertain.preserve.warc.zipped import Unreadable, Zipped

_PAGES = "pages/pages.jsonl"
_MOST_LINE_BYTES = 8 * 1024 * 1024
_MOST_LINES = 5_000_000
_MOST_WRONG = 50  # lines of an index or pages that are named one by one
_SHOWN = frozenset(("response", "resource", "revisit", "conversion"))


def check_wacz(file: BinaryIO, name: str, *, time_check: TimeCheck | None = None, most: int = MOST_BYTES) -> Report:
    """Check a WACZ. Never raises for what is in it. `most` bytes may come out of all its files together."""
    report = Report("wacz")
    try:
        zipped = Zipped(file, report)
    except Unreadable as error:
        report.bad("no-zip", name, str(error))
        return report
    if sum(zipped.size(one) for one in zipped.names) > most:
        report.bad("limit", name, f"it unpacks to more than {most:,} bytes: its files were not checked")
        return report
    digests = check_manifest(zipped, report, time_check)
    for path, digest in digests.items():
        check_hash(zipped, path, digest, report)
    _Contents(zipped, report, set(digests)).check(most)
    return report


class _Contents:
    """What is in the package: its WARCs, and whether index and pages lead to what is in them."""

    def __init__(self, zipped: Zipped, report: Report, covered: set[str]) -> None:
        self._zipped, self._report, self._covered = zipped, report, covered
        self._records: dict[tuple[str, int], int] = {}
        self._urls: set[int] = set()

    def check(self, most: int) -> None:
        """All of it."""
        names = self._zipped.names
        warcs = [one for one in names if one.startswith("archive/") and one.lower().endswith((".warc", ".warc.gz"))]
        indexes = [one for one in names if one.startswith("indexes/")]
        if not warcs:
            self._report.bad("no-warc", "archive/", "there is no WARC in it")
        if not indexes:
            self._report.bad("no-index", "indexes/", "there is no index in it")
        for one in warcs:
            self._check_warc(one, most)
        for one in indexes:
            if one.lower().endswith((".cdx", ".cdxj", ".cdx.gz", ".cdxj.gz")):
                self._check_index(one)
        if _PAGES in names:
            self._check_pages()
        else:
            self._report.bad("no-pages", _PAGES, "there is no list of pages in it")

    def _check_warc(self, name: str, most: int) -> None:
        check = WarcCheck(self._report, covered=name in self._covered, seen=self._remember)
        window = self._zipped.window(name)
        if window is not None:
            check.check(window, name, most)
            return
        self._report.note("compressed-warc", name, "a WARC that is compressed once more in the zip")
        with tempfile.TemporaryFile() as copy:
            try:
                for piece in self._zipped.pieces(name, self._zipped.size(name)):
                    copy.write(piece)
            except Unreadable as error:
                self._report.bad("zip-damaged", name, str(error))
            check.check(copy, name, most)

    def _remember(self, content: Content) -> None:
        """Where a record is and what it is of: hashes alone, which stay small however many there are."""
        if content.kind in _SHOWN:
            self._records[content.file.removeprefix("archive/"), content.offset] = hash(content.url)
            self._urls.add(hash(content.url))

    def _check_index(self, name: str) -> None:
        wrong = 0
        for number, line in enumerate(self._lines(name), 1):
            if line.startswith(b"!meta") or not line.strip():
                continue
            reason = self._why_wrong(line)
            if reason:
                wrong += 1
                if wrong <= _MOST_WRONG:
                    self._report.bad("index-mismatch", f"{name} line {number}", reason)

    def _why_wrong(self, line: bytes) -> str:
        """Why a line of the index does not lead to its record; empty when it does."""
        parts = line.decode("utf-8", "replace").split(" ", 2)
        said = _json(parts[2]) if len(parts) == 3 else None
        if not isinstance(said, dict):
            return "it is no line of an index"
        try:
            file, offset = str(said["filename"]).removeprefix("archive/"), int(said["offset"])
        except (KeyError, ValueError, TypeError):
            return "it says no file and offset"
        found = self._records.get((file, offset))
        if found is None:
            return f"no record begins in {file[:80]} at {offset}"
        url = str(said.get("url", ""))
        return "" if not url or hash(url) == found else f"the record there is not of {url[:200]}"

    def _check_pages(self) -> None:
        wrong = 0
        for number, line in enumerate(self._lines(_PAGES), 1):
            said = _json(line.decode("utf-8", "replace")) if line.strip() else {"format": ""}
            where = f"{_PAGES} line {number}"
            if not isinstance(said, dict):
                self._report.bad("bad-pages", where, "it is no page")
                wrong += 1
            elif "format" not in said:
                url = said.get("url")
                if not isinstance(url, str) or not isinstance(said.get("ts"), str):
                    self._report.bad("bad-pages", where, "a page without an address and a time")
                    wrong += 1
                elif hash(url.split("#", 1)[0]) not in self._urls and hash(url) not in self._urls:
                    self._report.note("page-not-there", where, f"no record is of {url[:200]}")
                    wrong += 1
            if wrong >= _MOST_WRONG:
                return

    def _lines(self, name: str) -> Iterator[bytes]:
        """The lines of a member, unpacked when it is gzip; what cannot be read is in the report."""
        try:
            pieces = self._zipped.pieces(name, self._zipped.size(name))
            yield from _split(_gunzip(pieces) if name.lower().endswith(".gz") else pieces)
        except (Unreadable, zlib.error) as error:
            self._report.bad("zip-damaged", name, str(error))


def _gunzip(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Members of gzip one after another. Raises zlib.error."""
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 16)
    for piece in pieces:
        while piece:
            yield unpack.decompress(piece, _MOST_LINE_BYTES)
            piece = unpack.unconsumed_tail
            if unpack.eof:
                piece, unpack = unpack.unused_data, zlib.decompressobj(zlib.MAX_WBITS | 16)


def _split(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Lines. Raises Unreadable for one without an end, or too many."""
    left, number = b"", 0
    for piece in pieces:
        *lines, left = (left + piece).split(b"\n")
        number += len(lines)
        if len(left) > _MOST_LINE_BYTES or number > _MOST_LINES:
            raise Unreadable("its lines are too long or too many")
        yield from lines
    if left:
        yield left


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
