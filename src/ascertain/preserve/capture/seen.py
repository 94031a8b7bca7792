"""What a browser saw: plain data, so that everything after the browser can be judged and tested without one."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from ascertain.preserve.capture.problem import Problem


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as the browser reports it. `status` 0: it got no answer; `own`: the browser answered itself.

    main: it was to become the page; shown: it did.
    """

    method: str
    url: str
    status: int
    main: bool
    own: bool = False
    shown: bool = False


@dataclass(frozen=True, slots=True)
class Screenshot:
    """The page as a picture (PNG), from its top; `height` may be less than the page's `full_height`."""

    png: bytes
    width: int
    height: int
    full_height: int


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a page, with its words."""

    url: str
    text: str


@dataclass
class Seen:
    """All that a browser tells of one visit. `kind` is "page", "file" (no page at all) or "nothing" (no answer)."""

    product: str = ""
    user_agent: str = ""
    sandbox: bool = True
    kind: str = "nothing"
    url: str = ""
    title: str = ""
    text: str = ""
    text_characters: int = 0
    links: list[Link] = field(default_factory=list)
    link_count: int = 0
    passwords: int = 0
    pictures: int = 0
    idle: bool = False
    screenshot: Screenshot | None = None
    asked: list[Asked] = field(default_factory=list)
    error: str = ""
    problems: list[Problem] = field(default_factory=list)

    @property
    def navigations(self) -> list[Asked]:
        """The main frame's own requests, redirects among them, in order."""
        return [asked for asked in self.asked if asked.main]

    def to_json(self) -> dict[str, Any]:
        """All of it but the picture's bytes."""
        told = asdict(self)
        if self.screenshot is not None:
            told["screenshot"].pop("png")
        return told


def seen_from_json(told: dict[str, Any], png: bytes | None) -> Seen:
    """What `to_json` gave, with the picture's bytes. Raises TypeError, KeyError."""
    seen = Seen(**told)
    seen.links = [Link(**one) for one in told["links"]]
    seen.asked = [Asked(**one) for one in told["asked"]]
    seen.problems = [Problem(**one) for one in told["problems"]]
    seen.screenshot = Screenshot(png=png, **told["screenshot"]) if told["screenshot"] and png is not None else None
    return seen
