"""What passes through the job that preserves: sources, what was taken of them, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ascertain.errors import AscertainError, ItemFailed
from ascertain.record.home.objects import Kept

INSIDE = "!/"  # between the name of a file and the name of a member in it


@dataclass(frozen=True, slots=True)
class Source:
    """A file that is to be preserved. `follow` says that a person named it, so that a link means what it points to."""

    path: Path
    name: str
    size: int
    follow: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """Bytes that are kept as an object and that no entry names yet; those of a member with where they come from."""

    name: str
    kept: Kept
    media_type: str
    origin: str = ""
    method: str = ""
    details: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Preserved:
    """A file as preserved, its entries committed. `known`: the record had these bytes; `added`: something is new."""

    name: str
    exhibit: str
    size: int
    media_type: str
    known: bool
    added: bool = True


@dataclass(frozen=True, slots=True)
class Failure:
    """What could not be preserved, and why, in a stable word for machines and in words for people."""

    name: str
    reason: str
    code: str


@contextmanager
def writing_objects() -> Iterator[None]:
    """Says in words what the record's disk says. What is wrong with a source is an ItemFailed before it comes here."""
    try:
        yield
    except OSError as error:
        raise AscertainError(f"the record's objects cannot be written ({error.strerror})") from error


def failure(name: str, error: ItemFailed) -> Failure:
    """An error as what it is to the one item that it concerns."""
    reason = f"{error.message}; {error.next_step}" if error.next_step else error.message
    return Failure(name, reason, error.why)
