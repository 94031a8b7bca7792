"""robots.txt (RFC 9309): whether a site wants robots of our name at an address. A fact of a capture, never hidden."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes, urlsplit

TOKEN = "ascertain"
MOST_BYTES = 500 * 1024


@dataclass(frozen=True, slots=True)
class Robots:
    """What robots.txt says. `disallowed` is None when it could not be had, which the standard counts as a no."""

    url: str
    status: int
    disallowed: bool | None
    rule: str


def judge_robots(url: str, status: int, data: bytes, address: str) -> Robots:
    """What the answer at `url` (its status, 0 for none, and its bytes) says of `address`."""
    if 400 <= status < 500:
        return Robots(url, status, False, "")
    if not 200 <= status < 300:
        return Robots(url, status, None, "")
    disallowed, rule = _decide(_rules(data[:MOST_BYTES].decode("utf-8", "replace")), _path(address))
    return Robots(url, status, disallowed, rule)


def robots_address(address: str) -> str:
    """Where the robots.txt for an address lies."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}/robots.txt"


def _rules(text: str) -> list[tuple[bool, str]]:
    """The rules for us, (allowed, path): those of the groups with our name; without one, those for everybody."""
    groups: dict[str, list[tuple[bool, str]]] = {}
    names: list[str] = []
    naming = False
    for line in re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff")):
        key, colon, value = line.split("#", 1)[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if not colon:
            continue
        if key == "user-agent":
            names = [*names, value.lower()] if naming else [value.lower()]
            groups.setdefault(value.lower(), [])
            naming = True
        elif key in ("allow", "disallow"):
            naming = False
            for name in names if value else ():
                groups[name].append((key == "allow", value))
    ours = [rule for name, rules in groups.items() if re.split(r"[/\s]", name)[0] == TOKEN for rule in rules]
    named = any(re.split(r"[/\s]", name)[0] == TOKEN for name in groups)
    return ours if named else groups.get("*", [])


def _decide(rules: list[tuple[bool, str]], path: str) -> tuple[bool, str]:
    """The longest rule that fits decides; of two as long, the one that allows."""
    best, decided = (-1, True), (False, "")
    for allowed, pattern in rules:
        clean = _normal(pattern)
        if (len(clean), allowed) > best and _fits(clean, path):
            best, decided = (
                (len(clean), allowed),
                (not allowed, f"{'Allow' if allowed else 'Disallow'}: {pattern[:200]}"),
            )
    return decided


def _fits(pattern: str, path: str) -> bool:
    """Whether a path begins as the pattern says: `*` stands for anything, a last `$` for the end.

    Found piece by piece from the left, so that no pattern takes long.
    """
    anchored = pattern.endswith("$")
    pieces = pattern.removesuffix("$").split("*")
    if not path.startswith(pieces[0]):
        return False
    at = len(pieces[0])
    for piece in pieces[1:-1]:
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    if len(pieces) == 1:
        return not anchored or at == len(path)
    last = pieces[-1]
    return (path.endswith(last) and len(path) - len(last) >= at) if anchored else path.find(last, at) >= 0


def _path(address: str) -> str:
    parts = urlsplit(address)
    return _normal((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def _normal(text: str) -> str:
    """Percent-encoding in one form, so that `/ä` and `/%C3%A4` are the same path."""
    return quote(unquote_to_bytes(text.encode("utf-8", "replace")), safe="/*$?=&;:@!'(),+~-._%#[]|")
