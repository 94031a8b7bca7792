"""Which file of the bag a line of a manifest means, and what the lines of one manifest say together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ascertain.preserve.bag import names
from ascertain.preserve.bag.lines import Found, Line

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
        normalised, folded = defaultdict(list), defaultdict(list)
        for path in known:
            normalised[names.normalised(path)].append(path)
            folded[names.folded(path)].append(path)
        return Disk(known, normalised, folded)


@dataclass(frozen=True)
class Manifest:
    """A payload or tag manifest: the digest that each file should have, by its path on the disk."""

    name: str
    algorithm: str
    payload: bool
    wanted: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Rules:
    """What a bag's version asks of its manifests."""

    version: str

    @property
    def final(self) -> bool:
        """Whether this is BagIt 1.0, the version of RFC 8493."""
        return self.version == "1.0"


def collect(
    manifest: Manifest, lines: Iterable[Line], rules: Rules, disk: Disk, fetched: set[str], found: Found
) -> None:
    """Fill a manifest from its lines. What is out of scope, missing or said twice is named."""
    listed: dict[str, str] = {}
    for line in lines:
        path = _path(manifest, line, rules, disk, found)
        if path is None:
            continue
        known = listed.get(path)
        if known is None:
            listed[path] = line.digest
        elif known != line.digest:
            found.error(manifest.name, f"{names.shown_name(path)} is listed twice with different digests", line.number)
        else:
            say = found.error if rules.final else found.warning
            say(manifest.name, f"{names.shown_name(path)} is listed twice", line.number)
    _warn_of_clashes(manifest.name, listed, found)
    for path, digest in listed.items():
        there = path if path in disk.files else _other_name(manifest, path, digest, listed, disk, found)
        if there is not None:
            if manifest.wanted.setdefault(there, digest) != digest:
                found.error(manifest.name, f"{names.shown_name(there)} is listed twice with different digests")
        elif path in fetched:
            found.error(path, "is missing; fetch.txt gives an address for it, and nothing is ever fetched")
        else:
            found.error(path, f"is missing ({manifest.name} lists it)")


def scoped(path: str) -> tuple[str | None, str]:
    """Why a path may not be read (None when it may), and the path without what changes nothing."""
    return names.out_of_scope(path) or names.out_of_scope(names.decoded(path)), names.plain(path)


def _path(manifest: Manifest, line: Line, rules: Rules, disk: Disk, found: Found) -> str | None:
    """The path that a line means; None, and a problem, when it may not be listed there."""
    reason, path = scoped(line.path)
    if reason is None and manifest.payload != path.startswith(PAYLOAD):
        reason = "lies outside of data/" if manifest.payload else "is a payload file"
    if reason is not None:
        found.error(manifest.name, f"{names.shown_name(line.path)}: {reason}", line.number)
        return None
    if path.startswith("tagmanifest-") and rules.final:
        found.error(manifest.name, f"lists the tag manifest {names.shown_name(path)}", line.number)
        return None
    if path != line.path:
        found.warning(manifest.name, f"{names.shown_name(line.path)} is not written plainly", line.number)
    return _percent(manifest, line.number, path, rules, disk, found)


def _percent(manifest: Manifest, number: int, path: str, rules: Rules, disk: Disk, found: Found) -> str:
    """Read `%0A`, `%0D` and `%25` as the version says, and as makers who did it wrongly meant it, if only that fits."""
    asked, other = names.decoded(path), path
    if not rules.final:
        asked, other = other, asked
    if rules.final and names.has_bare_percent(path):
        found.warning(manifest.name, f"{names.shown_name(path)}: % is written as %25 in BagIt 1.0", number)
    if asked != other and asked not in disk.files and other in disk.files:
        found.warning(manifest.name, f"{names.shown_name(path)}: % is not used as BagIt {rules.version} says", number)
        return other
    return asked


def _other_name(
    manifest: Manifest, path: str, digest: str, listed: Mapping[str, str], disk: Disk, found: Found
) -> str | None:
    """The file that a listed path became on a file system that normalises names, or knows no letter case."""
    same = disk.by_normalised.get(names.normalised(path), [])
    if len(same) == 1:
        found.warning(path, f"the file's name is normalised differently than in {manifest.name}")
        return same[0]
    alike = [there for there in disk.by_folded.get(names.folded(path), []) if listed.get(there) == digest]
    if len(alike) == 1:
        found.warning(path, f"is there as {names.shown_name(alike[0])} alone, which differs in letter case")
        return alike[0]
    return None


def _warn_of_clashes(name: str, listed: Iterable[str], found: Found) -> None:
    seen: dict[str, str] = {}
    for path in listed:
        other = seen.setdefault(names.folded(path), path)
        if other != path:
            kind = "normalisation" if names.normalised(other) == names.normalised(path) else "letter case"
            found.warning(name, f"{names.shown_name(other)} and {names.shown_name(path)} differ in {kind} alone")
