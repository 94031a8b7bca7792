"""`record.toml`: a record's name and format, what its first entry hashes to, and its own settings."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from ascertain.errors import AscertainError, RecordDamaged
from ascertain.record.entries import FORMAT
from ascertain.settings import Settings, place_settings


@dataclass(frozen=True, slots=True)
class Configuration:
    """What `record.toml` says of the record. `origin` is the hash of entry 0 as a leaf, empty where none is noted."""

    name: str
    origin: str = ""


def read_configuration(path: Path) -> Configuration:
    """What a `record.toml` says. Raises RecordDamaged when it is unreadable, AscertainError for a newer format."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
        name, version, origin = str(table["name"]), int(table["format"]), str(table.get("origin", ""))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        raise RecordDamaged(f"{path} is unreadable: {error}") from error
    if version > FORMAT:
        raise AscertainError(f"this record is of format {version}", next_step="use a newer Ascertain")
    if version < 1:
        raise RecordDamaged(f"{path} names a format that there never was ({version})")
    return Configuration(name, origin)


def write_configuration(path: Path, configuration: Configuration, settings: Settings) -> None:
    """Write a `record.toml`, with those settings that say where the record lies."""
    lines = [f"name = {_text(configuration.name)}", f"format = {FORMAT}"]
    if configuration.origin:
        lines.append(f"origin = {_text(configuration.origin)}")
    if places := {name: value for name, value in place_settings(settings).items() if value}:
        lines += ["", "[settings]", *(f"{name} = {_text(value)}" for name, value in places.items())]
    path.write_text("\n".join(lines) + "\n", "utf-8")


def _text(text: str) -> str:
    escaped = (f"\\u{ord(c):04x}" if ord(c) < 32 or c in '"\\' or ord(c) == 127 else c for c in text)
    return f'"{"".join(escaped)}"'
