"""How a capture is to be made, as the record's settings and the command line say."""

from __future__ import annotations

from dataclasses import dataclass, field

from ascertain.preserve.capture.guard import Guard
from ascertain.preserve.capture.limits import Limits
from ascertain.preserve.capture.origin import Trust
from ascertain.preserve.capture.resolve import Lookup, system_lookup
from ascertain.version import VERSION


@dataclass(frozen=True, slots=True)
class Policy:
    """The terms of a capture. `contact` is where a site's owner can write to; it is part of the user agent."""

    guard: Guard = field(default_factory=Guard)
    trust: Trust = field(default_factory=Trust)
    limits: Limits = field(default_factory=Limits)
    contact: str = ""
    obey_robots: bool = False
    media: bool = False
    browser: str = ""
    lookup: Lookup = system_lookup

    @property
    def agent(self) -> str:
        """What we call ourselves, appended to the browser's own user agent."""
        contact = "".join(c for c in self.contact if c.isascii() and c.isprintable() and c not in "()\\")[:200]
        return f"Ascertain/{VERSION}" + (f" (+{contact})" if contact else "")
