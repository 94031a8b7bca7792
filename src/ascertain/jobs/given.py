"""What a person says of a file or an address, beside what it says itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Given:
    """What a person says of a statement or an exhibit, over what its text says."""

    published: str = ""
    publisher: str = ""
    url: str = ""
    note: str = ""
