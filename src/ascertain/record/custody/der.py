"""Reading and writing of DER (X.690), as little of it as timestamps and key files need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

INTEGER, OCTETS, IDENTIFIER, SEQUENCE, SET = 0x02, 0x04, 0x06, 0x30, 0x31


class BadDer(ValueError):
    """Bytes that are not DER, or not of the expected form."""


@dataclass(frozen=True, slots=True)
class Element:
    """One value: its tag (one byte) and its content."""

    tag: int
    content: bytes

    def children(self) -> list[Element]:
        """What a constructed value holds, in order. Raises BadDer."""
        if not self.tag & 0x20:
            raise BadDer("a value that holds no others")
        return list(_elements(self.content))

    def is_a(self, tag: int) -> Element:
        """Itself. Raises BadDer when it has another tag."""
        if self.tag != tag:
            raise BadDer(f"tag {self.tag:#x} where {tag:#x} was expected")
        return self


def read(data: bytes) -> Element:
    """The one value that the bytes are. Raises BadDer, also for anything after it."""
    found = list(_elements(data))
    if len(found) != 1:
        raise BadDer(f"{len(found)} values where one was expected")
    return found[0]


def write(tag: int, *parts: bytes) -> bytes:
    """A value of this tag whose content is the parts, one after the other."""
    content = b"".join(parts)
    if len(content) < 0x80:
        return bytes((tag, len(content))) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def write_integer(number: int) -> bytes:
    """A whole number, 0 or more."""
    return write(INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def _elements(data: bytes) -> Iterator[Element]:
    at = 0
    while at < len(data):
        tag = data[at]
        if tag & 0x1F == 0x1F:
            raise BadDer("a tag of more than one byte")
        start, length = _length(data, at + 1)
        at = start + length
        if at > len(data):
            raise BadDer("a value that is cut off")
        yield Element(tag, data[start:at])


def _length(data: bytes, at: int) -> tuple[int, int]:
    """Where a value's content begins and how long it is; each length has one spelling."""
    if at >= len(data):
        raise BadDer("a value that is cut off")
    first = data[at]
    if first < 0x80:
        return at + 1, first
    digits = data[at + 1 : at + 1 + (first & 0x7F)]
    length = int.from_bytes(digits, "big")
    if first == 0x80 or len(digits) > 4 or len(digits) != first & 0x7F or digits[0] == 0 or length < 0x80:
        raise BadDer("a length that is not written in its shortest form")
    return at + 1 + len(digits), length
