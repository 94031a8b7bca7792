"""What the command line's words mean: which record, which day, which moment, where to write."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from ascertain.cli.output import Watched
from ascertain.errors import NoRecord, UsageError
from ascertain.inquiry import Inquiry, open_inquiry
from ascertain.model.moment import parse_moment
from ascertain.record.store import CONFIGURATION
from ascertain.settings import record_from_environment


def the_inquiry(record: Path | None, author: str | None, **flags: Any) -> Inquiry:
    """The record that is meant, open, with a bar for its progress. `flags` are further settings."""
    return open_inquiry(_find(record), progress=Watched(), author=author, **flags)


def _find(given: Path | None) -> Path:
    """The record that is meant: the one given, the environment's, or this folder or the nearest above it."""
    chosen = given or record_from_environment()
    if chosen is not None:
        return chosen
    here = Path.cwd()
    found = next((folder for folder in (here, *here.parents) if (folder / CONFIGURATION).is_file()), None)
    if found is None:
        raise NoRecord(
            f"no record in {here} or above", next_step="say --record FOLDER, or make one: ascertain new FOLDER"
        )
    return found


def the_day(text: str | None) -> datetime.date | None:
    """The last day of an EDTF date. Raises BadMoment."""
    return parse_moment(text).latest if text else None


def the_moment(text: str | None) -> datetime.datetime | int | None:
    """An entry's number or a UTC time. Raises UsageError for anything else."""
    if not text:
        return None
    if text.isascii() and text.isdecimal():
        return int(text)
    try:
        moment = datetime.datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"{text!r} is neither an entry's number nor a time", next_step="write 2026-11-24T10:00:00Z"
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)


def write_text(path: Path, text: str) -> None:
    """Write a file. Raises UsageError when that cannot be done."""
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error
