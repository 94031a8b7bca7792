"""The manifest of a WACZ: what it lists, the hash of each, and the hash of the manifest itself."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from ascertain.preserve.warc.digests import WEAK, Digest, parse_digest
from ascertain.preserve.warc.report import Report
from ascertain.preserve.warc.signature import TimeCheck, check_signature
from ascertain.preserve.warc.zipped import Unreadable, Zipped

PACKAGE, DIGEST = "datapackage.json", "datapackage-digest.json"
MOST_JSON_BYTES = 32 * 1024 * 1024
_VERSIONS = frozenset(("1.0.0", "1.1.0", "1.1.1", "1.2.0"))


def read_json(zipped: Zipped, name: str, report: Report) -> tuple[bytes, Any]:
    """A member's bytes and what they say; None when they say nothing that can be read."""
    try:
        data = b"".join(zipped.pieces(name, MOST_JSON_BYTES))
    except Unreadable as error:
        report.bad("zip-damaged", name, str(error))
        return b"", None
    try:
        return data, json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        report.bad("bad-json", name, f"it is no JSON ({error})"[:200])
        return data, None


def check_manifest(zipped: Zipped, report: Report, time_check: TimeCheck | None) -> dict[str, Digest]:
    """Check the manifest and its signature; returns the digest that it gives for each file."""
    if PACKAGE not in zipped.names:
        report.bad("no-manifest", PACKAGE, "there is no datapackage.json: nothing says what belongs to the package")
        return {}
    data, package = read_json(zipped, PACKAGE, report)
    if not isinstance(package, dict) or not isinstance(package.get("resources"), list):
        report.bad("bad-manifest", PACKAGE, "it lists no resources")
        return {}
    for name in ("title", "created", "software", "wacz_version"):
        if isinstance(package.get(name), str):
            report.about[name] = package[name][:500]
    if package.get("profile") != "data-package":
        report.note("profile", PACKAGE, f"profile {str(package.get('profile'))[:40]!r}, not data-package")
    if package.get("wacz_version") not in _VERSIONS:
        report.note("version", PACKAGE, f"wacz_version {str(package.get('wacz_version'))[:40]!r}")
    listed = _resources(package["resources"], zipped, report)
    for name in zipped.names:
        if name not in listed and name not in (PACKAGE, DIGEST):
            report.bad("not-listed", name, "a file that the manifest does not list")
    _check_digest(zipped, data, str(package.get("created", "")), report, time_check)
    return {name: digest for name, digest in listed.items() if digest is not None}


def check_hash(zipped: Zipped, name: str, digest: Digest, report: Report) -> None:
    """Whether a file hashes to what the manifest says."""
    found = digest.begin()
    try:
        for piece in zipped.pieces(name, zipped.size(name)):
            found.update(piece)
    except Unreadable as error:
        report.bad("zip-damaged", name, str(error))
        return
    if found.digest() != digest.value:
        report.bad("hash-mismatch", name, f"the file does not hash to the {digest.algorithm} of the manifest")
    else:
        report.matched += 1
    report.algorithms[digest.algorithm] += 1


def _resources(resources: list[Any], zipped: Zipped, report: Report) -> dict[str, Digest | None]:
    listed: dict[str, Digest | None] = {}
    for resource in resources:
        path = resource.get("path") if isinstance(resource, dict) else None
        if not isinstance(path, str):
            report.bad("bad-manifest", PACKAGE, "a resource without a path")
            continue
        if path in listed:
            report.bad("bad-manifest", path, "listed twice")
        listed[path] = _stated(resource, path, report)
        if path not in zipped.names:
            report.bad("missing", path, "listed, and not in the package")
            listed[path] = None
            continue
        size = resource.get("bytes", resource.get("stats", {}).get("bytes"))
        if size is not None and size != zipped.size(path):
            report.bad("wrong-size", path, f"{zipped.size(path):,} bytes, where the manifest says {str(size)[:20]}")
    return listed


def _stated(resource: dict[str, Any], path: str, report: Report) -> Digest | None:
    """The digest of a resource: `hash`, or in the form of 1.0 `stats.hash` with `hashing`."""
    stats = resource.get("stats")
    resource["stats"] = stats = stats if isinstance(stats, dict) else {}
    text = resource.get("hash", stats.get("hash"))
    if isinstance(text, str) and ":" not in text:
        text = f"{resource.get('hashing', 'md5')}:{text}"  # a data package without a word on it means MD5
    digest = parse_digest(text) if isinstance(text, str) else None
    if digest is None:
        report.bad("no-hash", path, f"the manifest gives no hash that is known ({str(text)[:80]})")
    elif digest.algorithm in WEAK:
        report.note("weak-digest", path, f"{digest.algorithm} shows damage, not forgery")
    return digest


def _check_digest(zipped: Zipped, package: bytes, created: str, report: Report, time_check: TimeCheck | None) -> None:
    """Whether datapackage-digest.json has the hash of the manifest, and what its signature is worth."""
    if DIGEST not in zipped.names:
        report.note("no-manifest-digest", DIGEST, "nothing says what the manifest must hash to")
        return
    _, said = read_json(zipped, DIGEST, report)
    if not isinstance(said, dict):
        report.bad("bad-manifest-digest", DIGEST, "it does not give the hash of datapackage.json")
        return
    stated = str(said.get("hash", ""))
    digest = parse_digest(stated)
    if said.get("path") != PACKAGE or digest is None:
        report.bad("bad-manifest-digest", DIGEST, "it does not give the hash of datapackage.json")
        return
    if hashlib.new(digest.algorithm, package, usedforsecurity=False).digest() != digest.value:
        report.bad("hash-mismatch", PACKAGE, "the manifest does not hash to what datapackage-digest.json says")
    if digest.algorithm in WEAK:
        report.note("weak-digest", DIGEST, f"{digest.algorithm} shows damage, not forgery")
    if said.get("signedData") is not None:
        check_signature(said["signedData"], stated, created, report, time_check)
