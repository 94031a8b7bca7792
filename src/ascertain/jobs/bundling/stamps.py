"""The timestamps of a bundle, checked against the certificates that it brings itself."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.x509 import Certificate
from pydantic import ValidationError

from ascertain.jobs.bundling import layout
from ascertain.jobs.bundling.checking import Carried
from ascertain.jobs.bundling.strict import Lines, Unfit, parse, read_whole
from ascertain.record.custody.certificates import BadCertificate, read_certificates
from ascertain.record.custody.check import stamp_time
from ascertain.record.custody.timestamps import BadTimestamp, UnknownAuthority, verify_timestamp
from ascertain.record.entries import TimestampKept


@dataclass(frozen=True, slots=True)
class Stamps:
    """What of a bundle is stamped: how many timestamps hold, how many could not be judged."""

    held: int = 0
    unchecked: int = 0


def check_stamps(
    folder: Path, files: Mapping[str, str], carried: Carried, size: int, note: bytes, problems: list[str]
) -> Stamps:
    """Check each timestamp; what is wrong is added to the problems. `files` are the bag's, with their hashes."""
    if layout.TIMESTAMPS not in files:
        return Stamps()
    trusted = _certificates(folder, files, problems)
    lines, held, unchecked = Lines(folder / layout.TIMESTAMPS), 0, 0
    try:
        for number, data in lines:
            if number > layout.MOST_TIMESTAMPS:
                raise Unfit(f"more than {layout.MOST_TIMESTAMPS:,} lines")
            try:
                said = _said(parse(data))
                carried.objects.setdefault(said.token, size)
                carried.tokens.add(said.token)
                _check(said, folder, files, carried, size, note, trusted)
                held += 1
            except UnknownAuthority:
                unchecked += 1
            except (Unfit, BadTimestamp) as error:
                problems.append(f"{layout.TIMESTAMPS}, line {number}: {error}")
    except Unfit as error:
        problems.append(f"{layout.TIMESTAMPS}: {error}")
    carried.digests[layout.TIMESTAMPS] = lines.digest
    return Stamps(held, unchecked)


def _certificates(folder: Path, files: Mapping[str, str], problems: list[str]) -> list[Certificate]:
    found: list[Certificate] = []
    for path in sorted(path for path in files if path.startswith(layout.AUTHORITIES)):
        try:
            found += read_certificates(folder / path)
        except BadCertificate as error:
            problems.append(f"{path}: {error}")
    return found


def _said(value: dict[str, Any]) -> TimestampKept:
    try:
        return TimestampKept.model_validate(value, strict=True)
    except ValidationError as error:
        raise Unfit("it is no timestamp's line") from error


def _check(
    said: TimestampKept,
    folder: Path,
    files: Mapping[str, str],
    carried: Carried,
    size: int,
    note: bytes,
    trusted: list[Certificate],
) -> None:
    if said.digest != _digest(said, carried, size, note):
        raise Unfit("it is of another digest than its subject has")
    path = layout.object_path(said.token)
    if path not in files:
        raise Unfit(f"the authority's response {said.token} is missing")
    found = verify_timestamp(read_whole(folder / path), bytes.fromhex(said.digest), trusted)
    if stamp_time(found.time) != said.time:
        raise Unfit(f"the response is of {stamp_time(found.time)}, not of {said.time}")


def _digest(said: TimestampKept, carried: Carried, size: int, note: bytes) -> str:
    if said.subject_kind == "exhibit":
        if said.subject not in carried.brought:
            raise Unfit(f"it is of the exhibit {said.subject[:64]}, which is not carried")
        return said.subject
    if said.subject == str(size):
        return hashlib.sha256(note).hexdigest()
    earlier = next((one for seq, one in carried.notes.items() if str(seq) == said.subject), None)
    if earlier is None:
        raise Unfit(f"it is of the checkpoint of entry {said.subject[:20]}, which is not carried")
    return hashlib.sha256(earlier.note.encode("utf-8", "surrogatepass")).hexdigest()
