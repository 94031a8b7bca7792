"""The text of a bag: its declaration, manifests, bag-info.txt and fetch.txt (RFC 8493, section 2).

Bounded on any input: a line of at most `LONGEST_LINE` characters, a file of at most `MOST_LINES` lines. Each function
appends what is wrong to `problems` (errors) or `doubts` (warnings) and returns what could be read.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ascertain.preserve.bag.files import open_file
from ascertain.preserve.bag.names import Problem

LONGEST_LINE = 64 * 1024
MOST_LINES = 5_000_000
VERSIONS = ("0.93", "0.94", "0.95", "0.96", "0.97", "1.0")
DECLARATION = "bagit.txt"
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Text encodings alone: some of Python's other codecs are no encodings, and some expand without bound.
_ENCODINGS = re.compile(
    r"utf-?8|utf-?16(?:-?[lb]e)?|utf-?32(?:-?[lb]e)?|(?:us-)?ascii|iso-8859-(?:[1-9]|1[013-6])|windows-125[0-8]", re.I
)
_DECLARED = ("BagIt-Version", "Tag-File-Character-Encoding")
# Each of these is linear in its input: no two neighbouring parts can match the same characters.
_MANIFEST_LINE = re.compile(r"(?P<digest>[0-9A-Fa-f]+)[ \t]+(?P<star>\*?)(?P<path>[^ \t].*)")
_FETCH_LINE = re.compile(r"[^ \t]+[ \t]+(?:[0-9]+|-)[ \t]+(?P<path>[^ \t].*)")


@dataclass(frozen=True, slots=True)
class Found:
    """What reading a bag turned up: errors make it invalid, warnings do not."""

    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def error(self, path: str, what: str, line: int | None = None) -> None:
        """The bag is not valid."""
        self.errors.append(Problem(path, what, line))

    def warning(self, path: str, what: str, line: int | None = None) -> None:
        """The bag is valid, and somebody should look."""
        self.warnings.append(Problem(path, what, line))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a manifest: the digest that a path should have, the path as it is written."""

    number: int
    digest: str
    path: str


def text_lines(folder: Path, name: str, encoding: str, found: Found) -> Iterator[tuple[int, str]]:
    """The lines of a tag file with their numbers, without their ends (LF, CR or both). Ends at an unreadable one."""
    number = 0
    try:
        with open_file(folder / name) as file, io.TextIOWrapper(file, encoding, newline=None) as text:
            while line := text.readline(LONGEST_LINE + 1):
                number += 1
                if number > MOST_LINES:
                    found.error(name, f"more than {MOST_LINES} lines")
                    return
                if len(line) > LONGEST_LINE:
                    found.error(name, f"a line of more than {LONGEST_LINE} characters", number)
                    return
                yield number, line.removesuffix("\n")
    except UnicodeError:
        found.error(name, f"not text in {encoding}", number + 1)


def read_declaration(folder: Path, found: Found) -> tuple[str, str] | None:
    """The version and the encoding that bagit.txt declares; None when it declares none that we read."""
    with open_file(folder / DECLARATION) as file:
        if file.read(4).startswith(_MARKS):
            found.error(DECLARATION, "begins with a byte-order mark")
            return None
    lines = [line for _, line in zip(range(8), text_lines(folder, DECLARATION, "utf-8", found), strict=False)]
    tags = [_tag(line) for _, line in lines if line]
    if [tag and tag[0] for tag in tags] != list(_DECLARED):
        found.error(DECLARATION, f"is not the two lines {' and '.join(_DECLARED)}")
        return None
    version, encoding = (tag[1] for tag in tags if tag)
    if version not in VERSIONS:
        found.error(DECLARATION, f"version {version!r} is none of {', '.join(VERSIONS)}", 1)
    elif not _ENCODINGS.fullmatch(encoding):
        found.error(DECLARATION, f"the encoding {encoding!r} is none that is read here", 2)
    else:
        if version == "1.0" and [line for _, line in lines] != _as_in_1_0(version, encoding):
            found.error(DECLARATION, "has whitespace where BagIt 1.0 allows none")
        return version, encoding
    return None


def _tag(line: str) -> tuple[str, str] | None:
    """A label and its value; None when a line does not begin with a label."""
    label, colon, value = line.partition(":")
    if not colon or not label.strip() or label[0] in " \t":
        return None
    return label.rstrip(" \t"), value.strip(" \t")


def _as_in_1_0(version: str, encoding: str) -> list[str]:
    return [f"{label}: {value}" for label, value in zip(_DECLARED, (version, encoding), strict=True)]


def read_manifest(folder: Path, name: str, encoding: str, digits: int, found: Found) -> list[Line]:
    """The lines of a payload or tag manifest whose digests have so many hexadecimal digits."""
    lines = []
    starred = False
    for number, text in text_lines(folder, name, encoding, found):
        match = _MANIFEST_LINE.fullmatch(text)
        if match is None:
            if text.strip():
                found.error(name, "is not a digest and a path", number)
        elif len(match["digest"]) != digits:
            found.error(name, f"the digest has {len(match['digest'])} digits instead of {digits}", number)
        else:
            starred = starred or bool(match["star"])
            lines.append(Line(number, match["digest"].lower(), match["path"]))
    if starred:
        found.warning(name, "has * before paths, as md5sum and its like write them")
    return lines


def read_info(folder: Path, name: str, encoding: str, found: Found) -> list[tuple[str, str]]:
    """The tags of bag-info.txt in their order, as they are; a label may come again. Folded lines are joined."""
    tags: list[tuple[str, str]] = []
    for number, text in text_lines(folder, name, encoding, found):
        tag = _tag(text)
        if text.startswith((" ", "\t")) and tags and text.strip():
            label, value = tags[-1]
            if len(value) > LONGEST_LINE:
                found.error(name, f"a tag of more than {LONGEST_LINE} characters", number)
                break
            tags[-1] = label, f"{value} {text.strip()}"
        elif tag is not None:
            tags.append(tag)
        elif text.strip():
            found.error(name, "is neither a label with a value nor the rest of one", number)
    return tags


def read_fetch(folder: Path, name: str, encoding: str, found: Found) -> list[tuple[int, str]]:
    """The paths that fetch.txt gives addresses for, with their lines. Nothing is ever fetched."""
    paths = []
    for number, text in text_lines(folder, name, encoding, found):
        match = _FETCH_LINE.fullmatch(text)
        if match is not None:
            paths.append((number, match["path"]))
        elif text.strip():
            found.error(name, "is not an address, a length and a path", number)
    return paths
