"""Every option, declared once with its default and its help, read once at the edge.

Rising order: the defaults here, `record.toml` (`[settings]`, `[capture]`, `[llm]`), the environment (`ASCERTAIN_…`),
flags.
"""

from __future__ import annotations

import configparser
import getpass
import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from ascertain.errors import RecordDamaged, UsageError

_PREFIX = "ASCERTAIN_"


@dataclass(frozen=True, slots=True)
class Settings:
    """The effective options of one process. Immutable; passed down, never looked up."""

    author: str = field(default="", metadata={"help": "who signs the entries that this process writes"})
    lock_wait_seconds: int = field(default=5, metadata={"help": "how long to wait for another writer"})
    statement_limit_mb: int = field(
        default=50, metadata={"help": "the largest file that is read as a statement, in MB"}
    )
    unpack_members_limit: int = field(
        default=1_000_000, metadata={"help": "how many members `preserve --unpack` takes out of one file"}
    )
    unpack_total_mb: int = field(default=50_000, metadata={"help": "to how many MB one file may unfold"})
    unpack_ratio_limit: int = field(
        default=200, metadata={"help": "to how many times its size one file may unfold, from 64 MB on"}
    )
    unpack_depth_limit: int = field(default=5, metadata={"help": "how many files deep a member may lie"})
    unpack_message_mb: int = field(default=64, metadata={"help": "the largest message that is taken apart, in MB"})
    capture_allow: tuple[str, ...] = field(
        default=(),
        metadata={"help": "hosts (host or host:port) that a capture may reach though they are private", "own": True},
    )
    capture_unverified: tuple[str, ...] = field(
        default=(), metadata={"help": "hosts whose bad certificates are a note, no failure", "own": True}
    )
    capture_seconds: int = field(default=120, metadata={"help": "how long one capture may take"})
    capture_limit_mb: int = field(default=200, metadata={"help": "how many MB one capture may fetch"})
    capture_contact: str = field(default="", metadata={"help": "where a site's owner can write to; in the user agent"})
    capture_robots: str = field(
        default="record", metadata={"help": "`record`: note what robots.txt says; `obey`: stay away where it says no"}
    )
    capture_browser: str = field(
        default="", metadata={"help": "the Chromium to use, when it is not one of the usual names", "own": True}
    )
    llm_endpoint: str = field(
        default="",
        metadata={"help": "the OpenAI-compatible service that `read --with llm` asks, https://HOST/v1; empty: none"},
    )
    llm_model: str = field(default="", metadata={"help": "the model that the service is asked for"})
    llm_timeout: int = field(default=120, metadata={"help": "how many seconds one answer of the model may take"})
    llm_price_sent: str = field(
        default="0", metadata={"help": "what a million tokens sent cost, a decimal number; for the cost that is shown"}
    )
    llm_price_received: str = field(default="0", metadata={"help": "what a million tokens of answers cost"})
    llm_trusted: tuple[str, ...] = field(
        default=(), metadata={"help": "services, by address, that may be sent restricted exhibits", "own": True}
    )
    reader: str = field(
        default="public",
        metadata={"help": "for whom lists and exports are, the most closed they may see: public, restricted or sealed"},
    )
    database: str = field(
        default="",
        metadata={
            "help": "where the log is: empty for a file in the folder, or postgresql://HOST/DATABASE?schema=NAME",
            "place": True,
        },
    )
    objects: str = field(
        default="",
        metadata={
            "help": "where the objects are: empty for objects/, another folder, or s3://BUCKET/PREFIX",
            "place": True,
        },
    )
    objects_endpoint: str = field(
        default="", metadata={"help": "the address of an S3-compatible server other than Amazon's", "place": True}
    )
    objects_region: str = field(default="", metadata={"help": "the bucket's region", "place": True})
    signing_key: str = field(
        default="",
        metadata={
            "help": "the file with the private signing key: empty for keys/signer.pem in the record",
            "place": True,
        },
    )
    origins: Mapping[str, str] = field(default_factory=dict, metadata={"help": "where each value came from"})


def load_settings(record_toml: Path | None = None, flags: Mapping[str, Any] | None = None) -> Settings:
    """Settings from the defaults, a record's own file, the environment and flags, the later over the earlier.

    Raises UsageError for an unknown name or a value of the wrong type, RecordDamaged for an unreadable `record.toml`.
    """
    settings = Settings(author=_login_name(), origins={"author": "login name"})
    if record_toml is not None and record_toml.is_file():
        settings = _apply(settings, _own_settings(record_toml), "record.toml")
    # Where a record lies is in its own file alone: a variable must not send its entries to another one's database.
    # And none may open the guard of its captures.
    closed = {"place", "own"}
    names = {f.name for f in fields(Settings) if f.name != "origins" and closed.isdisjoint(f.metadata)}
    from_environment = {n: os.environ[_PREFIX + n.upper()] for n in names if _PREFIX + n.upper() in os.environ}
    settings = _apply(settings, from_environment, "environment")
    return _apply(settings, {k: v for k, v in (flags or {}).items() if v is not None}, "flag")


def place_settings(settings: Settings) -> dict[str, str]:
    """The settings that say where a record lies, by name."""
    return {f.name: getattr(settings, f.name) for f in fields(Settings) if f.metadata.get("place")}


