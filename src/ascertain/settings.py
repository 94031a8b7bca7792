"""Every option, declared once with its default and its help, read once at the edge.

Rising order: the defaults here, `record.toml` (table `[settings]`), the environment (`ASCERTAIN_...`), flags.
"""

from __future__ import annotations

import getpass
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from ascertain.errors import UsageError

_PREFIX = "ASCERTAIN_"


@dataclass(frozen=True, slots=True)
class Settings:
    """The effective options of one process. Immutable; passed down, never looked up."""

    author: str = field(default="", metadata={"help": "who signs the entries that this process writes"})
    lock_wait_seconds: int = field(default=5, metadata={"help": "how long to wait for another writer"})
    statement_limit_mb: int = field(
        default=50, metadata={"help": "the largest file that is read as a statement, in MB"}
    )
    origins: Mapping[str, str] = field(default_factory=dict, metadata={"help": "where each value came from"})


def load_settings(record_toml: Path | None = None, flags: Mapping[str, Any] | None = None) -> Settings:
    """Settings from the defaults, a record's own file, the environment and flags, the later over the earlier.

    Raises UsageError for an unknown name or a value of the wrong type.
    """
    settings = Settings(author=_login_name(), origins={"author": "login name"})
    if record_toml is not None and record_toml.exists():
        table = tomllib.loads(record_toml.read_text("utf-8")).get("settings", {})
        settings = _apply(settings, table, "record.toml")
    names = {f.name for f in fields(Settings)} - {"origins"}
    from_environment = {n: os.environ[_PREFIX + n.upper()] for n in names if _PREFIX + n.upper() in os.environ}
    settings = _apply(settings, from_environment, "environment")
    return _apply(settings, {k: v for k, v in (flags or {}).items() if v is not None}, "flag")


def record_from_environment() -> Path | None:
    """The record's folder that `ASCERTAIN_RECORD` names, if it is set."""
    value = os.environ.get(_PREFIX + "RECORD")
    return Path(value) if value else None


def _apply(settings: Settings, values: Mapping[str, Any], origin: str) -> Settings:
    known = {f.name: f for f in fields(Settings) if f.name != "origins"}
    for name, value in values.items():
        if name not in known:
            raise UsageError(
                f"unknown setting {name!r} ({origin})", next_step=f"known settings: {', '.join(sorted(known))}"
            )
        wanted = type(getattr(settings, name))
        try:
            changed: dict[str, Any] = {name: wanted(value)}
        except ValueError as error:
            raise UsageError(f"setting {name} wants {wanted.__name__}, not {value!r} ({origin})") from error
        settings = replace(settings, origins={**settings.origins, name: origin}, **changed)
    return settings


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container without a user database has no login name
        return "unknown"
