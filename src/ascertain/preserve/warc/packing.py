"""Packs a WARC with its index and pages into a WACZ 1.1.1: a zip in which nothing is compressed a second time."""

from __future__ import annotations

import datetime
import hashlib
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ascertain.preserve.warc.surt import surt
from ascertain.preserve.warc.writing import Written, of_bytes, of_file

WACZ_VERSION = "1.1.1"
WARC_NAME = "data.warc.gz"


@dataclass(frozen=True, slots=True)
class Indexed:
    """A record as the index has it. `digest` is that of its payload, `sha256:` and 64 digits."""

    written: Written
    url: str
    date: datetime.datetime
    media_type: str
    status: int
    digest: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page as a reader of the archive may open it."""

    url: str
    date: datetime.datetime
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Described:
    """What the package says of itself."""

    title: str
    description: str
    software: str
    created: datetime.datetime


def pack(target: Path, warc: Path, index: Iterable[Indexed], pages: Sequence[Page], described: Described) -> None:
    """Write a WACZ. The same input gives the same bytes."""
    parts: list[tuple[str, Path | bytes]] = [
        (f"archive/{WARC_NAME}", warc),
        ("indexes/index.cdx", _index(index)),
        ("pages/pages.jsonl", _pages(pages)),
    ]
    with zipfile.ZipFile(target, "w", allowZip64=True) as out:
        resources = [_store(out, name, content, described.created) for name, content in parts]
        package = _json(_package(resources, pages, described))
        _store(out, "datapackage.json", package, described.created)
        digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(package).hexdigest()}"}
        _store(out, "datapackage-digest.json", _json(digest), described.created)


def _store(out: zipfile.ZipFile, name: str, content: Path | bytes, date: datetime.datetime) -> dict[str, Any]:
    """Put one file in, uncompressed, and return how the package lists it."""
    block = of_bytes(content) if isinstance(content, bytes) else of_file(content)
    info = zipfile.ZipInfo(name, date.astimezone(datetime.UTC).timetuple()[:6])
    info.create_system, info.external_attr = 3, 0o100644 << 16
    info.file_size = len(content) if isinstance(content, bytes) else content.stat().st_size
    digest = hashlib.sha256()
    with out.open(info, "w") as file:
        for piece in block():
            file.write(piece)
            digest.update(piece)
    return {
        "name": Path(name).name,
        "path": name,
        "hash": f"sha256:{digest.hexdigest()}",
        "bytes": info.file_size,
    }


def _index(index: Iterable[Indexed]) -> bytes:
    lines = []
    for one in index:
        said = {
            "url": one.url,
            "mime": one.media_type,
            "status": str(one.status) if one.status else "",
            "digest": one.digest,
            "length": str(one.written.length),
            "offset": str(one.written.offset),
            "filename": WARC_NAME,
        }
        stamp = one.date.astimezone(datetime.UTC).strftime("%Y%m%d%H%M%S")
        lines.append(f"{surt(one.url)} {stamp} {_line({key: value for key, value in said.items() if value})}\n")
    return "".join(sorted(lines)).encode("utf-8")


def _pages(pages: Sequence[Page]) -> bytes:
    head = {
        "format": "json-pages-1.0",
        "id": "pages",
        "title": "All Pages",
        "hasText": any(page.text for page in pages),
    }
    lines = [_line(head)]
    for page in pages:
        said = {"id": hashlib.sha256(page.url.encode()).hexdigest()[:16], "url": page.url, "ts": _rfc3339(page.date)}
        lines.append(_line({**said, "title": page.title or page.url, **({"text": page.text} if page.text else {})}))
    return "".join(f"{line}\n" for line in lines).encode("utf-8")


def _package(resources: list[dict[str, Any]], pages: Sequence[Page], described: Described) -> Mapping[str, Any]:
    main = {"mainPageUrl": pages[0].url, "mainPageDate": _rfc3339(pages[0].date)} if pages else {}
    return {
        "profile": "data-package",
        "wacz_version": WACZ_VERSION,
        "title": described.title,
        "description": described.description,
        "software": described.software,
        "created": _rfc3339(described.created),
        **main,
        "resources": resources,
    }


def _rfc3339(date: datetime.datetime) -> str:
    return date.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _line(value: Mapping[str, Any]) -> str:
    """JSON on one line; a lone surrogate, which a page's title may hold, becomes a replacement character."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace").decode("utf-8")


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode("utf-8", "replace")