def without_places(flags: Mapping[str, Any]) -> dict[str, Any]:
    """Flags less those that say where a record lies: its own file says that from now on."""
    return {name: value for name, value in flags.items() if name not in place_settings(Settings())}


def aws_profile() -> dict[str, str]:
    """What Amazon's usual files say of the profile in use, under obstore's names: credentials, region, endpoint.

    Empty when the environment holds credentials, which then go before. Raises UsageError for a file that is damaged.
    """
    if "AWS_ACCESS_KEY_ID" in os.environ:
        return {}
    profile = os.environ.get("AWS_PROFILE", "default")
    found: dict[str, str] = {}
    for variable, name, section in (
        ("AWS_CONFIG_FILE", "config", profile if profile == "default" else f"profile {profile}"),
        ("AWS_SHARED_CREDENTIALS_FILE", "credentials", profile),
    ):
        path = Path(os.environ.get(variable) or Path("~/.aws").expanduser() / name)
        parser = configparser.RawConfigParser()
        try:
            parser.read(path, "utf-8")
        except (configparser.Error, UnicodeDecodeError) as error:
            raise UsageError(f"{path} is unreadable: {type(error).__name__}") from error
        if parser.has_section(section):
            found |= {ours: parser[section][theirs] for theirs, ours in _AWS.items() if theirs in parser[section]}
    return found


_AWS = {
    "aws_access_key_id": "access_key_id",
    "aws_secret_access_key": "secret_access_key",
    "aws_session_token": "session_token",
    "region": "region",
    "endpoint_url": "endpoint",
}


@dataclass(frozen=True, slots=True)
class Authority:
    """A timestamp authority: its address, and the file of its certificates, relative to the record's folder."""

    url: str
    certificates: str


def load_authorities(record_toml: Path) -> tuple[Authority, ...]:
    """The timestamp authorities of a record, from `[[authorities]]` in its own file; no others are ever asked.

    Raises UsageError for one without `url` and `certificates`, RecordDamaged for an unreadable file.
    """
    entries = _own_table(record_toml).get("authorities", [])
    found = []
    for entry in entries if isinstance(entries, list) else [None]:
        if not isinstance(entry, dict) or set(entry) != {"url", "certificates"} or not _are_texts(entry.values()):
            raise UsageError(
                f"an authority in {record_toml} is not complete",
                next_step='write [[authorities]], url = "https://…" and certificates = "authorities/….pem"',
            )
        found.append(Authority(entry["url"], entry["certificates"]))
    return tuple(found)


def passphrase_from_environment() -> bytes | None:
    """The passphrase of the signing key that `ASCERTAIN_PASSPHRASE` holds, if it is set. It is never shown."""
    value = os.environ.get(_PREFIX + "PASSPHRASE")
    return os.fsencode(value) if value else None


def llm_key_from_environment() -> str:
    """The key of the language model's service that `ASCERTAIN_LLM_KEY` holds, or nothing. It is never shown."""
    return os.environ.get(_PREFIX + "LLM_KEY", "")


def _are_texts(values: Iterable[Any]) -> bool:
    return all(isinstance(value, str) and value for value in values)


def record_from_environment() -> Path | None:
    """The record's folder that `ASCERTAIN_RECORD` names, if it is set."""
    value = os.environ.get(_PREFIX + "RECORD")
    return Path(value) if value else None


def _own_settings(record_toml: Path) -> Mapping[str, Any]:
    """The tables `[settings]`, `[capture]`, `[llm]` as one: `allow` under the second is the setting `capture_allow`."""
    found: dict[str, Any] = {}
    for name, prefix in (("settings", ""), ("capture", "capture_"), ("llm", "llm_")):
        table = _own_table(record_toml).get(name, {})
        if not isinstance(table, dict):
            raise UsageError(f"{name} in {record_toml} is no table", next_step=f"write [{name}] and one setting a line")
        found |= {prefix + key: value for key, value in table.items()}
    return found


def _own_table(record_toml: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(record_toml.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RecordDamaged(f"{record_toml} is unreadable: {error}") from error


def _apply(settings: Settings, values: Mapping[str, Any], origin: str) -> Settings:
    known = {f.name: f for f in fields(Settings) if f.name != "origins"}
    for name, value in values.items():
        if name not in known:
            raise UsageError(
                f"unknown setting {name!r} ({origin})", next_step=f"known settings: {', '.join(sorted(known))}"
            )
        wanted = type(getattr(settings, name))
        try:
            changed: dict[str, Any] = {name: _converted(value, wanted)}
        except ValueError as error:
            raise UsageError(f"setting {name} wants {_WANTED[wanted]}, not {value!r} ({origin})") from error
        settings = replace(settings, origins={**settings.origins, name: origin}, **changed)
    return settings


_WANTED = {str: "text", int: "a whole number, 0 or more", tuple: "a list of texts"}


def _converted(value: Any, wanted: type) -> Any:
    if wanted is int:
        if isinstance(value, str | int) and not isinstance(value, bool) and int(value) >= 0:
            return int(value)
    elif wanted is tuple:
        if isinstance(value, list | tuple) and all(isinstance(one, str) for one in value):
            return tuple(value)
    elif isinstance(value, str):
        return value
    raise ValueError(value)


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container without a user database has no login name
        return "unknown"
