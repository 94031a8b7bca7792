"""Which file of a bag a line of a manifest means, and what the lines of one manifest say together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ascertain.preserve.bag.lines import Found, Line
from ascertain.preserve.bag.names import (
    decoded,
    folded,
    has_bare_percent,
    normalised,
    out_of_scope,
    plain,
    shown_name,
)  # fmt: skip

PAYLOAD = "data/"


@dataclass(frozen=True)
class Disk:
    """The files that are there, found by their own name or by the name that another file system would make of it."""

    files: frozenset[str]
    by_normalised: Mapping[str, list[str]]
    by_folded: Mapping[str, list[str]]

    @staticmethod
    def of(files: Iterable[str]) -> Disk:
        """The files of a folder by their paths."""
        known = frozenset(files)
        alike: tuple[dict[str, list[str]], ...] = (defaultdict(list), defaultdict(list))
        for path in known:
            alike[0][normalised(path)].append(path)
            alike[1][folded(path)].append(path)
        return Disk(known, *map(dict, alike))


@dataclass(frozen=True)
class Manifest:
    """A payload or tag manifest: the digest that each file should have, by its path on the disk."""

    name: str
    algorithm: str
    payload: bool
    wanted: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Context:
    """What lines are held against: the bag's version, its files, the paths that fetch.txt has addresses for."""

    version: str
    disk: Disk
    fetched: frozenset[str]

    @property
    def final(self) -> bool:
        """Whether this is BagIt 1.0, the version of RFC 8493."""
        return self.version == "1.0"


def collect(manifest: Manifest, lines: Iterable[Line], bag: Context, found: Found) -> None:
    """Fill a manifest from its lines. What is out of scope, missing or said twice is named."""
    listed = _listed(manifest, lines, bag, found)
    _warn_of_clashes(manifest.name, listed, found)
    for path, digest in listed.items():
        there = path if path in bag.disk.files else _other_name(manifest, path, listed, bag.disk, found)
        if there is not None:
            if manifest.wanted.setdefault(there, digest) != digest:
                found.error(manifest.name, f"{shown_name(there)} is listed twice with different digests")
        elif path in bag.fetched:
            found.error(path, "is missing; fetch.txt gives an address for it, and nothing is ever fetched")
        else:
            found.error(path, f"is missing ({manifest.name} lists it)")


def scoped(path: str) -> tuple[str | None, str]:
    """Why a path may not be read (None when it may), and the path without what changes nothing."""
    return out_of_scope(path) or out_of_scope(decoded(path)), plain(path)


def _listed(manifest: Manifest, lines: Iterable[Line], bag: Context, found: Found) -> dict[str, str]:
    """The digests of a manifest by the paths that its lines mean."""
    listed: dict[str, str] = {}
    for line in lines:
        path = _path(manifest, line, bag, found)
        if path is None:
            continue
        known = listed.get(path)
        if known is None:
            listed[path] = line.digest
        elif known != line.digest:
            found.error(manifest.name, f"{shown_name(path)} is listed twice with different digests", line.number)
        else:
            say = found.error if bag.final else found.warning
            say(manifest.name, f"{shown_name(path)} is listed twice", line.number)
    return listed


def _path(manifest: Manifest, line: Line, bag: Context, found: Found) -> str | None:
    """The path that a line means; None, and an error, when it may not be listed there."""
    reason, path = scoped(line.path)
    if reason is None and manifest.payload != path.startswith(PAYLOAD):
        reason = "lies outside of data/" if manifest.payload else "is a payload file"
    if reason is None and path.startswith("tagmanifest-") and bag.final:
        reason = "is a tag manifest"
    if reason is not None:
        found.error(manifest.name, f"{shown_name(line.path)}: {reason}", line.number)
        return None
    if path != line.path:
        found.warning(manifest.name, f"{shown_name(line.path)} is not written plainly", line.number)
    return _percent(manifest, line.number, path, bag, found)


def _percent(manifest: Manifest, number: int, path: str, bag: Context, found: Found) -> str:
    """Read `%0A`, `%0D` and `%25` as the version says, or as a maker in error meant it when that alone fits."""
    asked, other = (decoded(path), path) if bag.final else (path, decoded(path))
    if bag.final and has_bare_percent(path):
        found.warning(manifest.name, f"{shown_name(path)}: % is written as %25 in BagIt 1.0", number)
    if asked != other and asked not in bag.disk.files and other in bag.disk.files:
        found.warning(manifest.name, f"{shown_name(path)}: % is not used as BagIt {bag.version} says", number)
        return other
    return asked


def _other_name(manifest: Manifest, path: str, listed: Mapping[str, str], disk: Disk, found: Found) -> str | None:
    """The file that a listed path became on a file system that normalises names, or knows no letter case."""
    same = disk.by_normalised.get(normalised(path), [])
    if len(same) == 1:
        found.warning(path, f"the file's name is normalised differently than in {manifest.name}")
        return same[0]
    alike = [there for there in disk.by_folded.get(folded(path), []) if listed.get(there) == listed[path]]
    if len(alike) == 1:
        found.warning(path, f"is there as {shown_name(alike[0])} alone, which differs in letter case")
        return alike[0]
    return None


def _warn_of_clashes(name: str, listed: Iterable[str], found: Found) -> None:
    seen: dict[str, str] = {}
    for path in listed:
        other = seen.setdefault(folded(path), path)
        if other != path:
            kind = "normalisation" if normalised(other) == normalised(path) else "letter case"
            found.warning(name, f"{shown_name(other)} and {shown_name(path)} differ in {kind} alone")
