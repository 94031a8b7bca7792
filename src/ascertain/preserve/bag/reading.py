"""A bag read and checked: complete and valid in the sense of RFC 8493, section 3, or every reason why not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ascertain.preserve.bag import names
from ascertain.preserve.bag.files import Hashed, files_of, hash_files
from ascertain.preserve.bag.lines import DECLARATION, Found, read_declaration, read_fetch, read_info, read_manifest
from ascertain.preserve.bag.listing import PAYLOAD, Context, Disk, Manifest, collect, scoped
from ascertain.preserve.bag.names import Problem

# Hexadecimal digits of each algorithm's digest. Names are normalised: lower case, no punctuation (section 2.4).
DIGITS = {
    "md5": 32, "sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128,
    "sha3224": 56, "sha3256": 64, "sha3384": 96, "sha3512": 128, "blake2b": 128,
}  # fmt: skip
_HASHLIB = {f"sha3{bits}": f"sha3_{bits}" for bits in (224, 256, 384, 512)}
_WEAK = frozenset({"md5", "sha1"})
_MANIFEST = re.compile(r"(?P<tag>tag)?manifest-(?P<algorithm>[^/]+)\.txt", re.IGNORECASE)
_OXUM = re.compile(r"([0-9]{1,30})\.([0-9]{1,30})")
_INFO = ("bag-info.txt", "package-info.txt")
_FETCH = "fetch.txt"


@dataclass(frozen=True, slots=True)
class BagFile:
    """A file of a bag: its size in bytes, its digests (lower-case hexadecimal) by algorithm."""

    path: str
    size: int
    digests: dict[str, str]


@dataclass(frozen=True, slots=True)
class Bag:
    """A bag as found. It is valid when there are no errors; warnings are for a person to look at.

    `info` is bag-info.txt as it is, in order, labels as often as they come. `files` holds what the manifests list
    and the disk has, payload and tag files together.
    """

    version: str
    info: tuple[tuple[str, str], ...]
    files: tuple[BagFile, ...]
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]

    @property
    def is_valid(self) -> bool:
        """Whether everything that the bag lists is there, unaltered, and nothing besides."""
        return not self.errors


def read_bag(folder: Path) -> Bag:
    """Read a bag's folder and hash all that it lists, streaming.

    Nothing is fetched, no link is followed, and no path outside of the folder is opened. Raises OSError when a file
    cannot be read, and nothing for whatever the files hold.
    """
    found = Found()
    files = files_of(folder, found.errors)
    if DECLARATION not in files:
        found.error(DECLARATION, "is missing")
        return _bag("", [], {}, found)
    declared = read_declaration(folder, found)
    if declared is None:
        return _bag("", [], {}, found)
    version, encoding = declared
    disk = Disk.of(files)
    bag = Context(version, disk, _fetched(folder, encoding, disk, found))
    manifests = _manifests(folder, encoding, bag, found)
    hashed = _compare(folder, manifests, found)
    _check_payload(folder, bag, manifests, found)
    _check_tag_files(bag, manifests, found)
    info = _info(folder, encoding, disk, found)
    _check_oxum(info, hashed, disk, found)
    _warn_of_names(disk, found)
    return _bag(version, info, hashed, found)


def _bag(version: str, info: list[tuple[str, str]], hashed: dict[str, Hashed], found: Found) -> Bag:
    files = tuple(BagFile(path, one.size, one.digests) for path, one in sorted(hashed.items()))
    return Bag(version, tuple(info), files, tuple(found.errors), tuple(dict.fromkeys(found.warnings)))


def _manifests(folder: Path, encoding: str, bag: Context, found: Found) -> list[Manifest]:
    read: dict[tuple[bool, str], Manifest] = {}
    for path in sorted(bag.disk.files):
        match = _MANIFEST.fullmatch(path)
        if match is None:
            continue
        manifest = Manifest(path, re.sub(r"[^a-z0-9]", "", match["algorithm"].lower()), not match["tag"])
        if manifest.algorithm not in DIGITS:
            found.error(path, f"the algorithm {names.shown_name(match['algorithm'])} is not known here")
        elif (manifest.payload, manifest.algorithm) in read:
            found.error(path, f"is a second manifest for {manifest.algorithm}")
        else:
            read[manifest.payload, manifest.algorithm] = manifest
            lines = read_manifest(folder, path, encoding, DIGITS[manifest.algorithm], found)
            collect(manifest, lines, bag, found)
    return list(read.values())


def _fetched(folder: Path, encoding: str, disk: Disk, found: Found) -> frozenset[str]:
    """What fetch.txt gives addresses for, as far as it is in scope."""
    paths: set[str] = set()
    for number, path in read_fetch(folder, _FETCH, encoding, found) if _FETCH in disk.files else []:
        reason, plain = scoped(path)
        if reason is None and not plain.startswith(PAYLOAD):
            reason = "lies outside of data/"
        if reason is not None:
            found.error(_FETCH, f"{names.shown_name(path)}: {reason}", number)
        else:
            paths |= {plain, names.decoded(plain)}
    return frozenset(paths)


def _compare(folder: Path, manifests: list[Manifest], found: Found) -> dict[str, Hashed]:
    """Hash each listed file once, by every algorithm that lists it, and name those that are altered."""
    wanted: dict[str, list[Manifest]] = {}
    for manifest in manifests:
        for path in manifest.wanted:
            wanted.setdefault(path, []).append(manifest)
    work = [(path, [_HASHLIB.get(m.algorithm, m.algorithm) for m in lists]) for path, lists in sorted(wanted.items())]
    hashed: dict[str, Hashed] = {}
    for path, one in hash_files(folder, work):
        hashed[path] = Hashed(one.size, {name.replace("_", ""): digest for name, digest in one.digests.items()})
        for manifest in wanted[path]:
            is_digest = hashed[path].digests[manifest.algorithm]
            if is_digest != manifest.wanted[path]:
                found.error(
                    path, f"has been altered: its {manifest.algorithm} is {is_digest}, not as in {manifest.name}"
                )
    return hashed


def _check_payload(folder: Path, bag: Context, manifests: list[Manifest], found: Found) -> None:
    if not (folder / PAYLOAD).is_dir():
        found.error(PAYLOAD, "is missing: a bag holds its payload there")
    lists = [manifest for manifest in manifests if manifest.payload]
    if not lists:
        found.error("", "there is no payload manifest")
        return
    if all(manifest.algorithm in _WEAK for manifest in lists):
        found.warning("", "no manifest is stronger than SHA-1: it shows accidents, not deliberate change")
    for path in sorted(path for path in bag.disk.files if path.startswith(PAYLOAD)):
        without = [manifest.name for manifest in lists if path not in manifest.wanted]
        if len(without) == len(lists):
            found.error(path, "is in no manifest")
        elif without and bag.final:
            found.error(path, f"is not in {', '.join(without)}")


def _check_tag_files(bag: Context, manifests: list[Manifest], found: Found) -> None:
    tagged = {path for manifest in manifests if not manifest.payload for path in manifest.wanted}
    for path in sorted(bag.disk.files - tagged) if bag.final and tagged else []:
        if not path.startswith((PAYLOAD, "tagmanifest-")):
            found.warning(path, "is in no tag manifest")


def _info(folder: Path, encoding: str, disk: Disk, found: Found) -> list[tuple[str, str]]:
    return [tag for name in _INFO if name in disk.files for tag in read_info(folder, name, encoding, found)]


def _check_oxum(info: list[tuple[str, str]], hashed: dict[str, Hashed], disk: Disk, found: Found) -> None:
    payload = [path for path in disk.files if path.startswith(PAYLOAD)]
    size = sum(one.size for path, one in hashed.items() if path.startswith(PAYLOAD))
    for label, value in info:
        if label.lower() != "payload-oxum":
            continue
        match = _OXUM.fullmatch(value)
        if match is None:
            found.error(_INFO[0], f"Payload-Oxum {value!r} is not two numbers")
        elif (int(match[1]), int(match[2])) != (size, len(payload)):
            found.error(_INFO[0], f"Payload-Oxum is {value}, but the listed files there make {size}.{len(payload)}")


def _warn_of_names(disk: Disk, found: Found) -> None:
    for path in sorted(disk.files):
        if names.is_system_file(path):
            found.warning(path, "looks like a file that an operating system left behind")
        if not names.is_portable(path):
            found.warning(path, "some systems cannot hold a file of this name")
