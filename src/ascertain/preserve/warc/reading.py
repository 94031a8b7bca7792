"""Reads a WARC strictly: every byte belongs to a record, or is named. After damage it goes on at the next record."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from ascertain.preserve.warc.report import Report
from ascertain.preserve.warc.source import Damaged, Source, TooLarge, open_source

_USUAL_HEAD, _LONGEST_HEAD = 4 * 1024, 64 * 1024
_PIECE = 256 * 1024
_END = b"\r\n\r\n"
_MARK = re.compile(rb"WARC/[01]\.[0-9]{1,2}\r?\n")
_VERSIONS = frozenset(("WARC/1.0", "WARC/1.1"))
_NAMED_ONCE = ("warc-record-id", "content-length", "warc-date", "warc-type")
_MOST_DAMAGES = 200
_DAY = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?Z)?)?)?")
_ID = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:[^<>\s]+>")

Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Head:
    """A record's head. `offset` is where it lies in the file (compressed: its member), `where` names it to people."""

    offset: int
    headers: Headers
    length: int
    where: str

    def get(self, name: str) -> str:
        """The first value of a header; empty when it is not there."""
        return next((value for key, value in self.headers if key == name), "")

    @property
    def kind(self) -> str:
        """The record's type."""
        return self.get("warc-type").lower()


Listener = Callable[[Head], "Block"]


class Block:
    """What is done with a record's block while it is read."""

    def piece(self, data: bytes) -> None:
        """Some more of it."""

    def end(self, whole: bool) -> None:
        """It is over; whole says whether all of it was there."""


def read_warc(file: BinaryIO, name: str, report: Report, listener: Listener, most: int) -> None:
    """Read every record of a WARC and hand it to `listener`; what does not belong to a record is in the report.

    `most` bytes may come out of a compressed file. Bounded memory; the time is that of reading the file once, and
    again from each of at most 200 damages on.
    """
    source = open_source(file, most)
    try:
        _Reader(source, name, report, listener).read()
    except TooLarge as error:
        report.bad("limit", name, f"{error}: the rest was not checked")


class _Reader:
    def __init__(self, source: Source, name: str, report: Report, listener: Listener) -> None:
        self._source, self._name, self._report, self._listener = source, name, report, listener
        self._damages = 0
        self._uneven = False

    def read(self) -> None:
        """All of it."""
        number = 0
        while True:
            start = self._source.position
            try:
                if not self._source.peek(1):
                    if self._source.broken:
                        raise Damaged("the compressed data is broken or cut")
                    break
                self._one()
                number += 1
            except Damaged as error:
                self._report.bad("damaged", self._where(start), str(error))
                if not self._go_on(start):
                    break
            except _Broken as error:
                self._report.bad(error.code, self._where(start), error.reason)
                if not self._go_on(start):
                    break
        if self._uneven:
            reason = "compressed otherwise than a member a record, so that no record can be read by its offset"
            self._report.note("uneven-compression", self._name, reason)
        if not number and not self._damages:
            self._report.bad("no-records", self._name, "there is no record in it")

    def _where(self, position: int) -> str:
        return f"{self._name} at {self._source.place(position)[0]}"

    def _go_on(self, start: int) -> bool:
        """Find the next record after the one that began at `start`; says what was passed over."""
        self._damages += 1
        if self._damages >= _MOST_DAMAGES:
            self._report.bad("too-damaged", self._name, f"{_MOST_DAMAGES} damages: the rest was not read")
            return False
        if not self._source.restart(start):
            return False
        begun = self._source.position
        while True:
            buffer = self._source.peek(_PIECE)
            found = _MARK.search(buffer)
            if found is not None:
                self._source.take(found.start())
                return True
            if len(buffer) < _PIECE and self._source.broken:
                if not self._source.restart(self._source.position + len(buffer)):
                    return False
                continue
            if len(buffer) < _PIECE:
                self._report.bad("skipped", f"{self._name} after {begun}", "no further record was found to the end")
                return False
            self._source.take(len(buffer) - 16)

    def _one(self) -> None:
        """One record. Raises Damaged, _Broken."""
        position = self._source.position
        offset, even = self._source.place(position)
        head = self._head(offset, f"{self._name} at {offset}" + ("" if even else f" ({position} unpacked)"))
        self._uneven = self._uneven or not even
        self._judge_head(head)
        block = self._listener(head)
        left = head.length
        try:
            while left:
                piece = self._source.take(min(left, _PIECE))
                if not piece:
                    raise _Broken("truncated", f"the file ends {left:,} bytes before the record does")
                block.piece(piece)
                left -= len(piece)
        except BaseException:
            block.end(False)
            raise
        block.end(True)
        end = self._source.peek(len(_END))
        if end != _END and self._source.broken:
            raise Damaged("the compressed data is broken or cut")
        if end != _END:
            raise _Broken("wrong-length", f"the record does not end where its length says, but at {end!r}")
        self._source.take(len(_END))

    def _head(self, offset: int, where: str) -> Head:
        buffer = self._source.peek(_USUAL_HEAD)
        if not _MARK.match(buffer) and not (self._source.broken and len(buffer) < _USUAL_HEAD):
            raise _Broken("no-record", f"no record begins here, but {buffer[:24]!r}")
        end = buffer.find(_END)
        if end < 0:
            end = self._source.peek(_LONGEST_HEAD).find(_END)
        if end < 0 and self._source.broken:
            raise Damaged("the compressed data is broken or cut")
        if end < 0:
            raise _Broken("no-record", "the record's head has no end")
        lines = self._source.take(end + len(_END))[:-4].split(b"\r\n")
        if lines[0].decode("ascii") not in _VERSIONS:
            self._report.note("version", where, f"version {lines[0].decode('ascii')[5:]}")
        headers: Headers = []
        for line in lines[1:]:
            name, colon, value = line.decode("utf-8", "replace").partition(":")
            if line[:1] in (b" ", b"\t") and headers:
                headers[-1] = (headers[-1][0], f"{headers[-1][1]} {line.strip().decode('utf-8', 'replace')}")
            elif colon and name.strip():
                headers.append((name.strip().lower(), value.strip()))
            else:
                self._report.bad("bad-header", where, f"a header that is none: {line[:60]!r}")
        return Head(offset, headers, _length(headers), where)

    def _judge_head(self, head: Head) -> None:
        for name in _NAMED_ONCE:
            number = sum(1 for key, _ in head.headers if key == name)
            if number != 1:
                word = "missing" if not number else f"there {number} times"
                self._report.bad("bad-header", head.where, f"{name} is {word}")
        if not _DAY.fullmatch(head.get("warc-date")):
            self._report.bad("bad-header", head.where, f"WARC-Date {head.get('warc-date')[:40]!r} is no time")
        if not _ID.fullmatch(head.get("warc-record-id")):
            self._report.bad("bad-header", head.where, f"WARC-Record-ID {head.get('warc-record-id')[:80]!r} is no id")


class _Broken(Exception):
    """No record can be read here."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


def _length(headers: Headers) -> int:
    texts = {value for name, value in headers if name == "content-length"}
    text = texts.pop() if len(texts) == 1 else ""
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise _Broken("wrong-length", "the record does not say one length")
    return int(text)
