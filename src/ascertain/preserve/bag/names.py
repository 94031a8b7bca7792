"""Names in a bag: which may be read, how a manifest writes them, and when two of them stand for one file."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_DRIVE = re.compile(r"[A-Za-z]:")
_ENCODED = re.compile(r"%(?:0[AaDd]|25)")
_BARE_PERCENT = re.compile(r"%(?!0[AaDd]|25)")
_SEPARATORS = re.compile(r"[/\\]")
_NOT_ON_WINDOWS = re.compile(r'[<>:"|?*\\\x00-\x1f]|[. ](?:/|$)')
_DEVICES = re.compile(r"(?:^|/)(?:con|prn|aux|nul|com[1-9]|lpt[1-9])(?:\.[^/]*)?(?:/|$)", re.IGNORECASE)
_SYSTEM_FILES = frozenset({".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini", ".spotlight-v100", ".trashes"})


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a bag: `path` is a file of the bag ("" for the bag as a whole), `line` a line in it."""

    path: str
    what: str
    line: int | None = None

    def __str__(self) -> str:
        where = shown_name(self.path) + (f", line {self.line}" if self.line is not None else "")
        return f"{where}: {self.what}" if where else self.what


def shown_name(name: str) -> str:
    """A name that a stranger gave, in one line: control, bidirectional and undecodable characters written out."""
    return "".join(c if c.isprintable() else c.encode("unicode-escape").decode("ascii") for c in name)


def out_of_scope(name: str) -> str | None:
    """Why no file of a bag may have this name, on any system; None when it may."""
    if "\x00" in name:
        return "the name holds a NUL"
    if name.startswith(("/", "\\")):
        return "the path is absolute"
    if name.startswith("~"):
        return "the path begins with ~, a home folder"
    if _DRIVE.match(name):
        return "the path names a drive"
    if ".." in _SEPARATORS.split(name):
        return "the path leaves the bag (..)"
    return None if plain(name) else "the path names no file"


def plain(name: str) -> str:
    """A path without the parts that change nothing: `.` and doubled slashes."""
    return "/".join(part for part in name.split("/") if part not in ("", "."))


def is_portable(name: str) -> bool:
    """Whether the common systems can all hold a file of this name."""
    return not (_NOT_ON_WINDOWS.search(name) or _DEVICES.search(name))


def is_system_file(name: str) -> bool:
    """Whether an operating system, rather than a person, put a file of this name there."""
    last = name.rpartition("/")[2].lower()
    return last in _SYSTEM_FILES or last.startswith("._")


def decoded(name: str) -> str:
    """A path as manifests of BagIt 1.0 write it, read: `%0A`, `%0D` and `%25` stand for LF, CR and `%`."""
    return _ENCODED.sub(lambda found: chr(int(found.group()[1:], 16)), name)


def has_bare_percent(name: str) -> bool:
    """Whether a path holds a `%` that BagIt 1.0 writes as `%25`."""
    return _BARE_PERCENT.search(name) is not None


def normalised(name: str) -> str:
    """The name as a file system that normalises would keep it (NFC)."""
    return unicodedata.normalize("NFC", name)


def folded(name: str) -> str:
    """The name as a file system that knows no letter case would compare it."""
    return normalised(normalised(name).casefold())
